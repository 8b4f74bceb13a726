"""All England: every postcode area, with districts, schools and practices made up in its likeness.

How many there are of each follows the counts of England (about 17,000 primary and 3,400 secondary schools, 6,300
practices), shared out by the people who live in an area. Numbers and codes are well-formed and nobody's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random

from registry.demonstration import files
from registry.demonstration.draw import Weighted, choose
from registry.demonstration.places import UNIT_LETTERS, District, Places, Practice, School

PRIMARIES, SECONDARIES, INDEPENDENTS, PRACTICES = 16_800, 3_400, 2_300, 6_300
_PLACES_IN_PRIMARY, _PLACES_IN_SECONDARY = 280, 1050
# A district has some 700 postcodes with homes, of the 4,000 that there could be.
_SECTORS = tuple("123456")
_LAST_LETTERS = UNIT_LETTERS[:6]
_FIRST_URN = 900_000  # beyond those that are given
_SPREAD = 0.12  # of a degree: how far an area's districts lie from its middle
_NEAR = 0.02
_DEDICATIONS = ("St Mary's", "St John's", "St Peter's", "All Saints", "Holy Trinity", "St Joseph's")


@dataclass(slots=True)
class _Country:
    """What was made so far."""

    schools: list[School] = field(default_factory=list)
    of_district: dict[str, list[School]] = field(default_factory=dict)
    practices: list[Practice] = field(default_factory=list)

    def add(self, school: School) -> None:
        self.schools.append(school)
        self.of_district.setdefault(school.postcode.split()[0], []).append(school)


@cache
def all_england() -> Places:
    """The places of all England: always the same."""
    random = Random("all England")
    rows = files.rows("areas.csv")
    people = sum(float(row["weight"]) for row in rows)
    weighted = [pair for row in rows for pair in _districts(random, row)]
    country = _Country()
    owed = dict.fromkeys(("primary", "secondary", "independent", "practice"), 0.0)
    totals = {"primary": PRIMARIES, "secondary": SECONDARIES, "independent": INDEPENDENTS, "practice": PRACTICES}
    for district, weight in weighted:
        for kind, total in totals.items():
            owed[kind] += total * weight / people
            made = int(owed[kind])
            owed[kind] -= made
            _furnish(random, country, district, kind, made)
    return Places(
        Weighted(weighted),
        country.schools,
        country.practices,
        near=lambda district: _schools_around(country, district),
        establishments=(),
    )


def _districts(random: Random, row: dict[str, str]) -> Iterator[tuple[District, float]]:
    """An area's districts, its people shared among them unequally."""
    area, count = row["area"], int(row["districts"])
    shares = [0.3 + random.random() for _ in range(count)]
    for place, share in enumerate(shares):
        around = (place - 1, place + 1)
        district = District(
            code=f"{area}{place + 1}",
            town=row["town"],
            localities=("",),
            sectors=_SECTORS,
            neighbours=tuple(f"{area}{each + 1}" for each in around if 0 <= each < count),
            position=(
                float(row["latitude"]) + (random.random() - 0.5) * _SPREAD,
                float(row["longitude"]) + (random.random() - 0.5) * _SPREAD,
            ),
            last_letters=_LAST_LETTERS,
            area=area,
        )
        yield district, float(row["weight"]) * share / sum(shares)


def _furnish(random: Random, country: _Country, district: District, kind: str, count: int) -> None:
    """Give the district so many more schools of a kind, or practices. Its first primary and secondary are a gift."""
    if kind == "practice":
        for _ in range(max(count, 1)):
            _open_practice(random, country, district)
        return
    if kind != "independent":
        count = max(count, 1)
    for each in range(count):
        country.add(_school(random, district, kind, number=len(country.schools), first=each == 0))


def _open_practice(random: Random, country: _Country, district: District) -> None:
    number = len(country.practices)
    name = f"{_street_name(random)} Surgery, {district.code}"
    country.practices.append(Practice(f"Z{number:05d}", name, _postcode(random, district)))


def _school(random: Random, district: District, kind: str, *, number: int, first: bool) -> School:
    """The first of its kind takes everybody, so that every child finds one."""
    lowest, highest = {"primary": (4, 11), "secondary": (11, 18), "independent": (4, 18)}[kind]
    one_sex = kind == "secondary" and not first and random.random() < 0.12  # noqa: PLR2004 - one school in eight
    called = choose(random, _DEDICATIONS) if kind == "primary" and random.random() < 0.3 else _street_name(random)  # noqa: PLR2004 - Church schools
    latitude, longitude = district.position
    return School(
        urn=str(_FIRST_URN + number),
        name=f"{called} {_KINDS_OF_SCHOOL[kind]}, {district.code}",
        establishment=f"{2000 + number % 6000}",
        kind="independent" if kind == "independent" else "state",
        gender=choose(random, ("girls", "boys")) if one_sex else "mixed",
        lowest_age=lowest,
        highest_age=highest,
        capacity=_PLACES_IN_SECONDARY if kind == "secondary" else _PLACES_IN_PRIMARY,
        postcode=_postcode(random, district),
        position=(latitude + (random.random() - 0.5) * _NEAR, longitude + (random.random() - 0.5) * _NEAR),
    )


_KINDS_OF_SCHOOL = {"primary": "Primary School", "secondary": "High School", "independent": "School"}


def _schools_around(country: _Country, district: District) -> list[School]:
    return [school for code in (district.code, *district.neighbours) for school in country.of_district[code]]


def _street_name(random: Random) -> str:
    return str(choose(random, _street_names()))


@cache
def _street_names() -> tuple[str, ...]:
    return tuple(files.document("streets.json")["names"])


def _postcode(random: Random, district: District) -> str:
    return f"{district.code} {choose(random, _SECTORS)}{choose(random, UNIT_LETTERS)}{choose(random, _LAST_LETTERS)}"
