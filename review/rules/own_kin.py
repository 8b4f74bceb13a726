"""An administrator decides about, or reads of, somebody who is near to them."""

from typing import ClassVar

from audit.events import EventKind
from review.examining.access import Happening
from review.examining.known import Known
from review.rules.base import OfStep
from review.rules.same_home import share


class OwnKin(OfStep):
    code = "own_kin"
    words = "Vetted, approved or read of somebody who lives with them or has their rare family name"
    brief = "Near to whom they vetted"
    kinds: ClassVar[frozenset[str]] = frozenset(
        kind.value
        for kind in (
            EventKind.USER_APPROVED,
            EventKind.USER_VETTED,
            EventKind.USER_REINSTATED,
            EventKind.USER_ROLE_CHANGED,
            EventKind.USER_SIGN_IN_RESET,
            EventKind.USER_READ,
            EventKind.GRANT_GIVEN,
        )
    )

    def subject(self, happening: Happening) -> int | None:
        return happening.actor_id if happening.actor_id != happening.user_id else None

    def bits(self, happening: Happening, known: Known) -> float:
        own, other = known.person(happening.actor_id or 0), known.person(happening.user_id or 0)
        if own is None or other is None or own.user_id == other.user_id:
            return 0.0
        if share(own.traits.homes, other.traits.homes):
            return self.weight.most
        mine, theirs = own.traits.family, other.traits.family
        if mine and theirs and mine.print == theirs.print:
            return self.weight.within(mine.bits - self.weight.floor)
        return 0.0
