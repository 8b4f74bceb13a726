"""What of a feed is linked without a person, to an insider with the web role's or the worker's own login: nobody puts
in force what was not suggested, nor what is not theirs, and the worker puts nothing in force.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from feeds.models import Bounds, BoundsState, Supplier
from registry.vocabulary import Source
from tests.conftest import as_owner_here, as_worker
from tests.sweeps.attacking import Place, commit_event, confirm, placed, record, refusal, show
from tests.sweeps.severing import NO_EVENT, NOT_THEIRS, administrator, how

SUGGEST = """
    INSERT INTO feeds_bounds
        (supplier_id, weights, link, doubt, moves, moved_from, decided, against, suggested_at, state)
    VALUES (%s, 1, 8, -5, 'link', 9, 4000, 0, now(), 'suggested') RETURNING id
"""
Web = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def feed(place: Place) -> Iterator[int]:
    with transaction.atomic(), as_owner_here():
        made, _new = Supplier.objects.get_or_create(
            organisation=place.town.authority, source=Source.CHILD_BENEFIT, format="table"
        )
    yield made.pk
    with transaction.atomic(), as_owner_here():
        Bounds.objects.all().delete()


def bounds(feed: int, state: str = BoundsState.SUGGESTED) -> int:
    """As the worker suggested them, and somebody decided."""
    with transaction.atomic(), as_owner_here():
        made = Bounds.objects.create(
            supplier_id=feed,
            weights=1,
            link=9.0,
            doubt=-5.0,
            moves="link",
            moved_from=10.0,
            decided=4_000,
            against=0,
            suggested_at=timezone.now(),
            state=state,
            decided_at=None if state == BoundsState.SUGGESTED else timezone.now(),
        )
    return made.pk


def state_of(which: int) -> str:
    with transaction.atomic(), as_worker():
        return Bounds.objects.get(pk=which).state


def step(web: Web, actor: Actor, which: int, fields: list[str], seen: str = "suggested") -> bool:
    """Record the event, and take the step by it."""
    record(web, actor, kind="supplier.changed", fields=fields)
    ((taken,),) = web.execute("SELECT feeds_bounds_decide(%s, %s)", [which, seen]).fetchall()
    return bool(taken)


@pytest.fixture
def keeper(place: Place) -> Actor:
    made = administrator(place)
    confirm(place, made)
    return made


def test_nothing_is_decided_without_its_event_in_the_same_transaction(place: Place, feed: int, keeper: Actor) -> None:
    which = bounds(feed)
    with place.connected() as web:
        commit_event(web, keeper, kind="supplier.changed", fields=[f"supplier.{feed}", f"bounds.{which}", "confirmed"])
        assert refusal(web, "SELECT feeds_bounds_decide(%s, 'suggested')", which).sqlstate == NO_EVENT
        assert refusal(web, "SELECT feeds_bounds_decide(NULL, NULL)").sqlstate == NO_EVENT
    assert state_of(which) == BoundsState.SUGGESTED


@pytest.mark.parametrize(
    "fields",
    [
        [],
        ["supplier.{feed}"],
        ["supplier.{feed}", "bounds.{which}"],
        ["supplier.{feed}", "bounds.{other}", "confirmed"],
        ["supplier.{other}", "bounds.{which}", "confirmed"],
        ["supplier.{feed}", "bounds.{which}", "suggested"],
        ["supplier.{feed}", "bounds.{which}", "confirmed", "more"],
    ],
)
def test_an_event_that_says_something_else_decides_nothing(
    place: Place, feed: int, keeper: Actor, fields: list[str]
) -> None:
    which = bounds(feed)
    said = [each.format(feed=feed, which=which, other=which + 1_000) for each in fields]
    with place.connected() as web:
        assert how(step, web, keeper, which, said) == NO_EVENT
    assert state_of(which) == BoundsState.SUGGESTED


def test_nobody_decides_about_the_feed_of_another_authority_or_reads_of_it(place: Place, feed: int) -> None:
    which, stranger = bounds(feed), administrator(place, elsewhere=True)
    confirm(place, stranger)
    with place.connected() as web:
        said = [f"supplier.{feed}", f"bounds.{which}", "confirmed"]
        assert how(step, web, stranger, which, said) == NOT_THEIRS
        show(web, stranger, commit_event(web, stranger, kind="batch.listed"))
        assert web.execute("SELECT * FROM feeds_bounds_of(%s)", [feed]).fetchall() == []
        assert web.execute("SELECT * FROM feeds_bounds_of(NULL)").fetchall() == []
    assert state_of(which) == BoundsState.SUGGESTED


def test_whoever_keeps_the_feed_reads_of_it_with_the_event_for_it(place: Place, feed: int, keeper: Actor) -> None:
    which = bounds(feed)
    with place.connected() as web:
        show(web, keeper, commit_event(web, keeper, kind="batch.listed"))
        assert web.execute("SELECT id, state FROM feeds_bounds_of(%s)", [feed]).fetchall() == [(which, "suggested")]
        web.rollback()
        show(web, keeper, commit_event(web, keeper, kind="match.listed"))
        assert refusal(web, "SELECT * FROM feeds_bounds_of(%s)", feed).sqlstate == NO_EVENT


def test_a_step_wants_a_fresh_second_factor(place: Place, feed: int) -> None:
    which, stale = bounds(feed), administrator(place)
    confirm(place, stale, "10 minutes")
    with place.connected() as web:
        assert how(step, web, stale, which, [f"supplier.{feed}", f"bounds.{which}", "confirmed"]) is not None
    assert state_of(which) == BoundsState.SUGGESTED


@pytest.mark.parametrize("state", list(BoundsState))
def test_a_step_is_taken_only_where_it_begins_and_once(
    place: Place, feed: int, keeper: Actor, state: BoundsState
) -> None:
    which = bounds(feed, state)
    begins = {"confirmed": "suggested", "refused": "suggested", "withdrawn": "confirmed"}
    with place.connected() as web:
        for becomes, wants in begins.items():
            said = [f"supplier.{feed}", f"bounds.{which}", becomes]
            assert not any(step(web, keeper, which, said, other) for other in BoundsState if other != state)
            assert step(web, keeper, which, said, state) is (wants == state)
            assert not step(web, keeper, which, said, state)
            web.rollback()


def test_only_what_is_in_force_is_taken_back(place: Place, feed: int, keeper: Actor) -> None:
    earlier, later = bounds(feed, BoundsState.CONFIRMED), bounds(feed, BoundsState.CONFIRMED)
    with place.connected() as web:
        said = [f"supplier.{feed}", f"bounds.{earlier}", "withdrawn"]
        assert not step(web, keeper, earlier, said, "confirmed")
        said = [f"supplier.{feed}", f"bounds.{later}", "withdrawn"]
        assert step(web, keeper, later, said, "confirmed")
        web.commit()
    assert (state_of(earlier), state_of(later)) == (BoundsState.CONFIRMED, BoundsState.WITHDRAWN)


CONFIRMED_AT_ONCE = """
    INSERT INTO feeds_bounds (
        supplier_id, weights, link, doubt, moves, moved_from, decided, against, suggested_at, state, decided_at
    ) VALUES ({feed}, 1, 1, -5, 'link', 10, 1, 0, now(), 'confirmed', now())
