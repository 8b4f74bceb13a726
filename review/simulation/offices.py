"""What an organisation has to do: children it works with, and those who come to it within the span."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from access.models import OrganisationKind
from registry.vocabulary import Service
from review.simulation.people import Person, Term
from review.simulation.world import Work, World

# Of those who come to a school or practice the census and the NHS tell; hardly anybody looks first.
_TOLD_BY_FEEDS = frozenset({Service.SCHOOL, Service.GP})
_LOOKED_AT_FIRST = {Service.SCHOOL: 0.05, Service.GP: 0.04}
_SHARE_OF_TIME = 0.4  # of somebody's enquiries that may be about who is new


@dataclass(frozen=True, slots=True)
class Arrival:
    """A child who comes to an organisation: looked up on `day`, recorded on `recorded` unless a feed tells it."""

    work: Work
    day: date
    recorded: date | None


@dataclass(slots=True)
class Office:
    """An organisation and those of its people who look children up."""

    staff: list[Person] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    arrivals: dict[tuple[int, date], list[Arrival]] = field(default_factory=lambda: defaultdict(list))
    endings: dict[tuple[int, date], list[Work]] = field(default_factory=lambda: defaultdict(list))
    cases: dict[int, list[Work]] = field(default_factory=lambda: defaultdict(list))

    def employed_on(self, day: date) -> list[Person]:
        return [each for each in self.staff if each.employed_on(day)]


def open_offices(world: World, people: list[Person], term: Term) -> dict[int, Office]:
    """The offices of all practitioners, by organisation."""
    offices: dict[int, Office] = defaultdict(Office)
    for person in people:
        offices[person.organisation.pk].staff.append(person)
    for organisation_id, office in offices.items():
        office.works = world.of_organisation.get(organisation_id, [])
        _share_out(office, world, term, Random(f"office {organisation_id} {term.first}"))
    return offices


def _share_out(office: Office, world: World, term: Term, random: Random) -> None:
    """Give each child to somebody, as caseloads are; nobody gets their own children or those of their family."""
    coming = [work for work in office.works if term.first < work.since <= term.last]
    capacity = sum(each.rate for each in office.staff) * term.days * 0.6 * _SHARE_OF_TIME
    share = min(1.0, capacity / len(coming)) if coming else 0.0
    for work in office.works:
        worker = _whose(office, world, work, max(work.since, term.first))
        if worker is None:
            continue
        office.cases[worker.index].append(work)
        if term.first < work.since <= term.last and random.random() < share:
            _arrive(office, worker, work, random, term)
        if work.until and term.first <= work.until <= term.last and work.service not in _TOLD_BY_FEEDS:
            office.endings[worker.index, _at_work(worker, work.until, term)].append(work)
    for cases in office.cases.values():
        random.shuffle(cases)


def _whose(office: Office, world: World, work: Work, day: date) -> Person | None:
    """Somebody who is there when it begins. Of those who left, colleagues take the cases over."""
    household = world.children[work.child_id].household
    start = hash((work.child_id, 7)) % len(office.staff)
    for place in range(len(office.staff)):
        person = office.staff[(start + place) % len(office.staff)]
        if person.employed_on(day) and not is_close(person, household):
            return person
    return None


def is_close(person: Person, household: int) -> bool:
    """Whether those are children of their own, of their family or of a former partner."""
    return household >= 0 and (household in {person.household, person.former} or household in person.relatives)


def _arrive(office: Office, worker: Person, work: Work, random: Random, term: Term) -> None:
    """Mostly on the day on which the work begins or a day or two before; seldom longer before."""
    if work.service in _TOLD_BY_FEEDS and random.random() >= _LOOKED_AT_FIRST[work.service]:
        return
    before = random.choices((0, 1, 2, 3, 4, 5, 6, 9), (46, 22, 12, 7, 5, 3, 3, 2))[0]
    day = _at_work(worker, work.since - timedelta(days=before), term)
    later = timedelta(days=random.choices((0, 1, 3), (75, 15, 10))[0])
    recorded = None if work.service in _TOLD_BY_FEEDS else max(day, _at_work(worker, work.since + later, term))
    office.arrivals[worker.index, day].append(Arrival(work, day, recorded))


def _at_work(worker: Person, day: date, term: Term) -> date:
    """The day, or the next on which they work, within two weeks."""
    for later in range(14):
        wanted = day + timedelta(days=later)
        if term.first <= wanted and worker.employed_on(wanted) and worker.hours.on(wanted):
            return wanted
    return day


def takes_anybody(kind: OrganisationKind) -> bool:
    """Whether anybody may turn to it about any child of the area."""
    return kind in {OrganisationKind.AUTHORITY, OrganisationKind.POLICE, OrganisationKind.HOSPITAL}
