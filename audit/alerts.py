"""Raising an alert. What goes on is counted; its first event is in the log, and no flood of it is."""

from collections.abc import Sequence

from django.db import connection

from audit.actors import Process
from audit.events import Alert, EventKind
from audit.recorder import About, record


def raise_alert(
    what: Alert,
    *,
    actor: Process,
    subject: str = "",
    user_id: int | None = None,
    fields: Sequence[str] = (),
    times: int = 1,
    always_recorded: bool = False,
) -> int | None:
    """Raise an alert in this transaction, `times` at once. Returns the id of its event, or None where it was counted.

    The same alert is one of the same `what`, `subject`, `user_id` and authority: a flood of one never stands in the
    way of another. It has an event when it begins; where `always_recorded`, since each tells something of its own,
    each time. Whoever asks for that must not ask often.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_alert_again(%s, %s, %s, %s, %s)", [what, subject, user_id, actor.authority_id, times]
        )
        (goes_on,) = cursor.fetchone()
        if goes_on and not always_recorded:
            return None
        named = [subject] if subject and subject not in fields else []
        about = About(user_id=user_id, fields=[*named, *fields], reason=what)
        event_id = record(EventKind.ALERT_RAISED, about, actor=actor)
        if not goes_on:
            cursor.execute("SELECT audit_alert_begin(%s, %s, %s)", [event_id, subject, times])
        return event_id
