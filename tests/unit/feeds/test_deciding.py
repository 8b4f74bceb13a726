"""What is decided of a row, case by case: the cases that have gone wrong, or would."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given as of
from hypothesis import strategies as st

from feeds.matching.comparing import Held
from feeds.matching.deciding import Candidate, Code, Outcome, decide
from feeds.rows import Row, RowName
from registry.vocabulary import Gender, NumberKind
from tests.unit.feeds.values import (
    BORN,
    ELSEWHERE,
    ENGLAND,
    NHS_NUMBER,
    OTHER_NHS_NUMBER,
    PUPIL_NUMBER,
    WEIGHTS,
    decided,
    guardian,
    held,
    row,
)

UNNUMBERED = frozenset[tuple[str, str]]()
TWIN = held(given="Zara", child_id=2, numbers=frozenset({(NumberKind.NHS, OTHER_NHS_NUMBER)}))
MOVED = {"postcode": ELSEWHERE.postcode, "lines": ", ".join(ELSEWHERE.lines)}


def outcome(told: Row, *there: Held, known: int | None = None) -> tuple[Outcome, Code, int | None]:
    decision = decided(told, *there, known=known)
    return decision.outcome, decision.code, decision.child_id


def doubt(code: Code) -> tuple[Outcome, Code, None]:
    return Outcome.DOUBT, code, None


NEW = (Outcome.NEW, Code.NOBODY, None)


def test_nobody_like_it_is_new() -> None:
    assert outcome(row()) == NEW
    assert outcome(row(), held(given="Zara", family="Quaye", date_of_birth=date(2010, 1, 30), **MOVED)) == NEW


def test_the_same_in_all_is_linked_without_a_number() -> None:
    assert outcome(row(), held()) == (Outcome.LINK, Code.FITS, 1)


def test_number_links_who_moved_and_has_another_family_name() -> None:
    told = row(family="Quaye", postal=ELSEWHERE, nhs_number=NHS_NUMBER)
    assert outcome(told, held()) == (Outcome.LINK, Code.NUMBER, 1)


def test_own_key_of_the_supplier_links_as_a_number_does() -> None:
    assert outcome(row(family="Quaye", postal=ELSEWHERE), held(), known=1) == (Outcome.LINK, Code.KEY, 1)
    assert outcome(row(given="Zara", family="Quaye"), held(), known=1) == doubt(Code.NUMBER_CONTRADICTS)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": RowName("Zara", "Quaye"), "date_of_birth": date(2010, 1, 30)},
        {"name": RowName("Zara", "Hussain")},
        {"date_of_birth": date(2010, 1, 30)},
        {"name": RowName("", "Quaye")},
    ],
    ids=["another child", "a twin", "another birth", "another name and no given one"],
)
def test_number_never_links_against_names_or_birth(changes: dict[str, object]) -> None:
    assert outcome(row(nhs_number=NHS_NUMBER, **changes), held()) == doubt(Code.NUMBER_CONTRADICTS)


def test_number_that_differs_makes_a_doubt_of_what_agrees_in_all_else() -> None:
    assert outcome(row(nhs_number=OTHER_NHS_NUMBER), held()) == doubt(Code.NUMBER_CONTRADICTS)
    assert outcome(row(nhs_number=OTHER_NHS_NUMBER), held(), known=1) == doubt(Code.NUMBER_CONTRADICTS)


def test_number_that_is_missing_is_no_evidence() -> None:
    assert outcome(row(nhs_number=NHS_NUMBER), held(numbers=UNNUMBERED))[0] == Outcome.LINK
    assert outcome(row(), held())[0] == Outcome.LINK


def test_pupil_number_given_anew_does_not_speak_against_that_of_the_nhs() -> None:
    there = held(numbers=frozenset({(NumberKind.NHS, NHS_NUMBER), (NumberKind.UPN, PUPIL_NUMBER)}))
    told = row(nhs_number=NHS_NUMBER, pupil_number="A801200001002")
    assert outcome(told, there) == (Outcome.LINK, Code.NUMBER, 1)
    assert outcome(replace(told, nhs_number=OTHER_NHS_NUMBER, pupil_number=PUPIL_NUMBER), there) == doubt(
        Code.NUMBER_CONTRADICTS
    )


def test_number_reused_for_another_child_is_a_doubt_even_where_that_child_is_clear() -> None:
    """The row has the number of one, and is in all else about another."""
    other = held(given="Zara", family="Quaye", date_of_birth=date(2010, 1, 30), child_id=2)
    assert outcome(row(nhs_number=NHS_NUMBER), held(numbers=UNNUMBERED), other) == doubt(Code.NUMBER_CONTRADICTS)


def test_two_numbers_that_lead_to_two_children_are_a_doubt() -> None:
    one, other = held(), held(child_id=2, numbers=frozenset({(NumberKind.UPN, PUPIL_NUMBER)}))
    told = row(nhs_number=NHS_NUMBER, pupil_number=PUPIL_NUMBER)
    assert outcome(told, one, other) == doubt(Code.SEVERAL)


def test_twin_who_is_not_on_record_is_new_and_never_linked_with_the_other() -> None:
    assert outcome(row(), TWIN) == NEW
    assert outcome(row(gender=Gender.NOT_SPECIFIED), TWIN) == NEW
    assert outcome(row(nhs_number=NHS_NUMBER), TWIN) == NEW
    assert (
        outcome(row(guardians=(guardian("Farah", "Hussain"),)), replace(TWIN, guardians=(("Farah", "Hussain"),))) == NEW
    )


def test_of_twins_each_is_linked_with_their_own_record() -> None:
    assert outcome(row(), TWIN, held()) == (Outcome.LINK, Code.FITS, 1)
    assert outcome(row(given="Zara"), TWIN, held()) == (Outcome.LINK, Code.FITS, 2)
    told = row(given="Zara", nhs_number=OTHER_NHS_NUMBER, postal=ELSEWHERE)
    assert outcome(told, TWIN, held()) == (Outcome.LINK, Code.NUMBER, 2)


@pytest.mark.parametrize(("ours", "theirs"), [("Hussain", "Hassan"), ("Ellie", "Allie"), ("Jack", "John")])
def test_names_alike_that_twins_may_bear_are_a_doubt(ours: str, theirs: str) -> None:
    assert outcome(row(given=ours), held(given=theirs)) == doubt(Code.ALIKE)
    assert outcome(row(given=ours), held(given=theirs), held(given=ours, child_id=2)) == (Outcome.LINK, Code.FITS, 2)


def test_brothers_who_are_all_called_mohammed_are_told_apart() -> None:
    one, other = held(given="Mohammed Hassan"), held(given="Mohammed Hussain", child_id=2)
    assert outcome(row(given="Mohammed Hussain"), one) == doubt(Code.ALIKE)
    assert outcome(row(given="Mohammed Hussain"), one, other) == (Outcome.LINK, Code.FITS, 2)
    assert outcome(row(given="Mohammed"), one, other) == doubt(Code.ALIKE)
    assert outcome(row(given="Mohammed"), one) == doubt(Code.ALIKE)
    assert outcome(row(given="Mohammed", nhs_number=NHS_NUMBER), one) == (Outcome.LINK, Code.NUMBER, 1)


def test_number_of_a_twin_is_no_reason_to_be_linked_with_them() -> None:
    """Twins who have one another's numbers: the given name is rather that of the other."""
    one, other = (
        held(given="Ellie"),
        held(given="Allie", child_id=2, numbers=frozenset({(NumberKind.NHS, OTHER_NHS_NUMBER)})),
    )
    assert outcome(row(given="Allie", nhs_number=NHS_NUMBER), one, other) == doubt(Code.NUMBER_CONTRADICTS)
    assert outcome(row(given="Ellie", nhs_number=NHS_NUMBER), one, other) == (Outcome.LINK, Code.NUMBER, 1)


