"""Indexes of a partitioned table, made and taken away while it is read and written.

PostgreSQL makes none concurrently on the whole of such a table. So it is declared on the table alone, made on each
partition concurrently, and attached. For migrations with `atomic = False`; one that stopped half way is run again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

LOCK_TIMEOUT = "3s"  # behind whoever waits longer for a lock of the table, everybody else would wait as well
WITHOUT_IT = """
    SELECT part.inhrelid::regclass::text FROM pg_inherits AS part
    WHERE part.inhparent = %s::regclass AND NOT EXISTS (
        SELECT FROM pg_index JOIN pg_inherits AS attached ON attached.inhrelid = indexrelid
        WHERE indrelid = part.inhrelid AND attached.inhparent = %s::regclass
    )
    ORDER BY 1
"""


class AddPartitionedIndex(migrations.AddIndex):
    """An index on a table and all its partitions."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        _make(schema_editor, to_state.apps.get_model(app_label, self.model_name), self.index)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        _drop(schema_editor, self.index.name)


class RemovePartitionedIndex(migrations.RemoveIndex):
    """Takes an index from a table and all its partitions."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        _drop(schema_editor, self.name)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        index = to_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
        _make(schema_editor, to_state.apps.get_model(app_label, self.model_name), index)


def _make(editor: BaseDatabaseSchemaEditor, model: type[models.Model], index: models.Index) -> None:
    table = model._meta.db_table
    declared = str(index.create_sql(model, editor)).replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1)
    with _not_waiting_long(editor):
        editor.execute(declared.replace(" ON ", " ON ONLY ", 1), params=None)
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [index.name])
        (definition,) = cursor.fetchone()
        cursor.execute(WITHOUT_IT, [table, index.name])
        partitions = [name for (name,) in cursor.fetchall()]
    for partition in partitions:
        name = f"{partition}_{index.name.removeprefix(f'{table}_')}"
        # One that was left half made is of no use.
        editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", params=None)
        editor.execute(
            f"CREATE INDEX CONCURRENTLY {name} ON {partition} USING {definition.partition(' USING ')[2]}", params=None
        )
        with _not_waiting_long(editor):
            editor.execute(f"ALTER INDEX {index.name} ATTACH PARTITION {name}", params=None)


def _drop(editor: BaseDatabaseSchemaEditor, name: str) -> None:
    with _not_waiting_long(editor):
        editor.execute(f"DROP INDEX IF EXISTS {name}", params=None)


@contextmanager
def _not_waiting_long(editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """Within, a statement that does not get its lock soon fails."""
    editor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'", params=None)
    try:
        yield
    finally:
        editor.execute("RESET lock_timeout", params=None)
