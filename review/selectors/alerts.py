"""Alerts as auditors work through them. Inside `audit.reading.reading` alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from audit.events import Alert
from audit.models import RaisedAlert
from review.models import Case, Inquiry
from review.selectors.entries import WITHIN, Entry, columns, entry_of

ALERTS_ON_A_PAGE = 50
MOST_COUNTED = 1_000
MOST_EVENTS = 100  # of an alert, on its page
OF_CASES = (Alert.URGENT_CASE, Alert.OVERRIDDEN)  # what leads to a case, and is seen by whoever sees that


class AlertState(StrEnum):
    """How far an alert is. `AGAIN`: somebody took it, and it was raised after that; it is new again until they look."""

    NEW = "new"
    AGAIN = "again"
    TAKEN = "taken"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"new": "New", "again": "Raised again", "taken": "Being looked at", "closed": "Closed"}[self.value]


UNSEEN = frozenset({AlertState.NEW, AlertState.AGAIN})
LOOKED_AT = frozenset({AlertState.AGAIN, AlertState.TAKEN})


@dataclass(frozen=True, slots=True)
class RaisedOften:
    """One alert, who looks at it, and what came of it; nothing while it is open."""

    id: int
    what: str
    subject: str
    user_id: int | None
    authority_id: int | None
    event_id: int
    first_at: datetime
    last_at: datetime
    times: int
    state: AlertState
    owner_id: int | None
    taken_at: datetime | None
    closed_at: datetime | None
    result: str

    @property
    def case_id(self) -> int | None:
        """The case that is so urgent, of an alert that leads to one."""
        return int(self.subject.removeprefix("case.")) if self.what in OF_CASES else None

    @property
    def concerns_everybody(self) -> bool:
        """Whether it is of no authority: every auditor sees it, and the one who takes it does not close it."""
        return self.authority_id is None


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Alerts, the newest first, and the id before which the next page begins, unless it is the last."""

    alerts: list[RaisedOften]
    older: int | None


def alerts_of(authorities: list[int], states: frozenset[AlertState], *, before: int | None = None) -> AlertPage:
    """Alerts of those authorities, and those that concern everybody, in any of the states."""
    found = _within(authorities).filter(_in(states))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = [_often(raised) for raised in found.order_by("-pk")[: ALERTS_ON_A_PAGE + 1]]
    shown = rows[:ALERTS_ON_A_PAGE]
    return AlertPage(shown, shown[-1].id if len(rows) > ALERTS_ON_A_PAGE else None)


def alert_of(authorities: list[int], alert_id: int) -> RaisedOften | None:
    """That alert, if it is one of those authorities' or everybody's."""
    raised = _within(authorities).filter(pk=alert_id).first()
    return _often(raised) if raised else None


def new_alerts(authorities: list[int]) -> int:
    """How many nobody has taken, or were raised again since; counted to MOST_COUNTED + 1."""
    new = _within(authorities).filter(_in(UNSEEN))
    return new.values("pk")[: MOST_COUNTED + 1].count()


def events_of_alert(authorities: list[int], alert: RaisedOften) -> list[Entry]:
    """The newest of its events, and of those that tell who took and closed it. What was only counted has none."""
    # By the index of kinds and authorities, which IS NOT DISTINCT FROM does not use.
    within = "IS NULL" if alert.authority_id is None else "= %(authority)s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            (SELECT {columns("e")} FROM audit_event AS e
            WHERE e.kind = 'alert.raised' AND e.id >= %(first)s AND e.at <= %(last)s + interval '1 second'
                AND e.reason = %(what)s AND e.user_id IS NOT DISTINCT FROM %(person)s::bigint
                AND e.authority_id {within}
                AND (%(subject)s::text = '' OR %(subject)s::text = ANY (e.fields))
            ORDER BY e.id DESC LIMIT {MOST_EVENTS})
            UNION ALL
            (SELECT {columns("e")} FROM audit_event AS e
            WHERE e.kind IN ('alert.taken', 'alert.closed') AND e.id >= %(first)s AND e.at >= %(begun)s
                AND e.fields[1] = 'alert.' || %(alert)s AND {WITHIN}
            ORDER BY e.id DESC LIMIT {MOST_EVENTS})
            ORDER BY id DESC LIMIT {MOST_EVENTS}
            """,  # noqa: S608 - all our own
            {
                "alert": alert.id,
                "authorities": authorities,
                "first": alert.event_id,
                "begun": alert.first_at,
                "last": alert.last_at,
                "what": alert.what,
                "person": alert.user_id,
                "authority": alert.authority_id,
                "subject": alert.subject,
            },
        )
        return [entry_of(row) for row in cursor.fetchall()]


def _within(authorities: list[int]) -> QuerySet[RaisedAlert]:
    """Of an urgent case whoever sees the case, and nobody who is barred from it."""
    seen = Q(authority_id__in=authorities) | Q(authority_id__isnull=True)
    cases = Case.objects.values_list(Concat(Value("case."), Cast("pk", CharField())), flat=True)
    of_cases = Q(what__in=OF_CASES)
    return RaisedAlert.objects.filter(~of_cases & seen | of_cases & Q(subject__in=cases)).select_related("inquiry")


def _in(states: frozenset[AlertState]) -> Q:
    looked_at = Q(inquiry__isnull=False, inquiry__closed_at=None)
    conditions = {
        AlertState.NEW: Q(inquiry__isnull=True),
        AlertState.AGAIN: looked_at & Q(last_at__gt=F("inquiry__taken_at")),
        AlertState.TAKEN: looked_at & Q(last_at__lte=F("inquiry__taken_at")),
        AlertState.CLOSED: Q(inquiry__closed_at__isnull=False),
    }
    found = Q(pk__in=[])
    for state in states:
        found |= conditions[state]
    return found


def _often(raised: RaisedAlert) -> RaisedOften:
    inquiry = getattr(raised, "inquiry", None)
    return RaisedOften(
        id=raised.pk,
        what=raised.what,
        subject=raised.subject,
        user_id=raised.user_id,
        authority_id=raised.authority_id,
        event_id=raised.event_id,
        first_at=raised.first_at,
        last_at=raised.last_at,
        times=raised.times,
        state=_state(raised, inquiry),
        owner_id=inquiry.taken_by_id if inquiry else None,
        taken_at=inquiry.taken_at if inquiry else None,
        closed_at=inquiry.closed_at if inquiry else None,
        result=inquiry.result if inquiry else "",
    )


def _state(raised: RaisedAlert, inquiry: Inquiry | None) -> AlertState:
    if inquiry is None:
        return AlertState.NEW
    if inquiry.closed_at:
        return AlertState.CLOSED
    return AlertState.AGAIN if raised.last_at > inquiry.taken_at else AlertState.TAKEN
