"""Who works in the simulated year: with a home, a family, hours, and as much to do as people of their calling have."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from access.models import Organisation, OrganisationKind, Role
from registry.demonstration.draw import Weighted
from registry.demonstration.names import ORIGINS, name_book
from registry.demonstration.numbers import mobile
from registry.demonstration.shapes import Origin
from registry.policies.records import services_of
from registry.values import PostalAddress
from registry.vocabulary import Gender, Service
from review.simulation.calendar import Hours, hours_of
from review.simulation.world import Household, World

# Of 330,000 users as the original planned them: mostly schools, then authorities and health.
_KINDS = {
    OrganisationKind.SCHOOL: 34.0,
    OrganisationKind.AUTHORITY: 26.0,
    OrganisationKind.COMMUNITY_HEALTH: 16.0,
    OrganisationKind.GP_PRACTICE: 6.0,
    OrganisationKind.HOSPITAL: 4.5,
    OrganisationKind.POLICE: 3.5,
    OrganisationKind.MENTAL_HEALTH: 2.5,
    OrganisationKind.YOUTH_JUSTICE: 2.0,
    OrganisationKind.EARLY_YEARS: 2.0,
    OrganisationKind.CHARITY: 1.5,
    OrganisationKind.HOUSING: 1.0,
    OrganisationKind.SEXUAL_HEALTH: 0.5,
    OrganisationKind.SUBSTANCE_MISUSE: 0.5,
}
_MEDIATORS, _ADMINISTRATORS, _AUDITORS = 0.015, 0.03, 0.012
# Enquiries of a working day, of somebody who makes neither many nor few. 200,000 a day of 330,000 users is the mean.
_ENQUIRIES = {
    OrganisationKind.SCHOOL: 0.35,
    OrganisationKind.EARLY_YEARS: 0.15,
    OrganisationKind.GP_PRACTICE: 0.25,
    OrganisationKind.COMMUNITY_HEALTH: 0.7,
    OrganisationKind.HOSPITAL: 1.6,
    OrganisationKind.POLICE: 1.3,
    OrganisationKind.YOUTH_JUSTICE: 0.7,
    OrganisationKind.MENTAL_HEALTH: 0.5,
    OrganisationKind.HOUSING: 0.3,
    OrganisationKind.CHARITY: 0.3,
}
_OF_SERVICE = {Service.SOCIAL_CARE: 1.6, Service.EARLY_HELP: 0.9}
_OTHERS = 0.4
_SPREAD = 0.85  # of the logarithm: one in twenty makes four times as many as the middle one
_MOST_A_DAY = 14.0
_PARENTS = 0.24  # of users have a child in this registry; others have none, grown-up ones, or live elsewhere
_OWN_SCHOOL = 0.2  # of parents who work at a school have a child there
_RELATED = 0.35
_SEPARATED = 0.03
_NEARBY = 0.55
_STARTERS, _LEAVERS = 0.11, 0.1  # a year
_STAFF_AT_LEAST = 2


@dataclass(slots=True)
class Person:
    """Somebody who works with the registry. `user_id` is 0 until they have an account.

    `household`: that of their own children. `relatives`: of a brother or cousin of the same name. `former`: of a
    partner from whom they live apart. `rate`: enquiries of a working day. `silent`: no use between those days.
    """

    index: int
    given: str
    family: str
    role: Role
    organisation: Organisation
    home: PostalAddress
    telephone: str
    origin: Origin | None
    hours: Hours
    rate: float
    household: int | None = None
    relatives: tuple[int, ...] = ()
    former: int | None = None
    joins: date | None = None
    leaves: date | None = None
    silent: tuple[date, date] | None = None
    user_id: int = 0
    random: Random = field(default_factory=Random, repr=False)

    @property
    def authority_id(self) -> int:
        return self.organisation.authority_id

    @property
    def kind(self) -> OrganisationKind:
        return OrganisationKind(self.organisation.kind)

    def employed_on(self, day: date) -> bool:
        return (self.joins is None or self.joins <= day) and (self.leaves is None or day <= self.leaves)

    def uses_it_on(self, day: date) -> bool:
        idle = self.silent is not None and self.silent[0] <= day <= self.silent[1]
        return self.employed_on(day) and not idle

    def become(self, given: str, family: str, household: Household, *, at_home: bool, telephone: str | None) -> None:
        """Be that guardian: of children they live with, or of those of a partner whom they left."""
        self.given, self.family, self.origin = given, family, None
        self.telephone = telephone or self.telephone
        self.relatives = ()
        if at_home:
            self.home, self.household = household.home, household.number
        else:
            self.former = household.number


@dataclass(frozen=True, slots=True)
class Term:
    """How long the simulation lasts."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def each(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]


def hire(world: World, *, users: int, term: Term, seed: int) -> list[Person]:
    """So many people, shared among the organisations of the authorities whose children are there."""
    random = Random(f"{seed} people")
    posts = _posts(random, world, users)
    return [_person(Random(f"{seed} person {index}"), world, term, index, *post) for index, post in enumerate(posts)]


