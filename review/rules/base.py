"""What a rule is: it finds what misuse does more often than honest work, and says how many bits that is worth."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from review.examining.access import Access, Happening
from review.examining.days import Day
from review.examining.known import Known, Opened, Person
from review.rules.weights import Weight, weights


class Rule(ABC):
    """One thing that is looked for. `words` are what a reviewer reads of a finding; `brief` is told of each access."""

    code: ClassVar[str]
    words: ClassVar[str]
    brief: ClassVar[str]
    by_name: ClassVar[bool] = False  # whether a name is all that it goes by: of these together no case is made

    @cached_property
    def weight(self) -> Weight:
        """What it is worth, by the configuration."""
        return weights().rules[self.code]


class OfRelation(Rule):
    """Somebody is near to the child. Asked of each look; where a reason explains it, less of the weight is left.

    `subject` is whoever may be near: the person in whose name it was done, and in a call the mediator as well.
    """

    @abstractmethod
    def bits(self, access: Access, subject: Person, known: Known) -> float:
        """How much it is worth; nothing where it does not hold."""


class OfDoubt(Rule):
    """Asked of an access of a record that nothing explains yet. Explained within its week, it was never found."""

    @abstractmethod
    def bits(self, access: Access, known: Known) -> float:
        """How much it is worth; nothing where it does not hold."""


class OfDuty(Rule):
    """Asked of an access that a duty for the area explains, and nothing else. It is about all of them on that day."""

    @abstractmethod
    def bits(self, access: Access, known: Known) -> float:
        """How much it is worth; nothing where it does not hold."""


class OfChild(Rule):
    """Asked of an access by somebody who has nothing else to do with the child. What it finds is about the child."""

    @abstractmethod
    def found(self, access: Access, known: Known) -> Iterator[tuple[Opened, float]]:
        """Of whom, by what they opened, and how much each is worth; of nobody where it does not hold."""


class OfPace(Rule):
    """Asked of each access of a record, and what explains that one takes nothing away: it is about all of them."""

    @abstractmethod
    def bits(self, access: Access, known: Known) -> float:
        """How much it is worth; nothing where it does not hold."""


class OfDay(Rule):
    """Asked of what somebody did on a day, as far as it has gone."""

    @abstractmethod
    def bits(self, day: Day, known: Known) -> float:
        """How much it is worth; nothing where it does not hold."""


class OfStep(Rule):
    """Asked of an event about a user; whoever it finds something of is `subject`."""

    kinds: ClassVar[frozenset[str]]

    @abstractmethod
    def subject(self, happening: Happening) -> int | None:
        """Of whom something is found."""

    @abstractmethod
    def bits(self, happening: Happening, known: Known) -> float:
        """How much it is worth; nothing where it does not hold."""
