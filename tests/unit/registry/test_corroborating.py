"""What leads to a child by itself, and what only to one who has another of it: hardly anybody is left out by that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from encryption.tokens import Tokeniser
from registry.policies.disclosure import summary_shown
from registry.search import phonetics
from registry.search.corroborating import MOST_BESIDE, Corroborating, Wanted
from registry.search.criteria import Criteria
from registry.search.families import NEWEST, SCHEMES, child_tokens
from registry.search.queries import MOST_TOKENS_ASKED
from registry.values import Summary
from registry.vocabulary import NameKind
from tests.unit.registry.slips import ALPHABET, slips
from tests.unit.registry.values import births, criteria, names, summary

TOKENS = Tokeniser(epoch=1, bits=31)
STAGES = SCHEMES[NEWEST].stages
BORN = date(2017, 4, 9)
plain, near, wide = range(3)
words = st.text(ALPHABET, min_size=5, max_size=12)


def child(given_name: str, family_name: str, born: date = BORN, postcode: str = "M33 4AB") -> Summary:
    return summary(((NameKind.LEGAL, given_name, family_name),), date_of_birth=born, postcode=postcode)


def wanted(asked: Criteria) -> list[Wanted]:
    asking = Corroborating(asked, TOKENS)
    return [asking.wanted(make_tokens) for make_tokens in STAGES]


def found(asked: Criteria, filed: Summary) -> bool:
    return any(each.leads_to(child_tokens(filed, TOKENS), shielded=filed.shielded) for each in wanted(asked))


def leading(asked: Criteria) -> list[set[int]]:
    return [set(each.alone | each.corroborated) for each in wanted(asked)]


@given(slips(words), words, births, st.integers(-1, 1))
@settings(deadline=None)
def test_a_typing_error_and_the_day_one_out_is_found_where_an_initial_is_right(
    given_name: tuple[str, str], family_name: str, born: date, days: int
) -> None:
    right, wrong = given_name
    assume(phonetics.initial(right) == phonetics.initial(wrong) and (born.month, born.day) != (1, 1))
    asked = criteria(given=wrong, family=family_name, date_of_birth=born + timedelta(days=days))
    assert found(asked, child(right, family_name, born))


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [("Olivwr", "Hargreabes"), ("Hargreaves", "Oliver"), ("Charlotte", "Hargreaves"), ("Oliver", "Jargreaves")],
)
@pytest.mark.parametrize("born", [BORN, BORN + timedelta(days=1), date(2017, 1, 1)])
def test_two_mistakes_are_found(given_name: str, family_name: str, born: date) -> None:
    filed = child("Lottie" if given_name == "Charlotte" else "Oliver", "Hargreaves")
    assert found(criteria(given=given_name, family=family_name, date_of_birth=born), filed)


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [("Olivwr", "Hargreaves"), ("Oliver", "Hargreabes"), ("Hargreaves", "Oliver"), ("Olivwr", "Hargreabes")],
)
@pytest.mark.parametrize("born", [BORN, BORN + timedelta(days=1), date(2016, 4, 9), date(2017, 9, 4)])
def test_a_shielded_child_is_found_by_visible_fields_with_the_same_mistakes(
    given_name: str, family_name: str, born: date
) -> None:
    filed = summary_shown(replace(child("Oliver", "Hargreaves"), shielded=True))
    assert filed.postcode == ""
    assert found(criteria(given=given_name, family=family_name, date_of_birth=born), filed)


def test_with_both_initials_wrong_the_month_and_both_endings_must_be_right() -> None:
    asked = {"given": "Kliver", "family": "Jargreaves"}
    assert found(criteria(**asked, date_of_birth=date(2017, 4, 8)), child("Oliver", "Hargreaves"))
    assert not found(criteria(**asked, date_of_birth=date(2017, 5, 9)), child("Oliver", "Hargreaves"))


@pytest.mark.parametrize(
    "typed", [{"date_of_birth": date(2017, 11, 23)}, {"age": 9}, {"date_of_birth": date(2017, 1, 1)}]
)
def test_names_as_they_are_lead_alone_whatever_day_of_the_year_is_meant(typed: dict[str, object]) -> None:
    assert found(criteria(given="Oliver", family="Hargreaves", **typed), child("Oliver", "Hargreaves", postcode=""))
    assert found(criteria(given="Hargreaves", family="Oliver", **typed), child("Oliver", "Hargreaves", postcode=""))


def test_both_initials_on_the_date_are_enough() -> None:
    asked = criteria(given="Yxsxmi", family="Kxx", date_of_birth=BORN)
    assert found(asked, child("Yasemin", "Koc"))
    assert not found(asked, child("Yasemin", "Moc")), "one initial is not"


@pytest.mark.parametrize("typed", [{"date_of_birth": BORN}, {"age": 9}])
def test_whoever_has_one_of_the_tokens_by_chance_is_not_led_to(typed: dict[str, object]) -> None:
    for each in wanted(criteria(given="Amina", family="Okafor", **typed)):
        assert all(not each.leads_to({token}, shielded=False) for token in each.corroborated | each.beside)
        assert all(each.leads_to({token}, shielded=False) for token in each.alone)
        assert all(each.leads_to({token, min(each.beside)}, shielded=False) for token in each.corroborated)


@pytest.mark.parametrize("typed", [{"date_of_birth": BORN}, {"age": 9}])
def test_what_is_to_be_corroborated_leads_to_a_shielded_child_and_what_is_beside_to_nobody(
    typed: dict[str, object],
) -> None:
    for each in wanted(criteria(given="Amina", family="Okafor", **typed)):
        assert all(each.leads_to({token}, shielded=True) for token in each.alone | each.corroborated)
        for shielded in (False, True):
            assert not each.leads_to(set(each.beside), shielded=shielded)


def test_few_tokens_lead_alone_where_a_date_is_known() -> None:
    for given_name, family_name in (("Olivwr", "Hargreabes"), ("Lottie", "Cooper"), ("Muhamad", "Ahmed")):
        asked = criteria(given=given_name, family=family_name, date_of_birth=BORN)
        assert sum(len(each.alone) for each in wanted(asked)) <= 8
        assert sum(len(each.corroborated) for each in wanted(asked)) > 30


@pytest.mark.parametrize(
    "typed",
    [
        {"number": "9434765919"},
        {"number": "9434765919", "given": "Amina", "family": "Okafor", "date_of_birth": BORN},
        {"given": "Amina", "date_of_birth": BORN},
        {"given": "Amina", "date_of_birth": BORN, "postcode": "M33 4AB"},
        {"family": "Okafor", "house": "12", "street": "Rose Close"},
        {"given": "Amina", "family": "Okafor", "postcode": "M33"},
    ],
)
def test_who_knows_little_is_led_by_each_token(typed: dict[str, object]) -> None:
    asked = criteria(**typed)
    assert all(not each.corroborated and not each.beside for each in wanted(asked))


@given(names, names, births, st.text(max_size=20))
@settings(deadline=None)
def test_all_that_the_stages_ask_is_asked_once_and_bounded(
    given_name: str, family_name: str, born: date, street: str
) -> None:
    for asked in (
        criteria(given=given_name, family=family_name, date_of_birth=born, postcode="M33 4AB"),
        criteria(given=given_name, family=family_name, age=8, postcode="M33 4", street=street),
        criteria(given="-".join(ALPHABET), family=" ".join(ALPHABET), date_of_birth=born),
    ):
        every = leading(asked)
        made = set().union(*(make(asked, TOKENS) for make in STAGES))
        assert set().union(*every) <= made <= set().union(*every) | wanted(asked)[plain].beside
        assert sum(map(len, every)) == len(set().union(*every))
        for each in wanted(asked):
            assert not each.alone & each.corroborated
            assert len(each.alone | each.corroborated) <= MOST_TOKENS_ASKED
            assert len(each.beside) <= MOST_BESIDE