def _posts(random: Random, world: World, users: int) -> list[tuple[Role, Organisation]]:
    """A role and an organisation each. Every place has colleagues: who works quite alone is nobody's colleague."""
    here = set(world.of_authority)
    by_kind: dict[OrganisationKind, list[Organisation]] = defaultdict(list)
    for each in world.organisations.values():
        if each.authority_id in here:
            by_kind[OrganisationKind(each.kind)].append(each)
    councils = [each for each in by_kind[OrganisationKind.AUTHORITY] if each.responsible_authority_id is None]
    staff = _staff(random, councils, users)
    pools = {kind: pool for kind, places in by_kind.items() if (pool := _pool(world, places))}
    kinds = Weighted((kind, _KINDS[kind]) for kind in pools)
    posts = list(staff)
    while len(posts) < users:
        place = pools[kinds.pick(random)].pick(random)
        posts.extend((Role.PRACTITIONER, place) for _ in range(min(_STAFF_AT_LEAST, users - len(posts))))
    return posts


def _staff(random: Random, councils: list[Organisation], users: int) -> list[tuple[Role, Organisation]]:
    shares = ((Role.MEDIATOR, _MEDIATORS), (Role.ADMINISTRATOR, _ADMINISTRATORS), (Role.AUDITOR, _AUDITORS))
    return [
        (role, random.choice(councils))
        for role, share in shares
        for _ in range(max(_STAFF_AT_LEAST, round(users * share)))
    ][: users // 2]


def _pool(world: World, places: list[Organisation]) -> Weighted[Organisation] | None:
    """Places where somebody works who would ask: the larger, the likelier."""
    weighed = [
        (each, len(world.of_organisation[each.pk]) ** 0.5)
        for each in places
        if world.of_organisation.get(each.pk) and services_of(each)
    ]
    return Weighted(weighed) if weighed else None


def _person(random: Random, world: World, term: Term, index: int, role: Role, place: Organisation) -> Person:
    origin = ORIGINS.pick(random)
    gender = Gender.FEMALE if random.random() < 0.78 else Gender.MALE  # noqa: PLR2004 - of those who work with children
    book = name_book()
    kind = OrganisationKind(place.kind)
    services = {work.service for work in world.of_organisation.get(place.pk, ())[:200]}
    person = Person(
        index=index,
        given=book.adult_forename(random, origin, gender),
        family=book.family_name(random, origin).borne_by(gender),
        role=role,
        organisation=place,
        home=_home(random, world),
        telephone=mobile(random.randrange(1000)),
        origin=origin,
        hours=hours_of(random, kind, term.first, term.last, social_care=Service.SOCIAL_CARE in services),
        rate=min(_MOST_A_DAY, _usual(kind, services) * random.lognormvariate(0, _SPREAD)),
        random=random,
    )
    _give_family(person, world, term)
    _give_dates(person, term)
    return person


def _usual(kind: OrganisationKind, services: set[Service]) -> float:
    return max((_OF_SERVICE[each] for each in services if each in _OF_SERVICE), default=_ENQUIRIES.get(kind, _OTHERS))


def _home(random: Random, world: World) -> PostalAddress:
    """A house in a street where children live, or one outside the area."""
    near = random.choice(world.households).home
    number = 1 + int(random.random() ** 1.6 * 140)
    street = near.lines[-1].partition(" ")[2] if near.lines[-1][:1].isdigit() else near.lines[-1]
    if random.random() < _NEARBY:
        return PostalAddress((f"{number} {street}",), near.town, near.postcode)
    district = f"CH{1 + random.randrange(60)}"
    return PostalAddress(
        (f"{number} {street}",),
        "Chester",
        f"{district} {random.randrange(1, 10)}{random.choice('ABDEFGHJ')}{random.choice('LNPQRS')}",
    )


def _give_family(person: Person, world: World, term: Term) -> None:
    random = person.random
    if random.random() < _PARENTS:
        household = _own_household(person, world, term)
        parents = household.at_home() if household else ()
        if household and parents:
            parent = random.choice(parents)
            person.become(parent.given, parent.family, household, at_home=True, telephone=parent.telephone)
    elif random.random() < _SEPARATED:
        household = random.choice(world.households)
        if household.elsewhere():
            parent = random.choice(household.elsewhere())
            person.become(parent.given, parent.family, household, at_home=False, telephone=parent.telephone)
    others = [
        each for each in world.homes_of_family.get(person.family, ()) if each not in {person.household, person.former}
    ]
    if others and random.random() < _RELATED:
        person.relatives = tuple(sorted(random.sample(others, min(len(others), random.choice((1, 1, 2))))))


def _own_household(person: Person, world: World, term: Term) -> Household | None:
    """Any, or for some who work at a school that of a pupil."""
    random = person.random
    if person.kind == OrganisationKind.SCHOOL and random.random() < _OWN_SCHOOL:
        pupils = [work.child_id for work in world.of_organisation[person.organisation.pk] if work.runs_on(term.last)]
        return world.household_of(random.choice(pupils)) if pupils else None
    return random.choice(world.households)


def _give_dates(person: Person, term: Term) -> None:
    """When they come or go, for those who do within the span. Who decides about people stays."""
    random = person.random
    if person.role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        return
    year = term.days / 365
    drawn = random.random()
    if drawn < _STARTERS * year:
        person.joins = term.first + timedelta(days=random.randrange(term.days))
    elif drawn < (_STARTERS + _LEAVERS) * year:
        person.leaves = term.first + timedelta(days=random.randrange(term.days))
