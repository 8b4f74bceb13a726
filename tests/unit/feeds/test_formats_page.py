"""docs/formats.md names every field that is read, every code and every limit."""

import re
from pathlib import Path

import pytest

from feeds.readers import common_transfer, demographics, directories, packed, registrations, table, values
from feeds.readers.delimited import FIELDS
from feeds.rows import Fault

PAGE = (Path(__file__).parent.parent.parent.parent / "docs/formats.md").read_text()
NAMED = set(re.findall(r"`([^`]+)`", PAGE))
# One row of the page stands for six columns of each of three guardians, and one for three lines of an address.
ONCE_FOR_MANY = re.compile(r"guardian_[123]_.+|address_2|AddressLine[234]")


@pytest.mark.parametrize("fault", Fault)
def test_every_code_is_named(fault: Fault) -> None:
    assert str(fault) in NAMED


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_of_a_table_is_named(field: str) -> None:
    assert field in NAMED or ONCE_FOR_MANY.fullmatch(field)


@pytest.mark.parametrize("path", sorted(common_transfer.WANTED))
def test_every_element_of_a_transfer_file_is_named(path: str) -> None:
    assert (element := path.rpartition("/")[2]) in NAMED or ONCE_FOR_MANY.fullmatch(element)


@pytest.mark.parametrize("part", demographics._Patient.__struct_fields__)
def test_every_part_of_a_patient_is_named(part: str) -> None:
    assert {part, f"{part}.security"} & NAMED


@pytest.mark.parametrize("heading", sorted(directories.SCHOOL_COLUMNS.values()))
def test_every_column_of_the_schools_is_named(heading: str) -> None:
    assert heading in NAMED


@pytest.mark.parametrize(
    "heading", sorted({*registrations.BIRTHS.columns.values(), *registrations.DEATHS.columns.values()})
)
def test_every_heading_of_a_registration_is_named(heading: str) -> None:
    assert f"*{re.sub(r'Parent [12] ', '', heading)}*" in " ".join(PAGE.split())


@pytest.mark.parametrize(
    "said",
    [
        f"A child is under {values.TOO_OLD}",
        f"at most {values.LONGEST_NAME} characters",
        f"longer than {table.LONGEST_RECORD // 1024} KiB",
        f"there are {common_transfer.LONGEST_TOKEN // 1024} KiB of XML",
        f"up to {demographics.LONGEST_DOCUMENT // 1024**2} MiB each",
        f"larger than {demographics.LONGEST_DOCUMENT // 1024**2} MiB",
        f"lies before {values.EARLIEST.year}",
        f"prescribing setting {directories.GP_PRACTICE}",
    ],
)
def test_limits_are_those_that_hold(said: str) -> None:
    assert said in " ".join(PAGE.split())


def test_a_hundredfold_is_what_is_not_unpacked() -> None:
    assert packed.MOST_TIMES == 100
