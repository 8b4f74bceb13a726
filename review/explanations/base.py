"""What an explanation is."""

from abc import ABC, abstractmethod
from datetime import date
from enum import Enum
from typing import ClassVar

from review.examining.access import Access
from review.examining.known import Known


class Strength(Enum):
    """Whether a reason explains an access by itself, or is only said, and lowers what the rules find."""

    FULL = "full"
    PART = "part"


class Explanation(ABC):
    """A reason for which somebody of an honest day's work looks at a child, held against what was known at that moment.

    `leaves` is which share of the weight of a relationship is left where this is the reason: a teacher's own child is
    at their school, but nobody needs to be somebody's neighbour to have a child in their area. `of_strangers`: it holds
    of people who have nothing else to do with the child.
    """

    code: ClassVar[str]
    words: ClassVar[str]
    strength: ClassVar[Strength] = Strength.FULL
    leaves: ClassVar[float] = 0.25
    of_strangers: ClassVar[bool] = False

    @abstractmethod
    def explain(self, access: Access, known: Known) -> date | None:
        """Since when it has held, or the day on which what it names was done; None where it does not hold."""
