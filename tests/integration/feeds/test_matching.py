"""Blocks of rows matched with what PostgreSQL holds: everybody is found who is meant, and nobody is made twice."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from bench import mistakes
from bench.mistakes import Asked
from feeds.matching import Code, Decision, Matcher, Outcome
from feeds.matching.candidates import by_what_is_said
from feeds.rows import Row, RowGuardian, RowName
from registry.models import Child, Shield
from registry.search.likeness import AskedName
from registry.values import Number, PostalAddress
from registry.vocabulary import Gender, NameKind, NumberKind, Relation
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import (
    BORN,
    CONFIRMED,
    NHS_NUMBER,
    PUPIL_NUMBER,
    AddChildren,
    Town,
    draft,
    full_draft,
    guardian,
    name,
)

pytestmark = pytest.mark.usefixtures("own_database")

OTHER_NHS_NUMBER = "9434765870"
HOME = PostalAddress(("12 Hidden Lane",), "Sale", "M33 4AB")
ELSEWHERE = PostalAddress(("7 Mill Lane",), "Kendal", "LA9 4AA")
TODAY = date(2026, 1, 1)
SINGLE = {
    "family name typed wrong": mistakes.family_name_wrong,
    "given name typed wrong": mistakes.given_name_wrong,
    "a name heard wrong": mistakes.name_heard_wrong,
    "a name read wrong": mistakes.name_read_wrong,
    "day and month swapped": mistakes.day_and_month_swapped,
    "one digit of the date": mistakes.one_digit_wrong,
    "year one out": mistakes.year_one_out,
    "day one out": mistakes.day_one_out,
    "month one out": mistakes.month_one_out,
    "names swapped": mistakes.names_swapped,
    "nickname": mistakes.nickname,
    "transliteration": mistakes.transliterated,
    "half a double-barrelled name": mistakes.half_a_family_name,
}
NAMES = (
    ("Amina", "Hussain"),
    ("Katarzyna", "Kowalska"),
    ("Oliver", "Smith-Jones"),
    ("Siobhan", "O'Brien"),
    ("Muhammad", "Chaudhry"),
    ("William", "Turner"),
    ("Elizabeth", "Wright"),
    ("Ngozi", "Okonkwo"),
    ("Thomas", "Baker"),
    ("Xin", "Li"),
)


def row(given: str = "Amina", family: str = "Hussain", **changes: object) -> Row:
    made = Row(line=1, key="K1", name=RowName(given, family), date_of_birth=BORN, gender=Gender.FEMALE, postal=HOME)
    return replace(made, **changes)  # type: ignore[arg-type]


def match(*rows: Row, linked: dict[str, int] | None = None) -> list[Decision]:
    with as_worker():
        return Matcher(lambda _keys: linked or {}).match(rows)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same mistakes each time


def numbered(nhs: str) -> list[tuple[NumberKind, Number]]:
    return [(NumberKind.NHS, Number(nhs, CONFIRMED))]


def shield(*children: Child) -> None:
    """As the first moment of an urgent shield: no worker has come round yet."""
    with as_owner_here():
        for child in children:
            Shield.objects.create(
                child=child,
                authority_id=child.responsible_authority_id,
                started_on=factories.today(),
                review_on=factories.today() + timedelta(days=90),
            )


def close(child: Child, **how: bool) -> None:
    with as_worker():
        Child.objects.filter(pk=child.pk).update(**how)


def test_rows_of_one_block_are_decided_each_for_itself(town: Town, add: AddChildren) -> None:
    here, moved = add(
        draft(town),
        draft(town, "Omar", "Khan", date_of_birth=date(2012, 3, 4), numbers=numbered(NHS_NUMBER)),
    )
    decisions = match(
        row(),
        row("Omar", "Khan", date_of_birth=date(2012, 3, 4), nhs_number=NHS_NUMBER, postal=ELSEWHERE),
        row("Zara", "Quaye", date_of_birth=date(2010, 1, 30), postal=ELSEWHERE),
        row("Wanda", "Nowak", nhs_number=NHS_NUMBER),
    )
    assert [(each.outcome, each.code, each.child_id) for each in decisions] == [
        (Outcome.LINK, Code.FITS, here.pk),
        (Outcome.LINK, Code.NUMBER, moved.pk),
        (Outcome.NEW, Code.NOBODY, None),
        (Outcome.DOUBT, Code.NUMBER_CONTRADICTS, None),
    ]
    assert [each.child_id for each in decisions[3].candidates] == [moved.pk]


def test_empty_block_and_empty_registry_are_matched_too(town: Town) -> None:
    assert match() == []
    (decision,) = match(row())
    assert (decision.outcome, decision.code) == (Outcome.NEW, Code.NOBODY)


def test_own_key_of_the_supplier_leads_to_the_child_whatever_changed(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town))
    told = row("Amina", "Quaye", postal=ELSEWHERE)
    assert match(told)[0].outcome != Outcome.LINK  # by chance it may be held against her
    assert match(told, linked={"K1": child.pk})[0].child_id == child.pk
    assert match(replace(told, key="K2", superseded_by="K1"), linked={"K1": child.pk})[0].child_id == child.pk


def test_guardians_are_looked_up_where_they_decide(town: Town, add: AddChildren) -> None:
    """The row has the mother's name for the child, the record the father's."""
    mother = replace(guardian("Farah"), family="Malik")
    (child,) = add(draft(town, guardians=(mother, guardian("Yusuf"))))
    (decision,) = match(row("Amina", "Malik"))
    assert decision.outcome == Outcome.DOUBT
    (decision,) = match(row("Amina", "Malik", guardians=(_as_row_guardian("Farah", "Malik"),)))
    assert (decision.outcome, decision.child_id) == (Outcome.LINK, child.pk)
    levels = dict(decision.candidates[0].levels)
    assert (levels["family"], levels["guardian"]) == ("parent", "same")


@pytest.mark.parametrize("mistake", SINGLE)
def test_whoever_is_shielded_is_found_with_any_mistake_and_is_never_made_anew(
    town: Town, add: AddChildren, mistake: str
) -> None:
    """In March 2009 such a row made an open record beside the shielded one. The row says that she lives elsewhere."""
    births = [BORN + timedelta(days=37 * place) for place in range(len(NAMES))]
    children = add(
        *(draft(town, *both, date_of_birth=born) for both, born in zip(NAMES, births, strict=True)),
    )
    shield(*children)
    random, told, meant = seeded(7), list[Row](), list[int]()
    for child, (given, family), born in zip(children, NAMES, births, strict=True):
        for _ in range(4):
            wrong = SINGLE[mistake](Asked(given=given, family=family, date_of_birth=born), random)
            if wrong and wrong.date_of_birth and wrong.date_of_birth < TODAY and _is_alike(mistake, wrong.given, given):
                changed = {"date_of_birth": wrong.date_of_birth, "postal": ELSEWHERE, "key": str(len(told))}
                told.append(row(wrong.given, wrong.family, **changed))
                meant.append(child.pk)
    assert told, "somebody can make it with one of these names"
    for each, child_id, decision in zip(told, meant, match(*told), strict=True):
        # In a registry so small some are clear by names and birth alone.
        held = (decision.outcome, decision.code) == (Outcome.DOUBT, Code.SHIELDED)
        assert held or decision.child_id == child_id, (each.name, each.date_of_birth)
        assert child_id in [shown.child_id for shown in decision.candidates]


@pytest.mark.parametrize("mistake", SINGLE)
def test_whoever_is_not_shielded_is_among_the_candidates_with_any_mistake(
    town: Town, add: AddChildren, mistake: str
) -> None:
    births = [BORN + timedelta(days=37 * place) for place in range(len(NAMES))]
    children = add(*(draft(town, *both, date_of_birth=born) for both, born in zip(NAMES, births, strict=True)))
    random, told, meant = seeded(8), dict[int, Row](), dict[int, int]()
    for child, (given, family), born in zip(children, NAMES, births, strict=True):
        for _ in range(4):
            if wrong := SINGLE[mistake](Asked(given=given, family=family, date_of_birth=born), random):
                told[len(told)] = row(wrong.given, wrong.family, date_of_birth=wrong.date_of_birth)
                meant[len(meant)] = child.pk
    with as_worker():
        found = by_what_is_said(told)
    assert [told[place] for place, child_id in meant.items() if child_id not in found[place]] == []


def test_what_a_shield_hides_of_a_child_finds_it_all_the_same(town: Town, add: AddChildren) -> None:
    """Former names, numbers and the address: the worker has them, search does not."""
    (child,) = add(full_draft(town, shielded_since=date(2024, 1, 1)))
    by_former_name, by_number, by_home = match(
        row("Amina", "Malik", postal=ELSEWHERE),
        row("Amina", "Quaye", postal=ELSEWHERE, nhs_number=NHS_NUMBER),
        row(),
    )
    assert (by_former_name.outcome, by_former_name.child_id) == (Outcome.LINK, child.pk)
    assert (by_number.outcome, by_number.child_id) == (Outcome.LINK, child.pk)
    assert (by_home.outcome, by_home.child_id) == (Outcome.LINK, child.pk)


def test_shield_that_begins_after_the_matcher_was_made_holds_the_next_block(town: Town, add: AddChildren) -> None:
    """From that moment until the worker files it the child is out of search."""
    (child,) = add(draft(town))
    with as_worker():
        matcher = Matcher()
        assert matcher.match([row()])[0].child_id == child.pk
    told = row("Amina", "Husain", postal=ELSEWHERE)
    shield(child)
    with as_worker():
        (decision,) = matcher.match([told])
    assert (decision.outcome, decision.code) == (Outcome.DOUBT, Code.SHIELDED)


@pytest.mark.parametrize("why", ["severed", "archived"])
def test_record_that_is_closed_is_found_by_number_and_held(town: Town, add: AddChildren, why: str) -> None:
    (child,) = add(draft(town, numbers=numbered(NHS_NUMBER)))
    close(child, **{why: True})
    (decision,) = match(row("Amina", "Quaye", nhs_number=NHS_NUMBER, postal=ELSEWHERE))
    assert (decision.outcome, decision.code) == (Outcome.DOUBT, Code.CLOSED)
    assert [each.child_id for each in decision.candidates] == [child.pk]


def test_record_that_is_severed_is_found_by_names_and_birth_and_leads_to_no_other(town: Town, add: AddChildren) -> None:
    closed, new = add(
        draft(town, "Amina", "Malik"),
        draft(town, "Amina", "Hussain", shielded_since=date(2025, 1, 1), guardians=(guardian("Yusuf"),)),
    )
    close(closed, severed=True)
    (decision,) = match(row("Amina", "Malik", guardians=(_as_row_guardian("Yusuf", "Hussain"),)))
    assert (decision.outcome, decision.code) == (Outcome.DOUBT, Code.CLOSED)
    assert [each.child_id for each in decision.candidates] == [closed.pk]
    (decision,) = match(row("Amina", "Hussain"))
    assert (decision.outcome, decision.child_id) == (Outcome.LINK, new.pk)


def test_record_that_is_severed_after_the_matcher_was_made_is_held_in_the_next_block(
    town: Town, add: AddChildren
) -> None:
    (child,) = add(draft(town))
    with as_worker():
        matcher = Matcher()
    close(child, severed=True)
    with as_worker():
        (decision,) = matcher.match([row()])
    assert (decision.outcome, decision.code) == (Outcome.DOUBT, Code.CLOSED)


def test_twin_who_is_not_there_yet_is_new_and_each_is_linked_with_their_own(town: Town, add: AddChildren) -> None:
    (amina,) = add(draft(town, numbers=numbered(NHS_NUMBER)))
    for told in (row("Zara"), row("Zara", nhs_number=OTHER_NHS_NUMBER), row("Zara", pupil_number=PUPIL_NUMBER)):
        (decision,) = match(told)
        assert (decision.outcome, decision.code) == (Outcome.NEW, Code.NOBODY)
    (zara,) = add(draft(town, "Zara"))
    assert [each.child_id for each in match(row(), row("Zara", key="K2"))] == [amina.pk, zara.pk]


def test_who_may_be_the_twin_of_a_shielded_child_waits_for_a_person(town: Town, add: AddChildren) -> None:
    add(draft(town, shielded_since=date(2025, 1, 1)))
    (decision,) = match(row("Zara"))
    assert (decision.outcome, decision.code) == (Outcome.DOUBT, Code.SHIELDED)


def test_same_name_and_birth_twice_on_record_is_a_doubt(town: Town, add: AddChildren) -> None:
    children = add(draft(town), draft(town))
    (decision,) = match(row())
    assert (decision.outcome, decision.code) == (Outcome.DOUBT, Code.SEVERAL)
    assert {each.child_id for each in decision.candidates} == {each.pk for each in children}


def test_child_who_is_new_and_comes_twice_in_a_block_is_made_once(town: Town) -> None:
    first, again, typed_wrong, twin = match(
        row(), row(key="K2"), row("Amina", "Hussian", key="K3"), row("Zara", key="K4")
    )
    assert (first.outcome, first.first) == (Outcome.NEW, None)
    assert (again.outcome, again.code, again.child_id, again.first) == (Outcome.LINK, Code.TWICE, None, 0)
    assert (typed_wrong.outcome, typed_wrong.code, typed_wrong.first) == (Outcome.LINK, Code.TWICE, 0)
    assert (twin.outcome, twin.first) == (Outcome.NEW, None)


def test_rows_with_one_number_do_not_lead_to_two_children(town: Town, add: AddChildren) -> None:
    add(draft(town))
    decisions = match(
        row("Zara", "Quaye", nhs_number=NHS_NUMBER, postal=ELSEWHERE),
        row(nhs_number=NHS_NUMBER, key="K2"),
        row("Omar", "Khan", nhs_number=NHS_NUMBER, key="K3", date_of_birth=date(2011, 5, 6)),
    )
    assert [(each.outcome, each.code) for each in decisions] == [
        (Outcome.NEW, Code.NOBODY),
        (Outcome.DOUBT, Code.NUMBER_CONTRADICTS),
        (Outcome.DOUBT, Code.NUMBER_CONTRADICTS),
    ]
    assert [each.first for each in decisions] == [None, 0, 0]


def test_name_of_any_kind_finds_the_child(town: Town, add: AddChildren) -> None:
    names = [(NameKind.LEGAL, name("Amina", "Hussain")), (NameKind.FORMER, name("Amina", "Malik"))]
    (child,) = add(draft(town, names=names))
    for told in (row("Amina", "Malik"), row("Amina", "Quaye", former=(RowName("Amina", "Malik"),))):
        (decision,) = match(told)
        assert (decision.outcome, decision.child_id) == (Outcome.LINK, child.pk)


def test_index_is_asked_once_for_a_block_and_tells_who_shares_two_tokens(town: Town, add: AddChildren) -> None:
    child, other = add(draft(town), draft(town, "Omar", "Khan", date_of_birth=date(2011, 5, 6)))
    with as_worker():
        found = by_what_is_said({4: row(), 9: row("Omar", "Khan", date_of_birth=date(2011, 5, 7), postal=ELSEWHERE)})
    assert child.pk in found[4]
    assert other.pk in found[9]


def _is_alike(mistake: str, wrong: str, right: str) -> bool:
    """Whether search sees the likeness: "Cksin", heard for Xin, is another name to it, as a twin's is."""
    return ("heard" not in mistake and "read" not in mistake) or AskedName(wrong, is_given=True).level(right) != "other"


def _as_row_guardian(given: str, family: str) -> RowGuardian:
    return RowGuardian(given, family, Relation.MOTHER, parental_responsibility=True, lives_with_child=True)