def test_typing_error_in_a_given_name_is_linked_by_a_number_alone() -> None:
    """Kylie and Neive are names that no table of ours has: a slip cannot be told from a twin."""
    assert outcome(row(given="Fredrerick"), held(given="Frederick")) == doubt(Code.ALIKE)
    told = row(given="Fredrerick", nhs_number=NHS_NUMBER)
    assert outcome(told, held(given="Frederick")) == (Outcome.LINK, Code.NUMBER, 1)


def test_brother_or_sister_is_new_and_one_of_the_same_name_a_doubt() -> None:
    born = BORN - timedelta(days=700)
    assert outcome(row(given="Zara", date_of_birth=born), held()) == NEW
    assert outcome(row(date_of_birth=born), held(numbers=UNNUMBERED)) == doubt(Code.UNSURE)


def test_same_name_and_birth_in_one_town_is_a_doubt() -> None:
    one, other = held(numbers=UNNUMBERED), held(child_id=2, numbers=UNNUMBERED)
    assert outcome(row(), one, other) == doubt(Code.SEVERAL)
    assert outcome(row(postal=ELSEWHERE), one, replace(other, **MOVED)) == (Outcome.LINK, Code.FITS, 2)


def test_names_and_birth_alone_are_too_little_in_a_country() -> None:
    assert outcome(row(given="Mohammed", family="Khan", postal=ELSEWHERE), held("Mohammed", "Khan")) == doubt(
        Code.UNSURE
    )


