"""Strangers' people judged: who is filed, what is asked, and that whoever is found is the one who was meant."""

from datetime import date
from pathlib import Path

import pytest

from bench.search import febrl
from bench.search.febrl import Person

HEAD = (
    "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth,"
    " soc_sec_id\n"
)
LINES = (
    "rec-10-org, michaela, neumann, 8, stanley street, miami, winston hills, 4223, nsw, 19151111, 5304218\n"
    "rec-11-org, courtney, painter, 12, pinkerton circuit, bega flats, richlands, 4560, vic, 19161214, 4066625\n"
    "rec-10-dup-0, michaela, neuman, 8, stanley street, miami, winston hills, 4224, nsw, 19151112, 5304218\n"
    "rec-11-dup-0, , painter, 12, pinkerton circuit, bega flats, richlands, 4560, vic, 19161314, 4066625\n"
)


@pytest.fixture
def people(tmp_path: Path) -> list[Person]:
    file = tmp_path / "dataset4a.csv"
    file.write_text(HEAD + LINES)
    return febrl.read([file])


def test_people_are_read_as_they_are_written(people: list[Person]) -> None:
    assert people[0] == Person("10", True, "michaela", "neumann", date(1915, 11, 11), "F42 2AE")
    assert [each.original for each in people] == [True, True, False, False]
    assert people[3].born is None, "there is no month 13"


def test_a_slip_in_a_postcode_is_one_in_ours_too(people: list[Person]) -> None:
    pairs = zip(people[0].postcode, people[2].postcode, strict=True)
    assert sum(one != other for one, other in pairs) == 1


def test_whoever_has_too_little_for_the_form_is_not_asked_for(people: list[Person]) -> None:
    assert febrl.ask(people[3], "names and date") is None
    assert febrl.ask(people[3], "names and year") is None
    asked = febrl.ask(people[3], "names and postcode")
    assert asked is not None
    assert (asked.given, asked.family, asked.postcode) == ("", "painter", "F45 6AA")
    asked = febrl.ask(people[2], "names and year")
    assert asked is not None
    assert (asked.date_of_birth, asked.year_of_birth, asked.postcode) == (None, 1915, "")


def test_judged_are_those_who_were_asked_for(people: list[Person]) -> None:
    rows = febrl.judge(people)
    assert [(row["given"], row["asked"], row["too little"], row["in ten %"], row["first %"]) for row in rows] == [
        ("names and date", 1, 1, 100, 100),
        ("names and year", 1, 1, 100, 100),
        ("names and postcode", 2, 0, 100, 100),
    ]


def test_another_child_in_their_place_is_no_find(people: list[Person]) -> None:
    other = Person("12", False, "courtney", "painter", date(1916, 12, 14), "F45 6AA")
    row, *_rest = febrl.judge([*people[:2], other])
    assert (row["asked"], row["in ten %"]) == (1, 0)
