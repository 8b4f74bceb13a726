"""Say who has left: choose a file, see whom it names, suspend them all with one press."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.routes import requires
from access.models import UserState
from access.rules.roles import Permission
from access.software.actions.leavers import STEPS, Received, receive_leavers
from access.software.actions.lists import look_at_leavers, people_administered
from access.software.forms import ListForm
from access.software.lists import leavers
from access.software.views.lists import rows_of, wrong_lines
from pages import pending

WAITING = "leavers"
HAPPENS = {
    UserState.INVITED: "Invitation withdrawn",
    UserState.JOINING: "Suspended",
    UserState.ACTIVE: "Suspended",
}
NOTHING_WAITS = "There was nothing left to do: it was done before, or you chose another file since."


@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def leaver_list(request: HttpRequest) -> HttpResponse:
    """Choose the file; where something is wrong in it, see what."""
    form = ListForm(request)
    rows = rows_of(form, leavers.COLUMNS)
    wrong = []
    if rows:
        checked = look_at_leavers(actor=actor_of(request), rows=rows)
        if not checked.errors:
            pending.keep(request, WAITING, [person.pk for person in checked.people])
            return redirect("check_leavers")
        wrong = wrong_lines(rows, checked.errors)
    context = {"form": form, "columns": leavers.COLUMNS, "wrong": wrong, "lines": len(rows)}
    return render(request, "access/lists/leavers.html", context)


@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def check_leavers(request: HttpRequest) -> HttpResponse:
    """See whom the file names; suspend them all."""
    if request.method == "POST":
        return _suspend(request)
    ids = pending.kept(request, WAITING, list[int])
    if ids is None:
        messages.info(request, NOTHING_WAITS)
        return redirect("leaver_list")
    named = list(people_administered(actor_of(request)).filter(pk__in=ids))
    shown = sorted(
        (
            (one.name.open(), one.email.open(), one.organisation.name, HAPPENS.get(UserState(one.state), ""))
            for one in named
        ),
        key=lambda row: row[0].casefold(),
    )
    to_stop = sum(1 for one in named if one.state in STEPS)
    context = {"people": shown, "to_stop": to_stop, "key": pending.key(request, WAITING)}
    return render(request, "access/lists/leavers_check.html", context)


def _suspend(request: HttpRequest) -> HttpResponse:
    ids = pending.take(request, WAITING, list[int], request.POST.get("key", ""))
    if ids is None:
        messages.info(request, NOTHING_WAITS)
        return redirect("leaver_list")
    actor = actor_of(request)
    people = list(people_administered(actor).filter(pk__in=ids))
    messages.success(request, in_words(receive_leavers(actor=actor, people=people)))
    return redirect("people")


def in_words(received: Received) -> str:
    """What became of the list, for whoever sent it."""
    parts = [f"{received.suspended} suspended"]
    if received.withdrawn:
        parts.append(f"{received.withdrawn} invitations withdrawn")
    if received.already:
        parts.append(f"{received.already} were out already")
    return f"Done: {', '.join(parts)}. An administrator decides what comes of those who are suspended."
