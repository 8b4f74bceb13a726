"""A record that is followed, and what happens to it at once: nobody waits for long, and nothing is lost."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from contactpoint.local.servers import Servers
from registry.worker import following as worker
from tests.conftest import as_worker
from tests.integration.api.asking import told
from tests.integration.api.following import Follower, execute, follower_of, followings, renamed, tell, waiting
from tests.integration.api.test_at_once import SECONDS_TO_WAIT, in_another_thread
from tests.integration.registry.people import AddChildren, Town

CHANGE = "UPDATE registry_guardian SET row_version = row_version + 1 WHERE child_id = %s"
BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def follower(town: Town, add: AddChildren) -> Iterator[Follower]:
    with follower_of(town, add) as made:
        yield made


@pytest.fixture
def beside(running_servers: Servers, own_database: str) -> Iterator["psycopg.Connection[Any]"]:
    """The worker's role on a connection of its own; what it did not commit is gone afterwards."""
    with psycopg.connect(running_servers.database_address("worker", own_database)) as opened:
        yield opened
        opened.rollback()


@contextmanager
def waiting_for_nobody() -> Iterator[None]:
    """Within, whatever would wait for a lock for long fails."""
    execute_here("SET lock_timeout = '2s'")
    yield
    execute_here("RESET lock_timeout")


def execute_here(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("noted_before", [False, True])
def test_following_ends_while_its_record_is_changed(
    follower: Follower, beside: "psycopg.Connection[Any]", noted_before: bool
) -> None:
    known = follower.following()
    if noted_before:
        renamed(follower.child, "Malik")
    assert beside.execute(CHANGE, [follower.child.pk]).rowcount > 0
    with waiting_for_nobody():
        assert follower.unfollow(known).status_code == 204
    beside.commit()
    assert followings() == []
    assert (tell(), waiting(), follower.told()) == (0, 0, [])


def test_record_is_changed_while_its_following_ends(follower: Follower, beside: "psycopg.Connection[Any]") -> None:
    follower.following()
    assert beside.execute("DELETE FROM registry_following").rowcount == 1
    with waiting_for_nobody():
        renamed(follower.child, "Malik")
    beside.commit()
    assert (tell(), waiting(), follower.told()) == (0, 0, [])


def test_followed_again_while_it_is_noted_what_was_told(follower: Follower, beside: "psycopg.Connection[Any]") -> None:
    """It waits for that, and keeps it: what was told is not told again."""
    known = follower.following()
    renamed(follower.child, "Malik")
    (before,) = followings()
    with as_worker():
        news = worker.weigh(before.pk, 1)
        assert isinstance(news, worker.News)
        worker.note_told(news)
        (noted,) = followings()
        transaction.set_rollback(True)
    assert followings()[0].row_version == before.row_version == noted.row_version - 1
    execute("UPDATE registry_following SET until = current_date + 3")
    beside.execute(
        "UPDATE registry_following SET row_version = %s, details = %s", [noted.row_version, noted.details.stored]
    )
    child = follower.asking.child()
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(in_another_thread, follower.asking, lambda asking: follower.follow(child, asking))
        until_somebody_waits()
        beside.commit()
        assert told(again.result(SECONDS_TO_WAIT))["following"] == known
    (renewed,) = followings()
    assert renewed.row_version == noted.row_version + 1
    with as_worker():
        assert renewed.details.open().told == news.mark
    assert (tell(), follower.told(), waiting()) == (0, [], 0)


def until_somebody_waits() -> None:
    over_at = time.monotonic() + SECONDS_TO_WAIT
    while time.monotonic() < over_at:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited")
