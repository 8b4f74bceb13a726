"""A batch checked and taken in, against a bare COPY of the same sealed rows.

    python -m bench.feeds taking [--rows 5000] [--database 20000] [--json FILE]

One worker, one process. New children, then all of them again with another address, then once more as they are.
Goals: 3,000 rows a second, 200,000 changed rows in five minutes, less than 1 GB.
"""

import argparse
from time import perf_counter
from typing import Any

import psycopg
from psycopg import sql

from bench import tables
from bench.place import Place, servers_apart

# What a row of a new child is written to.
WRITTEN = (
    *("registry_child", "registry_childname", "registry_childaddress", "registry_childnumber", "registry_guardian"),
    *("registry_involvement", "registry_childtraits", "feeds_sourcerecord", "feeds_batchrow"),
)
GOALS = "Goals: 3,000 rows a second; 667 changed rows a second; less than 1 GB."


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=5000, help="rows of a batch (5000)")
    parser.add_argument("--database", type=int, default=20_000, help="children on record before (20000)")


def run(told: argparse.Namespace) -> dict[str, Any]:
    """Both, shown. Returns the figures."""
    with servers_apart() as (directory, servers):
        made = Place(directory, servers)
        made.manage("migrate", "--verbosity=0")
        made.manage("make_keys")
        made.manage("make_england", f"--children={told.database}", role="worker")
        with psycopg.connect(servers.database_address("owner"), autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")  # as it is a while after a load: PostgreSQL comes round when it likes
        taken: dict[str, Any] = made.step("bench.feeds.sending", told.rows, role="worker")
        copied = _copied(servers.database_address("owner"))
    rows = [{"batch": name, **figures} for name, figures in taken.items() if isinstance(figures, dict)]
    tables.show("Taken in", rows, notes=[GOALS, f"Peak {taken['peak MB']} MB. A bare COPY: {copied:,} a second."])
    return {"taken in": taken, "copied a second": copied}


def _copied(address: str) -> int:
    """How many children a second PostgreSQL copies: the same sealed rows into tables and indexes that are alike."""
    seconds = 0.0
    with psycopg.connect(address) as owner:
        for table in WRITTEN:
            name, copy = sql.Identifier(table), sql.Identifier(f"copy_of_{table}")
            owner.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(copy, name))
            written = owner.cursor()
            with written.copy(sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT binary)").format(name)) as out:
                content = b"".join(bytes(each) for each in out)
            began = perf_counter()
            with written.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(copy)) as back:
                back.write(content)
            seconds += perf_counter() - began
        ((children,),) = owner.execute("SELECT count(*) FROM registry_child").fetchall()
        owner.rollback()
    return int(children / seconds)
