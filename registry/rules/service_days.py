"""On which days a service can have begun and ended: within the child's life, and while they are a child.

The registry holds children from birth to 18, and to 25 whoever consented to it (DOMAIN). Who cares for a mother before
the birth works with her; the child's own record begins with the child.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.retention import grown_up_on, kept_until


class WrongDay(StrEnum):
    """Why a service cannot have begun or ended on a day."""

    NOT_YET = "not_yet"
    BEFORE_BIRTH = "before_birth"
    BEFORE_START = "before_start"
    GROWN_UP = "grown_up"
    AFTER_DEATH = "after_death"


@dataclass(frozen=True, slots=True)
class Life:
    """From when to when somebody lived or lives, and whether their record is kept to the 25th birthday."""

    born: date
    died: date | None = None
    kept: bool = False

    @property
    def grown_up_on(self) -> date:
        """The birthday from which on no service begins: the eighteenth, or the 25th."""
        return kept_until(self.born) if self.kept else grown_up_on(self.born)


def wrong_start(day: date, life: Life, *, today: date) -> WrongDay | None:
    """Why a service cannot have begun on `day`; None where it can."""
    if day > today:
        return WrongDay.NOT_YET
    if day < life.born:
        return WrongDay.BEFORE_BIRTH
    if life.died and day > life.died:
        return WrongDay.AFTER_DEATH
    return WrongDay.GROWN_UP if day >= life.grown_up_on else None


def wrong_end(day: date, life: Life, *, started_on: date, today: date) -> WrongDay | None:
    """Why a service that began on `started_on` cannot have ended on `day`; None where it can.

    It may have ended after the child grew up: many see a young person through the school year.
    """
    if day > today:
        return WrongDay.NOT_YET
    if day < life.born:  # a supplier may have said that it began before
        return WrongDay.BEFORE_BIRTH
    if day < started_on:
        return WrongDay.BEFORE_START
    return WrongDay.AFTER_DEATH if life.died and day > life.died else None
