"""Shielded children: found by what is visible of them, and no token says whose brother or sister they are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from encryption.tokens import Tokeniser
from registry.policies.disclosure import summary_shown
from registry.search import phonetics
from registry.search.corroborating import Corroborating
from registry.search.criteria import Criteria
from registry.search.families import FIRST, NEWEST, SCHEMES, child_tokens, plain_tokens
from registry.search.queries import SLOTS
from registry.values import Summary
from registry.vocabulary import NameKind
from tests.unit.registry.slips import slips
from tests.unit.registry.test_families import age_on, typed_names, unhurried
from tests.unit.registry.values import TODAY, births, criteria, names, summary

# The longest tokens there are: what is shared here is not shared by chance.
TOKENS = Tokeniser(epoch=1, bits=31)
# Registry numbers of two slots; check digits do not matter here.
NUMBERS = ("16000000000", "16000000001")
BORN = date(2017, 4, 9)
words = st.text("abcdefghijklmnoprstuvwyz", min_size=6, max_size=12)


def child(given_name: str, family_name: str, born: date, *, number: str = NUMBERS[0], shielded: bool = True) -> Summary:
    """A child of whom nothing is hidden, or what a shield leaves of one."""
    kinds = ((NameKind.LEGAL, given_name, family_name), (NameKind.FORMER, given_name, "Former"))
    full = replace(summary(kinds, date_of_birth=born, numbers=(), lines="12 Hidden Lane"), number=number)
    return summary_shown(replace(full, shielded=shielded))


def found(asked: Criteria, filed: Summary, version: int = NEWEST) -> bool:
    scheme = SCHEMES[version]
    asking, tokens = Corroborating(asked, TOKENS), scheme.child_tokens(filed, TOKENS)
    return any(asking.wanted(make_tokens).leads_to(tokens, shielded=filed.shielded) for make_tokens in scheme.stages)


@given(words, words, words, births, st.booleans())
@example("amelia", "oliver", "hussain", BORN, True)
@example("amelia", "amanda", "hussain", BORN, False)
@unhurried
def test_twins_of_unlike_names_share_no_token(one: str, other: str, family: str, born: date, both: bool) -> None:
    assume(not set(phonetics.halves(one)) & set(phonetics.halves(other)))
    assume(phonetics.sound(one) != phonetics.sound(other))
    # Nor may one twin's name be like the family's: it is asked for the other way round, too.
    assume(phonetics.sound(family) not in (phonetics.sound(one), phonetics.sound(other)))
    for version in SCHEMES:
        rows = (
            child_tokens(child(one, family, born), TOKENS, version=version),
            child_tokens(child(other, family, born, number=NUMBERS[1], shielded=both), TOKENS, version=version),
        )
        assert not rows[0] & rows[1]


def test_twins_in_one_slot_share_its_token_and_a_visible_twin_has_it_not() -> None:
    shielded = child_tokens(child("Amelia", "Hussain", BORN), TOKENS)
    number = str(int(NUMBERS[0]) + SLOTS)
    assert shielded & child_tokens(child("Oliver", "Hussain", BORN, number=number), TOKENS) == {
        TOKENS.token("date-family", BORN.isoformat(), phonetics.sound("hussain"), "0")
    }
    assert not shielded & child_tokens(child("Oliver", "Hussain", BORN, number=number, shielded=False), TOKENS)


@given(names, names, births)
@unhurried
def test_shielded_child_is_found_by_what_is_visible(given_name: str, family_name: str, born: date) -> None:
    filed = child(given_name, family_name, born)
    for asked in (
        criteria(given=given_name, family=family_name, date_of_birth=born),
        criteria(given=family_name, family=given_name, date_of_birth=born),
        criteria(given=given_name, family=family_name, age=age_on(born, TODAY)),
        criteria(given=given_name, family=family_name, year_of_birth=born.year),
        criteria(given=given_name, date_of_birth=born),
        criteria(family=family_name, date_of_birth=born),
        criteria(family=family_name, date_of_birth=born + timedelta(days=1)),
        criteria(family=family_name, date_of_birth=born - timedelta(days=1)),
        criteria(number=NUMBERS[0]),
    ):
        assert found(asked, filed), asked


@given(slips(typed_names), slips(typed_names), births)
@unhurried
def test_shielded_child_is_found_with_a_slip_in_either_name(
    given_name: tuple[str, str], family_name: tuple[str, str], born: date
) -> None:
    filed = child(given_name[0], family_name[0], born)
    for asked in ((given_name[1], family_name[0]), (given_name[0], family_name[1]), (given_name[1], family_name[1])):
        assert found(criteria(given=asked[0], family=asked[1], date_of_birth=born), filed)


@given(names, births)
@unhurried
def test_shielded_child_of_one_name_is_found(name: str, born: date) -> None:
    for filed in (child(name, "", born), child("", name, born)):
        assert found(criteria(given=name, date_of_birth=born), filed)
        assert found(criteria(family=name, date_of_birth=born), filed)


@pytest.mark.parametrize("version", [FIRST, NEWEST])
def test_shielded_child_is_found_in_an_index_of_either_version(version: int) -> None:
    filed = child("Amelia", "Hussain", BORN)
    assert found(criteria(given="Amelja", family="Hussain", date_of_birth=BORN), filed, version)
    assert found(criteria(given="Amelia", family="Husain", date_of_birth=BORN), filed, version)


def test_slots_are_asked_for_only_where_no_given_name_is_known() -> None:
    asked = [
        len(plain_tokens(criteria(given=given_name, family="Hussain", date_of_birth=BORN), TOKENS))
        for given_name in ("", "Amelia")
    ]
    assert asked[0] == 1 + SLOTS
    assert asked[1] < SLOTS


def test_slots_lead_to_shielded_children_alone() -> None:
    asking = Corroborating(criteria(family="Hussain", date_of_birth=BORN), TOKENS)
    wanted = asking.wanted(plain_tokens)
    assert wanted.corroborated == {
        TOKENS.token("date-family", BORN.isoformat(), phonetics.sound("hussain"), str(slot)) for slot in range(SLOTS)
    }
    for token in wanted.corroborated:
        assert wanted.leads_to({token}, shielded=True)
        assert not wanted.leads_to({token}, shielded=False)
