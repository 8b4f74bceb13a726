"""What is asked of a synthetic child is true of it, but for the mistake."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random

import pytest

from bench import mistakes
from bench.search import truth
from bench.search.kinds import KINDS, ONE_NAME_AND_STREET, Kind
from registry.demonstration.england import Places, households
from registry.demonstration.shapes import Child, Household, Origin
from registry.vocabulary import AddressState, NameKind

TODAY = date(2026, 6, 1)
EXACT = KINDS[0]
Known = tuple[Child, Household, int]


def england() -> Iterator[Known]:
    stream = households(Places.load(), seed=7, children=3000, today=TODAY)
    everybody = ((child, home) for home in stream for child in home.children)
    return ((child, home, number) for number, (child, home) in enumerate(everybody))


@pytest.fixture
def chance() -> Random:
    return Random(1)  # noqa: S311 - no secret is drawn


def test_as_many_questions_of_each_kind_as_were_wanted(chance: Random) -> None:
    asked = truth.questions(england(), KINDS[:3], each=20, most=3000, today=TODAY, random=chance)
    assert [question.kind for question in asked] == [kind.name for kind in KINDS[:3] for _ in range(20)]


def test_no_more_children_are_looked_at_than_was_said(chance: Random) -> None:
    assert len(truth.questions(england(), [EXACT], each=20, most=5, today=TODAY, random=chance)) == 5


def test_an_exact_question_is_the_truth(chance: Random) -> None:
    for known in islice(england(), 50):
        question = truth.ask(EXACT, *known, TODAY, chance)
        assert question is not None
        assert question.asked == question.true
        assert question.asked.date_of_birth == known[0].date_of_birth
        assert question.asked.family == known[0].names[0].family
        assert (question.child_id, question.origin) == (known[2], known[0].origin)


def test_a_former_name_is_one(chance: Random) -> None:
    former = Kind("former", mistakes.exact, of="former")
    for child, home, number in england():
        question = truth.ask(former, child, home, number, TODAY, chance)
        names = {name.family for name in child.names if name.kind == NameKind.FORMER}
        assert bool(question) == bool(names)
        assert question is None or question.asked.family in names


def test_twins_alone_are_told_apart(chance: Random) -> None:
    twins = Kind("twins", mistakes.exact, of="twins")
    asked = [(known[0].twin, truth.ask(twins, *known, TODAY, chance)) for known in england()]
    assert all(twin == bool(question) for twin, question in asked)
    assert any(twin for twin, _question in asked)


def test_nobody_is_asked_for_where_they_do_not_live(chance: Random) -> None:
    where = Kind("postcode", mistakes.exact, gives=("family", "postcode"))
    for known in england():
        question = truth.ask(where, *known, TODAY, chance)
        assert bool(question) == (known[0].address_state == AddressState.CURRENT)
        assert question is None or question.asked.postcode == known[1].address.postcode


def test_house_and_street_are_the_addresss_own(chance: Random) -> None:
    street = Kind("street", mistakes.exact, gives=ONE_NAME_AND_STREET)
    for child, home, number in islice(england(), 300):
        question = truth.ask(street, child, home, number, TODAY, chance)
        if question:
            assert f"{question.asked.house} {question.asked.street}" in home.address.lines
            assert not question.asked.postcode


def test_a_birth_that_is_still_to_come_is_no_question(chance: Random) -> None:
    late = Kind("late", mistakes.year_one_out)
    asked = (truth.ask(late, *known, TODAY, chance) for known in england())
    dates = [question.asked.date_of_birth for question in asked if question]
    assert dates
    assert all(born and born <= TODAY for born in dates)


def test_every_origin_is_asked_for_alike(chance: Random) -> None:
    asked, met = truth.by_origin(england(), [EXACT], each=3, most=3000, today=TODAY, random=chance)
    counts = {origin: sum(question.origin == origin for question in asked) for origin in Origin}
    assert counts == {origin: min(3, met[origin]) for origin in Origin}
    assert met[Origin.ENGLISH] > met[Origin.POLISH]


def test_no_origin_is_asked_for_where_none_is_wanted(chance: Random) -> None:
    asked, _met = truth.by_origin(england(), [EXACT], each=0, most=3000, today=TODAY, random=chance)
    assert asked == []
