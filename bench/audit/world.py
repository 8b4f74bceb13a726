"""A service of the benchmark's own: durable PostgreSQL in a temporary directory, migrated, with people and children."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bench.place import Place, servers_apart
from contactpoint.local.servers import DATABASE
from contactpoint.roles import WEB

RIVALS = "rivals"
LOG = "log"
THEIRS = "bench.audit.rivals.settings"


class World(Place):
    """Three databases: the service's, one like it for a log of many events, and one for the rivals."""

    def step(self, module: str, *arguments: object, role: str = "web", database: str = DATABASE) -> Any:
        """Run a module of this package. As `Place.step` otherwise."""
        return super().step(f"bench.audit.{module}", *arguments, role=role, database=database)

    def environment(self, role: str, database: str = DATABASE) -> dict[str, str]:
        """The rivals have settings of their own."""
        ours = super().environment(role, database)
        return ours | ({"DJANGO_SETTINGS_MODULE": THEIRS} if database == RIVALS else {})


@contextmanager
def world(*, children: int, users: int) -> Iterator[World]:
    """Start the servers and make everything. Afterwards nothing is left of it."""
    with servers_apart() as (directory, servers):
        made = World(directory, servers)
        _make(made, children, users)
        yield made


def _make(made: World, children: int, users: int) -> None:
    made.manage("migrate", "--verbosity=0")
    made.manage("make_keys")
    users_file = made.directory / "users.json"
    made.manage("make_demonstration", f"--children={children}", f"--users-file={users_file}", role="worker")
    made.sign_in(made.step("people", users, role="owner"))
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
