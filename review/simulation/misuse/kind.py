"""What every kind of misuse has: whom it takes, and what they do when."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from access.models import Role
from audit.reasons import Reason
from review.simulation import calendar
from review.simulation.offices import is_close
from review.simulation.people import Person, Term
from review.simulation.visits import Visit
from review.simulation.world import Household, World

Deed = Callable[[Visit], None]


@dataclass(frozen=True, slots=True)
class Planned:
    """A session in which something is done that should not be; or what looks like it and is `honest`."""

    person: Person
    at: datetime
    do: Deed
    honest: bool = False


@dataclass(slots=True)
class Stage:
    """Everybody and everything there is to choose from. Nobody is taken twice."""

    world: World
    people: Sequence[Person]
    term: Term
    random: Random
    taken: set[int] = field(default_factory=set)
    _together: dict[int, list[Person]] = field(default_factory=dict)

    def take(self, fits: Callable[[Person], bool], *, role: Role = Role.PRACTITIONER) -> Person | None:
        """Somebody who is there all the time and fits, or None."""
        free = [
            each
            for each in self.people
            if each.role == role
            and each.index not in self.taken
            and each.joins is None
            and each.leaves is None
            and fits(each)
        ]
        if not free:
            return None
        person = self.random.choice(free)
        self.taken.add(person.index)
        return person

    def household(self, fits: Callable[[Household], bool]) -> Household | None:
        """One that fits, found within some tries."""
        for _ in range(400):
            household = self.random.choice(self.world.households)
            if fits(household):
                return household
        return None

    def colleagues(self, person: Person) -> list[Person]:
        """Who works in the same organisation."""
        if not self._together:
            for each in self.people:
                self._together.setdefault(each.organisation.pk, []).append(each)
        return [each for each in self._together[person.organisation.pk] if each is not person]


class Kind(ABC):
    """One kind of misuse. `code` stands in the labels, `words` in what a person reads; `role` is of whom it takes."""

    code: str
    words: str
    role = Role.PRACTITIONER

    def takes(self, stage: Stage) -> int:
        """How many people it takes."""
        return 1

    def suits(self, stage: Stage, person: Person) -> bool:
        """Whether their life is such that they could."""
        return True

    def cast(self, stage: Stage) -> list[Person]:
        """Whom it takes, their lives so arranged that it can be; nobody where nobody fits."""
        taken = (stage.take(partial(self.suits, stage), role=self.role) for _ in range(self.takes(stage)))
        return [each for each in taken if each]

    @abstractmethod
    def plan(self, stage: Stage, people: list[Person]) -> Iterator[Planned]:
        """What they do, in any order."""


def looks_up(children: Sequence[int], reason: Reason, *, opened: bool = True) -> Deed:
    """Search for each of the children and open the record."""

    def deed(visit: Visit) -> None:
        for child_id in children:
            if visit.world.children[child_id].born > visit.now.date():
                continue
            visit.search(visit.world.children[child_id], opens=opened)
            if opened:
                visit.open(child_id, reason, stay=(15, 200))

    return deed


def at_work(stage: Stage, person: Person, times: int, *, within: Term | None = None) -> list[datetime]:
    """So many moments at work on different days, in their order; fewer where there are no more days.

    Who is off all the time, as schools are in August, looks in from home.
    """
    term = within or stage.term
    days = working_days(person, term) or [day for day in term.each() if person.uses_it_on(day)]
    chosen = sorted(stage.random.sample(days, min(times, len(days))))
    return [moment_of(stage, person, day) for day in chosen]


def working_days(person: Person, term: Term) -> list[date]:
    """The days of that span on which they are at work and use the service."""
    return [day for day in term.each() if person.uses_it_on(day) and person.hours.on(day)]


def moment_of(stage: Stage, person: Person, day: date) -> datetime:
    """A moment of that day's work; towards noon where they are off."""
    span = person.hours.on(day)
    return calendar.moment(stage.random, day, span) if span else calendar.at(day, 660 + stage.random.random() * 60)


def stretch(stage: Stage, least: int, most: int, *, after: float = 0.0) -> Term:
    """So many days of the span, not before that share of it is over."""
    days = min(stage.random.randint(least, most), stage.term.days)
    first = int(stage.term.days * after)
    start = stage.random.randint(min(first, stage.term.days - days), stage.term.days - days)
    begin = stage.term.first + timedelta(days=start)
    return Term(begin, begin + timedelta(days=days - 1))


def strangers(stage: Stage, person: Person, number: int) -> list[int]:
    """Children of the area with whom neither they nor their organisation have to do."""
    world = stage.world
    found: dict[int, None] = {}
    for _ in range(number * 30):
        if len(found) == number:
            break
        child_id = stage.random.choice(world.of_authority[person.authority_id])
        child = world.children[child_id]
        theirs = any(work.organisation_id == person.organisation.pk for work in child.works)
        if not theirs and not is_close(person, child.household):
            found[child_id] = None
    return list(found)