def test_swapped_surnames_of_parents_link_where_all_else_agrees() -> None:
    there = held(family="Malik", guardians=(("Farah", "Malik"), ("Yusuf", "Hussain")))
    assert outcome(row(), there) == (Outcome.LINK, Code.FITS, 1)
    assert outcome(row(), held(family="Malik")) == doubt(Code.UNSURE)


def test_born_on_the_first_of_january_links_by_the_year_with_more_than_names() -> None:
    assert outcome(row(date_of_birth=date(2017, 1, 1)), held()) == (Outcome.LINK, Code.FITS, 1)
    assert outcome(row(date_of_birth=date(2017, 1, 1), postal=ELSEWHERE), held())[0] == Outcome.NEW


def test_row_without_a_given_name_is_never_linked_without_a_number() -> None:
    assert outcome(row(given=""), held()) == doubt(Code.UNSURE)
    assert outcome(row(given="", nhs_number=NHS_NUMBER), held()) == (Outcome.LINK, Code.NUMBER, 1)


@pytest.mark.parametrize("why", ["severed", "archived"])
def test_record_that_is_closed_is_held_for_a_person(why: str) -> None:
    closed = held(**{why: True})
    assert outcome(row(), closed) == doubt(Code.CLOSED)
    assert outcome(row(nhs_number=NHS_NUMBER, postal=ELSEWHERE), closed) == doubt(Code.CLOSED)
    assert outcome(row(given="Zara", family="Quaye", nhs_number=NHS_NUMBER), closed) == doubt(Code.CLOSED)


def test_row_under_the_old_name_never_leads_to_the_new_record() -> None:
    """The family has both; the new record has the home, and the step-father's name."""
    closed = held(family="Malik", severed=True)
    new = held(child_id=2, numbers=UNNUMBERED, shielded=True)
    decision = decided(row(family="Malik", guardians=(guardian("Yusuf", "Hussain"),)), closed, new)
    assert (decision.outcome, decision.code) == (Outcome.DOUBT, Code.CLOSED)
    assert [each.child_id for each in decision.candidates] == [1]


def test_row_under_the_new_name_is_linked_with_the_new_record() -> None:
    closed, new = held(family="Malik", severed=True), held(child_id=2, numbers=UNNUMBERED, shielded=True)
    assert outcome(row(), closed, new) == (Outcome.LINK, Code.FITS, 2)


def test_somebody_known_by_a_number_is_not_the_one_whose_closed_record_is_like_theirs() -> None:
    closed = held(child_id=2, severed=True, numbers=UNNUMBERED)
    assert outcome(row(nhs_number=NHS_NUMBER), held(), closed) == (Outcome.LINK, Code.NUMBER, 1)


