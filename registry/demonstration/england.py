"""A synthetic authority or country, household by household: as many as are asked for, the same for the same seed.

Each household is made from the seed and its own number alone. So a run can be cut into blocks and made on several
cores, and household 41 is the same in every one of them. Whoever wants a few random children of eleven million draws
household numbers below `households_for(11_000_000)` and makes those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from random import Random

from registry.demonstration.draw import Weighted, chance, choose
from registry.demonstration.families import MOST_CHILDREN, as_namesake, make_family
from registry.demonstration.names import name_book
from registry.demonstration.naming import Born, Family, Member
from registry.demonstration.numbers import nhs_number, pupil_number, registry_number
from registry.demonstration.organisations import contact, organisations, practitioners
from registry.demonstration.places import District, Places, School
from registry.demonstration.services import family_services, involvements
from registry.demonstration.shapes import Child, Household, Involvement, Origin
from registry.vocabulary import AddressState, Gender, Relation, Service

__all__ = ["Places", "block", "blocks_for", "household", "households", "households_for", "organisations"]

CHILDREN_PER_HOUSEHOLD = 1.877  # counted over 200,000 households
HOUSEHOLDS_IN_A_BLOCK = 500
CHILDREN_IN_A_BLOCK = CHILDREN_PER_HOUSEHOLD * HOUSEHOLDS_IN_A_BLOCK  # about

_FIRST_SCHOOL_AGE = 4
_SECONDARY_AGE = 11
_NAMESAKE_EVERY = 400
_SAME_BIRTHDAY_EVERY = 2000
_MOVED = 0.03
_SHIELDED = 0.005
_ADDRESS_STATES = Weighted(
    {
        AddressState.CURRENT: 985,
        AddressState.LAST_KNOWN: 7,
        AddressState.NONE_KNOWN: 3,
        AddressState.LEFT_RETURNING: 1.5,
        AddressState.LEFT_NOT_RETURNING: 2,
        AddressState.LEFT_UNKNOWN: 1.5,
    }.items()
)
_NOT_AT_SCHOOL = 0.004
_TAUGHT_AT_HOME = 0.012
_GENDER_NOT_SPECIFIED = 0.001
_SEPTEMBER = 9
_GENDERS = (Gender.FEMALE, Gender.MALE)
_ASSESSING = frozenset({Service.SOCIAL_CARE, Service.EARLY_HELP})
_LEFT_ENGLAND = frozenset({AddressState.LEFT_RETURNING, AddressState.LEFT_NOT_RETURNING, AddressState.LEFT_UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Move:
    """Where a household came from, and when."""

    district: District
    gp: str
    on: date


@dataclass(frozen=True, slots=True)
class _Slot:
    """The whole number of its own that a child of that seed has."""

    seed: int
    number: int


@dataclass(frozen=True, slots=True)
class _Home:
    """What the children of one household share."""

    district: District
    move: _Move | None
    state: AddressState
    shielded: bool
    services: frozenset[Service]
    gp: str
    primary: School
    origin: Origin


def households(places: Places, *, seed: int, children: int, today: date, start: int = 0) -> Iterator[Household]:
    """Whole households, numbered from `start`, until they hold at least so many children.

    The last one is whole too, so the count may exceed `children` by up to five.
    """
    number, made = start, 0
    while made < children:
        home = household(places, seed=seed, number=number, today=today)
        yield home
        made += len(home.children)
        number += 1


def households_for(children: int) -> int:
    """How many households hold about so many children."""
    return ceil(children / CHILDREN_PER_HOUSEHOLD)


def blocks_for(children: int) -> range:
    """The numbers of the blocks that hold about so many children, and at most a block more."""
    return range(ceil(households_for(children) / HOUSEHOLDS_IN_A_BLOCK))


def block(places: Places, *, seed: int, number: int, today: date) -> list[Household]:
    """The households of that block: those from `number * HOUSEHOLDS_IN_A_BLOCK` on."""
    first = number * HOUSEHOLDS_IN_A_BLOCK
    numbers = range(first, first + HOUSEHOLDS_IN_A_BLOCK)
    return [household(places, seed=seed, number=each, today=today) for each in numbers]


def first_number(*, seed: int, number: int) -> str:
    """The registry number of the first child of that block, by which one sees that the block is loaded."""
    return registry_number(seed, number * HOUSEHOLDS_IN_A_BLOCK * MOST_CHILDREN)


def household(places: Places, *, seed: int, number: int, today: date) -> Household:
    """The household of that number. Raises ValueError beyond some eight million households."""
    random = Random((seed << 40) | number)
    family = _family(random, seed, number, today)
    home = _home(random, places, family, today)
    made = tuple(
        _child(random, places, home, member, _Slot(seed, number * MOST_CHILDREN + position), today)
        for position, member in enumerate(family.members)
    )
    return Household(
        number=number,
        origin=family.origin,
        address=places.address(random, home.district),
        previous_address=places.address(random, home.move.district) if home.move else None,
        moved_on=home.move.on if home.move else None,
        guardians=family.guardians,
        children=made,
    )


def _family(random: Random, seed: int, number: int, today: date) -> Family:
    """A family of its own or, now and then, one whose child is a namesake of one in the household before."""
    family = make_family(random, name_book(), today)
    if number % _NAMESAKE_EVERY != _NAMESAKE_EVERY - 1:
        return family
    other = make_family(Random((seed << 40) | (number - 1)), name_book(), today)
    return as_namesake(family, other, same_birthday=number % _SAME_BIRTHDAY_EVERY == _SAME_BIRTHDAY_EVERY - 1)


def _home(random: Random, places: Places, family: Family, today: date) -> _Home:
    district = places.districts.pick(random)
    return _Home(
        district=district,
        move=_move(random, places, district, today) if chance(random, _MOVED) else None,
        state=_ADDRESS_STATES.pick(random),
        shielded=chance(random, _SHIELDED),
        services=family_services(random, in_care=_in_care(family)),
        gp=places.practice(random, district).code,
        primary=places.school(random, district, _SECONDARY_AGE - 1, choose(random, _GENDERS)),
        origin=family.origin,
    )


def _in_care(family: Family) -> bool:
    return any(guardian.relation is Relation.FOSTER_CARER for guardian in family.guardians)


def _move(random: Random, places: Places, to: District, today: date) -> _Move:
    district = places.earlier_district(random, to)
    on = today - timedelta(days=7 + int(random.random() * 400))
    return _Move(district, places.practice(random, district).code, on)


def _child(random: Random, places: Places, home: _Home, member: Member, slot: _Slot, today: date) -> Child:
    birth = member.birth
    term = _school_year(today)
    school_age = _years_old(birth.on, term)
    left = home.state in _LEFT_ENGLAND
    taught_at_home = chance(random, _TAUGHT_AT_HOME)
    absent = left or taught_at_home or chance(random, _NOT_AT_SCHOOL)
    pupil = school_age >= _FIRST_SCHOOL_AGE
    school = _school(random, places, home, birth, school_age) if pupil and not absent else None
    entered = term.replace(year=term.year - school_age + _FIRST_SCHOOL_AGE)
    services = involvements(random, birth.on, today, home.services, home.district.area)
    if pupil and taught_at_home and not left:
        services = (*services, _taught_at_home(random, entered, home.district.area))
    if left:
        services = tuple(service for service in services if service.ended_on)
    services += _before_the_move(random, places, home, birth)
    known = any(service.service in _ASSESSING and service.ended_on is None for service in services)
    return Child(
        names=member.names,
        date_of_birth=birth.on,
        gender=Gender.NOT_SPECIFIED if chance(random, _GENDER_NOT_SPECIFIED) else birth.gender,
        nhs_number=nhs_number(slot.number),
        upn=pupil_number(slot.number, entered, places.establishments) if school and school.issues_upn else None,
        address_state=home.state,
        school=school.urn if school else None,
        school_since=_school_since(school, home, school_age, term, random) if school else None,
        gp=home.gp,
        gp_since=_registered(random, home, birth, today),
        involvements=services,
        shielded=home.shielded,
        assessment=known and chance(random, 0.7),
        twin=birth.twin,
        registry_number=registry_number(slot.seed, slot.number),
        origin=home.origin,
    )


def _school(random: Random, places: Places, home: _Home, birth: Born, age: int) -> School:
    """Brothers and sisters mostly go to the same primary school."""
    if age < _SECONDARY_AGE and home.primary.takes(age, birth.gender) and chance(random, 0.92):
        return home.primary
    return places.school(random, home.district, age, birth.gender)


def _school_since(school: School, home: _Home, age: int, term: date, random: Random) -> date:
    """The September in which the child reached the school's first age, or soon after a move."""
    started = term.replace(year=term.year - age + max(school.lowest_age, _FIRST_SCHOOL_AGE))
    if home.move and home.move.on > started and chance(random, 0.5):
        return home.move.on
    return started


