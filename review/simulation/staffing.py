"""The days of mediators, administrators and auditors, and how people come and go."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from access.models import Role, VettingKind
from audit.events import EventKind
from audit.reasons import StopReason
from audit.recorder import About
from review.simulation import calendar
from review.simulation.calendar import Span
from review.simulation.offices import Office
from review.simulation.people import Person
from review.simulation.visits import Act, Book, Visit
from review.simulation.working import Practice, reason_of
from review.simulation.world import World

PAGE = 20  # people on a page of the list
_CALLS = 2.5
_BY_ADMINISTRATORS = tuple(kind for kind in VettingKind if kind != VettingKind.AGREEMENT)


class Staff:
    """Everybody else's day. `comings` and `goings` are shared out among the administrators of an authority."""

    def __init__(self, world: World, people: list[Person], offices: dict[int, Office], book: Book) -> None:
        self._world = world
        self._offices = offices
        self._book = book
        self._practice = Practice(world, offices, book)
        self._practitioners: dict[int, list[Person]] = defaultdict(list)
        self._people: dict[int, list[Person]] = defaultdict(list)
        self._errands: dict[tuple[int, date], list[tuple[EventKind, About]]] = defaultdict(list)
        for person in people:
            self._people[person.authority_id].append(person)
            if person.role == Role.PRACTITIONER:
                self._practitioners[person.authority_id].append(person)
        for person in people:
            self._plan(person, people)

    def day_of(self, person: Person, day: date) -> Iterator[Act]:
        """What a mediator, administrator or auditor does on that day."""
        hours = person.hours.on(day)
        if person.role == Role.MEDIATOR and hours:
            yield from self._calls(person, day, hours)
        elif person.role == Role.ADMINISTRATOR:
            yield from self._administration(person, day, hours)
        elif person.role == Role.AUDITOR and hours:
            yield from self._audit(person, day, hours)

    def joining(self, person: Person, day: date) -> Iterator[Act]:
        """On their first day they accept the invitation and sign the agreement."""
        visit = Visit(
            person, calendar.at(day, 8 * 60 + person.random.random() * 60), world=self._world, book=self._book
        )
        visit.note(EventKind.USER_AGREED, About(user_id=person.user_id))
        yield from visit.leave()

    def _plan(self, person: Person, people: list[Person]) -> None:
        """What administrators have to do because somebody comes or goes."""
        deciding = [
            each for each in people if each.role == Role.ADMINISTRATOR and each.authority_id == person.authority_id
        ]
        if len(deciding) < 2:  # noqa: PLR2004 - what one asks, another decides
            return
        one, other = person.random.sample(deciding, 2)
        about = About(user_id=person.user_id)
        if person.joins:
            for kind in _BY_ADMINISTRATORS:
                evidence = About(user_id=person.user_id, fields=[kind])
                self._errands[one.index, person.joins].append((EventKind.USER_VETTED, evidence))
            self._errands[other.index, person.joins + timedelta(days=1)].append((EventKind.USER_APPROVED, about))
        if person.leaves:
            left = About(user_id=person.user_id, reason=StopReason.LEFT)
            self._errands[one.index, person.leaves + timedelta(days=1)].append((EventKind.USER_LEFT, left))

    def _calls(self, person: Person, day: date, hours: Span) -> Iterator[Act]:
        """Colleagues who are out and about ring, about one of their own cases."""
        random = person.random
        out = [each for each in self._practitioners[person.authority_id] if each.uses_it_on(day) and each.hours.on(day)]
        for _ in range(round(random.expovariate(1 / _CALLS)) if out else 0):
            colleague = random.choice(out)
            child_id = self._practice.whom(colleague, self._offices[colleague.organisation.pk], day)
            if child_id is None:
                continue
            visit = Visit(person, calendar.moment(random, day, hours), world=self._world, book=self._book)
            visit.begin_call(colleague)
            visit.look_up(child_id, reason_of(colleague))
            visit.end_call(colleague)
            yield from visit.leave()

    def _administration(self, person: Person, day: date, hours: Span | None) -> Iterator[Act]:
        """Lists, and people of whom something is due. Errands are done on days off as well."""
        random = person.random
        errands = self._errands.get((person.index, day), [])
        if not hours and not errands:
            return
        if not errands and random.random() < 0.35:  # noqa: PLR2004 - it is not their only task
            return
        begin = calendar.moment(random, day, hours or Span(9 * 60, 17 * 60))
        visit = Visit(person, begin, world=self._world, book=self._book)
        for _ in range(random.choice((1, 1, 2, 3))):
            visit.note(EventKind.PEOPLE_LISTED, About(shown=self._page(random, person)))
        for _ in range(random.choice((0, 1, 1, 2, 4))):
            visit.note(EventKind.USER_READ, About(user_id=random.choice(self._people[person.authority_id]).user_id))
        for kind, about in errands:
            visit.note(EventKind.USER_READ, About(user_id=about.user_id))
            visit.note(kind, about)
        yield from visit.leave()

    def _page(self, random: Random, person: Person) -> list[int]:
        people = self._people[person.authority_id]
        start = random.randrange(max(1, len(people) - PAGE))
        return [each.user_id for each in people[start : start + PAGE]]

    def _audit(self, person: Person, day: date, hours: Span) -> Iterator[Act]:
        """Alerts and checkpoints each day, some reading in the log; now and then a parent asks who looked."""
        random = person.random
        visit = Visit(person, calendar.moment(random, day, hours), world=self._world, book=self._book)
        visit.note(EventKind.LOG_READ, About(fields=["alerts"]))
        if random.random() < 0.3:  # noqa: PLR2004 - once or twice a week
            visit.note(EventKind.LOG_READ, About(fields=["checkpoints"]))
        for _ in range(random.choice((0, 1, 2, 3, 5))):
            reader = random.choice(self._people[person.authority_id])
            visit.note(EventKind.LOG_READ, About(criteria={"user": str(reader.user_id)}))
        if random.random() < 0.04:  # noqa: PLR2004 - a subject access request a month
            child_id = random.choice(self._world.of_authority[person.authority_id])
            visit.note(EventKind.LOG_READ, About(child_id=child_id))
        yield from visit.leave()