def test_clear_match_with_a_shielded_child_links() -> None:
    assert outcome(row(), held(shielded=True)) == (Outcome.LINK, Code.FITS, 1)
    assert outcome(row(nhs_number=NHS_NUMBER, postal=ELSEWHERE), held(shielded=True)) == (Outcome.LINK, Code.NUMBER, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"date_of_birth": BORN + timedelta(days=1)},
        {"name": RowName("Aminna", "Husain")},
        {"name": RowName("Amelia", "Hussain"), "former": (RowName("Amin", "Hussain"),)},
        {"name": RowName("Hussain", "Amina")},
        {"name": RowName("A", "Hussain")},
        {"name": RowName("", "Hussain")},
        {"date_of_birth": date(2017, 1, 1)},
        {"nhs_number": OTHER_NHS_NUMBER},
    ],
)
def test_row_like_a_shielded_child_is_never_new(changes: dict[str, object]) -> None:
    """She is said to live elsewhere: nothing but the names and the date can tell."""
    told = row(postal=ELSEWHERE, **changes)
    assert outcome(told, held(shielded=True)) == doubt(Code.SHIELDED)


def test_near_match_with_a_shielded_child_is_held_whoever_else_there_is() -> None:
    shielded, other = held(shielded=True, numbers=UNNUMBERED), held(child_id=2, numbers=UNNUMBERED)
    told = row(date_of_birth=BORN + timedelta(days=1))
    assert outcome(told, shielded, other) == doubt(Code.SHIELDED)
    assert outcome(row(), shielded, other) == doubt(Code.SHIELDED)


def test_number_tells_a_shielded_child_from_whoever_has_it() -> None:
    shielded = held(child_id=2, shielded=True, numbers=frozenset({(NumberKind.NHS, OTHER_NHS_NUMBER)}))
    assert outcome(row(nhs_number=NHS_NUMBER), held(), shielded) == (Outcome.LINK, Code.NUMBER, 1)


def test_faint_likeness_with_a_shielded_child_holds_nobody_who_is_clear() -> None:
    shielded = held(child_id=2, shielded=True, numbers=UNNUMBERED, date_of_birth=BORN + timedelta(days=3), **MOVED)
    assert outcome(row(), held(), shielded) == (Outcome.LINK, Code.FITS, 1)
    assert outcome(row(), shielded) == doubt(Code.SHIELDED)


def test_order_of_candidates_changes_nothing() -> None:
    there = (held(), TWIN, held(child_id=3, shielded=True, **MOVED), held(child_id=4, family="Malik", severed=True))
    for told in (row(), row(nhs_number=NHS_NUMBER), row(given="Zarah"), row(family="Malik")):
        assert len({repr(decided(told, *some)) for some in permutations(there)}) == 1


# Levels from best to worst: what stands further right is evidence against what stands before it.
WORSE = {
    "family": ("same", "slip", "other"),
    "given": ("same", "slip", "near", "initial", "another", "other"),
    "born": ("same", "swapped", "day_out", "slip", "other"),
    "gender": ("same", "", "other"),
    "home": ("home", "postcode", "slip", "district", "", "other"),
    "nhs": ("same", "", "other"),
    "upn": ("same", "", "other"),
    "key": ("same", ""),
    "guardian": ("same", "", "other"),
}
vectors = st.fixed_dictionaries({field: st.sampled_from(levels) for field, levels in WORSE.items()})
ORDER = (Outcome.NEW, Outcome.DOUBT, Outcome.LINK)


@of(vectors, st.sampled_from(sorted(WORSE)), st.booleans(), st.booleans())
def test_evidence_against_a_record_never_raises_the_decision(
    vector: dict[str, str], field: str, shielded: bool, closed: bool
) -> None:
    ladder = WORSE[field]
    there = held(shielded=shielded, severed=closed)
    decisions = [
        decide([_candidate({**vector, field: level}, there)], WEIGHTS).outcome
        for level in ladder[ladder.index(vector[field]) :]
    ]
    assert decisions == sorted(decisions, key=ORDER.index, reverse=True)


@of(vectors)
def test_nobody_is_linked_against_the_given_name_or_the_birth(vector: dict[str, str]) -> None:
    decision = decide([_candidate(vector, held())], WEIGHTS)
    if decision.outcome == Outcome.LINK:
        assert vector["given"] != "other"
        assert vector["born"] != "other"
        assert vector["nhs"] != "other"


def _candidate(vector: dict[str, str], there: Held) -> Candidate:
    levels = tuple((field, level) for field, level in vector.items() if level)
    bits = sum(WEIGHTS.fields[field][level] for field, level in levels)
    return Candidate(there, levels, bits - ENGLAND)
