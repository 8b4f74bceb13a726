"""Working on an alert: somebody takes it, and closes it with what came of it. Each step is an event."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from access.rules.errors import OwnCaseError
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import AlertResult
from audit.recorder import About, record
from review.models import Inquiry
from review.policies import about_alert, alert_to_work_on, may_close
from review.selectors.alerts import AlertState, RaisedOften


class AlertChangedError(Exception):
    """Somebody took or closed the alert after it was shown, or it was raised again. Nothing was changed."""


def take_alert(*, actor: Actor, alert_id: int, seen: datetime | None) -> RaisedOften:
    """Make the actor the one who looks at it, in the place of whoever did. Returns it as it was before.

    `seen` is when it was taken last, as the page showed it. Raises AlertChangedError where that is out of date, and
    OwnCaseError where it is about the actor.
    """
    alert = alert_to_work_on(actor, alert_id)
    if alert.taken_at != seen or alert.state == AlertState.CLOSED:
        raise AlertChangedError
    with transaction.atomic():
        record(EventKind.ALERT_TAKEN, about_alert(alert_id), actor=actor)
        if seen is None:
            _begin(actor, alert_id)
        else:
            _change(alert_id, seen, taken_by_id=actor.user_id)
    return alert


def close_alert(*, actor: Actor, alert_id: int, result: AlertResult, seen: int | None) -> None:
    """Close it with what came of it. Raises AlertChangedError unless it is the actor who looks at it.

    `seen` is how often it had been raised, as the page showed it: what was raised since, nobody has looked at, and
    AlertChangedError is raised then, too.
    What concerns everybody is closed by another than looks at it: raises OwnCaseError otherwise, and where it is about
    the actor.
    """
    alert = alert_to_work_on(actor, alert_id)
    if alert.concerns_everybody and alert.owner_id == actor.user_id:
        raise OwnCaseError
    if not may_close(actor, alert) or alert.taken_at is None or alert.times != seen:
        raise AlertChangedError
    about = About(fields=about_alert(alert_id).fields, user_id=alert.user_id, reason=result)
    with transaction.atomic():
        record(EventKind.ALERT_CLOSED, about, actor=actor)
        _change(alert_id, alert.taken_at, closed_at=timezone.now(), result=result)


def _begin(actor: Actor, alert_id: int) -> None:
    try:
        Inquiry.objects.create(alert_id=alert_id, taken_by_id=actor.user_id, taken_at=timezone.now())
    except IntegrityError:  # somebody else did at the same time
        raise AlertChangedError from None


def _change(alert_id: int, seen: datetime, **changes: object) -> None:
    if not Inquiry.objects.filter(alert_id=alert_id, taken_at=seen, closed_at=None).update(**changes):
        raise AlertChangedError
