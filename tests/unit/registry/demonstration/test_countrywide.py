"""All England: every area of it, well-formed, and any part of it made without the rest."""

import re
from collections import Counter
from datetime import date

import pytest

from pages.postcodes import normalise as postcode
from registry.demonstration import files, making
from registry.demonstration.countrywide import all_england
from registry.demonstration.england import (
    HOUSEHOLDS_IN_A_BLOCK,
    block,
    blocks_for,
    first_number,
    household,
    households_for,
    organisations,
)
from registry.demonstration.numbers import registry_number
from registry.demonstration.shapes import Child, Household, Organisation, Origin
from registry.rules.numbers import own_number

TODAY = date(2026, 11, 22)
COUNTRY = 11_000_000


@pytest.fixture(scope="module")
def some() -> list[Household]:
    """Every thousandth household of eleven million children."""
    places = all_england()
    return [household(places, seed=1, number=each, today=TODAY) for each in range(0, households_for(COUNTRY), 1000)]


@pytest.fixture(scope="module")
def children(some: list[Household]) -> list[Child]:
    return [child for home in some for child in home.children]


@pytest.fixture(scope="module")
def directory() -> dict[str, Organisation]:
    return {each.key: each for each in organisations(all_england())}


def test_every_postcode_area_has_its_share(some: list[Household]) -> None:
    weights = {row["area"]: float(row["weight"]) for row in files.rows("areas.csv")}
    assert len(weights) == 99
    lived_in = Counter(re.match("[A-Z]+", home.address.postcode)[0] for home in some)
    for area in ("B", "M", "NE", "S", "CV"):
        wanted = len(some) * weights[area] / sum(weights.values())
        assert 0.6 < lived_in[area] / wanted < 1.5


def test_postcodes_are_well_formed_and_shared(some: list[Household]) -> None:
    assert all(postcode(home.address.postcode) == home.address.postcode for home in some)
    possible = sum(len(each.sectors) * 20 * len(each.last_letters) for each in all_england().districts.values)
    assert 1_300_000 < possible < 1_700_000, "as England has"


def test_as_many_children_as_asked_for_within_a_hundredth(some: list[Household]) -> None:
    assert len([child for home in some for child in home.children]) * 1000 == pytest.approx(COUNTRY, rel=0.02)


def test_numbers_are_valid_and_nobody_elses(children: list[Child]) -> None:
    numbers = [child.registry_number for child in children]
    assert all(own_number(each) == each for each in numbers)
    assert len(set(numbers)) == len({child.nhs_number for child in children}) == len(children)
    pupils = [child.upn for child in children if child.upn]
    assert len(set(pupils)) == len(pupils)


def test_first_number_tells_the_block() -> None:
    places = all_england()
    for number in (0, 7, blocks_for(COUNTRY)[-1]):
        made = block(places, seed=3, number=number, today=TODAY)
        assert made[0].children[0].registry_number == first_number(seed=3, number=number)
        assert made[1] == household(places, seed=3, number=number * HOUSEHOLDS_IN_A_BLOCK + 1, today=TODAY)


def test_slots_of_one_seed_have_different_numbers() -> None:
    assert len({registry_number(1, slot) for slot in range(20_000)}) == 20_000


def test_every_organisation_named_is_in_the_directory(
    children: list[Child], directory: dict[str, Organisation]
) -> None:
    for child in children:
        assert child.gp in directory
        assert child.school is None or child.school in directory
        assert all(each.organisation in directory for each in child.involvements)


def test_services_are_those_of_the_home_area(some: list[Household]) -> None:
    for home in some:
        area = re.match("[A-Z]+", home.address.postcode)[0]
        for child in home.children:
            made_up = [each.organisation for each in child.involvements if "-" in each.organisation]
            assert all(each.startswith(f"{area}-") for each in made_up)


def test_each_child_has_its_households_origin(some: list[Household]) -> None:
    assert all(child.origin is home.origin for home in some for child in home.children)
    assert {home.origin for home in some} == set(Origin)


def test_families_mostly_move_within_their_area(some: list[Household]) -> None:
    moved = [home for home in some if home.previous_address]
    near = [home for home in moved if home.previous_address.postcode[:2] == home.address.postcode[:2]]
    assert 0.6 < len(near) / len(moved) < 0.9


def test_blocks_hold_the_country() -> None:
    assert len(blocks_for(COUNTRY)) * HOUSEHOLDS_IN_A_BLOCK >= households_for(COUNTRY)
    assert list(blocks_for(1)) == [0]


def test_order_says_what_it_takes() -> None:
    lean = making.Order(COUNTRY, 1, True, TODAY).bytes_needed()
    whole = making.Order(COUNTRY, 1, False, TODAY).bytes_needed()
    assert lean < whole
