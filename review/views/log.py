"""The access log for auditors, and for each person their own part of it. Reading it is an event too."""

from collections.abc import Iterable
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.door.actors import actor_of, user_of
from access.door.routes import requires
from access.people.selectors.people import names_of
from access.rules import grants
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit import proofs
from audit.events import Alert, EventKind, Outcome
from audit.models import Event
from audit.reading import reading
from audit.reasons import reason_label
from audit.recorder import About
from audit.selectors import Filter, events_of_authorities
from review.forms import LARGEST_ID, LogFilterForm

EVENTS_ON_A_PAGE = 50


@requires(Permission.LOG_READ)
@require_safe
def log_page(request: HttpRequest) -> HttpResponse:
    """The events of the auditor's authorities, filtered. A filter with an error shows nothing."""
    form = LogFilterForm(request.GET if _is_filtered(request) else None)
    wanted = _wanted(form)
    authorities = authorities_of(request) if wanted else []
    with reading(actor_of(request), About(child_id=wanted.child_id if wanted else None)):
        events = events_of_authorities(authorities, wanted or Filter())
        page = Paginator(events, EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    address = f"?{query.urlencode()}&page=" if query else "?page="
    return render(
        request, "review/log.html", {"form": form, "page": page, "events": shown_events(rows), "address": address}
    )


@requires(Permission.LOG_READ)
@require_safe
def event_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event, with all it holds but the sealed criteria."""
    authorities = authorities_of(request)
    with reading(actor_of(request), about_event(event_id)):
        event = events_of_authorities(authorities, Filter()).filter(pk=event_id).first()
        if event is None:
            raise NotFoundError
        sealed = proofs.inclusion_of(event_id)
    shown = shown_events([event])[0]
    shown.details = [
        ("Fields", ", ".join(event.fields)),
        ("Role", event.role),
        ("Session", str(event.session_id or "")),
        ("Request", str(event.request_id or "")),
        ("Search trail", str(event.trail or "")),
    ]
    return render(request, "review/event.html", {"event": shown, "event_id": event_id, "sealed": sealed})


def shown_events(events: Iterable[Event]) -> list[SimpleNamespace]:
    """Events in the words of the log's pages."""
    rows = list(events)
    names = names_of(_people(rows))
    return [_shown(event, names) for event in rows]


def _shown(event: Event, names: dict[int, str]) -> SimpleNamespace:
    who = names.get(event.actor_id or 0) or event.process or f"user {event.actor_id}"
    if event.user_id and event.user_id != event.actor_id:
        other = names.get(event.user_id, f"user {event.user_id}")
        who = f"{who} in the name of {other}" if _is_mediated(event) else f"{who} (account of {other})"
    subjects = [event.child_id] if event.child_id else event.shown
    return SimpleNamespace(
        url=reverse("event", args=[event.pk]),
        at=event.at,
        who=who,
        what=EventKind(event.kind).label,
        reason=Alert(event.reason).label if event.kind == EventKind.ALERT_RAISED else reason_label(event.reason),
        subjects=[str(subject) for subject in subjects],
        outcome=Outcome(event.outcome).label,
    )


def _is_mediated(event: Event) -> bool:
    """Whether a colleague rang for it, with whose code or right the mediator acted."""
    about_the_person = (EventKind.SECOND_FACTOR_FAILED, EventKind.MEDIATION_BEGUN, EventKind.MEDIATION_ENDED)
    return event.role == "mediator" and event.kind not in about_the_person


def _people(events: list[Event]) -> set[int]:
    return {person for event in events for person in (event.actor_id, event.user_id) if person}


def about_event(event_id: int) -> About:
    """That one event is read. Raises NotFoundError for a number that no event can have."""
    if event_id > LARGEST_ID:
        raise NotFoundError
    return About(fields=[f"event.{event_id}"])


def authorities_of(request: HttpRequest) -> list[int]:
    """The authorities whose events the signed-in person may read."""
    return list(grants.organisations_granted(user_of(request), grants.AUDIT).values_list("pk", flat=True))


def _is_filtered(request: HttpRequest) -> bool:
    return any(name != "page" for name in request.GET)


def _wanted(form: LogFilterForm) -> Filter | None:
    if not form.is_bound:
        return Filter()
    return form.wanted() if form.is_valid() else None
