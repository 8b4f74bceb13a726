"""A database in which one test after another commits, and which each of them finds as it was migrated.

To copy the template takes longer than most tests do, and whoever connects to a copy has everything to learn about it
anew. So what a test wrote is taken out afterwards, and the next one gets the same database over the same connection.
Where a test changed more than rows and sequences - a table, a function, a right, a setting - or wrote much, the
database is dropped instead, and the next test gets another copy.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from contactpoint.local.servers import Servers
from tests import servers

NAME = f"{servers.own_database()}_single"
# A table that was never vacuumed is planned for as if it had ten pages at least: below, what rows leave behind that
# were taken out changes no plan.
PAGES = 10
# One of these has another row whenever somebody changes what is said of a table, a function, a type, or of rights.
CATALOGS = (
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_default_acl", "pg_event_trigger", "pg_extension"),
    *("pg_index", "pg_inherits", "pg_largeobject_metadata", "pg_policy", "pg_proc", "pg_publication", "pg_rewrite"),
    *("pg_sequence", "pg_statistic", "pg_statistic_ext", "pg_trigger", "pg_type"),
)
# How many rows there are, and in which transaction the newest was written. Those of before the first are all as old.
NEWEST = """
    SELECT {name}, count(*), age('3'::xid) - min(age(xmin)) FILTER (WHERE age(xmin) < 2147483647) FROM {catalog}
"""
WHAT_IS_SAID = """
    SELECT {name}, md5((
        to_jsonb(here) - '{{relpages, reltuples, relallvisible, relallfrozen, relhassubclass}}'::text[]
    )::text) FROM {catalog} AS here WHERE age('3'::xid) - age(xmin) > {since}
"""
# Vacuuming and analysing leave no new row. The schemas of temporary tables stay when those are gone.
BESIDE = """
    SELECT 'pages', sum(relpages), NULL::integer FROM pg_class
    UNION ALL SELECT 'tuples', sum(reltuples)::bigint, NULL FROM pg_class
    UNION ALL SELECT 'schemas', count(*), NULL FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
    UNION ALL SELECT 'settings', count(*), NULL FROM pg_db_role_setting JOIN pg_database AS database
        ON database.oid = setdatabase WHERE datname = current_database()
    UNION ALL SELECT 'rights', hashtext(concat(datacl, datdba, datallowconn, datconnlimit)), NULL FROM pg_database
        WHERE datname = current_database()
"""
FIRST_OF_OURS = 16384  # what PostgreSQL brings with it has lower numbers
TABLES = f"""
    SELECT oid::regclass::text, pg_relation_size(oid) / 8192 FROM pg_class
    WHERE relkind = 'r' AND oid >= {FIRST_OF_OURS} AND pg_relation_size(oid) > 0
"""
PARTITIONS = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relispartition"
SEQUENCES = "SELECT seqrelid::regclass::text, seqstart, pg_sequence_last_value(seqrelid) FROM pg_sequence"
ROWS = "SELECT {name}, md5(string_agg(here::text, ' ' ORDER BY here::text)) FROM {table} AS here"
END_OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)
"""
# What DISCARD ALL does, but for its forgetting plans, and the role with which the connection was made.
AS_CONNECTED = """
    CLOSE ALL; RESET ALL; RESET ROLE; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES
"""

Superuser = psycopg.Connection[tuple[Any, ...]]
Shape = dict[str, tuple[int, int | None]]


class OwnDatabase:
    """The database of this process for tests that commit. It is made for the first of them."""

    def __init__(self) -> None:
        self._copy: _Copy | None = None

    def close(self) -> None:
        """Let go of it, at the end."""
        if self._copy:
            self._copy.drop()

    @contextmanager
    def lent(self, running: Servers) -> Iterator[None]:
        """Within, Django is connected to it as the web role."""
        copy = self._copy or _Copy.make(running)
        self._copy = None
        shared, settings = connections[DEFAULT_DB_ALIAS], connections[DEFAULT_DB_ALIAS].settings_dict
        before = settings["NAME"]
        connections[DEFAULT_DB_ALIAS], settings["NAME"] = copy.django, NAME
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS], settings["NAME"] = shared, before
            if copy.is_restored():
                self._copy = copy
            else:
                copy.drop()


