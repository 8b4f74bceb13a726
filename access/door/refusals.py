"""What a refusal looks like from outside: an event in the log, then a plain page."""

from dataclasses import asdict, dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from access.door.actors import actor_of, actor_or_process, user_of
from access.door.calls import call_in
from access.door.places import here, instead_of
from access.door.serving import signs_in
from access.door.sessions import SessionStore
from access.models import Measure, User, UserState
from access.rules.errors import (
    ColleagueStoppedError,
    NotFoundError,
    NotPermittedError,
    NotVettedError,
    OverBudgetRefusedError,
    RefusedError,
)
from access.rules.vetting import Lapse, lapses, lapses_but_items
from audit.actors import Actor, Process
from audit.alerts import raise_alert
from audit.errors import NoCallError, NoLiveSessionError, NotAllowedError, OverBudgetError
from audit.events import Alert, EventKind, Outcome
from audit.recorder import About, record, record_first

TEMPLATES = {403: "403.html", 404: "404.html", 409: "409.html", 410: "409.html"}


def answer(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for an exception that is a refusal, by our own rules or by the database's; None for any other."""
    try:
        if isinstance(exception, RefusedError):
            return respond(request, exception)
        if isinstance(exception, NotAllowedError):
            return respond(request, NotPermittedError())
        if isinstance(exception, NoCallError):
            return respond(request, ColleagueStoppedError())
        if isinstance(exception, OverBudgetError):
            return _over_budget(request, exception)
    except NoLiveSessionError as ended:
        exception = ended
    return session_ended(request) if isinstance(exception, NoLiveSessionError) else None


def respond(request: HttpRequest, refused: RefusedError) -> HttpResponse:
    """Record the refusal in a transaction of its own (the refused one is gone) and tell the person."""
    back = here(request) if request.method == "POST" else reverse("home")
    context: dict[str, object] = {"sentence": refused.sentence, "back": back}
    if isinstance(refused, NotVettedError):
        return render(request, "access/not_vetted.html", context | _why_not(request, refused), status=refused.status)
    template = TEMPLATES[refused.status]
    with transaction.atomic():
        note(request, refused)
        if isinstance(refused, ColleagueStoppedError):
            template = "access/call/stopped.html"
            context["call"] = call_in(request)
        if isinstance(refused, NotFoundError):
            context["instead"] = instead_of(request.path)
    return render(request, template, context, status=refused.status)


@transaction.atomic
def note(request: HttpRequest, refused: RefusedError) -> None:
    """Record the refusal, for a page that tells the person itself."""
    record(EventKind.ACCESS_REFUSED, _about(request, refused), actor=actor_or_process(request), outcome=refused.outcome)


@transaction.atomic
def note_of(actor: Actor | Process, refused: RefusedError) -> None:
    """Record the refusal of whoever asks by a token."""
    about = About(child_id=refused.child_id)
    record(EventKind.ACCESS_REFUSED, about, actor=actor, outcome=refused.outcome)


@dataclass(frozen=True, slots=True)
class Spent:
    """A budget that is spent: what it is of, how much it allows, and whether it is the actor's own."""

    what: str
    limit: str
    own: bool

    @property
    def until_next_hour(self) -> bool:
        """Whether the hour's is, which is whole again in the next one. When a day's is, the database tells nobody."""
        return self.limit.endswith(" an hour")


@transaction.atomic
def note_over_budget(actor: Actor, error: OverBudgetError) -> Spent:
    """Record the attempt, and alert the auditors, who see how often it happens.

    In a mediated call it may be the colleague's budget that is used up.
    """
    measure, _, limit = str(error).partition(": ")
    budgets = Process("budgets", actor.request_id, actor.organisation_id, actor.authority_id)
    whose = int(error.detail)
    record(EventKind.ACCESS_REFUSED, About(fields=[measure]), actor=actor, outcome=OverBudgetRefusedError.outcome)
    raise_alert(Alert.OVER_BUDGET, actor=budgets, subject=measure, user_id=whose, fields=[measure])
    return Spent(Measure(measure).label, limit, whose == actor.user_id)


@transaction.atomic
def note_ended(request_id: UUID) -> None:
    """Record that a session ended between the beginning of a request and its event."""
    page = Process("sign-in", request_id)
    record(EventKind.ACCESS_REFUSED, actor=page, outcome=Outcome.SESSION_ENDED)


def _about(request: HttpRequest, refused: RefusedError) -> About:
    return About(child_id=refused.child_id, user_id=_who_asked(request))


def _who_asked(request: HttpRequest) -> int | None:
    """The colleague on whose call the mediator is, though nothing may be done in it any more."""
    call = call_in(request)
    return call.colleague.pk if call else None


def _why_not(request: HttpRequest, refused: RefusedError) -> dict[str, object]:
    """Record the refusal of somebody signed in, and say why. Who may still sign in is led to their own checklist."""
    user = user_of(request)
    return {
        "joining": user.state == UserState.JOINING,
        "may_see_checklist": user.is_active,
        "lapses": _lapses(request, refused, user),
    }


def _lapses(request: HttpRequest, refused: RefusedError, user: User) -> list[Lapse]:
    """What keeps them out, read once the refusal is committed. Whoever signs people in reads nobody's vetting."""
    today = timezone.localdate()
    if signs_in():
        note(request, refused)
        return lapses_but_items(user, today=today)
    about = _about(request, refused)
    ticket = record_first(EventKind.ACCESS_REFUSED, about, actor=actor_of(request), outcome=refused.outcome)
    with ticket.shown():
        return lapses(user, today=today)


def _over_budget(request: HttpRequest, error: OverBudgetError) -> HttpResponse:
    """Record the attempt, and say what to do meanwhile."""
    spent = note_over_budget(actor_of(request), error)
    return render(request, "access/over_budget.html", asdict(spent), status=OverBudgetRefusedError.status)


def session_ended(request: HttpRequest) -> HttpResponse:
    """The session ended between the beginning of the request and its event: nothing was shown, not even a name."""
    request.user = AnonymousUser()
    request.session = request.service = SessionStore()  # type: ignore[attr-defined]
    note_ended(request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware
    context = {"sign_in": f"{reverse('account_login')}?{urlencode({'next': here(request)})}"}
    return render(request, "access/session_ended.html", context, status=403)
