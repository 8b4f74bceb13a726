"""What only the superuser of an embedded server can make: the owner, and databases that are open to our roles alone.

The roles that serve are made by migration (contactpoint/migrations/0001_roles.py).
"""

from collections.abc import Collection

import psycopg
from psycopg import sql

from contactpoint.roles import OWNER, SERVING

NAMES = (OWNER, *SERVING)

# Large objects are open to every role at first, and belong to no table: a place to keep things where nobody looks.
# docker-compose.yml runs the same.
CLOSE_LARGE_OBJECTS = """
    SELECT format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', oid::regprocedure)
    FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND (proname LIKE 'lo\\_%' OR proname IN ('loread', 'lowrite'))
"""


def name_of(role: str) -> str:
    """The login name of `owner`, `web`, `sign_in`, `worker`, `sequencer`, `examiner` or `reader`."""
    return f"contactpoint_{role}"


def make_owner(superuser_address: str, password: str) -> None:
    """Make the owner, who may make the other roles; one that is there gets its password again."""
    owner = sql.Identifier(OWNER)
    with psycopg.connect(superuser_address) as connection:
        # The password would otherwise stand in this transaction's statement for pg_stat_activity to show.
        connection.execute("SET LOCAL track_activities = off")
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER]).rowcount:
            connection.execute(sql.SQL("CREATE ROLE {}").format(owner))
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB CREATEROLE PASSWORD {}").format(
                owner, sql.Literal(password)
            )
        )
    for database in ("postgres", "template1"):
        with psycopg.connect(superuser_address, dbname=database) as connection:
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))


def make_database(
    superuser_address: str, name: str, *, template: str = "template1", others: Collection[str] = ()
) -> None:
    """Make the database `name` from `template` unless it is there. Only our roles, and `others`, may connect to it.

    A template other than PostgreSQL's own was made by this: what is inside it is closed already, and so in its copies.
    """
    database, is_copy = sql.Identifier(name), template != "template1"
    # A database of ours is copied three times as fast file by file as through the log.
    strategy = sql.SQL("FILE_COPY" if is_copy else "WAL_LOG")
    with psycopg.connect(superuser_address, autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY {}").format(
                    database, sql.Identifier(OWNER), sql.Identifier(template), strategy
                )
            )
        # Rights on the database itself are not copied from a template, where the migration gave them.
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        made = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [list(SERVING)]).fetchall()
        for role in (*(role for (role,) in made), *others):
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))
    if is_copy:
        return
    with psycopg.connect(superuser_address, dbname=name) as connection:
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for (statement,) in connection.execute(CLOSE_LARGE_OBJECTS).fetchall():
            connection.execute(statement)


def drop_database(superuser_address: str, name: str) -> None:
    """Drop the database `name`, if there is one, though somebody is connected to it."""
    with psycopg.connect(superuser_address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def put_in_place(superuser_address: str, name: str, *, of: str) -> None:
    """Let the database `name` be the one called `of`, which is dropped. Killed anywhere, one of that name is there."""
    before = f"{of}_before"
    drop_database(superuser_address, before)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with psycopg.connect(superuser_address) as connection:
        connection.execute(rename.format(sql.Identifier(of), sql.Identifier(before)))
        connection.execute(rename.format(sql.Identifier(name), sql.Identifier(of)))
    drop_database(superuser_address, before)