def _registered(random: Random, home: _Home, birth: Born, today: date) -> date:
    """With the practice since soon after birth, or since the move."""
    soon = birth.on + timedelta(days=7 + int(random.random() * 50))
    return min(today, max(soon, home.move.on) if home.move else soon)


def _taught_at_home(random: Random, entered: date, area: str) -> Involvement:
    worker = choose(random, practitioners(area)[Service.EDUCATED_ELSEWHERE])
    return Involvement(worker.organisation, Service.EDUCATED_ELSEWHERE, worker.name, worker.telephone, entered)


def _before_the_move(random: Random, places: Places, home: _Home, birth: Born) -> tuple[Involvement, ...]:
    """The practice and school that a family left behind, for children who were born by then."""
    move = home.move
    if move is None or birth.on >= move.on - timedelta(days=60):
        return ()
    involved = []
    if move.gp != home.gp:
        worker = contact(move.gp)
        registered = birth.on + timedelta(days=20)
        involved.append(Involvement(move.gp, Service.GP, worker.name, worker.telephone, registered, move.on))
    term = _school_year(move.on)
    age = _years_old(birth.on, term)
    if age >= _FIRST_SCHOOL_AGE and term < move.on:
        school = places.school(random, move.district, age, birth.gender)
        started = term.replace(year=term.year - age + max(school.lowest_age, _FIRST_SCHOOL_AGE))
        worker = contact(school.urn)
        involved.append(Involvement(school.urn, Service.SCHOOL, worker.name, worker.telephone, started, move.on))
    return tuple(involved)


def _school_year(day: date) -> date:
    """The first day of the school year that the day is in."""
    return date(day.year if day.month >= _SEPTEMBER else day.year - 1, _SEPTEMBER, 1)


def _years_old(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
