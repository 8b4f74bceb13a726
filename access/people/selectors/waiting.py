"""How much waits for an administrator. Numbers alone: they name nobody, so that counting is no event."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from access.models import UserState
from access.people.selectors.people import MOST_COUNTED, approvals_waiting, for_actor_to_decide
from access.rules.administering import APPLYING, reach_of
from audit.actors import Actor

RUNNING_OUT_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Counts:
    """Each counts to 1,001. `decisions` are those that the reader themselves can take now."""

    decisions: int
    running_out: int
    invited: int


def waiting_counts(actor: Actor, *, today: date) -> Counts:
    """What waits among the people whom the actor looks after: by indexes, also among all of England."""
    reach = reach_of(actor)
    people = reach.people(*APPLYING)
    running_out = people.filter(state=UserState.ACTIVE, valid_until__lte=today + RUNNING_OUT_WITHIN)
    return Counts(
        decisions=_counted(for_actor_to_decide(actor, approvals_waiting(reach), today=today)),
        running_out=_counted(running_out),
        invited=_counted(people.filter(state=UserState.INVITED)),
    )


def _counted(rows: QuerySet[Any]) -> int:
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
