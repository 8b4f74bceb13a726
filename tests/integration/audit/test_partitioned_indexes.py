"""Indexes of the log come and go while it is written and read, also where the first try failed."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connection, models
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from contactpoint.local.servers import Servers
from database import indexes
from database.indexes import AddPartitionedIndex, RemovePartitionedIndex
from tests import servers
from tests.integration.audit.sealing import connected, write

INDEX = models.Index(fields=("trail", "-id"), name="audit_event_trail", condition=Q(trail__isnull=False))
THERE = """
    SELECT tree.relid::regclass::text, indisvalid, regexp_replace(pg_get_indexdef(tree.relid), '^.* USING ', '')
    FROM pg_partition_tree('audit_event_trail') AS tree JOIN pg_index ON indexrelid = tree.relid
"""
PARTITIONS = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_event'::regclass"
DEFINITION = "btree (trail, id DESC) WHERE (trail IS NOT NULL)"


@contextmanager
def owner(cluster: Servers, log: str) -> Iterator[None]:
    with connected(cluster.database_address("owner", log)):
        yield


def ask(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def state(*more: models.Index) -> ProjectState:
    known = ModelState.from_model(Event)
    known.options["indexes"] = [*known.options["indexes"], *more]
    made = ProjectState()
    made.add_model(known)
    return made


def add() -> None:
    with connection.schema_editor(atomic=False) as editor:
        AddPartitionedIndex("event", INDEX).database_forwards("audit", editor, state(), state(INDEX))


def check_it_is_whole() -> None:
    ((partitions,),) = ask(PARTITIONS)
    found = ask(THERE)
    assert len(found) == partitions + 1 > 4
    assert {(valid, definition) for _, valid, definition in found} == {(True, DEFINITION)}


def test_index_is_on_each_month_and_made_without_holding_writers_up(log: str, cluster: Servers) -> None:
    write(3)
    with owner(cluster, log), CaptureQueriesContext(connection) as asked:
        add()
        made = [each["sql"] for each in asked.captured_queries if each["sql"].startswith("CREATE INDEX")]
        assert [sql for sql in made if " ON ONLY " not in sql and "CONCURRENTLY" not in sql] == []
        check_it_is_whole()


def test_it_goes_and_comes_back(log: str, cluster: Servers) -> None:
    with owner(cluster, log):
        add()
        remove = RemovePartitionedIndex("event", "audit_event_trail")
        with connection.schema_editor(atomic=False) as editor:
            remove.database_forwards("audit", editor, state(INDEX), state())
        assert ask("SELECT to_regclass('audit_event_trail')") == [(None,)]
        with connection.schema_editor(atomic=False) as editor:
            remove.database_backwards("audit", editor, state(), state(INDEX))
        check_it_is_whole()
        with connection.schema_editor(atomic=False) as editor:
            AddPartitionedIndex("event", INDEX).database_backwards("audit", editor, state(INDEX), state())
        assert ask("SELECT to_regclass('audit_event_trail')") == [(None,)]


def test_migration_goes_back_and_forth(log: str, cluster: Servers) -> None:
    with owner(cluster, log):
        before = indexes_there()
        connection.close()
        for to in ("0008_alerts_in_groups", "0025_counted"):
            migrate(cluster, log, to)
        assert indexes_there() == before


def indexes_there() -> list[tuple[object, ...]]:
    """Of the log and each of its months. Names of the months' own do not count."""
    return ask(
        "SELECT tree.relid::regclass::text, indisvalid, regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', '')"
        " FROM pg_partition_tree('audit_event') AS tree JOIN pg_index ON indrelid = tree.relid ORDER BY 1, 3"
    )


def migrate(cluster: Servers, log: str, to: str) -> None:
    """With the cluster's own addresses, whose passwords it gives the roles once more."""
    environment = servers.login_environment("none", redis_database=0) | {
        **{name: value for name, value in cluster.environment().items() if name.startswith("DATABASE_")},
        "DATABASE_OWNER_URL": cluster.database_address("owner", log),
        "DATABASE_ROLE": "owner",
    }
    servers.manage("migrate", "audit", to, "--verbosity=0", environment=environment)


def test_whoever_holds_the_log_makes_it_fail_soon_and_it_can_be_run_again(
    log: str, cluster: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for no writer for long: whoever comes after would wait behind it."""
    monkeypatch.setattr(indexes, "LOCK_TIMEOUT", "100ms")
    with owner(cluster, log):
        with psycopg.connect(cluster.database_address("owner", log)) as holder:
            holder.execute("LOCK TABLE audit_event IN ROW EXCLUSIVE MODE")
            with pytest.raises(OperationalError, match="lock timeout"):
                add()
        add()
        check_it_is_whole()


def test_what_was_left_half_made_is_made_anew(log: str, cluster: Servers) -> None:
    with owner(cluster, log):
        ((month,),) = ask(
            "SELECT min(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'audit_event'::regclass"
        )
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX audit_event_trail ON ONLY audit_event USING {DEFINITION}")
            cursor.execute(f"CREATE INDEX {month}_trail ON {month} (id)")
        add()
        check_it_is_whole()