@dataclass(frozen=True)
class _Copy:
    """A copy of the template, and what was in it at first."""

    superuser: Superuser
    django: BaseDatabaseWrapper
    shape: Shape
    said: set[tuple[str, str]]
    partitions: set[str]
    rows: dict[str, tuple[str, bytes]]
    sequences: dict[str, int]

    @classmethod
    def make(cls, running: Servers) -> "_Copy":
        servers.clone(NAME)
        superuser = psycopg.connect(running.postgresql.superuser_address, dbname=NAME, autocommit=True)
        django = connections.create_connection(DEFAULT_DB_ALIAS)
        # Django finds out by making a table, which the web role may not.
        django.features.supports_transactions = True
        tables = [table for table, _ in superuser.execute(TABLES)]
        rows = {table: (digest, _taken_out(superuser, table)) for table, digest in _digests(superuser, tables)}
        sequences = {name: last for name, _, last in superuser.execute(SEQUENCES) if last is not None}
        partitions = {name for (name,) in superuser.execute(PARTITIONS)}
        shape = _shape(superuser)
        return cls(superuser, django, shape, _said(superuser, {}, shape), partitions, rows, sequences)

    def drop(self) -> None:
        self.django.close()
        self.superuser.close()
        servers.drop(NAME)

    def is_restored(self) -> bool:
        """Whether it is as it was at first, after what a test wrote was taken out."""
        try:
            kept = self._kept_connection()
            self.superuser.execute(END_OTHERS, [kept])
            self._drop_partitions()
            if not self._has_its_shape():
                return False
            tables = dict(self.superuser.execute(TABLES).fetchall())
            if any(pages > PAGES for table, pages in tables.items() if table not in self.rows):
                return False
            with self.superuser.transaction():
                # Neither guards nor references are asked.
                self.superuser.execute("SET LOCAL session_replication_role = replica")
                self._take_out(tables)
                self._put_sequences_back()
        except psycopg.Error:
            return False
        return True

    def _kept_connection(self) -> int:
        """The number of the backend of Django's connection, which is as if it was made now; 0 where there is none."""
        django = self.django
        django.run_on_commit, django.errors_occurred = [], False
        django.queries_log.clear()
        if django.connection is None or django.in_atomic_block or not django.get_autocommit():
            django.in_atomic_block = False
            django.close()
            return 0
        try:
            django.connection.execute(AS_CONNECTED)
        except psycopg.Error:
            django.close()
            return 0
        return int(django.connection.info.backend_pid)

    def _drop_partitions(self) -> None:
        """Each registry that can be searched has made one."""
        new = {name for (name,) in self.superuser.execute(PARTITIONS)} - self.partitions
        if new:
            self.superuser.execute(f"DROP TABLE {', '.join(new)}")

    def _has_its_shape(self) -> bool:
        """Whether nothing is said but what was said at first, even if anew."""
        now = _shape(self.superuser)
        anew = {name for name, told in now.items() if told != self.shape[name]}
        more_or_less = any(now[name][0] != self.shape[name][0] for name in anew)
        if more_or_less or not _said(self.superuser, self.shape, anew) <= self.said:
            return False
        self.shape.update(now)
        return True

    def _take_out(self, tables: dict[str, int]) -> None:
        digests = _digests(self.superuser, list(self.rows))
        changed = [table for table, digest in digests if digest != self.rows[table][0]]
        emptied = [*changed, *(table for table in tables if table not in self.rows)]
        if emptied:
            self.superuser.execute("; ".join(f"DELETE FROM {table}" for table in emptied))
        for table in changed:
            with self.superuser.cursor().copy(f"COPY {table} FROM STDIN") as into:
                into.write(self.rows[table][1])

    def _put_sequences_back(self) -> None:
        for name, start, last in self.superuser.execute(SEQUENCES).fetchall():
            if last != self.sequences.get(name):
                was = self.sequences.get(name)
                self.superuser.execute("SELECT setval(%s, %s, %s)", [name, was or start, was is not None])


def _shape(superuser: Superuser) -> Shape:
    """All but rows and sequences: what two databases of one shape have in common."""
    catalogs = (sql.SQL(NEWEST).format(name=sql.Literal(name), catalog=sql.Identifier(name)) for name in CATALOGS)
    union = sql.SQL(" UNION ALL ").join([sql.SQL(BESIDE), *catalogs])
    return {name: (number, newest) for name, number, newest in superuser.execute(union)}


def _said(superuser: Superuser, since: Shape, catalogs: Collection[str]) -> set[tuple[str, str]]:
    """What rows of the catalogs say that are newer than those of then."""
    of_each = (
        sql.SQL(WHAT_IS_SAID).format(
            name=sql.Literal(name), catalog=sql.Identifier(name), since=sql.Literal(since.get(name, (0, None))[1] or -3)
        )
        for name in CATALOGS
        if name in catalogs
    )
    union = sql.SQL(" UNION ALL ").join(of_each)
    return set(superuser.execute(union)) if catalogs else set()


def _digests(superuser: Superuser, tables: list[str]) -> list[tuple[str, str]]:
    of_each = (sql.SQL(ROWS).format(name=sql.Literal(name), table=sql.SQL(name)) for name in tables)
    return superuser.execute(sql.SQL(" UNION ALL ").join(of_each)).fetchall()


def _taken_out(superuser: Superuser, table: str) -> bytes:
    with superuser.cursor().copy(f"COPY {table} TO STDOUT") as out:
        return b"".join(map(bytes, out))
