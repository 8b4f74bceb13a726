"""What the index is asked ahead is answered as if it were asked now, whatever was filed in between."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from itertools import product
from unittest import mock

import psycopg
import pytest
from django.db import connection, transaction
from django.test import override_settings

from feeds.matching import ahead as module
from feeds.matching.ahead import Ahead
from feeds.matching.candidates import by_what_is_said
from feeds.models import BatchState, Supplier
from feeds.rows import Row
from feeds.worker import taking_in
from registry.models import Child
from registry.search import index
from registry.search.families import said_of
from registry.search.index import filing
from registry.values import SummaryName
from registry.vocabulary import NameKind
from tests.acting import taken_for
from tests.conftest import as_owner_here
from tests.integration.feeds.sending import AMINA, NOBODY, take
from tests.integration.feeds.test_matching import row
from tests.integration.registry.people import AddChildren, Town, draft

pytestmark = pytest.mark.usefixtures("own_database")

# Fails on the other connection as it is asked.
FAILING = module.SHARING.replace("sharing_each", "no_such_function")
PEOPLE = (("Amina", "Hussain"), ("Omar", "Khan"), ("Oliver", "Smith-Jones"), ("Katarzyna", "Kowalska"))
BORN = date(2012, 3, 4)


@pytest.fixture
def ahead() -> Iterator[Ahead]:
    with closing(Ahead()) as made:
        yield made


@contextmanager
def working() -> Iterator[None]:
    """As the worker, which commits what it does."""
    with override_settings(KEYRING_HOLDER="worker"), taken_for("contactpoint_worker"):
        yield


def ask(ahead: Ahead, of: list[Row]) -> None:
    with working():
        ahead.ask(of, index.serving())


def answered(ahead: Ahead, of: list[Row]) -> dict[int, set[int]]:
    with working():
        return ahead.answered(of, index.serving())


def rows() -> list[Row]:
    return [replace(row(*names, date_of_birth=BORN), place=place) for place, names in enumerate(PEOPLE, start=1)]


def test_answer_has_who_was_there(town: Town, add: AddChildren, ahead: Ahead) -> None:
    child, other = add(*(draft(town, *names, date_of_birth=BORN) for names in PEOPLE[:2]))
    ask(ahead, rows())
    found = answered(ahead, rows())

    assert child.pk in found[1]
    assert other.pk in found[2]
    assert found == {place: now(rows()).get(place, set()) for place in (1, 2, 3, 4)}


def test_answer_has_who_was_filed_since(town: Town, add: AddChildren, ahead: Ahead) -> None:
    ask(ahead, rows())
    (child,) = add(draft(town, *PEOPLE[2], date_of_birth=BORN))
    found = answered(ahead, rows())

    assert child.pk in found[3]
    assert found[3] == now(rows())[3]


def test_who_was_filed_anew_since_is_found_under_that_alone(town: Town, add: AddChildren, ahead: Ahead) -> None:
    (child,) = add(draft(town, *PEOPLE[3], date_of_birth=BORN))
    ask(ahead, rows())
    names = (SummaryName(NameKind.LEGAL, "Ng", "Yu"),)
    renamed = replace(child.summary.open(), names=names, date_of_birth=date(2001, 9, 9), postcode="", lines="")
    with working(), transaction.atomic():
        index.put([(child.pk, renamed)])
    found = answered(ahead, rows())

    assert child.pk not in found[4]
    assert found[4] == now(rows()).get(4, set())


def test_what_was_not_asked_is_not_answered_and_nothing_is_told_twice(town: Town, ahead: Ahead) -> None:
    ask(ahead, rows()[:2])
    assert answered(ahead, rows()).keys() == {1, 2}
    assert answered(ahead, rows()) == {}


def test_answer_of_an_index_that_is_no_longer_asked_counts_for_nothing(town: Town, ahead: Ahead) -> None:
    ask(ahead, rows())
    with working():
        assert ahead.answered(rows(), replace(index.serving(), number=index.serving().number + 1)) == {}


def test_nothing_is_noted_once_it_is_closed(town: Town) -> None:
    with closing(Ahead()) as made:
        ask(made, rows())
        assert len(filing._noting) == 1
    assert filing._noting == []


def test_where_what_came_before_is_not_committed_nothing_is_asked(town: Town, ahead: Ahead) -> None:
    with transaction.atomic(), transaction.atomic():
        ask(ahead, rows())
    assert answered(ahead, rows()) == {}


def test_where_the_question_fails_nothing_is_known_ahead(
    town: Town, add: AddChildren, ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next is asked over a connection that is new."""
    (child,) = add(draft(town, *PEOPLE[0], date_of_birth=BORN))
    with monkeypatch.context() as failing:
        failing.setattr(module, "SHARING", FAILING)
        ask(ahead, rows())
    assert answered(ahead, rows()) == {}
    assert filing._noting == []
    ask(ahead, rows())
    assert child.pk in answered(ahead, rows())[1]


