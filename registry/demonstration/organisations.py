"""The organisations of the demonstration and the practitioners who work in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from zlib import crc32

from registry.demonstration import files
from registry.demonstration.draw import choose
from registry.demonstration.names import ORIGINS, name_book
from registry.demonstration.numbers import mobile, telephone
from registry.demonstration.places import Places
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
    """The real schools and GP practices, then the made-up others.

    Real ones keep their public names only: every telephone number is one that rings nobody, so that a
    demonstration never disturbs a surgery.
    """
    for school in places.schools:
        yield Organisation(
            key=school.urn,
            kind=OrganisationKind.SCHOOL,
            name=school.name,
            telephone=_telephone_of(school.urn),
            town=_town(places, school.postcode),
            postcode=school.postcode,
            services=(Service.SCHOOL,),
        )
    for practice in places.practices:
        yield Organisation(
            key=practice.code,
            kind=OrganisationKind.GP_PRACTICE,
            name=practice.name,
            telephone=_telephone_of(practice.code),
            town=_town(places, practice.postcode),
            postcode=practice.postcode,
            services=(Service.GP,),
        )
    for row in files.rows("organisations.csv"):
        yield Organisation(
            key=row["key"],
            kind=OrganisationKind(row["kind"]),
            name=row["name"],
            telephone=_telephone_of(row["key"]),
            town=row["town"],
            postcode=row["postcode"],
            services=tuple(Service(service) for service in row["services"].split()),
        )


@cache
def practitioners() -> dict[Service, tuple[Practitioner, ...]]:
    """Who works for each service of the made-up organisations: always the same people."""
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


def _town(places: Places, postcode: str) -> str:
    """The post town of a postcode; practices just over the border are all in Manchester."""
    towns = {district.code: district.town for district in places.districts.values}
    return towns.get(postcode.split(maxsplit=1)[0], "Manchester")
