"""A test that commits finds its database as it was migrated, whatever the one before it did there."""

import subprocess
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.postgresql import program
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import build_town, full_draft
from tests.own_database import NAME, OwnDatabase
from tests.servers import TEMPLATE

Dumped = Callable[[str], str]


@pytest.fixture(autouse=True)
def allowed(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> object:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def dumped(running_servers: Servers) -> Dumped:
    """`dumped(database)` is all that is in it, as whoever restores it would be told."""
    superuser, _, _ = running_servers.postgresql.superuser_address.rpartition("/")

    def dumped_one(database: str) -> str:
        command = [program("pg_dump"), "--dbname", f"{superuser}/{database}"]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        # Which begin and end with a word that is another each time.
        return "\n".join(line for line in lines if not line.startswith(("\\restrict", "\\unrestrict")))

    return dumped_one


def asked(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def which() -> tuple[object, ...]:
    """Which copy it is, and which connection to it."""
    ((copy, backend),) = asked("SELECT oid, pg_backend_pid() FROM pg_database WHERE datname = current_database()")
    return copy, backend


def test_what_was_written_is_taken_out(reused: OwnDatabase, running_servers: Servers, dumped: Dumped) -> None:
    with reused.lent(running_servers):
        before = which()
        with as_owner_here():
            town = build_town()
            factories.children(full_draft(town))
        factories.actor_for(town.teacher)
        assert dumped(NAME) != dumped(TEMPLATE)

    with reused.lent(running_servers):
        assert which() == before
        assert dumped(NAME) == dumped(TEMPLATE)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE access_user ADD COLUMN more integer",
        "ALTER TABLE access_user DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE audit_event ADD CONSTRAINT full_log CHECK (kind <> 'child.opened') NOT VALID",
        "ALTER TABLE audit_event DISABLE TRIGGER USER",
        "CREATE INDEX more ON access_user (email_fingerprint)",
        "ALTER FUNCTION access_may_do COST 7",
        "DROP FUNCTION access_may_do CASCADE",
        "GRANT DELETE ON access_user TO contactpoint_web",
        "CREATE SCHEMA more",
        "CREATE TABLE public.more ()",
        "ALTER DATABASE {database} SET work_mem = '1MB'",
        "REVOKE CONNECT ON DATABASE {database} FROM contactpoint_reader",
        "ANALYZE auth_permission",
        "VACUUM auth_permission",
        "TRUNCATE auth_permission CASCADE",
    ],
)
def test_where_more_was_changed_the_next_gets_another_copy(
    reused: OwnDatabase, running_servers: Servers, change: str
) -> None:
    superuser = running_servers.postgresql.superuser_address
    with reused.lent(running_servers):
        before, _ = which()
        with psycopg.connect(superuser, dbname=NAME, autocommit=True) as anybody:
            anybody.execute(change.format(database=NAME))

    with reused.lent(running_servers):
        after, _ = which()
        assert after != before


def test_where_much_was_written_the_next_gets_another_copy(reused: OwnDatabase, running_servers: Servers) -> None:
    many = "INSERT INTO auth_group (name) SELECT 'of ' || number FROM generate_series(1, 9999) AS number"
    with reused.lent(running_servers):
        before, _ = which()
        with as_owner_here(), connection.cursor() as cursor:
            cursor.execute(many)

    with reused.lent(running_servers):
        after, _ = which()
        assert after != before


def test_connection_is_as_if_it_was_made_now(reused: OwnDatabase, running_servers: Servers) -> None:
    with reused.lent(running_servers):
        before = which()
        with connection.cursor() as cursor:
            cursor.execute("SET work_mem = '1MB'; SET ROLE contactpoint_owner; LISTEN news")
            cursor.execute("CREATE TEMP TABLE kept AS SELECT 1; SELECT pg_advisory_lock(1)")
            cursor.execute("SELECT set_config('contactpoint.anything', 'kept', false)")

    with reused.lent(running_servers):
        assert which() == before
        ((role, memory, anything, kept),) = asked(
            "SELECT current_user, current_setting('work_mem'), current_setting('contactpoint.anything', true),"
            " to_regclass('kept')"
        )
        assert (role, memory, anything or "", kept) == ("contactpoint_web", "4MB", "", None)
        assert asked("SELECT pg_listening_channels()") == []
        assert asked("SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == []


def test_whoever_else_is_connected_is_sent_away(reused: OwnDatabase, running_servers: Servers) -> None:
    with reused.lent(running_servers):
        other = psycopg.connect(running_servers.database_address("web", NAME))
        other.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        other.execute("SELECT 1")
    other.close()


def test_transaction_that_was_left_open_is_none_of_the_next_tests(
    reused: OwnDatabase, running_servers: Servers
) -> None:
    with reused.lent(running_servers):
        connection.set_autocommit(False)
        asked("SELECT 1")

    with reused.lent(running_servers):
        assert connection.get_autocommit()
        assert not connection.in_atomic_block
