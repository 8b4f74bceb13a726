from django.db import migrations
from psycopg import sql
from psycopg.errors import DuplicateObject, InsufficientPrivilege, UniqueViolation

WEB, READER = "contactpoint_web", "contactpoint_reader"
ROLES = (WEB, "contactpoint_worker", "contactpoint_sequencer", READER)

MISSING = """
The database role {role} is not there, and the one that migrates may not make it. Let an administrator of the server run
    {statement};
or ALTER ROLE {owner} CREATEROLE, and migrate again.
"""


def make_roles(apps, schema_editor):
    """Make the roles that serve. They belong to the server: another database of it may have made them before."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        for role in ROLES:
            _make_role(cursor.cursor, role, owner)
        names = sql.SQL(", ").join(map(sql.Identifier, ROLES))
        cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), names))
        cursor.execute("SELECT pg_has_role(%s, %s, 'SET')", [WEB, READER])
        if not cursor.fetchone()[0]:
            # Taken on for an auditor's query and for nothing else: never by itself.
            cursor.execute(f"GRANT {READER} TO {WEB} WITH INHERIT FALSE, SET TRUE")


def _make_role(cursor, role, owner):
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if cursor.rowcount:
        return
    statement = f"CREATE ROLE {role} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
    try:
        with cursor.connection.transaction():
            cursor.execute(statement)
    except (DuplicateObject, UniqueViolation):
        pass  # the migration of another database was quicker
    except InsufficientPrivilege as error:
        raise RuntimeError(MISSING.format(role=role, statement=statement, owner=owner)) from error


class Migration(migrations.Migration):
    """The roles as which processes connect. Not undone: other databases of the server may use them."""

    initial = True

    dependencies = []
    run_before = [("encryption", "0001_sealed_type")]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
