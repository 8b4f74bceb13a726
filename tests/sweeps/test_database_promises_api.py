"""What the API keeps of entries is told to whoever brings their key, and of nobody; and a key is taken once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from tests.sweeps.attacking import NO_SESSION, Place, Web, placed, refusal, show_session

KEY, ENTRY, OTHER = "a" * 32, "b" * 32, "c" * 32
TAKE = "SELECT fresh, same, involvement, version FROM api_key_take(%s, %s)"
ANSWER = "SELECT api_key_answer(%s, %s, %s)"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


def take(web: Web, key: str, entry: str = ENTRY) -> tuple[object, ...]:
    row = web.execute(TAKE, [key, entry]).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM api_idempotency",
        "SELECT count(*) FROM api_idempotency",
        "INSERT INTO api_idempotency (key_fingerprint, asked_fingerprint) VALUES ('k', 'e')",
        "UPDATE api_idempotency SET involvement_id = 1, row_version = 1",
        "DELETE FROM api_idempotency",
        "TRUNCATE api_idempotency",
    ],
)
@pytest.mark.parametrize("role", ["web", "sign_in", "sequencer", "examiner"])
def test_no_role_that_serves_goes_to_the_table(place: Place, role: str, statement: str) -> None:
    with place.connected(role) as connection:
        assert isinstance(refusal(connection, statement), InsufficientPrivilege)


@pytest.mark.parametrize("role", ["sign_in", "worker", "sequencer", "examiner"])
def test_no_other_role_takes_a_key(place: Place, role: str) -> None:
    with place.connected(role) as connection:
        assert isinstance(refusal(connection, TAKE, KEY, ENTRY), InsufficientPrivilege)
        assert isinstance(refusal(connection, ANSWER, KEY, 1, 1), InsufficientPrivilege)


def test_key_is_taken_in_a_live_session_alone(place: Place) -> None:
    with place.connected() as web:
        assert refusal(web, TAKE, KEY, ENTRY).sqlstate == NO_SESSION


def test_key_is_taken_once_answered_once_and_free_where_nothing_was_done(place: Place) -> None:
    with place.connected() as web:
        show_session(web, place.teacher)
        assert take(web, KEY) == (True, True, None, None)
        assert take(web, KEY) == (False, True, None, None)
        assert take(web, KEY, OTHER) == (False, False, None, None)
        web.execute(ANSWER, [KEY, None, None])
        assert take(web, KEY, OTHER) == (True, True, None, None)
        web.execute(ANSWER, [KEY, 7, 1])
        for again in ((8, 2), (None, None)):
            web.execute(ANSWER, [KEY, *again])
        assert take(web, KEY, OTHER) == (False, True, 7, 1)


def test_of_two_that_bring_a_key_at_once_one_is_the_first(place: Place) -> None:
    def bring(_: int) -> object:
        with place.connected() as web:
            show_session(web, place.teacher)
            fresh = take(web, "d" * 32)[0]
            web.commit()
            return fresh

    with ThreadPoolExecutor(8) as pool:
        brought = list(pool.map(bring, range(16)))
    assert brought.count(True) == 1


def test_worker_sees_and_forgets_those_of_yesterday_alone(place: Place) -> None:
    with place.connected() as web:
        show_session(web, place.teacher)
        for key in ("e" * 32, "f" * 32):
            take(web, key)
        web.commit()
    old = "UPDATE api_idempotency SET taken_at = now() - interval '25 hours' WHERE key_fingerprint = %s"
    place.as_owner(old, "e" * 32)
    with place.connected("worker") as worker:
        seen = worker.execute("SELECT key_fingerprint FROM api_idempotency").fetchall()
        assert seen == [("e" * 32,)]
        assert worker.execute("DELETE FROM api_idempotency WHERE taken_at < now()").rowcount == 1
        assert isinstance(refusal(worker, "SELECT involvement_id FROM api_idempotency"), InsufficientPrivilege)
