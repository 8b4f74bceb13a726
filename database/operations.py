"""Migration operations that put the app's pages into the database, and take them out again on the way back."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

from database.pages import Kind, Page

UNGUARD = """
    DO $$
    DECLARE
        statement text;
    BEGIN
        FOR statement IN
            SELECT format('DROP POLICY %I ON {table}', polname) FROM pg_policy WHERE polrelid = '{table}'::regclass
            UNION ALL
            SELECT format('DROP TRIGGER %I ON {table}', tgname) FROM pg_trigger
            WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal AND tgparentid = 0
        LOOP
            EXECUTE statement;
        END LOOP;
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    END
    $$
"""


def unguard(table: str) -> str:
    """The statement that takes every policy and trigger off a table, and row-level security."""
    return UNGUARD.format(table=table)


class PageOperation(Operation):
    """What all of them have: a page by its name, and the number of its version. Models are untouched."""

    category = OperationCategory.SQL
    reversible = True
    kind = Kind.FUNCTION

    def __init__(self, name: str, version: int = 1) -> None:
        self.name = name
        self.version = version

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def describe(self) -> str:
        return f"{type(self).__name__} {self.name}, version {self.version}"

    def page(self, app_label: str) -> Page:
        return Page(app_label, self.kind, self.name)

    def put(self, app_label: str, editor: BaseDatabaseSchemaEditor, version: int) -> None:
        editor.execute(self.page(app_label).read(version), params=None)

    def create(self, app_label: str, editor: BaseDatabaseSchemaEditor, version: int) -> None:
        # PostgreSQL lets everybody call what is new; rights are given after the last migration, if none fails.
        # Sent together with the function, so that there is no moment between them.
        nobodys = f"REVOKE ALL ON FUNCTION {self.name} FROM PUBLIC"
        editor.execute(f"{self.page(app_label).read(version)}\n{nobodys}", params=None)

    def drop(self, editor: BaseDatabaseSchemaEditor) -> None:
        # Without its arguments: PostgreSQL refuses where two functions have the name.
        editor.execute(f"DROP FUNCTION {self.name}", params=None)


class CreateFunction(PageOperation):
    """A function of a new name, or one that `DropFunction` made room for. Nobody but the owner may call it yet."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self.create(app_label, schema_editor, self.version)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self.drop(schema_editor)


class ReplaceFunction(PageOperation):
    """Another body under the same name, arguments and result; on the way back the version before."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self.put(app_label, schema_editor, self.version)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self.put(app_label, schema_editor, self.version - 1)


class DropFunction(PageOperation):
    """Take away the version that there is: for good, or before `CreateFunction` where arguments or result change."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self.drop(schema_editor)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self.create(app_label, schema_editor, self.version)


class GuardTable(PageOperation):
    """Row-level security and triggers of a table: all that it has, in place of all that it had."""

    kind = Kind.GUARD

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self._guard(app_label, schema_editor, self.version, instead_of=self.version - 1)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self._guard(app_label, schema_editor, self.version - 1, instead_of=self.version)

    def _guard(self, app_label: str, editor: BaseDatabaseSchemaEditor, version: int, *, instead_of: int) -> None:
        if instead_of:
            editor.execute(unguard(self.name), params=None)
        if version:
            self.put(app_label, editor, version)


class UnguardTable(PageOperation):
    """Take away the version that guards a table, before the table goes for good."""

    kind = Kind.GUARD

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        schema_editor.execute(unguard(self.name), params=None)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        self.put(app_label, schema_editor, self.version)
