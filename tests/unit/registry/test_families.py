"""Token families: whoever was filed is found by what a person in a hurry knows of them."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from encryption.tokens import Tokeniser
from registry.search.criteria import Criteria
from registry.search.families import LONGEST_NAME, MOST_TOKENS_ASKED, child_tokens, forms_of, plain_tokens, wider_tokens
from registry.search.normalise import PARTICLES
from registry.values import Summary
from registry.vocabulary import NameKind
from tests.unit.registry.values import (
    NHS_NUMBER,
    OWN_NUMBER,
    PUPIL_NUMBER,
    TODAY,
    births,
    criteria,
    names,
    plain_names,
    summary,
)

# The longest tokens there are: what is found here is not found by chance.
TOKENS = Tokeniser(epoch=1, bits=31)
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
unhurried = settings(deadline=None)


def child(given_name: str, family_name: str, born: date, **values: object) -> Summary:
    return summary(((NameKind.LEGAL, given_name, family_name),), date_of_birth=born, **values)  # type: ignore[arg-type]


def found_plainly(asked: Criteria, filed: Summary) -> bool:
    return bool(plain_tokens(asked, TOKENS) & child_tokens(filed, TOKENS))


def found(asked: Criteria, filed: Summary) -> bool:
    return bool((plain_tokens(asked, TOKENS) | wider_tokens(asked, TOKENS)) & child_tokens(filed, TOKENS))


def age_on(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@st.composite
def slips(draw: st.DrawFn, word: st.SearchStrategy[str] = plain_names) -> tuple[str, str]:
    """A name, and the same name with one typing error anywhere."""
    right = draw(word)
    place, letter = draw(st.integers(0, len(right) - 1)), draw(st.sampled_from(ALPHABET))
    kind = draw(st.sampled_from(["insert", "delete", "change", "swap"]))
    before, after = right[:place], right[place:]
    wrong = {
        "insert": before + letter + after,
        "delete": before + after[1:],
        "change": before + letter + after[1:],
        "swap": before + after[1:2] + after[:1] + after[2:],
    }[kind]
    return right, wrong


@given(names, names, births)
@unhurried
def test_names_and_date_find_the_child_plainly(given_name: str, family_name: str, born: date) -> None:
    filed = child(given_name, family_name, born)
    assert found_plainly(criteria(given=given_name, family=family_name, date_of_birth=born), filed)
    assert found_plainly(criteria(given=given_name, date_of_birth=born), filed)
    assert found_plainly(criteria(family=family_name, date_of_birth=born), filed)


@given(names, names, births)
@unhurried
def test_names_and_postcode_find_the_child_plainly(given_name: str, family_name: str, born: date) -> None:
    filed = child(given_name, family_name, born)
    assert found_plainly(criteria(given=given_name, family=family_name, postcode="M33"), filed)
    assert found_plainly(criteria(given=given_name, postcode="M33 4AB"), filed)
    assert found_plainly(criteria(family=family_name, postcode="M33 4AB"), filed)


@given(names, names, births, st.integers(-1, 1))
@unhurried
def test_names_and_guessed_age_find_the_child_plainly(
    given_name: str, family_name: str, born: date, guess: int
) -> None:
    age = age_on(born, TODAY) + guess
    assume(age >= 0)
    assert found_plainly(criteria(given=given_name, family=family_name, age=age), child(given_name, family_name, born))


@given(names, names, births)
@unhurried
def test_names_the_other_way_round_find_the_child(given_name: str, family_name: str, born: date) -> None:
    filed = child(given_name, family_name, born)
    assert found(criteria(given=family_name, family=given_name, date_of_birth=born), filed)
    assert found(criteria(given=family_name, family=given_name, age=age_on(born, TODAY)), filed)


@given(slips(), names, births)
@unhurried
def test_slip_in_given_name_is_found(slip: tuple[str, str], family_name: str, born: date) -> None:
    right, wrong = slip
    filed = child(right, family_name, born)
    assert found(criteria(given=wrong, family=family_name, date_of_birth=born), filed)
    assert found(criteria(given=wrong, family=family_name, age=age_on(born, TODAY)), filed)


@given(names, slips(), births)
@unhurried
def test_slip_in_family_name_is_found(given_name: str, slip: tuple[str, str], born: date) -> None:
    right, wrong = slip
    filed = child(given_name, right, born)
    assert found(criteria(given=given_name, family=wrong, date_of_birth=born), filed)
    assert found(criteria(given=given_name, family=wrong, age=age_on(born, TODAY)), filed)


@given(slips(), slips(), births)
@unhurried
def test_slip_in_both_names_with_the_date_is_found(
    given_name: tuple[str, str], family_name: tuple[str, str], born: date
) -> None:
    # One of the four initials must be right: the date with neither is another child.
    assume(given_name[0][0] == given_name[1][0] or family_name[0][0] == family_name[1][0])
    filed = child(given_name[0], family_name[0], born)
    assert found_plainly(criteria(given=given_name[1], family=family_name[1], date_of_birth=born), filed)


@given(names, names, st.dates(date(2001, 1, 1), date(2025, 12, 31)).filter(lambda born: born.day <= 12))
@unhurried
def test_day_and_month_swapped_is_found(given_name: str, family_name: str, born: date) -> None:
    filed = child(given_name, family_name, born)
    swapped = date(born.year, born.day, born.month)
    assert found(criteria(given=given_name, family=family_name, date_of_birth=swapped), filed)
    assert found(criteria(given=given_name, date_of_birth=swapped), filed)
    assert found(criteria(family=family_name, date_of_birth=swapped), filed)


@given(names, names, births.filter(lambda born: (born.month, born.day) != (2, 29)), st.sampled_from([-1, 1]))
@unhurried
def test_year_of_birth_one_out_is_found(given_name: str, family_name: str, born: date, years: int) -> None:
    asked = criteria(family=family_name, date_of_birth=born.replace(year=born.year + years))
    assert found(asked, child(given_name, family_name, born))


@given(names, names, st.integers(2001, 2025), st.integers(1, 12), st.integers(1, 28), st.data())
@unhurried
def test_one_part_of_the_date_wrong_is_found_by_both_names(
    given_name: str, family_name: str, year: int, month: int, day: int, data: st.DataObject
) -> None:
    filed = child(given_name, family_name, date(year, month, day))
    meant = {"year": year, "month": month, "day": day}
    part, highest = data.draw(st.sampled_from([("month", 12), ("day", 28)]))
    meant[part] = data.draw(st.integers(1, highest))
    assert found(criteria(given=given_name, family=family_name, date_of_birth=date(**meant)), filed)


@given(plain_names, plain_names, plain_names, births)
@unhurried
def test_half_of_a_double_barrelled_name_is_found(given_name: str, one: str, other: str, born: date) -> None:
    assume(one not in PARTICLES and other not in PARTICLES)  # "del-Toro" is one name, not two
    filed = child(given_name, f"{one}-{other}", born)
    for half in (one, other):
        assert found_plainly(criteria(given=given_name, family=half, age=age_on(born, TODAY)), filed)


@given(names, names, births)
@unhurried
def test_former_name_is_found_and_other_names_are_not_mixed(given_name: str, family_name: str, born: date) -> None:
    filed = summary(((NameKind.LEGAL, "Zo", "Quaye"), (NameKind.FORMER, given_name, family_name)), date_of_birth=born)
    assert found_plainly(criteria(given=given_name, family=family_name, date_of_birth=born), filed)


@given(births)
@unhurried
def test_child_with_one_name_only_is_found(born: date) -> None:
    for filed in (child("Suharto", "", born), child("", "Suharto", born)):
        assert found_plainly(criteria(given="Suharto", date_of_birth=born), filed)
        assert found_plainly(criteria(family="Suharto", date_of_birth=born), filed)
        assert found_plainly(criteria(given="Suharto", postcode="M33 4AB"), filed)


@pytest.mark.parametrize("number", [NHS_NUMBER, PUPIL_NUMBER, OWN_NUMBER])
def test_number_finds_the_child_by_itself(number: str) -> None:
    filed = summary(numbers=(NHS_NUMBER, PUPIL_NUMBER))
    assert plain_tokens(criteria(number=number), TOKENS) <= child_tokens(filed, TOKENS)
    assert wider_tokens(criteria(number=number), TOKENS) == set()


def test_number_of_another_child_finds_nobody() -> None:
    assert not found(criteria(number="4010232137"), summary())


def test_child_without_postcode_is_filed_under_no_place() -> None:
    filed = child_tokens(summary(postcode=""), TOKENS)
    for place in ("", "M33", "M33 4AB"):
        asked = criteria(given="Amina", family="Hussain", postcode=place)
        assert not plain_tokens(asked, TOKENS) & filed
        assert not wider_tokens(asked, TOKENS) & filed


def test_family_never_stands_on_names_alone() -> None:
    """Children who share both names and nothing else share no token: public name counts would give those away."""
    same_names = [
        child("Amina", "Hussain", date(2017, 4, 9), postcode="M33 4AB", numbers=()),
        child("Amina", "Hussain", date(2012, 8, 21), postcode="OL1 2CD", numbers=()),
        child("Amina", "Hussain", date(2009, 11, 30), postcode="", numbers=()),
    ]
    own = TOKENS.token("number", OWN_NUMBER)
    for one, other in combinations(same_names, 2):
        assert child_tokens(one, TOKENS) & child_tokens(other, TOKENS) <= {own}


@pytest.mark.parametrize(
    "name",
    ["a" * 100, "ab" * 50, "-".join("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxy"), "Mary-" * 50, "王" * 50],
)
def test_tokens_of_an_endless_name_are_bounded(name: str) -> None:
    filed = child(name, name, date(2017, 4, 9))
    asked = criteria(given=name, family=name, age=8, postcode="M33 4AB")
    dated = criteria(given=name, family=name, date_of_birth=date(2017, 4, 9), postcode="M33 4AB")
    assert len(child_tokens(filed, TOKENS)) <= 9 * 60
    for each in (asked, dated):
        assert len(plain_tokens(each, TOKENS)) <= 100
        assert len(wider_tokens(each, TOKENS)) <= MOST_TOKENS_ASKED
        assert found_plainly(each, filed)


def test_tokens_of_an_endless_name_are_those_of_its_beginning() -> None:
    endless = ALPHABET * 4
    whole = child_tokens(child(endless, endless, date(2017, 4, 9)), TOKENS)
    assert whole == child_tokens(child(endless[:LONGEST_NAME], endless[:LONGEST_NAME], date(2017, 4, 9)), TOKENS)


@given(names, names, births)
@unhurried
def test_tokens_fit_the_database(given_name: str, family_name: str, born: date) -> None:
    """PostgreSQL's int4 and the bits of the epoch hold them."""
    for bits in (8, 12, 31):
        made = child_tokens(child(given_name, family_name, born), Tokeniser(epoch=1, bits=bits))
        assert all(0 <= token < 1 << bits for token in made)


def test_tokens_of_another_epoch_are_others() -> None:
    assert len(child_tokens(summary(), TOKENS) & child_tokens(summary(), Tokeniser(epoch=2, bits=31))) == 0


def test_forms_of_a_name_are_the_whole_and_its_parts() -> None:
    forms = forms_of("Mary Jane", "Smith-Jones")
    assert forms.given == ("maryjane", "mary", "jane")
    assert forms.family == ("smithjones", "smith", "jones")
    assert forms_of("", "").given == ()
