"""Alerts: what is new, who looks at what, and what came of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import Alert, in_words
from audit.reasons import AlertResult, reason_label
from audit.recorder import About
from review import wording
from review.actions.alerts import AlertChangedError, close_alert, take_alert
from review.forms import CloseAlertForm, TakeAlertForm
from review.policies import about_alert, authorities_of, is_about, may_close, may_take, reading_at_once
from review.selectors.alerts import (
    LOOKED_AT,
    MOST_COUNTED,
    OF_CASES,
    UNSEEN,
    AlertState,
    RaisedOften,
    alert_of,
    alerts_of,
    events_of_alert,
    new_alerts,
)
from review.selectors.entries import numbers_of
from review.selectors.names import Names, names_in, people_in
from review.views.lines import line_of
from review.views.ways import is_number

# What the page can be asked for: address, words, states.
SHOWN = (
    ("open", "Open", UNSEEN | LOOKED_AT),
    ("new", "New", UNSEEN),
    ("taken", "Being looked at", frozenset({AlertState.TAKEN})),
    ("closed", "Closed", frozenset({AlertState.CLOSED})),
)
NEVER = datetime(1900, 1, 1, tzinfo=UTC)  # what no page showed
COLOURS = {AlertState.NEW: "red", AlertState.AGAIN: "red", AlertState.TAKEN: "blue", AlertState.CLOSED: "grey"}
CHANGED = (
    "Somebody else took or closed this alert while you looked at it, or it was raised again. Nothing was changed. "
    "See how it stands now."
)
TAKEN = "You have taken this alert. Close it when you know what it was."
TAKEN_FOR_EVERYBODY = (
    "You have taken this alert. It concerns everybody: when you know what it was, another auditor closes it."
)
CLOSED = "The alert is closed. If it is raised again, it comes as a new one."
NO_SUCH_ALERTS = "This address asks for alerts that there are none of. These are the open ones."


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert in words, and what the reader may do with it."""

    alert: RaisedOften
    what: str
    result: str
    about: str
    state: str
    colour: str
    owner: str
    own: bool
    note: str
    may_take: bool
    may_close: bool


@requires(Permission.LOG_READ)
@require_safe
def alerts_page(request: HttpRequest) -> HttpResponse:
    """Alerts of the auditor's authorities: the open ones, unless others are asked for."""
    asked = request.GET.get("show", SHOWN[0][0])
    states = {name: states for name, _, states in SHOWN}
    before = request.GET.get("before", "")
    if asked not in states or not is_number(before):
        messages.info(request, NO_SUCH_ALERTS)
        return redirect("alerts")
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, About(fields=["alerts"])):
        page = alerts_of(authorities, states[asked], before=int(before) if before else None)
        waiting = new_alerts(authorities)
        people = people_in([], page.alerts)
    names = names_in([], people)
    context = {
        "alerts": [_shown(alert, names, actor) for alert in page.alerts],
        "older": page.older,
        "asked": asked,
        "choices": [(name, words) for name, words, _ in SHOWN],
        "waiting": waiting,
        "most_counted": MOST_COUNTED,
    }
    return render(request, "review/alerts.html", context)


@requires(Permission.LOG_READ)
@require_safe
def alert_page(request: HttpRequest, alert_id: int) -> HttpResponse:
    """One alert, its events, and what to do about it."""
    return _alert_page(request, alert_id, CloseAlertForm())


@requires(Permission.LOG_READ)
@require_POST
def take(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Look at it from now on, in the place of whoever did."""
    form = TakeAlertForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else NEVER
    try:
        taken = take_alert(actor=actor_of(request), alert_id=alert_id, seen=seen)
    except AlertChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, TAKEN_FOR_EVERYBODY if taken.concerns_everybody else TAKEN)
    return redirect("alert", alert_id=alert_id)


@requires(Permission.LOG_READ)
@require_POST
def close(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Say what came of it."""
    form = CloseAlertForm(request.POST)
    if not form.is_valid():
        return _alert_page(request, alert_id, form)
    try:
        close_alert(
            actor=actor_of(request),
            alert_id=alert_id,
            result=AlertResult(form.cleaned_data["result"]),
            seen=form.cleaned_data["times"],
        )
    except AlertChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, CLOSED)
    return redirect("alert", alert_id=alert_id)


def _alert_page(request: HttpRequest, alert_id: int, form: CloseAlertForm) -> HttpResponse:
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_alert(alert_id)):
        alert = alert_of(authorities, alert_id)
        if alert is None:
            raise NotFoundError
        events = events_of_alert(authorities, alert)
        numbers = numbers_of(events)
        people = people_in(events, [alert])
    names = names_in(events, people)
    context = {
        "shown": _shown(alert, names, actor),
        "lines": [line_of(each, names, numbers) for each in events],
        "take_form": TakeAlertForm(initial={"seen": alert.taken_at.isoformat() if alert.taken_at else ""}),
        "form": form,
    }
    return render(request, "review/alert.html", context)


def _shown(alert: RaisedOften, names: Names, actor: Actor) -> ShownAlert:
    about = [names.person(alert.user_id)] if alert.user_id else []
    if alert.subject:
        subject = wording.alert_subject(alert.what, alert.subject)
        about.append(subject.capitalize() if alert.what in OF_CASES and not about else subject)
    owner = names.person(alert.owner_id) if alert.owner_id else ""
    return ShownAlert(
        alert=alert,
        what=in_words(Alert, alert.what),
        result=reason_label(alert.result),
        about=", ".join(about),
        state=alert.state.label,
        colour=COLOURS[alert.state],
        owner=owner,
        own=alert.owner_id == actor.user_id,
        note=_note(alert, actor, owner),
        may_take=may_take(actor, alert),
        may_close=may_close(actor, alert),
    )


def _note(alert: RaisedOften, actor: Actor, owner: str) -> str:
    """Who else has a part in it, where the buttons alone do not say."""
    if alert.state == AlertState.CLOSED:
        return ""
    if is_about(actor, alert):
        return "This alert is about you, so another auditor looks into it."
    if alert.state == AlertState.NEW:
        return ""
    if alert.owner_id != actor.user_id:
        do = "close it or take it over" if alert.concerns_everybody else "take it over"
        return f"{owner} is looking at it. Agree with them before you {do}."
    if alert.concerns_everybody:
        return "It concerns everybody, so another auditor closes it when you know what it was."
    return ""
