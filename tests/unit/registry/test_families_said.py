"""What is said of a child leads to the record: with one thing wrong in it two tokens are in common at least."""

from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from encryption.tokens import Tokeniser
from registry.search import births, phonetics
from registry.search.families import SAID_BY, child_tokens, said_of
from registry.values import Summary, SummaryName
from registry.vocabulary import NameKind
from tests.unit.registry.slips import slips
from tests.unit.registry.test_families import typed_names, unhurried
from tests.unit.registry.values import summary

TOKENS = Tokeniser(epoch=1, bits=31)
dates = st.dates(date(2008, 1, 1), date(2026, 3, 14))


def child(given_name: str, family_name: str, born: date) -> Summary:
    return summary(((NameKind.LEGAL, given_name, family_name),), date_of_birth=born, numbers=())


def in_common(said: Summary, filed: Summary) -> int:
    return len(said_of(said, TOKENS) & child_tokens(filed, TOKENS))


@given(slips(typed_names), slips(typed_names), dates)
@unhurried
def test_slip_in_a_name_leaves_two_in_common(one: tuple[str, str], other: tuple[str, str], born: date) -> None:
    filed = child(one[0], other[0], born)
    assert in_common(child(one[1], other[0], born), filed) > 1
    assert in_common(child(one[0], other[1], born), filed) > 1


@given(typed_names, typed_names, dates, st.data())
@unhurried
def test_another_date_leaves_two_in_common(one: str, other: str, born: date, data: st.DataObject) -> None:
    assume(phonetics.sound(one) != phonetics.sound(other))  # of one name twice there are fewer
    meant = data.draw(st.sampled_from(births.slips(born)))
    assert in_common(child(one, other, meant), child(one, other, born)) > 1


@given(typed_names, typed_names, dates)
@unhurried
def test_names_the_other_way_round_and_another_home_leave_two(one: str, other: str, born: date) -> None:
    filed = child(one, other, born)
    assert in_common(child(other, one, born), filed) > 1
    assert in_common(replace(filed, postcode="LA9 4AA"), filed) > 1


def test_short_form_of_who_moved_is_asked_for_by_the_whole_name() -> None:
    filed, born = child("William", "Turner", date(2017, 4, 9)), date(2017, 4, 9)
    assert in_common(replace(child("Bill", "Turner", born), postcode="LA9 4AA"), filed) > 1


def test_former_names_are_said_too() -> None:
    filed = child("Amina", "Malik", date(2017, 4, 9))
    names = (SummaryName(NameKind.LEGAL, "Amina", "Quaye"), SummaryName(NameKind.FORMER, "Amina", "Malik"))
    assert in_common(replace(filed, names=names), filed) > 1


def test_no_more_is_asked_than_a_child_would_be_filed_under_and_its_forms() -> None:
    filed = child("Xyvandra", "Zorro", date(2017, 4, 9))
    assert said_of(filed, TOKENS) < child_tokens(filed, TOKENS)
    assert len(said_of(filed, TOKENS)) < 20
    assert "date-initial" not in SAID_BY
