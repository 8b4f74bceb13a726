"""People: an administrator's list, what waits for a decision, and whom to invite."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.references import organisation_id_of, refer_to_user, user_id_of
from access.door.routes import requires
from access.models import UserState
from access.people.actions.inviting import invite
from access.people.actions.reading import read_people, read_waiting
from access.people.forms import InviteForm, PeopleFilterForm
from access.people.organisation_fields import named, to_keep
from access.people.selectors.people import MOST_COUNTED, PeopleFilter, PeoplePage, organisation_to_invite_for
from access.people.views.way_back import remember
from access.rules.administering import APPLYING, organisations_administered
from access.rules.errors import EmailTakenError
from access.rules.roles import Permission
from audit.actors import Actor
from pages import desk

FILTER, FITTING = "people", "people: organisations that fit"
MOST_WAITING = 100
SOON = (30, 60, 90)
NOBODY = PeoplePage([], None, 0)
SENT = "{} is invited. We send them an e-mail with a link within a minute; it works for 14 days."


@requires(Permission.PEOPLE_LIST)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The people of the administrator's organisations, narrowed by what was typed last. No name is in an address."""
    reach = partial(organisations_administered, actor_of(request), *APPLYING)
    if request.method == "POST":
        form = PeopleFilterForm({} if "everybody" in request.POST else request.POST, reach=reach)
        if form.is_valid():
            desk.lay(request, FILTER, form.typed())
            desk.lay(request, FITTING, to_keep(form.fitting()))
            return redirect("people")
        return _list(request, None, form)
    if request.GET.get("state") in UserState.values:  # from the start page
        desk.lay(request, FILTER, {"state": request.GET["state"]})
        desk.lay(request, FITTING, None)
        return redirect("people")
    kept = desk.look(request, FILTER)
    form = PeopleFilterForm(kept or None, reach=reach, known=desk.look(request, FITTING))
    return _list(request, form.wanted(), form)


@requires(Permission.PEOPLE_LIST)
@require_safe
def expiring(request: HttpRequest) -> HttpResponse:
    """Whose vetting runs out soon or has run out, the soonest first."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, SOON) else SOON[0]
    return _list(request, PeopleFilter(runs_out_within=days), None, days=days)


@requires(Permission.PEOPLE_LIST)
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for a second administrator."""
    actor = actor_of(request)
    remember(request, "Waiting for a decision")
    waiting = read_waiting(actor=actor, most=MOST_WAITING)
    context = {"waiting": [(refer_to_user(actor, one.user_id), one) for one in waiting], "most": MOST_WAITING}
    return render(request, "access/people/approvals.html", context)


@requires(Permission.PEOPLE_INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite. Another administrator lets them in."""
    actor = actor_of(request)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        reach=partial(organisations_administered, actor, *APPLYING),
        initial={"organisation": _where(request, actor)},
    )
    if form.is_valid():
        try:
            user = invite(actor=actor, new=form.new())
        except EmailTakenError as error:
            form.add_error("email", error.sentence)
        else:
            messages.success(request, SENT.format(form.cleaned_data["name"]))
            return redirect("person", reference=refer_to_user(actor, user.pk))
    return render(request, "access/people/invite.html", {"form": form})


def _where(request: HttpRequest, actor: Actor) -> str:
    """The organisation whose page led here, or the only one that there is."""
    reference = request.GET.get("organisation")
    found = organisation_to_invite_for(actor, organisation_id_of(actor, reference) if reference else None)
    return named(found) if found else ""


def _list(
    request: HttpRequest, wanted: PeopleFilter | None, form: PeopleFilterForm | None, *, days: int | None = None
) -> HttpResponse:
    """Where something is wrong with what was asked for, nobody is shown in its place, and nothing is recorded."""
    actor = actor_of(request)
    after = request.GET.get("after")
    if request.method != "POST":
        remember(request, "Running out soon" if days else "People")
    page = NOBODY
    if wanted is not None:
        page = read_people(actor=actor, wanted=wanted, after=user_id_of(actor, after) if after else None)
    context = {
        "form": form,
        "people": [(refer_to_user(actor, one.id), one) for one in page.people],
        "total": page.total,
        "most_counted": MOST_COUNTED,
        "more": refer_to_user(actor, page.more_after) if page.more_after else "",
        "later": bool(after),
        "days": days,
        "narrowed": wanted is None or wanted.is_narrow,
        "choices": SOON,
    }
    return render(request, "access/people/list.html", context)
