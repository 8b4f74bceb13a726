"""The simulated year, day by day, and its way into the log."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from django.db import connection

from access.models import Role
from audit.actors import Process
from audit.events import EventKind
from audit.filling import Past, PastWriter, fill
from review.simulation import calendar
from review.simulation.casting import Case, cast
from review.simulation.misuse import Planned, Stage
from review.simulation.offices import open_offices
from review.simulation.people import Person, Term, hire
from review.simulation.staffing import Staff
from review.simulation.visits import Act, Book, Visit
from review.simulation.working import Practice
from review.simulation.world import World

_CHILDREN_PER_USER = 33  # 11 million and 330,000
AT_ONCE = 2_000  # events of a transaction
_WEB, _SIGN_IN = "web", "sign-in"
_PROCESSES = {_WEB: 6, _SIGN_IN: 2}
_RESTARTED_EVERY = 7  # days
# Written where people sign in; all else by the web processes.
_OF_SIGN_IN = frozenset(
    {
        EventKind.MEDIATION_BEGUN,
        EventKind.MEDIATION_ENDED,
        EventKind.SECOND_FACTOR_FAILED,
        EventKind.SIGNED_IN,
        EventKind.SIGNED_OUT,
        EventKind.SIGN_IN_FAILED,
    }
)
_TAKE_SESSIONS = "SELECT setval('access_session_id_seq', greatest(%s, last_value)) FROM access_session_id_seq"


@dataclass(frozen=True, slots=True)
class Order:
    """What year to make. The same order makes the same year of the same registry."""

    users: int
    first: date
    last: date
    seed: int
    share: float
    each_kind: bool
    clear_case: bool = False

    @property
    def term(self) -> Term:
        return Term(self.first, self.last)

    @property
    def children(self) -> int:
        """How many children so many users have to do with, as the service was planned."""
        return self.users * _CHILDREN_PER_USER


@dataclass(frozen=True, slots=True)
class Company:
    """Everybody who takes part, and which of them misuse the service."""

    people: list[Person]
    cases: list[Case]
    stage: Stage


def assemble(order: Order, world: World) -> Company:
    """Hire people and choose those who misuse the service. Raises NobodyFitsError."""
    people = hire(world, users=order.users, term=order.term, seed=order.seed)
    cases, stage = cast(
        world,
        people,
        order.term,
        share=order.share,
        each_kind=order.each_kind,
        clear_case=order.clear_case,
        seed=order.seed,
    )
    return Company(people, cases, stage)


class Year:
    """What all of them do. They need their accounts first."""

    def __init__(self, order: Order, world: World, company: Company, *, first_session: int = 1) -> None:
        self._order = order
        self._world = world
        self._people = company.people
        self.book = Book(count(first_session))
        practitioners = [each for each in company.people if each.role == Role.PRACTITIONER]
        offices = open_offices(world, practitioners, order.term)
        self._practice = Practice(world, offices, self.book)
        self._staff = Staff(world, company.people, offices, self.book)
        self._planned: dict[date, list[tuple[str, Planned]]] = defaultdict(list)
        for case in company.cases:
            for planned in case.kind.plan(company.stage, case.people):
                self._planned[planned.at.date()].append((case.kind.code, planned))

    def days(self) -> Iterator[tuple[date, list[Act]]]:
        """Each day with what was done on it, in the order of time."""
        waiting: list[Act] = []
        for day in self._order.term.each():
            waiting.extend(self._acts_of(day))
            waiting.sort(key=lambda act: act.past.at)
            midnight = calendar.at(day + calendar.DAY, 0)
            done = next((place for place, act in enumerate(waiting) if act.past.at >= midnight), len(waiting))
            yield day, waiting[:done]
            # A night goes on. What would go on beyond the span is left out.
            waiting = waiting[done:]

    def _acts_of(self, day: date) -> Iterator[Act]:
        for person in self._people:
            if not person.uses_it_on(day):
                continue
            if person.joins == day:
                yield from self._staff.joining(person, day)
            if person.role == Role.PRACTITIONER:
                yield from self._practice.day_of(person, day)
            else:
                yield from self._staff.day_of(person, day)
        for number, (code, planned) in enumerate(self._planned.get(day, ())):
            # Drawn apart: their honest days are what they would have been without.
            random = Random(f"{self._order.seed} {day} {number}")
            label = "" if planned.honest else code
            visit = Visit(planned.person, planned.at, world=self._world, book=self.book, random=random, label=label)
            planned.do(visit)
            yield from visit.leave()


class Telling:
    """Writes acts as the processes of the service would have: each with a count of its own, ended and begun weekly."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"{seed} processes")
        self._writers: dict[str, list[PastWriter]] = {}
        self._until: date | None = None

    def tell(self, day: date, acts: list[Act]) -> Iterator[tuple[int, Act]]:
        """Write the day. Yields the id of each event."""
        self._restart(day)
        events = [(act, self._random.choice(self._of(act.past))) for act in acts]
        for start in range(0, len(events), AT_ONCE):
            some = events[start : start + AT_ONCE]
            ids = fill([(act.past, writer) for act, writer in some])
            yield from zip(ids, (act for act, _ in some), strict=True)

    def close(self, at: datetime) -> None:
        """End the processes, in order."""
        ended = [
            (Past(at=at, kind=EventKind.LOG_CLOSED, actor=Process(name)), writer)
            for name, writers in self._writers.items()
            for writer in writers
        ]
        if ended:
            fill(ended)
        self._writers.clear()

    def _restart(self, day: date) -> None:
        """Once a week a new version is put in: all processes end, and others begin."""
        if self._until is None or day >= self._until:
            self.close(calendar.at(day, 0))
            self._writers = {name: [self._writer() for _ in range(number)] for name, number in _PROCESSES.items()}
            self._until = day + timedelta(days=_RESTARTED_EVERY)

    def _of(self, past: Past) -> list[PastWriter]:
        return self._writers[_SIGN_IN if past.kind in _OF_SIGN_IN else _WEB]

    def _writer(self) -> PastWriter:
        return PastWriter(UUID(int=self._random.getrandbits(128), version=4))


def sessions_given() -> int:
    """The last number that a session was given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('access_session_id_seq')")
        (last,) = cursor.fetchone()
    return int(last)


def take_sessions(last: int) -> None:
    """Let no later session have one of the numbers that were given out here."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_SESSIONS, [last])
