"""Making the roles as which processes connect, for migrations. They belong to the server, and not to a database."""

from collections.abc import Iterator, Sequence

from django.db.backends.utils import CursorWrapper
from psycopg.errors import DuplicateObject, InsufficientPrivilege, UniqueViolation

CREATE = "CREATE ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
LEND = "GRANT {} TO {} WITH INHERIT FALSE, SET TRUE"

MISSING = """
The database roles are not all there, and {owner}, who migrates, may not make them.
Let an administrator of the server run this, and migrate again:
    {statements};
"""


def make(cursor: CursorWrapper, roles: Sequence[str], *, lent: Sequence[tuple[str, str]] = ()) -> None:
    """Have these roles there, and let them connect to this database. `lent`: a role, and who may take it on.

    Another database of the server may have made them before. Raises RuntimeError, with what an administrator has to
    run, where whoever migrates may not.
    """
    for role in roles:
        if not _exists(cursor, role):
            _run(cursor, CREATE.format(role), roles, lent)
    for role, borrower in lent:
        if not _is_lent(cursor, role, borrower):
            _run(cursor, LEND.format(role, borrower), roles, lent)
    cursor.execute("SELECT quote_ident(current_database())")
    (database,) = cursor.fetchone()
    cursor.execute(f"GRANT CONNECT ON DATABASE {database} TO {', '.join(roles)}")


def _exists(cursor: CursorWrapper, role: str) -> bool:
    cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role])
    return bool(cursor.fetchone() == (1,))


def _is_lent(cursor: CursorWrapper, role: str, borrower: str) -> bool:
    cursor.execute("SELECT pg_has_role(%s, %s, 'SET')", [borrower, role])
    return bool(cursor.fetchone() == (True,))


def _run(cursor: CursorWrapper, statement: str, roles: Sequence[str], lent: Sequence[tuple[str, str]]) -> None:
    psycopg_cursor = cursor.cursor
    try:
        with psycopg_cursor.connection.transaction():
            psycopg_cursor.execute(statement)
    except (DuplicateObject, UniqueViolation):
        pass  # the migration of another database was quicker
    except InsufficientPrivilege as error:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
        statements = ";\n    ".join(_missing(cursor, roles, lent))
        raise RuntimeError(MISSING.format(owner=owner, statements=statements)) from error


def _missing(cursor: CursorWrapper, roles: Sequence[str], lent: Sequence[tuple[str, str]]) -> Iterator[str]:
    made = [role for role in roles if not _exists(cursor, role)]
    yield from (CREATE.format(role) for role in made)
    # Without both of its roles it cannot be lent yet.
    yield from (LEND.format(*each) for each in lent if made or not _is_lent(cursor, *each))
