"""What is counted of rows: each part where it is said, and nothing where it is not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feeds.rows import Row, RowAttendance, RowGuardian, RowName
from feeds.rules.parts import Age, Part
from feeds.worker.counting import SAYS, Counts, counts_of
from registry.values import PostalAddress
from registry.vocabulary import AddressState, Gender, Relation, Service

DAY = date(2026, 11, 29)
BARE = Row(line=1, key="1", name=RowName("Amina", "Hussain"), date_of_birth=date(2017, 4, 9))
SAID: dict[Part, dict[str, object]] = {
    Part.NHS_NUMBER: {"nhs_number": "9990000018"},
    Part.PUPIL_NUMBER: {"pupil_number": "A358000000001"},
    Part.GENDER: {"gender": Gender.FEMALE},
    Part.POSTCODE: {"postal": PostalAddress(("12 Oak Road",), "Sale", "M33 4AB")},
    Part.GUARDIANS: {"guardians": (RowGuardian("Sadia", "Hussain", Relation.MOTHER, True, True),)},
    Part.SCHOOL: {"attendances": (RowAttendance(Service.SCHOOL, "100001"),)},
    Part.PRACTICE: {"attendances": (RowAttendance(Service.GP, "P91004"),)},
    Part.FORMER_NAMES: {"former": (RowName("Amina", "Khan"),)},
}


def test_every_part_is_counted() -> None:
    assert set(SAYS) == set(SAID) == set(Part)


@pytest.mark.parametrize("part", Part)
def test_a_part_is_counted_where_it_is_said_and_nowhere_else(part: Part) -> None:
    row = replace(BARE, **SAID[part])  # type: ignore[arg-type]
    assert counts_of([BARE, row], received_on=DAY).holds == {part: 1}


def test_an_address_without_a_postcode_does_not_count() -> None:
    nowhere = replace(BARE, address_state=AddressState.NONE_KNOWN)
    no_postcode = replace(BARE, postal=PostalAddress(("12 Oak Road",), "Sale", ""))
    assert counts_of([nowhere, no_postcode], received_on=DAY).holds == {}


def test_each_row_is_of_one_age() -> None:
    rows = [replace(BARE, confirmed_on=DAY - timedelta(days=days)) for days in (1, 2, 400)]
    counts = counts_of([BARE, *rows], received_on=DAY)
    assert counts.ages == {Age.WEEK: 2, Age.OLDER: 1, Age.UNSAID: 1}
    assert sum(counts.ages.values()) == counts.read == 4


def test_block_by_block_it_comes_to_the_same() -> None:
    rows = [BARE, *(replace(BARE, **said) for said in SAID.values())]  # type: ignore[arg-type]
    whole = counts_of(rows, received_on=DAY)
    assert sum((counts_of([row], received_on=DAY) for row in rows), Counts()) == whole
