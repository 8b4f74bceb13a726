"""The organisations of the demonstration and the practitioners who work in them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from zlib import crc32

from registry.demonstration import files
from registry.demonstration.draw import choose
from registry.demonstration.names import ORIGINS, name_book
from registry.demonstration.numbers import mobile, telephone
from registry.demonstration.places import District, Places
from registry.demonstration.shapes import Organisation, OrganisationKind
from registry.vocabulary import Gender, Service

_STAFF_OF_A_SERVICE = 14
_WOMEN = 0.8


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Someone who works for a service, with the number to ring."""

    organisation: str
    name: str
    telephone: str


def organisations(places: Places) -> Iterator[Organisation]:
    """The schools and GP practices, then the made-up others: in all England, a set of them for each postcode area.

    Real ones keep their public names only: every telephone number is one that rings nobody, so that a
    demonstration never disturbs a surgery.
    """
    # Practices just over the border are all in Manchester.
    towns = defaultdict(lambda: "Manchester", {each.code: each.town for each in places.districts.values})
    areas = defaultdict(str, {each.code: each.area for each in places.districts.values})
    for school in places.schools:
        yield Organisation(
            key=school.urn,
            kind=OrganisationKind.SCHOOL,
            name=school.name,
            telephone=_telephone_of(school.urn),
            town=towns[school.postcode.split()[0]],
            postcode=school.postcode,
            services=(Service.SCHOOL,),
            area=areas[school.postcode.split()[0]],
        )
    for practice in places.practices:
        yield Organisation(
            key=practice.code,
            kind=OrganisationKind.GP_PRACTICE,
            name=practice.name,
            telephone=_telephone_of(practice.code),
            town=towns[practice.postcode.split()[0]],
            postcode=practice.postcode,
            services=(Service.GP,),
            area=areas[practice.postcode.split()[0]],
        )
    for area, district in {each.area: each for each in reversed(places.districts.values)}.items():
        yield from map(_in_area(area, district), files.rows("organisations.csv"))


def _in_area(area: str, district: District) -> Callable[[dict[str, str]], Organisation]:
    """A made-up organisation as that area has it, or as it is described where there are no areas."""

    def _organisation(row: dict[str, str]) -> Organisation:
        key = f"{area}-{row['key']}" if area else row["key"]
        return Organisation(
            key=key,
            kind=OrganisationKind(row["kind"]),
            name=row["name"].replace("Demonstration", f"{district.town} ({area})") if area else row["name"],
            telephone=_telephone_of(key),
            town=district.town if area else row["town"],
            postcode=f"{district.code} 1AA" if area else row["postcode"],
            services=tuple(Service(service) for service in row["services"].split()),
            area=area,
        )

    return _organisation


@cache
def practitioners(area: str = "") -> dict[Service, tuple[Practitioner, ...]]:
    """Who works for each service of the made-up organisations: always the same people, also in each area."""
    if area:
        return {
            service: tuple(replace(each, organisation=f"{area}-{each.organisation}") for each in people)
            for service, people in practitioners().items()
        }
    staff: dict[Service, list[Practitioner]] = {}
    for row in files.rows("organisations.csv"):
        for service in row["services"].split():
            random = Random(f"{row['key']} {service}")
            people = [_practitioner(random, row["key"]) for _ in range(_STAFF_OF_A_SERVICE)]
            staff.setdefault(Service(service), []).extend(people)
    return {service: tuple(people) for service, people in staff.items()}


@cache
def contact(key: str) -> Practitioner:
    """Who answers for a child at a school or GP practice: its safeguarding lead, at the main number."""
    return Practitioner(key, _practitioner(Random(key), key).name, _telephone_of(key))


def _practitioner(random: Random, organisation: str) -> Practitioner:
    book, origin = name_book(), ORIGINS.pick(random)
    gender = Gender.FEMALE if random.random() < _WOMEN else Gender.MALE
    given = book.adult_forename(random, origin, gender)
    family = book.family_name(random, origin).borne_by(gender)
    number = choose(random, (telephone, mobile))(int(random.random() * 1000))
    return Practitioner(organisation, f"{given} {family}", number)


def _telephone_of(key: str) -> str:
    return telephone(crc32(key.encode()))
