"""Who calls is who connected, whatever a statement says of it while it runs.

A right to call and a policy are looked at when a statement begins, a setting while it runs. The web role may take on
the reader's rights, and so may set `role` in the midst of a statement of its own.
"""

import json
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.log import forged_event
from tests.sweeps.attacking import NO_SESSION, Place, placed, show_session

NOT_ALLOWED = "CP004"
AS_ANOTHER = "set_config('role', 'contactpoint_reader', true)"
RAISE = f"""
    UPDATE access_user SET state = 'active', role = 'administrator'
    FROM (SELECT {AS_ANOTHER} OFFSET 0) AS another WHERE id = %s
"""
RECORD = f"SELECT audit_record_process(%s) FROM (SELECT {AS_ANOTHER} OFFSET 0) AS another"
FETCHED = "DECLARE later CURSOR FOR SELECT audit_record_process(%s)"
ADDRESSES = f"SELECT * FROM (SELECT {AS_ANOTHER} OFFSET 0) AS another, access_addresses_taken(%s)"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def council(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


def process_event(kind: str, **claims: object) -> str:
    return json.dumps(json.loads(forged_event()) | {"kind": kind, "process": "operator", **claims})


def test_nobody_is_let_in_or_raised_by_calling_oneself_another(place: Place, council: Council) -> None:
    person = lives.invited(council).pk
    with place.connected() as web:
        show_session(web, council.second)
        with pytest.raises(InsufficientPrivilege):
            web.execute(RAISE, [person])
    assert place.as_owner("SELECT state, role FROM access_user WHERE id = %s", person) == [("invited", "practitioner")]


@pytest.mark.parametrize("kind", ["stop.lifted", "stop.begun", "user.approved", "user.added", "sign_in.failed"])
def test_nothing_is_recorded_as_another_process(place: Place, kind: str) -> None:
    for role in ("web", "sign_in"):
        if (role, kind) == ("sign_in", "sign_in.failed"):
            continue  # which it records as itself
        with place.connected(role) as connection:
            assert (
                _refusal(connection, RECORD if role == "web" else "SELECT audit_record_process(%s)", kind) == NO_SESSION
            )


def test_nothing_is_recorded_by_fetching_later(place: Place) -> None:
    with place.connected() as web:
        web.execute(FETCHED, [process_event("stop.lifted")])
        web.execute("SET LOCAL ROLE contactpoint_reader")
        with pytest.raises(psycopg.Error) as refused:
            web.execute("FETCH later")
        assert refused.value.sqlstate == NO_SESSION


def test_nobody_is_told_whose_address_is_taken(place: Place) -> None:
    ((known,),) = place.as_owner("SELECT email_fingerprint FROM access_user LIMIT 1")
    with place.connected() as web, pytest.raises(psycopg.Error) as refused:
        web.execute(ADDRESSES, [[known]])
    assert refused.value.sqlstate == NOT_ALLOWED


def _refusal(connection: psycopg.Connection[tuple[object, ...]], statement: str, kind: str) -> str | None:
    with pytest.raises(psycopg.Error) as refused:
        connection.execute(statement, [process_event(kind)])
    connection.rollback()
    return refused.value.sqlstate
