"""A practitioner's day: their cases, who is new, colleagues' cases, advice, and now and then the wrong child."""

from collections.abc import Iterator
from datetime import date, datetime
from math import exp
from random import Random

from access.models import OrganisationKind
from audit.events import EventKind, Outcome
from audit.reasons import Reason
from registry.vocabulary import Service
from review.simulation import calendar
from review.simulation.calendar import Span
from review.simulation.offices import Arrival, Office, is_close, takes_anybody
from review.simulation.people import Person
from review.simulation.reviewing import to_review
from review.simulation.visits import Act, Book, Visit
from review.simulation.world import Known, Work, World

_OWN_CASES = 0.82  # the rest are colleagues'
_COVERED_LONGER = 0.5
_RECALLED = 0.14
_WRONG_CHILD = 0.012
_SIBLING = {Service.SOCIAL_CARE: 0.2, Service.EARLY_HELP: 0.12, Service.HEALTH_VISITING: 0.05, Service.POLICE: 0.15}
_LATELY_ENDED = 0.02
_LATELY = 60  # days
_SEARCH_ONLY = 0.05
_REFUSED = 0.004
_NIGHT_CALL = 0.35
_AT_NIGHT = 0.5
# Enquiries after which nothing need follow: somebody asks for advice, is met in the street, or comes once.
_ADVICE = {
    OrganisationKind.POLICE: 0.2,
    OrganisationKind.HOSPITAL: 0.12,
    OrganisationKind.SCHOOL: 0.02,
    OrganisationKind.COMMUNITY_HEALTH: 0.02,
    OrganisationKind.GP_PRACTICE: 0.015,
}
_FRONT_DOOR = 0.12
_ADVISED_SELDOM = 0.02
_REASONS: dict[OrganisationKind, tuple[tuple[Reason, ...], tuple[int, ...]]] = {
    OrganisationKind.AUTHORITY: ((Reason.ENQUIRY, Reason.COOPERATION, Reason.SAFEGUARDING), (30, 45, 25)),
    OrganisationKind.SCHOOL: ((Reason.SCHOOL_SAFEGUARDING, Reason.COOPERATION, Reason.SAFEGUARDING), (65, 25, 10)),
    OrganisationKind.EARLY_YEARS: ((Reason.SAFEGUARDING, Reason.COOPERATION), (50, 50)),
    OrganisationKind.POLICE: ((Reason.SAFEGUARDING, Reason.ENQUIRY), (60, 40)),
    OrganisationKind.HOSPITAL: ((Reason.SAFEGUARDING, Reason.COOPERATION), (65, 35)),
}
_REASONS_ELSEWHERE = ((Reason.COOPERATION, Reason.SAFEGUARDING), (72, 28))


