"""Token families: whoever was filed is found by what a person in a hurry knows of them."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bench.leakage.knowledge import Labels
from encryption.tokens import Tokeniser
from registry.search.births import is_made_up
from registry.search.criteria import Criteria
from registry.search.families import FIRST, NEWEST, SCHEMES, child_tokens, near_tokens, plain_tokens, wider_tokens
from registry.search.normalise import LONGEST_WORD, PARTICLES
from registry.search.queries import MOST_TOKENS_ASKED
from registry.values import Summary
from registry.vocabulary import NameKind
from tests.unit.registry.slips import ALPHABET, slips
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
FOUND = date(2017, 4, 9)
MONTHS = 12
typed_names = st.text(ALPHABET, min_size=5, max_size=20)
unhurried = settings(deadline=None)


def child(given_name: str, family_name: str, born: date, **values: object) -> Summary:
    return summary(((NameKind.LEGAL, given_name, family_name),), date_of_birth=born, **values)  # type: ignore[arg-type]


def found_plainly(asked: Criteria, filed: Summary) -> bool:
    return bool(plain_tokens(asked, TOKENS) & child_tokens(filed, TOKENS))


def found(asked: Criteria, filed: Summary) -> bool:
    return bool(asked_for(asked) & child_tokens(filed, TOKENS))


def asked_for(asked: Criteria) -> set[int]:
    return set().union(*(stage(asked, TOKENS) for stage in SCHEMES[NEWEST].stages))


def neighbours(born: date) -> list[date]:
    """A day, a month and a year beside it, and day and month swapped."""
    months = [divmod(born.year * MONTHS + born.month - 1 + months, MONTHS) for months in (-MONTHS, -1, 1, MONTHS)]
    beside = [date(year, month + 1, min(born.day, 28)) for year, month in months]
    swapped = [date(born.year, born.day, born.month)] if born.day <= MONTHS else []
    return [born - timedelta(days=1), born + timedelta(days=1), *beside, *swapped]


def age_on(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


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


@given(slips(typed_names), plain_names, births)
@unhurried
def test_slip_in_given_name_is_found(slip: tuple[str, str], family_name: str, born: date) -> None:
    right, wrong = slip
    filed = child(right, family_name, born)
    assert found(criteria(given=wrong, family=family_name, date_of_birth=born), filed)
    assert found(criteria(given=wrong, family=family_name, age=age_on(born, TODAY)), filed)


@given(plain_names, slips(typed_names), births)
@unhurried
def test_slip_in_family_name_is_found(given_name: str, slip: tuple[str, str], born: date) -> None:
    right, wrong = slip
    filed = child(given_name, right, born)
    assert found(criteria(given=given_name, family=wrong, date_of_birth=born), filed)
    assert found(criteria(given=given_name, family=wrong, age=age_on(born, TODAY)), filed)


@given(slips(typed_names), slips(typed_names), births)
@unhurried
def test_slip_in_both_names_with_the_date_is_found(
    given_name: tuple[str, str], family_name: tuple[str, str], born: date
) -> None:
    filed = child(given_name[0], family_name[0], born)
    assert found(criteria(given=given_name[1], family=family_name[1], date_of_birth=born), filed)


@given(slips(typed_names), slips(typed_names), births.filter(lambda born: not is_made_up(born)), st.data())
@unhurried
def test_slip_in_both_names_and_a_neighbour_of_the_date_are_found(
    given_name: tuple[str, str], family_name: tuple[str, str], born: date, data: st.DataObject
) -> None:
    filed = child(given_name[0], family_name[0], data.draw(st.sampled_from(neighbours(born))))
    assert found(criteria(given=given_name[1], family=family_name[1], date_of_birth=born), filed)


@given(names, names, births, st.integers(-1, 1))
@unhurried
def test_names_and_the_year_find_the_child(given_name: str, family_name: str, born: date, years: int) -> None:
    filed = child(given_name, family_name, born)
    assert found_plainly(criteria(given=given_name, family=family_name, year_of_birth=born.year), filed)
    assert found(criteria(given=family_name, family=given_name, year_of_birth=born.year + years), filed)


@given(slips(typed_names), slips(typed_names), births, st.data())
@unhurried
def test_slip_in_both_names_with_the_month_is_found(
    given_name: tuple[str, str], family_name: tuple[str, str], born: date, data: st.DataObject
) -> None:
    year, month = divmod(born.year * MONTHS + born.month - 1 + data.draw(st.sampled_from((-1, 0, 1))), MONTHS)
    asked = criteria(given=given_name[1], family=family_name[1], year_of_birth=year, month_of_birth=month + 1)
    assert found(asked, child(given_name[0], family_name[0], born))


@given(slips(typed_names), slips(typed_names), births)
@unhurried
def test_slip_in_both_names_with_the_district_is_found(
    given_name: tuple[str, str], family_name: tuple[str, str], born: date
) -> None:
    asked = criteria(given=given_name[1], family=family_name[1], age=age_on(born, TODAY), postcode="M33")
    assert found(asked, child(given_name[0], family_name[0], born))


@pytest.mark.parametrize(("asked", "most"), [("Oliver", 8), ("Olivwr", 100)])
def test_a_given_name_that_the_tables_know_needs_fewer_tokens(asked: str, most: int) -> None:
    labels = Labels()
    SCHEMES[NEWEST].stages[-1](criteria(given=asked, family="Harris", date_of_birth=date(2017, 6, 20)), labels)
    of_halves = [parts for parts in labels.numbers if parts[0] == "month-halves"]
    assert 0 < len(of_halves) <= most
    filed = child("Oliver", "Harris", date(2016, 6, 20))
    assert found(criteria(given=asked, family="Jarris", date_of_birth=date(2017, 6, 20)), filed)


def test_an_index_of_the_first_version_is_asked_as_it_was_filed() -> None:
    first = SCHEMES[FIRST]
    filed = child("Oliver", "Hargreaves", date(2017, 4, 9), postcode="")
    asked = criteria(given="Olivwr", family="Hargreabes", date_of_birth=date(2017, 4, 9))
    stages = set().union(*(stage(asked, TOKENS) for stage in first.stages))
    assert {TOKENS.token("day-halves", "ol-", "har-", "04-09")} <= stages & first.child_tokens(filed, TOKENS)
    assert not asked_for(asked) & {TOKENS.token("day-halves", "ol-", "har-", "04-09")}
    assert not stages & {TOKENS.token("month-halves", "ol-", "har-", "2017-04")}


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
@example("Ann", "a" * LONGEST_WORD, "Hill", FOUND)  # its first part is all that counts of the name
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
        assert found_plainly(criteria(given="Suharto", family="Suharto", age=age_on(born, TODAY)), filed)
        assert found_plainly(criteria(given="Suharto", family="Suharto", postcode="M33"), filed)


@pytest.mark.parametrize("number", [NHS_NUMBER, PUPIL_NUMBER, OWN_NUMBER])
def test_number_finds_the_child_by_itself(number: str) -> None:
    filed = summary(numbers=(NHS_NUMBER, PUPIL_NUMBER))
    assert plain_tokens(criteria(number=number), TOKENS) <= child_tokens(filed, TOKENS)
    for wider in (near_tokens, wider_tokens):
        assert wider(criteria(number=number), TOKENS) == set()


def test_number_of_another_child_finds_nobody() -> None:
    assert not found(criteria(number="4010232137"), summary())


def test_child_without_postcode_is_filed_under_no_place() -> None:
    filed = child_tokens(summary(postcode=""), TOKENS)
    for place in ("", "M33", "M33 4AB"):
        asked = criteria(given="Amina", family="Hussain", postcode=place)
        assert not asked_for(asked) & filed


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
    assert len(child_tokens(filed, TOKENS)) <= 64
    for each in (asked, dated):
        assert all(len(stage(each, TOKENS)) <= MOST_TOKENS_ASKED for stage in SCHEMES[NEWEST].stages)
        assert found_plainly(each, filed)


def test_tokens_of_an_endless_name_are_those_of_its_beginning() -> None:
    endless = ALPHABET * 4
    whole = child_tokens(child(endless, endless, date(2017, 4, 9)), TOKENS)
    assert whole == child_tokens(child(endless[:LONGEST_WORD], endless[:LONGEST_WORD], date(2017, 4, 9)), TOKENS)


@given(names, names, births)
@unhurried
def test_tokens_fit_the_database(given_name: str, family_name: str, born: date) -> None:
    """PostgreSQL's int4 and the bits of the epoch hold them."""
    for bits in (8, 12, 31):
        made = child_tokens(child(given_name, family_name, born), Tokeniser(epoch=1, bits=bits))
        assert all(0 <= token < 1 << bits for token in made)


