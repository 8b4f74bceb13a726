"""The database roles, and what they may do with a whole database. What they may do inside, migrations say."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

OWNER = "contactpoint_owner"
WEB = "contactpoint_web"
WORKER = "contactpoint_worker"
NAMES = (OWNER, WEB, WORKER)


def name_of(role: str) -> str:
    """The login name of `owner`, `web` or `worker`."""
    return f"contactpoint_{role}"


def make(superuser_address: str, passwords: Mapping[str, str]) -> None:
    """Make the three roles with their passwords; a role that is there gets its password again."""
    with psycopg.connect(superuser_address) as connection:
        # The password would otherwise stand in this transaction's statement for pg_stat_activity to show.
        connection.execute("SET LOCAL track_activities = off")
        for name in NAMES:
            _make_role(connection, name, passwords[name])
        # As if the owner had made them, which on a server of one's own it does: it may set their passwords, not act as
        # them.
        connection.execute(
            sql.SQL("GRANT {}, {} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE").format(
                *map(sql.Identifier, (WEB, WORKER, OWNER))
            )
        )
    for database in ("postgres", "template1"):
        with psycopg.connect(superuser_address, dbname=database) as connection:
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))


def make_database(superuser_address: str, name: str, *, template: str = "template1") -> None:
    """Make the database `name` from `template` unless it is there. Only our roles may connect to it."""
    database = sql.Identifier(name)
    owner, web, worker = map(sql.Identifier, NAMES)
    with psycopg.connect(superuser_address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(database, owner, sql.Identifier(template))
            )
        # Rights on the database itself are not copied from a template.
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(database, web, worker))
    with psycopg.connect(superuser_address, dbname=name) as connection:
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(web, worker))


def _make_role(connection: psycopg.Connection, name: str, password: str) -> None:
    role = sql.Identifier(name)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(role))
    rights = sql.SQL("CREATEROLE" if name == OWNER else "NOCREATEROLE")
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB {} PASSWORD {}").format(
            role, rights, sql.Literal(password)
        )
    )