def test_where_no_connection_is_free_nothing_is_asked_ahead(
    town: Town, add: AddChildren, ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    (child,) = add(draft(town, *PEOPLE[0], date_of_birth=BORN))
    with monkeypatch.context() as failing:
        failing.setattr(module, "_connected_beside", mock.Mock(side_effect=psycopg.OperationalError))
        ask(ahead, rows())
    assert (answered(ahead, rows()), filing._noting) == ({}, [])
    ask(ahead, rows())
    assert child.pk in answered(ahead, rows())[1]


def test_batch_is_taken_in_whole_though_nothing_can_be_asked_ahead(
    town: Town, child: Child, census: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 2)
    monkeypatch.setattr(module, "SHARING", FAILING)
    asked = mock.create_autospec(Ahead.answered, side_effect=Ahead.answered)
    monkeypatch.setattr(Ahead, "answered", asked)
    batch = take(census, NOBODY, NOBODY | {"key": "N2"}, AMINA, NOBODY | {"key": "N3"}, AMINA | {"key": "A2"})
    assert (batch.state, batch.rows, batch.created, batch.linked) == (BatchState.DONE, 5, 1, 4)
    assert asked.call_count > 0
    assert filing._noting == []


def test_child_whom_an_earlier_block_made_is_made_once(
    town: Town, census: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In blocks of two rows: a row of the next block is about them, and one of the block after that."""
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 2)
    asked = mock.create_autospec(Ahead.ask, side_effect=Ahead.ask)
    monkeypatch.setattr(Ahead, "ask", asked)
    kaya = {"key": "S1", "given": "Kaya", "family": "Quaye", "date_of_birth": "2011-02-27", "gender": "F"}
    owen = {"key": "S2", "given": "Owen", "family": "Pritchard", "date_of_birth": "2014-08-12", "gender": "M"}
    batch = take(census, kaya, NOBODY, NOBODY | {"key": "N2"}, owen, NOBODY | {"key": "N3"})
    assert (batch.created, batch.linked, batch.queued) == (3, 2, 0)
    assert asked.call_count > 0


def test_index_says_of_each_row_who_shares_two_tokens_and_nobody_else(town: Town, add: AddChildren) -> None:
    """Held against what stands there, token by token: also for a token that stands twice in a row, which is enough."""
    drafts = [draft(town, *names, date_of_birth=date(2012, month, 4)) for names, month in product(PEOPLE, (3, 4))]
    epoch = index.serving()
    asked = [sorted(said_of(child.summary.open(), epoch.tokeniser)) for child in add(*drafts)]
    asked += [[asked[0][0], asked[1][0]], [asked[0][0], asked[1][0], asked[0][0]], [asked[0][0]]]
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("SELECT child_id, tokens FROM search.child_token WHERE epoch = %s", [epoch.number])
        filed = dict(cursor.fetchall())
    wanted = {
        (place, child_id)
        for place, tokens in enumerate(asked)
        for child_id, its in filed.items()
        if sum(token in its for token in tokens) > 1
    }
    assert {place for place, _child_id in wanted} >= {len(asked) - 2}
    flat = [(place, token) for place, tokens in enumerate(asked) for token in tokens]
    with working(), connection.cursor() as cursor:
        rows_and_tokens = map(list, zip(*flat, strict=True))
        cursor.execute("SELECT * FROM search.sharing_each(%s, %s, %s)", [epoch.number, *rows_and_tokens])
        assert sorted(cursor.fetchall()) == sorted(wanted)


def now(of: list[Row]) -> dict[int, set[int]]:
    with working():
        return by_what_is_said({each.place: each for each in of})
