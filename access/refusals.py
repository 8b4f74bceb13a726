"""What a refusal looks like from outside: an event in the log, then a plain page."""

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from access.actors import actor_of, actor_or_process
from access.errors import NotVettedError, OverBudgetRefusedError, RefusedError
from access.models import Measure
from access.vetting import Lapse
from audit.actors import Process
from audit.errors import NoLiveSessionError, OverBudgetError
from audit.events import Alert, EventKind, Outcome
from audit.recorder import About, alert, record

TEMPLATES = {403: "403.html", 404: "404.html"}
ALERTED_SECONDS = 60 * 60


def answer(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for an exception that is a refusal, by our own rules or by the database's; None for any other."""
    if isinstance(exception, RefusedError):
        return respond(request, exception)
    if isinstance(exception, OverBudgetError):
        return _over_budget(request, exception)
    return _session_ended(request) if isinstance(exception, NoLiveSessionError) else None


def respond(request: HttpRequest, refused: RefusedError, *, lapses: list[Lapse] | None = None) -> HttpResponse:
    """Record the refusal in a transaction of its own (the refused one is gone) and tell the person."""
    with transaction.atomic():
        about = About(child_id=refused.child_id)
        record(EventKind.ACCESS_REFUSED, about, actor=actor_or_process(request), outcome=refused.outcome)
    template = "access/not_vetted.html" if isinstance(refused, NotVettedError) else TEMPLATES[refused.status]
    return render(request, template, {"lapses": lapses or []}, status=refused.status)


def _over_budget(request: HttpRequest, error: OverBudgetError) -> HttpResponse:
    """Record the attempt and, the first time within the hour, alert the auditors; say what to do meanwhile."""
    measure, _, limit = str(error).partition(": ")
    actor = actor_of(request)
    refused = OverBudgetRefusedError
    budgets = Process("budgets", actor.request_id, actor.organisation_id, actor.authority_id)
    about = About(user_id=actor.user_id, fields=[measure])
    with transaction.atomic():
        record(EventKind.ACCESS_REFUSED, About(fields=[measure]), actor=actor, outcome=refused.outcome)
        if cache.add(f"over-budget:{actor.user_id}:{measure}", 1, ALERTED_SECONDS):
            alert(Alert.OVER_BUDGET, about, actor=budgets)
    context = {"what": Measure(measure).label, "limit": limit}
    return render(request, "access/over_budget.html", context, status=refused.status)


def _session_ended(request: HttpRequest) -> HttpResponse:
    """The session ended between the beginning of the request and its event: nothing was shown."""
    with transaction.atomic():
        page = Process("sign-in", request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware
        record(EventKind.ACCESS_REFUSED, actor=page, outcome=Outcome.SESSION_ENDED)
    return render(request, "access/session_ended.html", status=403)
