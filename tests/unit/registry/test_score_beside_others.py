"""A namesake must not stand before the child who is meant: one by a second forename, or by a name a letter off."""

from datetime import date

import pytest

from registry.search.likeness import AskedName
from registry.search.score import WEIGHTS, Question, score
from registry.vocabulary import NameKind
from tests.unit.registry.values import criteria, summary

BORN = date(2017, 4, 9)


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ("Jane", "Mary Jane", "half"),
        ("Jayne", "Mary Jane", "part"),
        ("Molly", "Jane Mary", "part"),
        ("Molly", "Mary Jane", "known"),
        ("Zoe", "Mary Jane", "other"),
    ],
)
def test_given_name_level_a_second_forename_counts_as_the_part_it_is(asked: str, held: str, expected: str) -> None:
    assert AskedName(asked, is_given=True).level(held) == expected


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ("Zeb", "Zebulonia", "begin"),
        ("Zebs", "Zebulonia", "begin"),
        ("Zebulonia", "Zeby", "begin"),
        ("Zex", "Zebulonia", "other"),
        ("Zebulo", "Zebuloniaramis", "near"),
        ("Ulo", "Zebulonia", "other"),
    ],
)
def test_given_name_level_of_a_short_form_that_no_table_knows(asked: str, held: str, expected: str) -> None:
    assert AskedName(asked, is_given=True).level(held) == expected


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ("Johnson", "Hayland-Johnson", "half"),
        ("Jonson", "Hayland-Johnson", "part"),
        ("Hayland-Johnsokn", "Hayland-Johnson", "slip"),
        ("Hasan", "Al-Hassan", "known"),
    ],
)
def test_family_name_level_of_several_words_is_that_of_all_where_all_are_alike(
    asked: str, held: str, expected: str
) -> None:
    assert AskedName(asked, is_given=False).level(held) == expected


@pytest.mark.parametrize(
    ("asked", "held", "expected"), [("Hull", "Hall", "spelt"), ("Hull", "Hill", "spelt"), ("Neo", "Noah", "sound")]
)
def test_name_level_of_what_sounds_the_same_tells_a_letter_from_more(asked: str, held: str, expected: str) -> None:
    assert AskedName(asked, is_given=False).level(held) == expected


def test_a_name_that_is_seldom_asked_by_costs_a_little() -> None:
    asked = criteria(given="Amina", family="Hussain", date_of_birth=BORN)
    legal, former = (score(asked, summary(((kind, "Amina", "Hussain"),))) for kind in (NameKind.LEGAL, NameKind.FORMER))
    assert former.bits == pytest.approx(legal.bits + WEIGHTS["kind"]["former"])


def settled(asked: Question, *held: tuple[str, str]) -> list[float]:
    """Bits of children of those names, once all of them are known."""
    scores = [asked.score(summary(((NameKind.LEGAL, *each),))) for each in held]
    return [each.bits for each in asked.settled(scores)]


@pytest.mark.parametrize(("given_name", "family_name"), [("Amina", "Thompson"), ("Thompson", "Amina")])
def test_settled_score_of_a_name_a_letter_off_falls_where_somebody_bears_it_as_asked(
    given_name: str, family_name: str
) -> None:
    def asked() -> Question:
        return Question(criteria(given=given_name, family=family_name, date_of_birth=BORN))

    (alone,) = settled(asked(), ("Amina", "Thompton"))
    beside, another = settled(asked(), ("Amina", "Thompton"), ("Joan", "Thompson"))
    assert beside == pytest.approx(alone + WEIGHTS["borne"]["slip"])
    assert another == score(asked().criteria, summary(((NameKind.LEGAL, "Joan", "Thompson"),))).bits
