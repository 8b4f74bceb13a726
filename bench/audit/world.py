"""A service of the benchmark's own: durable PostgreSQL in a temporary directory, migrated, with people and children.

Each step runs in a process of its own, since a process has one role in the database and one set of Django's settings.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from contactpoint.local import state
from contactpoint.local.servers import DATABASE, Servers, ensure_running, stop
from contactpoint.roles import WEB

RIVALS = "rivals"
LOG = "log"
OURS = "contactpoint.settings.local"
THEIRS = "bench.audit.rivals.settings"


@dataclass(frozen=True)
class World:
    """The running servers, and `directory` with all that belongs to them.

    Three databases: the service's, one like it for a log of many events, and one for the rivals.
    """

    directory: Path
    servers: Servers

    def step(self, module: str, *arguments: object, role: str = "web", database: str = DATABASE) -> Any:
        """Run a module of this package as `role`; return what it prints, which is JSON. Raises CalledProcessError."""
        printed = self._python("-m", f"bench.audit.{module}", *map(str, arguments), role=role, database=database)
        return json.loads(printed)

    def manage(self, *arguments: str, role: str = "owner", database: str = DATABASE) -> None:
        """Run a command of manage.py. Raises CalledProcessError."""
        self._python("manage.py", *arguments, role=role, database=database)

    def _python(self, *arguments: str, role: str, database: str) -> str:
        finished = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, *arguments],
            env=os.environ | self._environment(role, database),
            cwd=state.PROJECT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return finished.stdout

    def _environment(self, role: str, database: str) -> dict[str, str]:
        addresses = {
            f"DATABASE_{name.upper()}_URL": self.servers.database_address(name, database)
            for name in ("owner", "worker", "sequencer", "reader")
        }
        return addresses | {
            "DATABASE_URL": self.servers.database_address("web", database),
            "DATABASE_ROLE": role,
            "DJANGO_SETTINGS_MODULE": THEIRS if database == RIVALS else OURS,
            "CONTACTPOINT_STATE": str(self.directory),
            "REDIS_URL": self.servers.redis.address(),
        }


@contextmanager
def world(*, children: int, users: int) -> Iterator[World]:
    """Start the servers and make everything. Afterwards nothing is left of it."""
    with tempfile.TemporaryDirectory(prefix="contactpoint-bench-") as name:
        directory = Path(name)
        try:
            made = World(directory, ensure_running(directory))
            _make(made, children, users)
            yield made
        finally:
            stop(directory)


def _make(made: World, children: int, users: int) -> None:
    made.manage("migrate", "--verbosity=0")
    made.manage("make_keys")
    made.manage("make_demonstration", f"--children={children}", f"--users-file={made.directory / 'users.json'}")
    made.step("people", users, role="owner")
    made.servers.make_database(LOG, template=DATABASE)
    made.servers.make_database(RIVALS)
    # The rivals' tables come from their models as these stand: a benchmark has no history to migrate.
    made.manage("migrate", "--run-syncdb", "--verbosity=0", database=RIVALS)
    _let_the_web_role_in(made.servers.database_address("owner", RIVALS))


def _let_the_web_role_in(owner_address: str) -> None:
    web = sql.Identifier(WEB)
    with psycopg.connect(owner_address) as connection:
        for right in (
            "USAGE ON SCHEMA public",
            "SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public",
            "USAGE ON ALL SEQUENCES IN SCHEMA public",
        ):
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.SQL(right), web))