class Practice:
    """What the practitioners of a day do."""

    def __init__(self, world: World, offices: dict[int, Office], book: Book) -> None:
        self._world = world
        self._offices = offices
        self._book = book

    def day_of(self, person: Person, day: date) -> Iterator[Act]:
        """All that somebody does on that day, and in the night after it where they are on call."""
        hours = person.hours.on(day)
        office = self._offices[person.organisation.pk]
        if hours:
            yield from self._at_work(person, office, day, hours)
        if (night := person.hours.night_of(day)) and person.random.random() < _NIGHT_CALL:
            yield from self._visit(person, office, day, calendar.at(day, night.begin + person.random.random() * 720), 1)

    def _at_work(self, person: Person, office: Office, day: date, hours: Span) -> Iterator[Act]:
        random = person.random
        for arrival in office.arrivals.get((person.index, day), ()):
            yield from self._arrival(person, arrival, day, hours)
        for work in office.endings.get((person.index, day), ()):
            yield from self._ending(person, work, day, hours)
        yield from self._review(person, office, day, hours)
        quiet = _AT_NIGHT if hours.end > 1440 else 1.0  # noqa: PLR2004 - minutes of a day: a night shift
        left = _poisson(random, person.rate * quiet)
        while left > 0:
            together = min(left, random.choice((1, 1, 1, 2, 2, 3)))
            yield from self._visit(person, office, day, calendar.moment(random, day, hours), together)
            left -= together

    def _arrival(self, person: Person, arrival: Arrival, day: date, hours: Span) -> Iterator[Act]:
        """Look up who is new, and record that one works with them, at once or when the work begins."""
        child_id, random = arrival.work.child_id, person.random
        if self._world.children[child_id].born > day:
            return
        visit = Visit(person, calendar.moment(random, day, hours), world=self._world, book=self._book)
        visit.look_up(child_id, reason_of(person))
        if arrival.recorded == day:
            visit.keep(child_id, EventKind.INVOLVEMENT_RECORDED)
        yield from visit.leave()
        if arrival.recorded and arrival.recorded > day and (later := person.hours.on(arrival.recorded)):
            visit = Visit(person, calendar.moment(random, arrival.recorded, later), world=self._world, book=self._book)
            visit.look_up(child_id, Reason.KEEP_UP_TO_DATE)
            visit.keep(child_id, EventKind.INVOLVEMENT_RECORDED)
            yield from visit.leave()

    def _ending(self, person: Person, work: Work, day: date, hours: Span) -> Iterator[Act]:
        visit = Visit(person, calendar.moment(person.random, day, hours), world=self._world, book=self._book)
        visit.look_up(work.child_id, Reason.KEEP_UP_TO_DATE)
        visit.keep(work.child_id, EventKind.INVOLVEMENT_ENDED)
        yield from visit.leave()

    def _review(self, person: Person, office: Office, day: date, hours: Span) -> Iterator[Act]:
        children, reason = to_review(person, office, self._world, day)
        if not children:
            return
        visit = Visit(person, calendar.moment(person.random, day, hours), world=self._world, book=self._book)
        for child_id in children:
            if self._world.children[child_id].born <= day:
                visit.look_up(child_id, reason or reason_of(person))
        yield from visit.leave()

    def _visit(self, person: Person, office: Office, day: date, begin: datetime, enquiries: int) -> list[Act]:
        visit = Visit(person, begin, world=self._world, book=self._book)
        for _ in range(enquiries):
            child_id = self.whom(person, office, day)
            if child_id is not None:
                self._enquire(visit, child_id)
        return visit.leave()

    def whom(self, person: Person, office: Office, day: date) -> int | None:
        """About whom they ask. Nobody asks about their own, or about a child who is not born."""
        random = person.random
        for _ in range(8):
            advised = random.random() < advice(person)
            child_id = self._anybody(person) if advised else self._case(person, office, day)
            if child_id is None:
                continue
            child = self._world.children[child_id]
            if child.born <= day and not is_close(person, child.household):
                return child_id
        return None

    def _case(self, person: Person, office: Office, day: date) -> int | None:
        """One of their cases, more often the same few; or one of a colleague's who is away or asks."""
        random = person.random
        others = [each for each in office.staff if each is not person]
        whose = person
        if others and random.random() > _OWN_CASES:
            away = [each for each in others if not each.employed_on(day) or not each.hours.on(day)]
            whose = random.choice(away) if away and random.random() < _COVERED_LONGER else random.choice(others)
        cases = office.cases.get(whose.index) or office.works
        if not cases:
            return None
        ended = random.random() < _LATELY_ENDED
        for _ in range(12):
            work = cases[int(random.random() ** 2.2 * len(cases))]
            if _ended_lately(work, day) if ended else work.runs_on(day):
                return work.child_id
        return None

    def _anybody(self, person: Person) -> int | None:
        """A child of the area whom nothing links to the organisation, or the brother of one whom something does."""
        random = person.random
        office = self._offices[person.organisation.pk]
        if not takes_anybody(person.kind) and office.works and random.random() < 0.6:  # noqa: PLR2004 - a brother or sister
            siblings = self._world.siblings(random.choice(office.works).child_id)
            return random.choice(siblings) if siblings else None
        return random.choice(self._world.of_authority[person.authority_id])

    def _enquire(self, visit: Visit, child_id: int) -> None:
        random, child = visit.random, self._world.children[child_id]
        if random.random() < _REFUSED:
            visit.refused(random.choice((Outcome.NOT_FOUND, Outcome.SESSION_ENDED, Outcome.NOT_PERMITTED)))
        if random.random() < _SEARCH_ONLY:
            visit.search(child, opens=False)
            return
        reason = reason_of(visit.person)
        if random.random() < _RECALLED:
            visit.recall([child_id])
        else:
            shown = visit.search(child)
            others = [each for each in shown if each != child_id]
            if others and random.random() < _WRONG_CHILD * len(shown):
                visit.open(random.choice(others), reason, stay=(4, 20))
        visit.open(child_id, reason)
        self._family_too(visit, child)

    def _family_too(self, visit: Visit, child: Known) -> None:
        """Where a family is worked with, the brothers and sisters are looked at as well."""
        services = {work.service for work in child.works if work.organisation_id == visit.person.organisation.pk}
        share = max((_SIBLING.get(each, 0.0) for each in services), default=0.0)
        for sibling in self._world.siblings(child.id):
            born = self._world.children[sibling].born
            if visit.random.random() < share and born <= visit.now.date():
                visit.open(sibling, reason_of(visit.person))


def reason_of(person: Person) -> Reason:
    """The reason that somebody of their calling gives."""
    reasons, weights = _REASONS.get(person.kind, _REASONS_ELSEWHERE)
    return person.random.choices(reasons, weights)[0]


def advice(person: Person) -> float:
    """The share of their enquiries that are about children with whom the organisation has nothing to do as yet."""
    if person.kind == OrganisationKind.AUTHORITY:
        return _FRONT_DOOR if person.hours.on_call else _FRONT_DOOR / 3
    return _ADVICE.get(person.kind, _ADVISED_SELDOM)


def _ended_lately(work: Work, day: date) -> bool:
    return work.until is not None and 0 < (day - work.until).days <= _LATELY


def _poisson(random: Random, mean: float) -> int:
    """How often something happens that happens so often on average (Knuth)."""
    limit, product, number = exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        number += 1
    return number
