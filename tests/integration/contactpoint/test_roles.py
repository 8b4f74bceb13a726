"""The database roles as migrating makes them: on a server of its own, where two databases were migrated at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.state import ProjectState
from psycopg import sql

from contactpoint import roles
from contactpoint.local import preparation, servers, state
from contactpoint.local.errors import LocalError
from contactpoint.local.servers import Servers
from contactpoint.roles import ADDRESSES, EXAMINER, OWNER, READER, SEQUENCER, SERVING, WEB, WORKER
from tests.conftest import OwnerContext
from tests.servers import own_database, run_directory

FIRST, SECOND = "contactpoint", "contactpoint_second"
PREFIX = "contactpoint_"
SERVING_NAMES = [role.removeprefix(PREFIX) for role in SERVING]


@pytest.fixture(scope="module")
def migrated() -> Iterator[Servers]:
    # Not pytest's own temporary directory: the start of another run shuts that to the user whom PostgreSQL runs as.
    directory = run_directory() / f"{own_database()}_roles"
    directory.mkdir(mode=0o700)
    servers.reserve(directory, durable=False)
    try:
        running = servers.ensure_running(directory)
        running.make_database(SECOND)
        both = [begin_migrating(running, name) for name in (FIRST, SECOND)]
        assert [finish(process) for process in both] == [(0, ""), (0, "")]
        yield running
    finally:
        servers.stop(directory)


@pytest.fixture
def as_superuser(migrated: Servers) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(migrated.postgresql.superuser_address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def third(migrated: Servers, as_superuser: psycopg.Connection[Any]) -> Iterator[str]:
    """A database that nobody migrated yet."""
    name = "contactpoint_third"
    migrated.make_database(name)
    yield name
    as_superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def no_reader(as_superuser: psycopg.Connection[Any]) -> Iterator[None]:
    """The reader's role is not there. Named before `third`, whose rights for a new one go first."""
    as_superuser.execute(f"ALTER ROLE {READER} RENAME TO away")
    yield
    as_superuser.execute(f"DROP ROLE IF EXISTS {READER}")
    as_superuser.execute(f"ALTER ROLE away RENAME TO {READER}")


@pytest.fixture
def lost_rights(as_superuser: psycopg.Connection[Any]) -> Iterator[None]:
    """An owner who may make no role, as where an administrator keeps that to themselves."""
    as_superuser.execute(f"ALTER ROLE {OWNER} NOCREATEROLE")
    yield
    as_superuser.execute(f"ALTER ROLE {OWNER} CREATEROLE")


def addresses(running: Servers, database: str) -> dict[str, str]:
    """What a process that migrates finds in its environment."""
    return {
        "DATABASE_ROLE": "owner",
        "DATABASE_OWNER_URL": running.database_address("owner", database),
        **{name: running.database_address(role.removeprefix(PREFIX), database) for role, name in ADDRESSES.items()},
        "DJANGO_SETTINGS_MODULE": "contactpoint.settings.test",
    }


def begin_migrating(running: Servers, database: str, **changed: str) -> subprocess.Popen[str]:
    environment = os.environ | addresses(running, database) | changed
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    return subprocess.Popen(
        command, cwd=state.PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=200)
    return process.returncode, said


@pytest.mark.parametrize("role", SERVING)
def test_serving_roles_sign_in_and_may_nothing_else_by_themselves(
    as_superuser: psycopg.Connection[Any], role: str
) -> None:
    found = as_superuser.execute(
        "SELECT rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, "
        "rolconnlimit FROM pg_roles WHERE rolname = %s",
        [role],
    ).fetchone()

    assert found == (True, *[False] * 6, -1)


def test_owner_may_make_roles_and_is_no_superuser(as_superuser: psycopg.Connection[Any]) -> None:
    found = as_superuser.execute(
        "SELECT rolcreaterole, rolinherit, rolsuper, rolcreatedb, rolreplication, rolbypassrls "
        "FROM pg_roles WHERE rolname = %s",
        [OWNER],
    ).fetchone()

    assert found == (True, *[False] * 5)


