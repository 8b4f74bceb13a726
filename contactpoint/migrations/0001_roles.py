from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError
from psycopg.errors import DuplicateObject, InsufficientPrivilege, UniqueViolation

WEB, READER = "contactpoint_web", "contactpoint_reader"
ROLES = (WEB, "contactpoint_worker", "contactpoint_sequencer", READER)

CREATE = "CREATE ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
# Taken on for an auditor's query and for nothing else: never by itself.
LEND = f"GRANT {READER} TO {WEB} WITH INHERIT FALSE, SET TRUE"

MISSING = """
The database roles are not all there, and {owner}, who migrates, may not make them.
Let an administrator of the server run this, and migrate again:
    {statements};
"""


def make_roles(apps, schema_editor):
    """Make the roles that serve. They belong to the server: another database of it may have made them before."""
    with schema_editor.connection.cursor() as cursor:
        for role in ROLES:
            if not _exists(cursor, role):
                _run(cursor, CREATE.format(role))
        if not _is_lent(cursor):
            _run(cursor, LEND)
        quote = schema_editor.connection.ops.quote_name
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
        cursor.execute(f"GRANT CONNECT ON DATABASE {quote(database)} TO {', '.join(ROLES)}")


def keep_roles(apps, schema_editor):
    raise IrreversibleError("The roles stay: other databases of the server may use them.")


def _exists(cursor, role):
    cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() == (1,)


def _is_lent(cursor):
    cursor.execute("SELECT pg_has_role(%s, %s, 'SET')", [WEB, READER])
    return cursor.fetchone() == (True,)


def _run(cursor, statement):
    psycopg_cursor = cursor.cursor
    try:
        with psycopg_cursor.connection.transaction():
            psycopg_cursor.execute(statement)
    except (DuplicateObject, UniqueViolation):
        pass  # the migration of another database was quicker
    except InsufficientPrivilege as error:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
        missing = [CREATE.format(role) for role in ROLES if not _exists(cursor, role)]
        # Without both of its roles it cannot be lent yet.
        if missing or not _is_lent(cursor):
            missing.append(LEND)
        raise RuntimeError(MISSING.format(owner=owner, statements=";\n    ".join(missing))) from error


class Migration(migrations.Migration):
    """The roles as which processes connect. They stay when the tables go: other databases of the server may use them."""

    initial = True

    dependencies = []
    run_before = [("encryption", "0001_sealed_type")]

    operations = [migrations.RunPython(make_roles, keep_roles)]
