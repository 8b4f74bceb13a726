"""How much waits for an administrator: of people in numbers alone, which name nobody, so that counting is no event."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from access.models import SIGNING_IN, Organisation, User, UserState
from access.people.selectors.people import MOST_COUNTED, approvals_waiting, for_actor_to_decide
from access.rules.administering import APPLYING, Reach
from audit.actors import Actor

RUNNING_OUT_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Counts:
    """Each counts to 1,001. `decisions` are those that the reader themselves can take now."""

    decisions: int
    running_out: int
    invited: int
    closed: int


def waiting_counts(actor: Actor, reach: Reach, *, today: date) -> Counts:
    """What waits among the people whom the actor looks after: by indexes, also among all of England."""
    people = reach.people(*APPLYING)
    running_out = people.filter(state=UserState.ACTIVE, valid_until__lte=today + RUNNING_OUT_WITHIN)
    return Counts(
        decisions=_counted(for_actor_to_decide(actor, approvals_waiting(reach), today=today)),
        running_out=_counted(running_out),
        invited=_counted(people.filter(state=UserState.INVITED)),
        closed=_counted(closed_with_people(reach)),
    )


def closed_with_people(reach: Reach) -> QuerySet[Organisation]:
    """Those that somebody decides or applies for of which their directory says that they are closed, and for which
    people still work, or are invited to: somebody has to say what becomes of these."""
    working = User.objects.filter(organisation=OuterRef("pk"), state__in=(UserState.INVITED, *SIGNING_IN))
    closed = reach.organisations(*APPLYING).filter(closed_on__isnull=False)
    return closed.filter(Exists(working)).order_by("closed_on", "name", "pk")


def _counted(rows: QuerySet[Any]) -> int:
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
