"""Invite a thousand people: choose a file, see every error in its place, send them all with one press."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.routes import requires
from access.models import Role
from access.people.actions.inviting import NewPerson, invite_each
from access.rules.administering import organisations_administered
from access.rules.errors import EmailTakenError
from access.rules.roles import Permission
from access.software.actions.lists import look_at_invitations
from access.software.forms import ListForm
from access.software.lists import invitations
from access.software.views.lists import rows_of, wrong_lines
from pages import pending

WAITING = "invitations"
NOTHING_WAITS = "There was nothing left to send: it was sent before, or you chose another file since."
TAKEN = "An address in your list was taken meanwhile. Nothing was sent. Choose the file again to see which."
SENT = "{} people were invited. Each has 14 days to follow the link in their e-mail."


@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_list(request: HttpRequest) -> HttpResponse:
    """Choose the file; where something is wrong in it, see what."""
    form = ListForm(request)
    rows = rows_of(form, invitations.COLUMNS)
    wrong = []
    if rows:
        checked = look_at_invitations(actor=actor_of(request), rows=rows)
        if not checked.errors:
            pending.keep(request, WAITING, checked.people)
            return redirect("check_invitations")
        wrong = wrong_lines(rows, checked.errors)
    context = {"form": form, "columns": invitations.COLUMNS, "roles": Role, "wrong": wrong, "lines": len(rows)}
    return render(request, "access/lists/invite.html", context)


@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def check_invitations(request: HttpRequest) -> HttpResponse:
    """See whom the file names; invite them all."""
    if request.method == "POST":
        return _invite(request)
    people = pending.kept(request, WAITING, list[NewPerson])
    if people is None:
        messages.info(request, NOTHING_WAITS)
        return redirect("invite_list")
    ids = {one.organisation_id for one in people}
    organisations = dict(organisations_administered(actor_of(request)).filter(pk__in=ids).values_list("pk", "name"))
    shown = [(one.name, one.email, Role(one.role).label, organisations.get(one.organisation_id, "")) for one in people]
    context = {"people": shown, "key": pending.key(request, WAITING)}
    return render(request, "access/lists/invite_check.html", context)


def _invite(request: HttpRequest) -> HttpResponse:
    people = pending.take(request, WAITING, list[NewPerson], request.POST.get("key", ""))
    if people is None:
        messages.info(request, NOTHING_WAITS)
        return redirect("invite_list")
    try:
        invited = invite_each(actor=actor_of(request), people=people)
    except EmailTakenError:
        messages.error(request, TAKEN)
        return redirect("invite_list")
    messages.success(request, SENT.format(len(invited)))
    return redirect("people")
