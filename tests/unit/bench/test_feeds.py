"""Rows made of synthetic children, and what became of them counted."""

from random import Random

import pytest

from bench.feeds import figures, making, twins
from bench.feeds.filed import Filed
from bench.feeds.making import Person
from feeds.matching.deciding import Code, Decision, Outcome
from feeds.matching.weights import current

LINKED = Decision(Outcome.LINK, Code.FITS, 1)
NEW, DOUBT = Decision(Outcome.NEW, Code.NOBODY), Decision(Outcome.DOUBT, Code.UNSURE)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return making.people(150, seed=3)


@pytest.fixture
def random() -> Random:
    return Random(5)  # noqa: S311 - the same mistakes each time


@pytest.mark.parametrize(
    ("decision", "meant", "verdict"),
    [
        (LINKED, 1, figures.RIGHT),
        (LINKED, 2, figures.WRONG),
        (LINKED, None, figures.WRONG),
        (NEW, None, figures.NEW),
        (NEW, 1, figures.MISSED),
        (DOUBT, 1, figures.HELD),
        (DOUBT, None, figures.HELD),
    ],
)
def test_what_became_of_a_row_is_named(decision: Decision, meant: int | None, verdict: str) -> None:
    assert figures.verdict(decision, meant) == verdict


def test_shares_are_of_links_and_of_children_on_record() -> None:
    counted = figures.counted("rows", ["right"] * 7 + ["wrong"] + ["held"] + ["missed"] + ["new"] * 10)
    assert (counted["precision %"], counted["recall %"], counted["held %"]) == ("87.50", "70.00", "5.00")
    assert figures.counted("none", [])["precision %"] == ""


def test_rows_say_what_is_true_but_for_the_mistake(people: list[Person], random: Random) -> None:
    for sent in making.rows_with(enumerate(people), "exact", random, numbers=True):
        child = people[sent.about].child
        assert sent.row.date_of_birth == child.date_of_birth
        assert sent.row.name.family in {each.family for each in child.names}
    for sent in making.rows_with(enumerate(people), "a date slip", random, numbers=False):
        assert sent.row.date_of_birth != people[sent.about].child.date_of_birth
        assert (sent.row.nhs_number, sent.row.pupil_number) == ("", "")


def test_one_row_comes_of_each_child(people: list[Person], random: Random) -> None:
    sent = list(making.rows(enumerate(people), random, numbers=True))
    assert [each.about for each in sent] == list(range(len(people)))


def test_nobody_is_linked_with_another_child(people: list[Person], random: Random) -> None:
    filed = Filed(list(map(making.summary_of, people)), list(map(making.guardians_of, people)))
    linked = 0
    for sent in making.rows(enumerate(people), random, numbers=False):
        decision = filed.decide(sent.row, current())
        assert decision.child_id in (None, sent.about)
        linked += decision.outcome == Outcome.LINK
    assert linked > len(people) / 2


def test_no_twin_is_linked_with_the_other(random: Random) -> None:
    judged = twins.judge(list(twins.pairs(15, seed=3)), current(), random)
    assert [each["pairs"] for each in judged] == [15] * 6
    assert sum(each["linked with the other"] for each in judged) == 0
    assert judged[3]["linked right"] > 10
