"""A backup is made and taken back as SECURITY.md says: it holds no token, and afterwards every child is filed again."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from contactpoint.local.postgresql import program
from contactpoint.local.servers import Servers
from contactpoint.local.state import PROJECT
from tests import servers

BEFORE, AFTER = (f"{servers.own_database()}_{name}" for name in ("backed_up", "restored"))
CHILDREN = 40
COPIED = re.compile(r"^COPY (?P<table>\S+) [^\n]*\n(?P<rows>.*?)^\\\.$", re.MULTILINE | re.DOTALL)
# The lines of SECURITY.md about backups: what makes one, and what is run, as whom, when one is taken back.
(SAID,) = re.findall(r"- Back up with (.+?) - ", " ".join((PROJECT / "SECURITY.md").read_text().split()))
(BACKING_UP,) = re.findall(r"`(pg_dump [^`]+)`", SAID)
TAKING_BACK = re.findall(r"`manage\.py ([^`]+)` as the (\w+)", SAID)
# A backup may be made while the index is made anew: all are filed, and one child's change waits.
REBUILDING = """
    SELECT search.begin_epoch(bits, families) FROM search.epoch WHERE state = 'serving';
    UPDATE search.epoch SET filled_up_to = (SELECT max(id) FROM registry_child) WHERE state = 'filling';
    INSERT INTO search.late (epoch, child_id, tokens)
        SELECT building.number, filed.child_id, filed.tokens
        FROM search.epoch AS building, search.child_token AS filed WHERE building.state = 'filling' LIMIT 1;
"""


def environment(name: str, role: str) -> dict[str, str]:
    return servers.login_environment(name, redis_database=servers.service_redis_database()) | {"DATABASE_ROLE": role}


def address(running: Servers, name: str) -> str:
    return f"{running.postgresql.superuser_address.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="module")
def backup(running_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of a registry with children, whose index was being made anew."""
    file = tmp_path_factory.mktemp("backup") / "dump.sql"
    servers.make_keys()
    servers.clone(BEFORE)
    making = ("make_demonstration", f"--children={CHILDREN}", f"--users-file={file.with_name('users.json')}")
    servers.manage(*making, environment=environment(BEFORE, "worker"))
    with psycopg.connect(address(running_servers, BEFORE)) as connection:
        connection.execute(REBUILDING)
    name, *options = shlex.split(BACKING_UP)
    command = [program(name), *options, f"--file={file}", address(running_servers, BEFORE)]
    subprocess.run(command, check=True, capture_output=True)
    yield file
    servers.drop(BEFORE)


@pytest.fixture
def restored(running_servers: Servers, backup: Path) -> Iterator[psycopg.Connection]:
    """The backup, taken back into an empty database, where the roles are."""
    running_servers.make_database(AFTER)
    command = [program("psql"), "--quiet", "--set=ON_ERROR_STOP=1", f"--file={backup}", address(running_servers, AFTER)]
    subprocess.run(command, check=True, capture_output=True)
    with psycopg.connect(address(running_servers, AFTER), autocommit=True) as connection:
        yield connection
    servers.drop(AFTER)


def test_backup_holds_every_child_and_no_token(backup: Path) -> None:
    rows = {table["table"]: table["rows"].count("\n") for table in COPIED.finditer(backup.read_text())}

    assert rows["public.registry_child"] >= CHILDREN
    assert {table for table, count in rows.items() if table.startswith("search.") and count} == {"search.epoch"}


def test_every_child_is_filed_again_after_a_backup_was_taken_back(restored: psycopg.Connection) -> None:
    for command, role in TAKING_BACK:
        # The old index is left: dropping it waits for searches that began with it.
        options = ("--processes=1", "--keep-old") if command == "rebuild_index" else ()
        servers.manage(*command.split(), *options, environment=environment(AFTER, role))

    ((serving,),) = restored.execute("SELECT number FROM search.epoch WHERE state = 'serving'")
    ((filed,),) = restored.execute("SELECT count(*) FROM search.child_token WHERE epoch = %s", [serving])
    ((children,),) = restored.execute("SELECT count(*) FROM registry_child")
    assert filed == children >= CHILDREN
