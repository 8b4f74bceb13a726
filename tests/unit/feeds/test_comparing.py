"""A row beside what is held of a child: a level for each field, and none for what one of the two does not have."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as of
from hypothesis import strategies as st

from feeds.matching.comparing import Comparing
from feeds.rows import RowName
from registry.search import births
from registry.values import SummaryName
from registry.vocabulary import Gender, NameKind, NumberKind
from tests.unit.feeds.values import (
    BORN,
    ELSEWHERE,
    HOME,
    NHS_NUMBER,
    OTHER_NHS_NUMBER,
    PUPIL_NUMBER,
    compared,
    guardian,
    held,
    row,
)

dates = st.dates(date(2008, 1, 1), date(2026, 3, 14))


def test_the_same_child_agrees_in_all_that_both_say() -> None:
    assert compared(row(nhs_number=NHS_NUMBER), held()) == {
        "family": "same",
        "given": "same",
        "named": "legal",
        "order": "straight",
        "born": "same",
        "gender": "same",
        "home": "home",
        "nhs": "same",
    }


def test_what_one_of_the_two_does_not_have_has_no_level() -> None:
    told = row(given="", postal=None, gender=Gender.NOT_SPECIFIED, pupil_number=PUPIL_NUMBER)
    assert compared(told, held(postcode="", lines="")).keys() == {"family", "named", "order", "born"}


@pytest.mark.parametrize(("number", "level"), [(NHS_NUMBER, "same"), (OTHER_NHS_NUMBER, "other"), ("", None)])
def test_number_that_differs_is_evidence_and_one_that_is_missing_is_none(number: str, level: str | None) -> None:
    assert compared(row(nhs_number=number), held()).get("nhs") == level
    assert "nhs" not in compared(row(nhs_number=number), held(numbers=frozenset()))
    assert "nhs" not in compared(row(nhs_number=number), held(numbers=frozenset({(NumberKind.UPN, PUPIL_NUMBER)})))


@pytest.mark.parametrize(
    ("theirs", "ours", "level"),
    [
        ("Amina", "Amina", "same"),
        ("Amina", "Amina Rose", "same"),
        ("Amina Rose", "Amina R", "same"),
        ("Abdul Rahman", "Abdulrahman", "same"),
        ("Catherine", "Katherine", "known"),
        ("John", "Jack", "short"),
        ("Thomas", "Tommy", "short"),
        ("Frederick", "Fredrerick", "slip"),
        ("Hassan", "Hussain", "another"),
        ("Ellie", "Allie", "another"),
        ("Xyvandra", "Xyvondra", "another"),
        ("Mohammed Hassan", "Mohammed Hussein", "part"),
        ("Mohammed Hassan", "Muhammad", "common"),
        ("Mohammed", "Muhammad", "known"),
        ("Mohammed Hassan", "Muhammad Hasan", "known"),
        ("Anna Maria", "Eva Maria", "part"),
        ("Amina", "A", "initial"),
        ("Amina", "Zara", "other"),
    ],
)
def test_given_names_tell_twins_and_brothers_apart(theirs: str, ours: str, level: str) -> None:
    assert compared(row(given=ours), held(given=theirs))["given"] == level
    if level not in ("part", "same"):
        assert compared(row(given=theirs), held(given=ours))["given"] == level


def test_best_pair_of_names_counts_whatever_their_kind() -> None:
    former = held(
        names=(SummaryName(NameKind.LEGAL, "Amina", "Hussain"), SummaryName(NameKind.FORMER, "Amina", "Malik"))
    )
    assert compared(row(family="Malik"), former)["family"] == "same"
    assert compared(row(family="Malik"), former)["named"] == "former"
    assert compared(row(), former)["named"] == "legal"
    told = row(family="Malik", known_as=(RowName("Amina", "Hussain"),))
    assert compared(told, held()) | {"named": ""} == compared(row(), held()) | {"named": ""}
    assert compared(told, held())["named"] == "known_as"


def test_names_the_other_way_round_agree_and_say_so() -> None:
    assert compared(row(given="Hussain", family="Amina"), held()) == compared(row(), held()) | {"order": "swapped"}


def test_a_single_word_is_held_against_the_family_name() -> None:
    told = compared(row(given=""), held())
    assert told["family"] == "same"
    assert "given" not in told


@pytest.mark.parametrize(
    ("postal", "level"),
    [
        (HOME, "home"),
        (replace(HOME, lines=("12, Oak Rd.",)), "home"),
        (replace(HOME, lines=("14 Oak Road",)), "postcode"),
        (replace(HOME, postcode="M33 4AC"), "house"),
        (replace(HOME, lines=("1 Elm Road",), postcode="M33 4AC"), "slip"),
        (replace(HOME, lines=("1 Elm Road",), postcode="M33 9ZZ"), "district"),
        (ELSEWHERE, "other"),
        (replace(ELSEWHERE, lines=HOME.lines), "other"),
        (replace(HOME, postcode=""), None),
    ],
)
def test_postcode_house_and_street_agree_together(postal: object, level: str | None) -> None:
    assert compared(row(postal=postal), held()).get("home") == level


def test_first_of_january_is_the_year_alone() -> None:
    assert compared(row(date_of_birth=date(2017, 1, 1)), held())["born"] == "year"
    assert compared(row(), held(date_of_birth=date(2017, 1, 1)))["born"] == "year"


def test_family_name_of_a_parent_is_told_from_a_strangers() -> None:
    """The census has the father's name, the practice the mother's."""
    theirs = held(family="Malik", guardians=(("Farah", "Malik"), ("Yusuf", "Hussain")))
    assert compared(row(), theirs)["family"] == "parent"
    assert compared(row(guardians=(guardian("Farah", "Malik"),)), held(family="Malik"))["family"] == "parent"
    assert compared(row(), held(family="Malik"))["family"] == "other"


def test_guardians_family_name_tells_something_where_the_childs_does_not_agree() -> None:
    theirs = held(guardians=(("Farah", "Hussain"),))
    assert compared(row(guardians=(guardian("Farah", "Hussain"),)), theirs)["guardian"] == "same"
    assert "guardian" not in compared(row(guardians=(guardian("Zainab", "Hussain"),)), theirs)
    assert compared(row(guardians=(guardian("Wanda", "Smith"),)), theirs)["guardian"] == "other"
    told = row(family="Smith", guardians=(guardian("Zainab", "Hussain"),))
    assert (
        compared(told, replace(theirs, names=(SummaryName(NameKind.LEGAL, "Amina", "Quaye"),)))["guardian"] == "family"
    )
    assert "guardian" not in compared(row(guardians=(guardian("Farah", "Hussain"),)), held())


def test_own_key_of_the_supplier_leads_to_one_child() -> None:
    assert compared(row(), held(), known=1)["key"] == "same"
    assert "key" not in compared(row(), held(), known=2)


def test_rarity_is_that_of_the_names_that_agree() -> None:
    common, rare = (
        Comparing(row(*names)).with_(held(*names)).rarity for names in (("Oliver", "Smith"), ("Xy", "Zorro"))
    )
    assert common is not None
    assert rare is not None
    assert rare > common
    assert Comparing(row(family="Malik")).with_(held()).rarity is None


@of(dates, dates, st.sampled_from([HOME, ELSEWHERE]), st.sampled_from(["", NHS_NUMBER, OTHER_NHS_NUMBER]))
def test_dates_places_and_numbers_agree_either_way_round(one: date, other: date, home: object, number: str) -> None:
    """Whichever is the row, and whichever the record."""
    there = held(date_of_birth=other)
    mirrored = row(date_of_birth=other, nhs_number=NHS_NUMBER)
    told = row(date_of_birth=one, postal=home, nhs_number=number)
    back = replace(
        held(date_of_birth=one, numbers=frozenset({(NumberKind.NHS, number)} if number else ())),
        postcode=told.postal.postcode if told.postal else "",
        lines=", ".join(told.postal.lines) if told.postal else "",
    )
    assert compared(told, there) == compared(mirrored, back)
    assert compared(told, there)["born"] == births.level(one, other)
    assert held().date_of_birth == BORN
