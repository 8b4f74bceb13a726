"""The places where synthetic children live: districts, schools, GP practices, streets.

`Places.load()` is the demonstration authority, with its real schools and practices; countrywide.py makes all England.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import cos, exp, hypot, radians
from random import Random
from zlib import crc32

from registry.demonstration import files
from registry.demonstration.draw import Weighted, choose
from registry.demonstration.shapes import Address
from registry.vocabulary import Gender

# Letters that stand in the second half of a postcode (Royal Mail leaves out C I K M O V).
UNIT_LETTERS = tuple("ABDEFGHJLNPQRSTUWXYZ")
_KM_IN_A_DEGREE = 111.2
_SECONDARY_AGE = 11
_FLATS = 0.12
_HALF_HOUSES = 0.02
_MOVES_WITHIN_THE_AREA = 0.7


@dataclass(frozen=True, slots=True)
class District:
    """A postcode district: where it is, which sectors of it are homes, and which districts lie around it.

    `last_letters` are those in which its postcodes end: with fewer, more children share a postcode. `area` is empty
    where there is one authority alone.
    """

    code: str
    town: str
    localities: tuple[str, ...]
    sectors: tuple[str, ...]
    neighbours: tuple[str, ...]
    position: tuple[float, float]
    last_letters: tuple[str, ...] = UNIT_LETTERS
    area: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """A school, in the demonstration authority a real one by its public name; its ages are those in September."""

    urn: str
    name: str
    establishment: str
    kind: str
    gender: str
    lowest_age: int
    highest_age: int
    capacity: int
    postcode: str
    position: tuple[float, float]

    @property
    def issues_upn(self) -> bool:
        """Schools that the state pays for give each pupil a UPN; independent ones need not."""
        return self.kind != "independent"

    def takes(self, age: int, gender: Gender) -> bool:
        """Whether a child of that age on 1 September is admitted."""
        fits = self.lowest_age <= age < self.highest_age
        return fits and (self.gender == "mixed" or (self.gender == "girls") == (gender is Gender.FEMALE))


@dataclass(frozen=True, slots=True)
class Practice:
    """A GP practice, in the demonstration authority a real one with its public name."""

    code: str
    name: str
    postcode: str


Near = Callable[[District], Sequence[School]]


class Places:
    """Where children live, learn and are registered with a doctor. Make it with `Places.load()`.

    `near` gives the schools among which those near a district are, and `establishments` the numbers of those that issue
    UPNs.
    """

    __slots__ = (
        "_near",
        "_of_area",
        "_practices",
        "_practices_near",
        "_schools_near",
        "_streets",
        "districts",
        "establishments",
        "practices",
        "schools",
    )

    def __init__(
        self,
        districts: Weighted[District],
        schools: Sequence[School],
        practices: Sequence[Practice],
        *,
        near: Near,
        establishments: tuple[str, ...],
    ) -> None:
        self.districts = districts
        self.schools = tuple(schools)
        self.practices = tuple(practices)
        self.establishments = establishments
        self._near = near
        self._practices: dict[str, list[Practice]] = {}
        for practice in practices:
            self._practices.setdefault(practice.postcode.split()[0], []).append(practice)
        self._schools_near: dict[tuple[str, int, Gender], Weighted[School]] = {}
        self._practices_near: dict[str, Weighted[Practice]] = {}
        self._of_area: dict[str, tuple[District, ...]] = {}
        for district in districts.values:
            self._of_area[district.area] = (*self._of_area.get(district.area, ()), district)
        words = files.document("streets.json")
        self._streets = (tuple(words["names"]), tuple(words["kinds"]))

    @staticmethod
    @cache
    def load() -> "Places":
        """The places of the files shipped in data/; read once."""
        schools = [_school(row) for row in files.rows("schools.csv")]
        practices = [Practice(row["code"], row["name"], row["postcode"]) for row in files.rows("practices.csv")]
        postcodes = [school.postcode for school in schools]
        postcodes += [practice.postcode for practice in practices]
        rows = files.rows("districts.csv")
        districts = Weighted((_district(row, postcodes), float(row["weight"])) for row in rows)
        issuing = tuple(school.establishment for school in schools if school.lowest_age < _SECONDARY_AGE)
        return Places(districts, schools, practices, near=lambda _: schools, establishments=issuing)

    def school(self, random: Random, district: District, age: int, gender: Gender) -> School:
        """A school near the district for a child of that age on 1 September."""
        key = (district.code, age, gender)
        if key not in self._schools_near:
            self._schools_near[key] = _schools_near(district, self._near(district), age, gender)
        return self._schools_near[key].pick(random)

    def practice(self, random: Random, district: District) -> Practice:
        """A GP practice of the district or, seldom, of a neighbouring one."""
        if district.code not in self._practices_near:
            self._practices_near[district.code] = _practices_near(district, self._practices)
        return self._practices_near[district.code].pick(random)

    def postcodes(self) -> Iterator[str]:
        """Every postcode that an address may have."""
        for district in self.districts.values:
            for unit in product(district.sectors, UNIT_LETTERS, district.last_letters):
                yield f"{district.code} {''.join(unit)}"

    def earlier_district(self, random: Random, district: District) -> District:
        """Where a family of the district may have come from: mostly from around."""
        if district.area and random.random() < _MOVES_WITHIN_THE_AREA:
            return choose(random, self._of_area[district.area])
        return self.districts.pick(random)

    def address(self, random: Random, district: District) -> Address:
        """A made-up address in the real format. One postcode is always one street."""
        sector = choose(random, district.sectors)
        unit = choose(random, UNIT_LETTERS) + choose(random, district.last_letters)
        postcode = f"{district.code} {sector}{unit}"
        names, kinds = self._streets
        # Not hash(): it differs from one process to the next.
        fingerprint = crc32(postcode.encode())
        street = f"{names[fingerprint % len(names)]} {kinds[fingerprint // 1024 % len(kinds)]}"
        locality = district.localities[fingerprint // 65536 % len(district.localities)]
        number = 1 + int(random.random() ** 1.6 * 140)
        line = (
            f"{number}{choose(random, ('A', 'B'))} {street}" if random.random() < _HALF_HOUSES else f"{number} {street}"
        )
        flat = (f"Flat {1 + int(random.random() * 24)}",) if random.random() < _FLATS else ()
        return Address((*flat, line, *((locality,) if locality else ())), district.town, postcode)


def _district(row: dict[str, str], postcodes: list[str]) -> District:
    inward = {code.split()[1] for code in postcodes if code.split()[0] == row["district"]}
    return District(
        code=row["district"],
        town=row["town"],
        localities=tuple(row["localities"].split("|")),
        sectors=tuple(sorted({unit[0] for unit in inward})) or ("1",),
        neighbours=tuple(row["neighbours"].split()),
        position=(float(row["latitude"]), float(row["longitude"])),
    )


def _school(row: dict[str, str]) -> School:
    return School(
        urn=row["urn"],
        name=row["name"],
        establishment=row["establishment"],
        kind=row["kind"],
        gender=row["gender"],
        lowest_age=int(row["lowest_age"]),
        highest_age=int(row["highest_age"]),
        capacity=int(row["capacity"]),
        postcode=row["postcode"],
        position=(float(row["latitude"]), float(row["longitude"])),
    )


def _schools_near(district: District, schools: Sequence[School], age: int, gender: Gender) -> Weighted[School]:
    """Bigger and nearer schools are likelier; older children travel further."""
    reach = 1.2 if age < _SECONDARY_AGE else 2.5
    return Weighted(
        (school, school.capacity * exp(-_kilometres(district.position, school.position) / reach))
        for school in schools
        if school.takes(age, gender)
    )


def _practices_near(district: District, practices: dict[str, list[Practice]]) -> Weighted[Practice]:
    near = dict.fromkeys(district.neighbours, 0.04) | {district.code: 1.0}
    return Weighted((practice, share) for code, share in near.items() for practice in practices.get(code, ()))


def _kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    east = (there[1] - here[1]) * cos(radians(here[0]))
    return hypot(there[0] - here[0], east) * _KM_IN_A_DEGREE
