"""The rival: a PostgreSQL of the machine's own, with names, dates and postcodes in clear, and pg_trgm's GIN index.

Its server has the memory and the planner's settings of ours. Two ways to use it: by trigrams alone, which find whatever
is wrong with the date; and by the date first, by trigrams only where that finds nobody who is alike.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.utils import timezone

from bench import people
from bench.mistakes import Asked
from contactpoint.local import account
from registry.values import Summary

SAME_SETTINGS = (
    "shared_buffers",
    "effective_cache_size",
    "work_mem",
    "maintenance_work_mem",
    "random_page_cost",
    "effective_io_concurrency",
    "jit",
)
BYTES_OF_A_CHILD, BYTES_BESIDE = 800, 1_000_000_000  # with indexes, their making, and the write-ahead log
ALIKE = 0.5  # a name as near as this needs no second look
Row = tuple[int, str, Any, str]


@dataclass(frozen=True, slots=True)
class Programs:
    """Where initdb, pg_ctl and postgres are, and of which version."""

    directory: Path
    version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """At most ten children, best first, and the milliseconds they took."""

    found: tuple[int, ...]
    milliseconds: float


def programs(children: int) -> Programs | None:
    """A PostgreSQL of this machine that has the extension pg_trgm, or None. None too where so many find no room."""
    room = shutil.disk_usage(tempfile.gettempdir()).free
    if shutil.which("pg_config") is None or room < children * BYTES_OF_A_CHILD + BYTES_BESIDE:
        return None
    shared, directory = Path(_output("pg_config", "--sharedir")), Path(_output("pg_config", "--bindir"))
    if not (shared / "extension" / "pg_trgm.control").exists() or not (directory / "initdb").exists():
        return None
    return Programs(directory, _output("pg_config", "--version"))


@contextmanager
def server(found: Programs | None) -> Iterator[str]:
    """The address of a new cluster with an empty table; empty where there is none. Nothing is left of it afterwards."""
    if found is None:
        print("No PostgreSQL with pg_trgm, or no room for its table, or not wanted: nothing to compare with.")
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="contactpoint-rival-") as name:
        directory = Path(name)
        owner = account.for_files_in(directory / "data")
        owner.give(directory)
        owner.let_through(directory)
        # Reached through its directory alone, which is closed to other users.
        settings = {**_our_settings(), "listen_addresses": "", "unix_socket_directories": name}
        options = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        _run(found, owner, "initdb", "-D", f"{name}/data", "-U", "rival", "-A", "trust", "-E", "UTF8", "--locale=C")
        _run(found, owner, "pg_ctl", "-s", "-w", "-D", f"{name}/data", "-l", f"{name}/log", "-o", options, "start")
        try:
            address = f"host={name} user=rival dbname=postgres"
            with psycopg.connect(address) as connection:
                connection.execute("CREATE EXTENSION pg_trgm")
                connection.execute("CREATE TABLE name (child_id bigint, name text, born date, postcode text)")
            yield address
        finally:
            _run(found, owner, "pg_ctl", "-s", "-w", "-m", "immediate", "-D", f"{name}/data", "stop")


def add(address: str, children: Iterable[tuple[int, Summary]]) -> None:
    """A row for each name of each child."""
    with (
        psycopg.connect(address) as connection,
        connection.cursor().copy("COPY name (child_id, name, born, postcode) FROM STDIN") as copy,
    ):
        for child_id, summary in children:
            for name in summary.names:
                full = f"{name.given} {name.family}".casefold()
                copy.write_row((child_id, full, summary.date_of_birth, summary.postcode))


def finish(address: str) -> tuple[float, int]:
    """Make the indexes. Returns the seconds that it took, and the bytes of table and indexes."""
    begun = time.monotonic()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "CREATE INDEX ON name USING gin (name gin_trgm_ops, postcode gin_trgm_ops) WITH (fastupdate = off)"
        )
        connection.execute("CREATE INDEX ON name (born)")
        connection.execute("VACUUM ANALYZE name")
        row = connection.execute("SELECT pg_total_relation_size('name')").fetchone()
    return time.monotonic() - begun, row[0] if row else 0


class Rival:
    """Asks the rival, over one connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def by_trigrams(self, asked: Asked) -> Answer:
        begun = time.perf_counter()
        found = self._trigrams(asked)
        return Answer(found, (time.perf_counter() - begun) * 1000)

    def by_date_first(self, asked: Asked) -> Answer:
        begun = time.perf_counter()
        found = self._of_that_date(asked) or self._trigrams(asked)
        return Answer(found, (time.perf_counter() - begun) * 1000)

    def _of_that_date(self, asked: Asked) -> tuple[int, ...]:
        """Those born that day with such a name; nobody, where none is alike enough."""
        if asked.date_of_birth is None:
            return ()
        statement: LiteralString = (
            "SELECT child_id FROM name WHERE born = %(born)s AND similarity(name, %(name)s) >= %(alike)s"
            " GROUP BY child_id ORDER BY max(similarity(name, %(name)s)) DESC, child_id LIMIT 10"
        )
        return self._ids(statement, _values(asked) | {"alike": ALIKE})

    def _trigrams(self, asked: Asked) -> tuple[int, ...]:
        """By the whole name, or by the one that is known with the postcode; ranked with what else is given."""
        one_name = not (asked.given and asked.family)
        condition: LiteralString = "%(name)s <%% name" if one_name else "name %% %(name)s"
        rank: LiteralString = "word_similarity(%(name)s, name)" if one_name else "similarity(name, %(name)s)"
        if asked.postcode:
            condition += " AND postcode %% %(postcode)s"
            rank += " + similarity(postcode, %(postcode)s)"
        if asked.date_of_birth:
            # Two of the three parts right count for half.
            rank += (
                " + CASE WHEN born = %(born)s THEN 1 WHEN (extract(year FROM born) = %(year)s)::int"
                " + (extract(month FROM born) = %(month)s)::int + (extract(day FROM born) = %(day)s)::int >= 2 THEN 0.5"
                " WHEN (extract(year FROM born), extract(month FROM born), extract(day FROM born))"
                " = (%(year)s, %(day)s, %(month)s) THEN 0.5 ELSE 0 END"
            )
        elif asked.age is not None:
            condition += (
                " AND born > %(today)s::date - make_interval(years => %(age)s + 2)"
                " AND born <= %(today)s::date - make_interval(years => %(age)s - 1)"
            )
        statement: LiteralString = (
            "SELECT child_id FROM name WHERE " + condition + " GROUP BY child_id"
            " ORDER BY max(" + rank + ") DESC, child_id LIMIT 10"
        )
        return self._ids(statement, _values(asked))

    def _ids(self, statement: LiteralString, values: dict[str, Any]) -> tuple[int, ...]:
        return tuple(child_id for (child_id,) in self._connection.execute(statement, values).fetchall())


def _values(asked: Asked) -> dict[str, Any]:
    born = asked.date_of_birth
    return {
        "name": f"{asked.given} {asked.family}".strip().casefold(),
        "postcode": asked.postcode,
        "born": born,
        "year": born and born.year,
        "month": born and born.month,
        "day": born and born.day,
        "age": asked.age,
        "today": timezone.localdate(),
    }


def _our_settings() -> dict[str, str]:
    with psycopg.connect(people.address("owner")) as owner:
        rows = owner.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY (%s)", [list(SAME_SETTINGS)]
        )
        return dict(rows.fetchall())


def _run(found: Programs, owner: account.Account, program: str, *arguments: str) -> None:
    command = [str(found.directory / program), *arguments]
    # Not to a pipe: the server that pg_ctl leaves behind would keep it open.
    subprocess.run(  # noqa: S603 - a program of the machine's PostgreSQL
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/", **owner.run_options()
    )


def _output(program: str, option: str) -> str:
    return subprocess.run([program, option], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
