"""The parts that rows of a batch say, and their age, counted. Numbers alone come of it: none says of whom it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from feeds.rows import Row
from feeds.rules.parts import Part, age_of
from registry.vocabulary import EDUCATION_SERVICES, Gender, Service

SAYS: Mapping[Part, Callable[[Row], bool]] = {
    Part.NHS_NUMBER: lambda row: bool(row.nhs_number),
    Part.PUPIL_NUMBER: lambda row: bool(row.pupil_number),
    Part.GENDER: lambda row: row.gender != Gender.NOT_SPECIFIED,
    Part.POSTCODE: lambda row: row.postal is not None and bool(row.postal.postcode),
    Part.GUARDIANS: lambda row: bool(row.guardians),
    Part.SCHOOL: lambda row: any(each.service in EDUCATION_SERVICES for each in row.attendances),
    Part.PRACTICE: lambda row: any(each.service == Service.GP for each in row.attendances),
    Part.FORMER_NAMES: lambda row: bool(row.former),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the rows that could be read: how many they are, how many say each part, and how many are of each age."""

    read: int = 0
    holds: Counter[str] = field(default_factory=Counter)
    ages: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.read + other.read, self.holds + other.holds, self.ages + other.ages)


def counts_of(rows: Iterable[Row], *, received_on: date) -> Counts:
    """Counted, whatever becomes of them."""
    listed = list(rows)
    return Counts(
        read=len(listed),
        holds=Counter(part.value for row in listed for part, says in SAYS.items() if says(row)),
        ages=Counter(age_of(row.confirmed_on, received_on).value for row in listed),
    )
