"""Matching measured: by mistake, among twins, by strangers, and how fast.

    python -m bench.feeds matching [--febrl DIRECTORY [--rival PYTHON]] [--json FILE]

Weights come of the synthetic England of seed 1 (`manage.py estimate_matching`); these figures of another. One child in
five is not on record, though brothers and sisters are: whoever is linked then is a wrong one. For `--febrl` see
bench/search/febrl.py; `--rival` is a Python with recordlinkage, to ask on the same pairs.
"""

import argparse
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from bench import tables
from bench.feeds import figures, learnt, making, strangers, twins
from bench.feeds.filed import Filed
from bench.feeds.making import Person, Sent
from bench.place import Place, servers_apart
from bench.tables import Row as Figures
from feeds.matching import weights
from feeds.matching.weights import Weights

ABSENT_EVERY = 5
SHOWN = ("count", "linked right", "wrong", "held", "missed", "rows a second", "ms of the index a row", "peak MB")
GOALS = "Goals: precision 99.9% and recall 97% without a person; no twin linked with the other."


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--children", type=int, default=20_000, help="on record, and as many rows (20000)")
    parser.add_argument("--each", type=int, default=1000, help="rows with each mistake (1000)")
    parser.add_argument("--twins", type=int, default=10_000, help="pairs of twins (10000)")
    parser.add_argument("--seed", type=int, default=2, help="of the synthetic England, and of mistakes (2)")
    parser.add_argument("--bits", type=float, help="as if there were so many children, in bits (23.4 in England)")
    parser.add_argument("--learnt", action="store_true", help="what people's decisions change (learnt.py)")
    parser.add_argument("--febrl", type=Path, help="a directory with FEBRL 4")
    parser.add_argument("--rival", type=Path, help="a Python that has recordlinkage")
    parser.add_argument("--database", type=int, default=0, help="children in a PostgreSQL of its own, to match there")


def run(told: argparse.Namespace) -> dict[str, Any]:
    """All of it, shown as it comes. Returns the figures."""
    by, random = weights.current(), Random(told.seed)
    known = making.people(told.children, seed=told.seed)
    by_mistake = _by_mistake(known, by, random, told)
    tables.show(
        "By mistake", by_mistake["rows"], notes=[GOALS, f"{by_mistake['rows a second']} rows a second of a core."]
    )
    if told.learnt:
        tables.show("No numbers, bounds learnt from decisions about the other half", by_mistake["learnt"])
    of_twins = twins.judge(list(twins.pairs(told.twins, seed=told.seed)), by, random) if told.twins else []
    if of_twins:
        tables.show("Twins", of_twins)
    found: dict[str, Any] = {"weights": by.version, "by mistake": by_mistake, "twins": of_twins}
    if told.febrl:
        judged = strangers.judge(told.febrl, by, told.rival)
        tables.show("FEBRL 4", judged.rows, notes=[f"{judged.pairs} candidate pairs."])
        found["FEBRL 4"] = judged.rows
    if told.database:
        found["database"] = _in_postgresql(told.database)
    return found


def _by_mistake(known: list[Person], by: Weights, random: Random, told: argparse.Namespace) -> dict[str, Any]:
    there = [place for place in range(len(known)) if place % ABSENT_EVERY]
    filed = Filed(
        [making.summary_of(known[place]) for place in there], [making.guardians_of(known[place]) for place in there]
    )
    on_record = {place: at for at, place in enumerate(there)}
    rows, spent, asked = list[Figures](), 0.0, 0
    for numbers in (True, False):
        how = "with numbers" if numbers else "no numbers"
        as_they_come = list(making.rows(enumerate(known), random, numbers=numbers))
        kinds: list[tuple[str, list[Sent]]] = [("as they come", as_they_come)]
        for mistake in making.MISTAKES:
            sent = making.rows_with(enumerate(known), mistake, random, numbers=numbers)
            kinds.append((mistake, [each for _, each in zip(range(told.each), sent, strict=False)]))
        for kind, some in kinds:
            began = process_time()
            decided = [(filed.decide(each.row, by, children=told.bits), on_record.get(each.about)) for each in some]
            spent, asked = spent + process_time() - began, asked + len(some)
            rows.append(figures.counted(f"{kind}, {how}", (figures.verdict(*each) for each in decided)))
    without = list(making.rows(enumerate(known), random, numbers=False))
    return {
        "rows": rows,
        "rows a second": round(asked / spent),
        "learnt": learnt.measure(filed, without, on_record, by, told.bits) if told.learnt else [],
    }


def _in_postgresql(children: int) -> dict[str, Any]:
    with servers_apart() as (directory, servers):
        made = Place(directory, servers)
        made.manage("migrate", "--verbosity=0")
        made.manage("make_keys")
        made.manage("make_england", f"--children={children}", role="worker")
        told: dict[str, Any] = made.step("bench.feeds.asking", children, role="worker")
    told_of = [{"rows": how} | {each: told[how][each] for each in SHOWN} for how in ("with numbers", "without numbers")]
    tables.show("In PostgreSQL", told_of)
    return told
