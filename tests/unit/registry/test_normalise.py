"""One way of writing names, whatever script, accent, apostrophe or hyphen they were typed with."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.search import normalise
from tests.unit.registry.values import LETTERS


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Smith", ("smith",)),
        ("  SMITH  ", ("smith",)),
        ("Smith-Jones", ("smith", "jones")),
        ("Smith Jones", ("smith", "jones")),
        ("Smith–Jones", ("smith", "jones")),
        ("Smith‑Jones", ("smith", "jones")),
        ("Smith➖Jones", ("smith", "jones")),
        ("Mary  Jane", ("mary", "jane")),
        ("J.R.", ("j", "r")),
        ("Núñez", ("nunez",)),
        ("Nu\u0301n\u0303ez", ("nunez",)),
        ("Łukasz", ("lukasz",)),
        ("Nguyễn", ("nguyen",)),
        ("Þór", ("thor",)),
        ("Weiß", ("weiss",)),
        ("İpek", ("ipek",)),
        ("Ｓｍｉｔｈ", ("smith",)),
        ("Иванов", ("ivanov",)),
        ("حسن", ("hsn",)),
        ("小明", ("xiaoming",)),
        ("Smith2", ("smith",)),
        ("", ()),
        (" - ", ()),
        ("2019", ()),
        ("\x00", ()),
    ],
)
def test_name_parts_are_plain_letters(typed: str, parts: tuple[str, ...]) -> None:
    assert normalise.name_parts(typed) == parts


@pytest.mark.parametrize("mark", ["'", "’", "‘", "ʼ", "′", "`", "ʻ", "＇", "´", "\u200b’", "῾"])
def test_name_parts_any_apostrophe_is_none(mark: str) -> None:
    assert normalise.name_parts(f"D{mark}Angelo") == normalise.name_parts("Dangelo") == ("dangelo",)
    assert normalise.name_parts(f"O{mark}Brien") == normalise.name_parts("OBrien") == ("obrien",)


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("de Souza", "Desouza"),
        ("van der Berg", "Vanderberg"),
        ("al-Hassan", "Alhassan"),
        ("Mac Donald", "Macdonald"),
        ("St. John", "Stjohn"),
        ("O Connor", "O'Connor"),
    ],
)
def test_name_parts_particle_belongs_to_what_follows(typed: str, joined: str) -> None:
    assert normalise.name_parts(typed) == normalise.name_parts(joined)


def test_name_parts_particle_alone_is_a_name() -> None:
    assert normalise.name_parts("Van") == ("van",)
    assert normalise.name_parts("Maria da") == ("maria", "da")


def test_whole_name_is_one_word() -> None:
    assert normalise.whole_name("Smith-Jones") == normalise.whole_name("Smith Jones") == "smithjones"


@given(st.text())
@example("\x00\x00")
def test_name_parts_of_anything_are_plain_letters(typed: str) -> None:
    assert all(part.isascii() and part.isalpha() and part.islower() for part in normalise.name_parts(typed))


@given(st.text(LETTERS + " -'", max_size=40))
def test_name_parts_capitals_do_not_matter(typed: str) -> None:
    assert normalise.whole_name(typed.title()) == normalise.whole_name(typed)


@given(st.text(max_size=300))
def test_name_parts_of_anything_are_bounded(typed: str) -> None:
    parts = normalise.name_parts(typed)
    assert len(parts) <= normalise.MOST_PARTS
    assert all(len(part) <= normalise.LONGEST_WORD for part in (*parts, normalise.whole_name(typed)))


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("Al-Hassan", ("hassan",)),
        ("O'Brien", ("brien",)),
        ("D'Souza", ("souza",)),
        ("de la Cruz", ("cruz",)),
        ("bint Yusuf", ("yusuf",)),
        ("van den Berg-Smith", ("berg",)),
        ("Smith-Jones", ()),
        ("Obrien", ()),
        ("Van", ()),
    ],
)
def test_bare_parts_are_those_without_their_particle(typed: str, bare: tuple[str, ...]) -> None:
    assert normalise.bare_parts(typed) == bare


def test_joined_forename_is_one_that_is_written_together_too() -> None:
    assert normalise.joined_forename("Abdul Rahman") == ("abdulrahman",)
    assert normalise.joined_forename("Jack Thomas") == normalise.joined_forename("Abdul") == ()


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("33 Oak Road", ("33", "oak")),
        ("33A Oak Rd", ("33a", "oak")),
        ("Flat 2, 33 Oak Road", ("33", "oak")),
        ("1 St Mary's Close", ("1", "stmarys")),
        ("The Grove", ("", "the")),
        ("Rose Cottage, Mill Lane", ("", "mill")),
        ("", ("", "")),
    ],
)
def test_house_and_street_of_the_lines_of_an_address(lines: str, found: tuple[str, str]) -> None:
    assert normalise.house_and_street(lines) == found


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("33 Oak Rd.", "road"),
        ("Flat 2, 33 Oak Road, Sale Lane", "road"),
        ("Oak Avenue", "avenue"),
        ("Oak Av", "avenue"),
        ("Oak", ""),
        ("Close", ""),
        ("", ""),
    ],
)
def test_kind_of_street_is_one_word_however_it_is_written(lines: str, kind: str) -> None:
    assert normalise.kind_of_street(lines) == kind
