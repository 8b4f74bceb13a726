"""What happened in the simulated year, by its log and its labels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from audit.events import EventKind
from review.simulation.labels import Labels

LONDON = ZoneInfo("Europe/London")
# What goes before a look at a record, or with it, and is no misuse of its own.
ON_THE_WAY = frozenset({EventKind.CHILD_SEARCHED.value, EventKind.CHILD_SHOWN.value, EventKind.HISTORY_READ.value})


class Event(NamedTuple):
    """One event; `at` in seconds since 1970."""

    id: int
    at: float
    actor_id: int
    role: str
    place: str
    kind: str


def day_of(at: float) -> date:
    """The day by the clocks of England."""
    return datetime.fromtimestamp(at, LONDON).date()


@dataclass(frozen=True)
class Happened:
    """All of it, in its order."""

    events: Sequence[Event]
    labels: Labels

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]], labels: Labels) -> "Happened":
        """Events as the step `reading` writes them. Of others than simulated people they are left out."""
        return cls([event for row in rows if (event := Event(*row)).actor_id in labels.people], labels)

    @cached_property
    def misusers(self) -> dict[int, str]:
        """The kind of misuse of everybody who did something of it."""
        return {user: self.labels.people[user].misuse for user in self.deeds}

    @cached_property
    def honest(self) -> frozenset[int]:
        """Everybody else, who were not meant to misuse it either."""
        return frozenset(user for user, person in self.labels.people.items() if not person.misuse)

    @cached_property
    def deeds(self) -> dict[int, list[float]]:
        """When somebody misused it: of those who opened records each opening, of others each list or reading."""
        opened: defaultdict[int, list[float]] = defaultdict(list)
        others: defaultdict[int, list[float]] = defaultdict(list)
        for event in self.events:
            if event.id in self.labels.events:
                where = opened if event.kind == EventKind.CHILD_OPENED else others
                if event.kind not in ON_THE_WAY:
                    where[event.actor_id].append(event.at)
        return {**others, **opened}

    def is_misuser(self, user_id: int, at: float) -> bool:
        """Whether they had misused it by then."""
        deeds = self.deeds.get(user_id)
        return deeds is not None and deeds[0] <= at

    def names_misuser(self, people: Iterable[int], at: float) -> bool:
        """Whether one of them had misused it by then."""
        return any(self.is_misuser(each, at) for each in people)

    @cached_property
    def views(self) -> int:
        """How many records were opened."""
        return sum(1 for event in self.events if event.kind == EventKind.CHILD_OPENED)

    @cached_property
    def last(self) -> float:
        """When it ended."""
        return self.events[-1].at

    def days(self) -> Iterator[float]:
        """The last moment of each day."""
        before = self.events[0].at
        for event in self.events:
            if day_of(event.at) != day_of(before):
                yield before
            before = event.at
        yield before
