"""What a search asks for at once, lest a namesake end it before the child who is meant was looked at."""

from datetime import date

import pytest

from encryption.tokens import Tokeniser
from registry.search.families import child_tokens, plain_tokens
from registry.search.queries import MOST_KNOWN_PLAINLY, slipped_postcodes
from registry.vocabulary import NameKind
from tests.unit.registry.values import criteria, summary

TOKENS = Tokeniser(epoch=1, bits=31)


@pytest.mark.parametrize(
    ("names", "asked", "born"),
    [
        (("Lottie", "Cooper"), date(2017, 4, 10), date(2017, 4, 9)),
        (("Charlotte", "Cowper"), date(2017, 4, 10), date(2017, 4, 9)),
        (("Charlotte", "Cooper"), date(2017, 1, 9), date(2016, 12, 9)),
        (("Charlotte", "Cooper"), date(2016, 12, 31), date(2017, 1, 1)),
    ],
)
def test_another_form_of_a_name_and_a_year_beside_are_asked_for_plainly(
    names: tuple[str, str], asked: date, born: date
) -> None:
    filed = summary(((NameKind.LEGAL, "Charlotte", "Cooper"),), date_of_birth=born)
    wanted = plain_tokens(criteria(given=names[0], family=names[1], date_of_birth=asked), TOKENS)
    assert wanted & child_tokens(filed, TOKENS)


def test_a_plain_search_asks_for_few_forms_of_a_name_however_many_there_are() -> None:
    many = plain_tokens(criteria(given="Elizabeth", family="Macdonald", date_of_birth=date(2017, 4, 9)), TOKENS)
    none = plain_tokens(criteria(given="Zqx", family="Zqx", date_of_birth=date(2017, 4, 9)), TOKENS)
    assert len(none) < len(many) <= len(none) + MOST_KNOWN_PLAINLY + 2


@pytest.mark.parametrize(("typed", "meant"), [("PL16 5WA", "OL16 5WA"), ("LP1 2AB", "IP1 2AB"), ("OK1 2AB", "OX1 2AB")])
def test_a_slip_of_a_postcode_may_hide_any_letter_of_an_area(typed: str, meant: str) -> None:
    assert meant in slipped_postcodes(typed)