def test_tokens_of_another_epoch_are_others() -> None:
    assert len(child_tokens(summary(), TOKENS) & child_tokens(summary(), Tokeniser(epoch=2, bits=31))) == 0


@given(names, names, births, st.text(max_size=20), st.text(max_size=20))
@unhurried
def test_stages_of_anything_are_bounded(given_name: str, family_name: str, born: date, house: str, street: str) -> None:
    for asked in (
        criteria(given=given_name, family=family_name, date_of_birth=born, postcode="M33 4AB"),
        criteria(given=given_name, family=family_name, age=8, postcode="M33 4", house=house, street=street),
        criteria(given=given_name, date_of_birth=born, postcode="M33 4AB"),
    ):
        assert all(len(stage(asked, TOKENS)) <= MOST_TOKENS_ASKED for stage in SCHEMES[NEWEST].stages)


@pytest.mark.parametrize(
    ("given_name", "family_name", "most"),
    [("Amina", "Hussain", 32), ("Jack Thomas", "Al-Hassan", 32), ("Oliver James", "Smith-Jones", 32)],
)
def test_typical_child_has_a_row_of_32(given_name: str, family_name: str, most: int) -> None:
    filed = child(given_name, family_name, date(2017, 4, 9), numbers=(NHS_NUMBER, PUPIL_NUMBER), lines="33 Oak Road")
    assert len(child_tokens(filed, TOKENS)) <= most


