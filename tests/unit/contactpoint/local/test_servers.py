"""The servers of a laptop: started whatever happened before, and shut to whoever has no password."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import sql

from contactpoint.local import servers
from contactpoint.local.servers import Servers
from contactpoint.roles import SERVING


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("state")
    path.chmod(0o700)
    servers.reserve(path, durable=False)
    yield path
    servers.stop(path)


@pytest.fixture
def running(directory: Path) -> Servers:
    return servers.ensure_running(directory)


def postmaster(directory: Path) -> int:
    return int((directory / "postgresql" / "data" / "postmaster.pid").read_text().split()[0])


def current_role(address: str) -> str:
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT current_user").fetchone()
        assert row is not None
        return str(row[0])


def redis_process(running: Servers) -> int:
    with redis.Redis.from_url(running.redis.operator_address) as client:
        return int(client.info("server")["process_id"])


def test_the_owner_reaches_the_database_and_migrates_it(running: Servers) -> None:
    """The other roles are made by migrating: tests/integration/contactpoint/test_roles.py."""
    environment = running.environment()
    assert current_role(environment["DATABASE_OWNER_URL"]) == "contactpoint_owner"
    with redis.Redis.from_url(environment["REDIS_URL"]) as client:
        assert client.ping()


def test_a_second_start_changes_nothing(directory: Path, running: Servers) -> None:
    before = postmaster(directory), redis_process(running), running.environment()
    again = servers.ensure_running(directory)
    assert (postmaster(directory), redis_process(again), again.environment()) == before


def test_killed_servers_start_again_where_they_were(directory: Path, running: Servers) -> None:
    before = running.environment()
    with psycopg.connect(before["DATABASE_OWNER_URL"]) as connection:
        connection.execute("SET synchronous_commit = on")  # as it is outside of tests
        connection.execute("CREATE TABLE kept ()")
    os.kill(postmaster(directory), signal.SIGKILL)
    os.kill(redis_process(running), signal.SIGKILL)
    again = servers.ensure_running(directory)
    assert again.environment() == before
    with psycopg.connect(before["DATABASE_OWNER_URL"]) as connection:
        connection.execute("DROP TABLE kept")


def test_a_note_with_another_programs_number_does_not_hinder(directory: Path, running: Servers) -> None:
    servers.stop(directory)
    note = directory / "postgresql" / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{note.parent}\n1\n1\n\n127.0.0.1\n0 0\nready\n")
    assert current_role(servers.ensure_running(directory).environment()["DATABASE_OWNER_URL"]) == "contactpoint_owner"


def test_two_first_starts_at_once_give_one_pair_of_servers(tmp_path: Path) -> None:
    program = (
        "import json, pathlib, sys; from contactpoint.local import servers;"
        "print(json.dumps(servers.ensure_running(pathlib.Path(sys.argv[1])).environment()))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        first, second = (json.loads(process.communicate(timeout=200)[0]) for process in both)
        assert first == second
        assert current_role(first["DATABASE_OWNER_URL"]) == "contactpoint_owner"
    finally:
        servers.stop(tmp_path)


def test_stopping_ends_both_and_may_be_repeated(directory: Path, running: Servers) -> None:
    servers.stop(directory)
    servers.stop(directory)
    assert not running.postgresql.answers()
    assert not running.redis.answers()


def test_stopping_where_there_are_none_is_nothing(tmp_path: Path) -> None:
    servers.stop(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("role", ["postgres", "contactpoint_owner"])
def test_a_wrong_password_is_refused(running: Servers, role: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(running.postgresql.address(role, "guess", "contactpoint"))


@pytest.mark.parametrize("role", SERVING)
def test_a_wrong_password_of_a_serving_role_is_refused(running_servers: Servers, own_database: str, role: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(running_servers.postgresql.address(role, "guess", own_database))


def test_redis_without_its_password_is_refused(running: Servers) -> None:
    address = running.redis.operator_address
    with (
        redis.Redis.from_url(f"redis://{address.split('@')[1]}") as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


@pytest.mark.parametrize("role", SERVING)
def test_the_owner_changes_passwords_of_serving_roles_and_does_not_act_as_them(
    running_servers: Servers, own_database: str, role: str
) -> None:
    with psycopg.connect(running_servers.database_address("owner", own_database)) as connection:
        connection.execute(sql.SQL("ALTER ROLE {} VALID UNTIL 'infinity'").format(sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


def test_a_failed_statement_leaves_no_value_in_the_log(directory: Path, running: Servers) -> None:
    canary = "Zuleika-Canary"
    with psycopg.connect(running.database_address("owner")) as connection:
        connection.execute("CREATE TABLE letters (value text UNIQUE CHECK (value = lower(value)))")
        for statement in (f"INSERT INTO letters VALUES ('{canary}')", f"SELECT '{canary}'::date"):
            with pytest.raises(psycopg.DatabaseError), connection.transaction():
                connection.execute(statement)
        connection.rollback()
    assert canary not in (directory / "postgresql" / "log").read_text()


def test_redis_writes_no_data_to_disc(directory: Path, running: Servers) -> None:
    with redis.Redis.from_url(running.redis.operator_address) as client:
        client.set("a", "b")
    servers.stop(directory)
    assert [path.name for path in (directory / "redis").iterdir()] == ["log"]


def test_what_others_may_read_is_nothing(directory: Path, running: Servers) -> None:
    readable = [
        path
        for path in (directory, *directory.rglob("*"))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWOTH)
    ]
    assert readable == []