"""


@pytest.mark.parametrize(
    "statement",
    [
        CONFIRMED_AT_ONCE,
        "UPDATE feeds_bounds SET state = 'confirmed', decided_at = now() WHERE id = {which}",
        "UPDATE feeds_bounds SET link = 0 WHERE id = {which}",
        "DELETE FROM feeds_bounds WHERE id = {which}",
        "SELECT feeds_bounds_decide({which}, 'suggested')",
    ],
)
def test_the_worker_puts_nothing_in_force(place: Place, feed: int, statement: str) -> None:
    which = bounds(feed)
    with pytest.raises(ProgrammingError), transaction.atomic(), as_worker(), connection.cursor() as cursor:
        cursor.execute(statement.format(feed=feed, which=which))
    assert state_of(which) == BoundsState.SUGGESTED


def test_nothing_is_decided_while_the_worker_suggests(place: Place, feed: int, keeper: Actor) -> None:
    """What is suggested is worked out from what is in force: it is not taken back in between (worker/learning.py)."""
    which = bounds(feed, BoundsState.CONFIRMED)
    waits = "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted"
    said = [f"supplier.{feed}", f"bounds.{which}", "withdrawn"]
    with place.connected("worker") as worker, place.connected() as web, ThreadPoolExecutor(1) as pool:
        worker.execute("SELECT 1 FROM feeds_supplier WHERE id = %s FOR NO KEY UPDATE", [feed])
        late = pool.submit(step, web, keeper, which, said, "confirmed")
        while not late.done() and not place.as_owner(waits, web.info.backend_pid):
            time.sleep(0.01)
        assert not late.done()
        later = place.as_owner(SUGGEST, feed)[0][0]
        worker.commit()
        assert late.result() is True
        web.commit()
    assert (state_of(which), state_of(later)) == (BoundsState.WITHDRAWN, BoundsState.REFUSED)