@pytest.mark.parametrize("role", SERVING_NAMES)
@pytest.mark.parametrize("database", [FIRST, SECOND])
def test_each_role_reaches_each_database_with_its_password(migrated: Servers, database: str, role: str) -> None:
    with psycopg.connect(migrated.database_address(role, database)) as connected:
        assert connected.execute("SELECT current_user, current_database()").fetchone() == (
            f"contactpoint_{role}",
            database,
        )


@pytest.mark.parametrize("role", SERVING_NAMES)
@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_serving_roles_reach_no_other_database(migrated: Servers, database: str, role: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(migrated.database_address(role, database))


@pytest.mark.parametrize("role", SERVING_NAMES)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE mine ()",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        f"ALTER ROLE {OWNER} PASSWORD 'mine'",
    ],
)
def test_nobody_but_the_owner_makes_anything(migrated: Servers, role: str, statement: str) -> None:
    with (
        psycopg.connect(migrated.database_address(role), autocommit=True) as connected,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connected.execute(statement)


def test_no_serving_role_changes_anothers_password(migrated: Servers) -> None:
    for role in SERVING_NAMES:
        with psycopg.connect(migrated.database_address(role), autocommit=True) as connected:
            for other in {*SERVING} - {f"{PREFIX}{role}"}:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connected.execute(f"ALTER ROLE {other} PASSWORD 'mine'")


@pytest.mark.parametrize("command", ["SET ROLE", "SET SESSION AUTHORIZATION"])
@pytest.mark.parametrize("other", [OWNER, WORKER, SEQUENCER, EXAMINER, "postgres"])
def test_web_role_becomes_nobody_else(migrated: Servers, command: str, other: str) -> None:
    with (
        psycopg.connect(migrated.database_address("web")) as connected,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connected.execute(f"{command} {other}")


def test_web_role_takes_the_readers_rights_only_when_it_says_so(migrated: Servers) -> None:
    with psycopg.connect(migrated.database_address("web")) as connected:
        assert connected.execute("SELECT has_table_privilege('audit_event', 'SELECT')").fetchone() == (False,)
        connected.execute(f"SET LOCAL ROLE {READER}")
        assert connected.execute("SELECT has_table_privilege('audit_event', 'SELECT')").fetchone() == (True,)


@pytest.mark.parametrize("role", ["worker", "sequencer", "examiner", "reader"])
def test_no_other_role_takes_anybodys_rights(migrated: Servers, role: str) -> None:
    others = {OWNER, *SERVING} - {f"contactpoint_{role}"}
    with psycopg.connect(migrated.database_address(role), autocommit=True) as connected:
        for other in sorted(others):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connected.execute(f"SET ROLE {other}")


def test_passwords_are_kept_as_scram_verifiers(as_superuser: psycopg.Connection[Any]) -> None:
    found = as_superuser.execute(
        "SELECT rolname, split_part(rolpassword, '$', 1) FROM pg_authid WHERE rolname = ANY (%s)", [list(SERVING)]
    ).fetchall()

    assert dict(found) == dict.fromkeys(SERVING, "SCRAM-SHA-256")


def test_password_stands_in_no_statement(as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []
    secret = "in-clear-nowhere"
    monkeypatch.setenv("DATABASE_WORKER_URL", f"postgresql://{WORKER}:{secret}@127.0.0.1/contactpoint")

    def note(execute: Callable[..., Any], statement: Any, parameters: Any, many: Any, context: Any) -> Any:
        written = statement.as_string() if isinstance(statement, sql.Composable) else statement
        statements.append(f"{written} {parameters}")
        return execute(statement, parameters, many, context)

    with as_owner(), connection.execute_wrapper(note):
        roles.set_passwords_after_migrating(using="default")

    assert any(f'ALTER ROLE "{WORKER}" PASSWORD \'SCRAM-SHA-256$' in statement for statement in statements)
    assert not any(secret in statement for statement in statements)


def test_migrating_again_puts_a_new_password_into_force(migrated: Servers) -> None:
    address = psycopg.conninfo.conninfo_to_dict(migrated.database_address("worker"))
    changed = f"postgresql://{WORKER}:changed@{address['host']}:{address['port']}/{FIRST}"

    assert finish(begin_migrating(migrated, FIRST, DATABASE_WORKER_URL=changed)) == (0, "")

    psycopg.connect(changed).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(migrated.database_address("worker"))
    assert finish(begin_migrating(migrated, FIRST)) == (0, "")
    psycopg.connect(migrated.database_address("worker")).close()


def test_address_without_a_password_leaves_the_role_as_it_is(
    migrated: Servers, as_superuser: psycopg.Connection[Any]
) -> None:
    before = verifiers(as_superuser)

    peer = {name: f"postgresql://{role}@/{FIRST}" for role, name in ADDRESSES.items()}
    assert finish(begin_migrating(migrated, FIRST, **peer)) == (0, "")

    assert verifiers(as_superuser) == before


def test_two_processes_set_passwords_at_once(migrated: Servers) -> None:
    """Roles belong to the server: whoever comes second waits for the first, whichever database it migrates."""
    with psycopg.connect(migrated.database_address("owner", FIRST)) as first:
        first.execute(f"COMMENT ON ROLE {WEB} IS 'See contactpoint/roles.py'")
        first.execute(f"ALTER ROLE {WEB} VALID UNTIL 'infinity'")
        second = begin_migrating(migrated, SECOND)
        wait_until_waiting(migrated, second)

    assert finish(second) == (0, "")


def wait_until_waiting(migrated: Servers, process: subprocess.Popen[str]) -> None:
    with psycopg.connect(migrated.postgresql.superuser_address, autocommit=True) as watching:
        while process.poll() is None:
            if watching.execute("SELECT FROM pg_locks WHERE NOT granted").rowcount:
                return
    raise AssertionError(f"It did not wait: {finish(process)}")


def test_owner_without_rights_on_roles_goes_on_where_they_are(
    migrated: Servers, as_superuser: psycopg.Connection[Any], third: str, lost_rights: None
) -> None:
    before = verifiers(as_superuser)

    assert finish(begin_migrating(migrated, third)) == (0, "")

    assert verifiers(as_superuser) == before
    with psycopg.connect(migrated.database_address("worker", third)) as connected:
        assert connected.execute("SELECT current_database()").fetchone() == (third,)


def test_missing_roles_are_told_with_what_an_administrator_runs(
    migrated: Servers, as_superuser: psycopg.Connection[Any], no_reader: None, third: str, lost_rights: None
) -> None:
    """Running what the message says is enough: the same migration then goes well."""
    returned, said = finish(begin_migrating(migrated, third))
    assert returned
    message = said[said.index("The database roles are not all there") :]
    for statement in message.split(":\n", 1)[1].split(";"):
        as_superuser.execute(statement)

    assert finish(begin_migrating(migrated, third)) == (0, "")


def test_role_that_another_migration_makes_meanwhile_is_taken(migrated: Servers, no_reader: None, third: str) -> None:
    with psycopg.connect(migrated.database_address("owner", FIRST)) as quicker:
        quicker.execute(f"CREATE ROLE {READER} LOGIN NOINHERIT")
        slower = begin_migrating(migrated, third)
        wait_until_waiting(migrated, slower)

    assert finish(slower) == (0, "")


def test_roles_stay_when_the_migration_is_to_be_undone(db: None) -> None:
    migration = import_module("contactpoint.migrations.0001_roles").Migration("0001_roles", "contactpoint")

    with (
        connection.schema_editor() as editor,
        pytest.raises(IrreversibleError, match="other databases of the server may use them"),
    ):
        migration.unapply(ProjectState(), editor)


def test_database_of_an_earlier_version_is_told_with_a_way_on(
    migrated: Servers, as_superuser: psycopg.Connection[Any], third: str, tmp_path: Path
) -> None:
    """Of the time before roles were made by migration."""
    with psycopg.connect(migrated.database_address("owner", third)) as connected:
        connected.execute(
            "CREATE TABLE django_migrations (id bigserial, app text, name text, applied timestamptz DEFAULT now())"
        )
        connected.execute("INSERT INTO django_migrations (app, name) VALUES ('encryption', '0001_sealed_type')")
    environment = os.environ | addresses(migrated, third)

    with pytest.raises(LocalError, match=r"earlier version.*`make clean`.*`make demo`"):
        preparation.migrate(tmp_path, environment)


def verifiers(as_superuser: psycopg.Connection[Any]) -> dict[str, str]:
    query = "SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY (%s)"
    return dict(as_superuser.execute(query, [list(SERVING)]).fetchall())