@pytest.mark.parametrize(
    ("filed", "asked"),
    [
        (("Layla", "Al-Hassan"), {"given": "Layla", "family": "Hassan", "age": 8}),
        (("Layla", "Hassan"), {"given": "Layla", "family": "Al-Hassan", "age": 8}),
        (("Sean", "O'Brien"), {"given": "Sean", "family": "Obrien", "age": 8}),
        (("Ana", "García López de Vega"), {"given": "Ana", "family": "Lopez", "age": 8}),
        (("William", "Smith"), {"given": "Bill", "family": "Smith", "age": 8}),
        (("Bill", "Smith"), {"given": "William", "family": "Smith", "age": 8}),
        (("Siobhan", "Kelly"), {"given": "Shivaun", "family": "Kelly", "age": 8}),
        (("Wei", "Zhang"), {"given": "Wei", "family": "Chang", "age": 8}),
        (("Muhammad", "Chowdhury"), {"given": "Mohamed", "family": "Chaudhry", "age": 8}),
        (("John", "Smith"), {"given": "J", "family": "Smith", "date_of_birth": FOUND}),
        (("John", "Smith"), {"given": "Smith", "date_of_birth": FOUND}),
        (("John", "Smith"), {"family": "Smith", "date_of_birth": date(2017, 4, 8)}),
        (("John", "Smith"), {"given": "John", "family": "Smyth", "date_of_birth": date(2007, 4, 9)}),
        (("John", "Smith"), {"given": "Jack", "family": "Smith", "date_of_birth": date(2016, 4, 9)}),
        (("Amelia", "Smith"), {"given": "Zzelia", "family": "Smith", "date_of_birth": date(2017, 4, 19)}),
        (("John", "Smith"), {"given": "John", "family": "Smith", "postcode": "M33 4"}),
        (("John", "Smith"), {"given": "John", "family": "Smith", "postcode": "M34 4AB"}),
        (("John", "Smith"), {"family": "Smith", "postcode": "N33 4AB"}),
        (("John", "Smith"), {"family": "Smith", "postcode": "M33 4AC"}),
        (("John", "Smith"), {"family": "Smith", "house": "33", "street": "Oak Rd"}),
        (("John", "Smith"), {"given": "John", "house": "33", "street": "Oak"}),
    ],
)
def test_families_serve_their_purpose(filed: tuple[str, str], asked: dict[str, object]) -> None:
    assert found(criteria(**asked), child(*filed, FOUND, lines="33 Oak Road"))


@pytest.mark.parametrize(
    ("filed", "given_name", "family_name"),
    [
        (("Charlotte", "Cooper"), "Lottie", "Cooper"),
        (("Muhammad", "Gilani"), "Mohammed", "Gilani"),
        (("Thomas", "Hinchliffe"), "Hinchliffe", "Thomas"),
        (("Oliver", "Harris"), "Oliver", "Hqrris"),
    ],
)
@pytest.mark.parametrize(
    ("born", "asked"),
    [
        (date(2010, 5, 19), date(2010, 5, 20)),
        (date(2016, 12, 31), date(2017, 1, 1)),
        (date(2017, 1, 12), date(2016, 12, 12)),
    ],
)
def test_a_name_and_a_neighbour_of_the_date_wrong_find_the_child(
    filed: tuple[str, str], given_name: str, family_name: str, born: date, asked: date
) -> None:
    assert found(criteria(given=given_name, family=family_name, date_of_birth=asked), child(*filed, born))


def test_first_of_january_is_a_year_only() -> None:
    filed = child("Amina", "Hussain", date(2012, 1, 1))
    assert found(criteria(given="Amina", family="Hussain", date_of_birth=date(2012, 5, 9)), filed)
    assert found(criteria(given="Amina", family="Hussain", date_of_birth=date(2011, 1, 1)), filed)
    assert found_plainly(criteria(family="Hussain", date_of_birth=date(2012, 1, 1)), filed)
    other = child("Aliya", "Hamdan", date(2012, 1, 1), postcode="", numbers=())
    assert child_tokens(filed, TOKENS) & child_tokens(other, TOKENS) <= {TOKENS.token("number", OWN_NUMBER)}


@given(plain_names, births)
@unhurried
def test_years_of_an_age_span_its_neighbours(given_name: str, born: date) -> None:
    age = max(0, age_on(born, TODAY) - 1)
    assert found_plainly(criteria(given=given_name, family="Quaye", age=age), child(given_name, "Quaye", born))
