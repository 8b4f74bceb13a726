"""Postcodes in one way of writing; as typed and copied, one reading where it is certain, two where not, else none."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import postcodes, postcodes_in_use
from pages.postcodes import AREAS, read_postcode


@pytest.fixture(autouse=True)
def no_list(settings: Any, tmp_path: Path) -> Any:
    settings.POSTCODES_FILE = tmp_path / "postcodes"
    postcodes_in_use._known.cache_clear()
    yield settings.POSTCODES_FILE
    postcodes_in_use._known.cache_clear()


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "M33 4AB",
            "m33 4ab",
            "M334AB",
            "M33-4AB",
            "M33–4AB",
            "M33−4AB",
            "M33 4AB.",
            "M33 4AB,",
            "(M33 4AB)",
            "M33/4AB",
        ),
        *(
            "  M33   4AB ",
            "M33\u00a04AB",
            "M33\u20094AB",
            "M3 34AB",
            "Ｍ３３ ４ＡＢ",
            "\u200eM33 4AB\u200f",
            "M33\u200b 4AB",
        ),
        *("M33 AAB", "M33 4A8", "M33 44B", "'M33 4AB'"),
    ],
)
def test_full_postcode_is_understood(typed: str) -> None:
    assert read_postcode(typed) == ("M33 4AB",)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("M33 O4B", "M33 0AB"),
        ("M33 OAB", "M33 0AB"),
        ("MI 4AB", "M1 4AB"),
        ("M3O 4AB", "M30 4AB"),
        ("M3S 4AB", "M35 4AB"),
        ("S01 4AB", "SO1 4AB"),
        ("0L1 4AB", "OL1 4AB"),
        ("L1I 4AB", "L11 4AB"),
        ("5W1A IAA", "SW1A 1AA"),
        ("SWIA 1AA", "SW1A 1AA"),
        ("W1O 4AB", "W10 4AB"),
        ("M3O", "M30"),
        ("M33 O", "M33 0"),
        ("M 33", "M33"),
        ("M33.", "M33"),
        ("M3-3", "M3 3"),
    ],
)
def test_letter_in_the_place_of_a_digit_is_one_and_the_other_way_round(typed: str, code: str) -> None:
    assert read_postcode(typed) == (code,)


@pytest.mark.parametrize(
    "code", ["SO1 4AB", "W1S 4AB", "E1W 1AA", "BL0 9AA", "N1C 4AB", "L15 4AB", "SW1A", "M3 3", "M33"]
)
def test_what_fits_as_it_stands_is_taken_so(code: str) -> None:
    assert read_postcode(code) == (code,)


def test_of_two_readings_both_are_told_or_the_one_in_use(no_list: Path) -> None:
    assert read_postcode("SI1 4AB") == ("S11 4AB", "SL1 4AB")
    assert read_postcode("SI1") == ("S11", "SL1")
    postcodes_in_use.keep(["M33 4AB"], no_list)
    postcodes_in_use._known.cache_clear()
    assert read_postcode("SI1 4AB") == ("S11 4AB", "SL1 4AB")
    postcodes_in_use.keep(["SL1 4AB", "M33 4AB"], no_list)
    postcodes_in_use._known.cache_clear()
    assert read_postcode("SI1 4AB") == ("SL1 4AB",)


def test_reading_that_nobody_lives_at_is_not_taken_for_what_was_typed(no_list: Path) -> None:
    assert read_postcode("M33 O4B") == ("M33 0AB",)
    postcodes_in_use.keep(["M33 4AB"], no_list)
    postcodes_in_use._known.cache_clear()
    assert read_postcode("M33 O4B") == ()
    assert read_postcode("M33 44B") == ("M33 4AB",)


@pytest.mark.parametrize("typed", ["15", "12", "1", "16A", "12B", "5b", "12345", "5114558", "0161", "2 8", "41 6"])
def test_house_number_age_or_telephone_is_no_postcode(typed: str) -> None:
    assert read_postcode(typed) == ()


@pytest.mark.parametrize("typed", ["5WIA IAA", "0L1 44B O", "SOI 448", "M3O OAO"])
def test_more_than_two_characters_are_not_exchanged(typed: str) -> None:
    assert read_postcode(typed) == ()


@pytest.mark.parametrize("digit", "٤४৪೪")
def test_digits_of_other_scripts_are_none_of_a_postcode(digit: str) -> None:
    for typed in (f"M33 {digit}", f"M3{digit} 4AB", f"M33 {digit}AB"):
        assert read_postcode(typed) == ()


@pytest.mark.parametrize("code", ["ZZ9 9ZZ", "M33 4AC", "B0"])
def test_shape_of_a_postcode_that_is_not_known_is_searched_for(code: str) -> None:
    assert read_postcode(code) == (code,)


@pytest.mark.parametrize(
    "typed", ["", ".", "M", "MI", "SO", "SL 4AB", "ml 4ab", "XYZ", "33", "M3 33", "OL1 2C", "M33%", "M*", "😀"]
)
def test_what_is_not_certain_is_not_read(typed: str) -> None:
    assert read_postcode(typed) == ()


@given(st.text(max_size=30) | st.text("ABILMOSZ01234568 -.", max_size=9))
def test_reading_of_anything_stays_as_it_is(typed: str) -> None:
    for code in read_postcode(typed):
        assert postcodes.normalise(code) == code
        assert read_postcode(code) == (code,)


def test_there_are_as_many_areas_as_there_are() -> None:
    assert len(AREAS) == 124


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("M33 4AB", "M33 4AB"),
        ("m334ab", "M33 4AB"),
        (" sw1a  1aa ", "SW1A 1AA"),
        ("ec1a1bb", "EC1A 1BB"),
        ("b11aa", "B1 1AA"),
        ("M33", "M33"),
        ("sw1a", "SW1A"),
        ("M3 3", "M3 3"),  # a sector of M3, not the district M33
        ("", ""),
        ("M", ""),
        ("33 4AB", ""),
        ("M33 4A", ""),
        ("M33 4ABC", ""),
        ("M33%", ""),
        ("M33\n4AB\x00", ""),
        ("Ｍ33 4AB", ""),
        ("M٣٣ 4AB", ""),
        ("x" * 500, ""),
        ("😀", ""),
    ],
)
def test_postcode_is_full_or_a_part_or_nothing(typed: str, code: str) -> None:
    assert postcodes.normalise(typed) == code


@given(st.text(max_size=12))
def test_postcode_is_stable(typed: str) -> None:
    assert postcodes.normalise(postcodes.normalise(typed)) == postcodes.normalise(typed)


def test_district_is_the_outward_part() -> None:
    assert postcodes.district("M33 4AB") == postcodes.district("M33") == "M33"
    assert postcodes.district("") == ""
