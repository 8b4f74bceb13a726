"""Runs the parts of the benchmark and shows their figures."""

import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from bench import tables
from bench.audit.contenders import ALL, BARE, CLIENT, WRITING
from bench.audit.world import LOG, RIVALS, World
from contactpoint.local import state
from contactpoint.local.servers import DATABASE

WRITERS = (1, 8, 32)
PROOFS = 200


def writers(made: World, *, rounds: int, seconds: float) -> list[tables.Row]:
    """Events a second of each contender, in turns, so that what else the machine does hits all alike."""
    runs: dict[tuple[int, str], list[list[list[float]]]] = defaultdict(list)
    for _ in range(rounds):
        for count in WRITERS:
            for name in WRITING:
                runs[count, name].append(_write(made, name, count, seconds))
    rows = [_writers_row(count, name, runs) for count in WRITERS for name in WRITING]
    client = median(_write(made, CLIENT, 1, 1)[0]) * 1000
    notes = (
        f"Medians of {rounds} rounds of {seconds:g} s, shares by round. Writers are processes; TCP, loopback.",
        "bare insert, audit_record: one statement an event by psycopg alone, prepared, events made beforehand.",
        f"An event takes our Python {client:.0f} µs (values, tag, JSON), which is in the rate of our recorder alone.",
        "Goal: audit_record at least 60% of the bare insert, however many write.",
        "The rivals save a row of their model in a transaction, as our recorder does: they write row and entry.",
    )
    tables.show("Writing", rows, notes=notes)
    return rows


def _write(made: World, name: str, count: int, seconds: float) -> list[list[float]]:
    database = RIVALS if ALL[name].is_rival else DATABASE
    milliseconds: list[list[float]] = made.step("writing", name, count, seconds, database=database)
    return milliseconds


def _writers_row(count: int, name: str, runs: dict[tuple[int, str], list[list[list[float]]]]) -> tables.Row:
    rates = [_rate(run) for run in runs[count, name]]
    shares = [100 * rate / _rate(bare) for rate, bare in zip(rates, runs[count, BARE], strict=True)]
    each = [event for run in runs[count, name] for writer in run for event in writer]
    return {
        "writers": count,
        "who": name,
        "events/s": round(median(rates)),
        "of bare %": median(shares),
        "least %": min(shares),
        "most %": max(shares),
        "median ms": f"{median(each):.2f}",
        "p95 ms": f"{tables.percentile(each, 95):.2f}",
    }


def _rate(run: list[list[float]]) -> float:
    """Events a second of all writers of a run."""
    return sum(len(writer) / sum(writer) * 1000 for writer in run)


def opening(made: World, *, openings: int) -> list[tables.Row]:
    """How long it takes to record an opening and read the record."""
    measured: list[dict[str, Any]] = made.step("opening", openings)
    parts = {part: [each.get(part, 0.0) for each in measured] for part in measured[0]}
    rows = [
        {
            "open and read": part,
            "median ms": f"{median(milliseconds):.2f}",
            "p95 ms": f"{tables.percentile(milliseconds, 95):.2f}",
        }
        for part, milliseconds in parts.items()
    ]
    note = f"{openings} openings. Goal for all of it: median 4 ms, p95 10. What is in no part is Python's own."
    tables.show("Opening a record", rows, notes=[note])
    return rows


def log(made: World, *, events: int) -> dict[str, Any]:
    """How quickly a log of so many events is sealed, exported, verified and proved, and what it weighs."""
    export = made.directory / "log.txt"
    filling = made.step("filling", events, role="owner", database=LOG)
    done: dict[str, Any] = made.step("sealing", PROOFS, export, role="sequencer", database=LOG)
    seconds, megabytes = _verify(export, done["keys"], Path(done["publication"]))
    sealed, parts = done["sealed"], done["parts"]
    each = done["sealing seconds"] / sealed * 1_000_000
    unchecked = each - parts["leaf and tag checked"]
    weights = {part: size / sealed for part, size in done["bytes"].items()}
    in_table = sum(weight for part, weight in weights.items() if part == "rows" or part.startswith("index"))
    rows: list[tables.Row] = [
        _figure("sealed, a second", f"{1_000_000 / each:,.0f}", "20,000"),
        _figure("  without the check of leaf and tag (by difference)", f"{1_000_000 / unchecked:,.0f}"),
        *(_figure(f"  {part}, µs an event", f"{value:.1f}") for part, value in parts.items()),
        _figure("exported, a second", f"{done['exported'] / done['export seconds']:,.0f}"),
        _figure("verified, a second", f"{done['exported'] / seconds:,.0f}", "50,000"),
        _figure("  memory of the verifier, MB", f"{megabytes:,.0f}"),
        _figure("inclusion proof, median ms", f"{median(done['proofs']):.2f}"),
        _figure("inclusion proof, p95 ms", f"{tables.percentile(done['proofs'], 95):.2f}", "10"),
        _figure("bytes an event, with indexes", f"{in_table:.0f}", "600"),
        *(_figure(f"  {part}", f"{weight:.1f}") for part, weight in weights.items()),
    ]
    notes = (
        f"{sealed:,} events, filled in {filling:.0f} s: a third each searches, lists of ten children, openings.",
        "Sealing includes signing and publishing. Export and verification go through a file; one process each.",
    )
    tables.show("Sealing and checking", rows, notes=notes)
    return done | {"filling seconds": filling, "verifying seconds": seconds, "verifying megabytes": megabytes}


def _figure(name: str, value: str, goal: str = "") -> tables.Row:
    return {"figure": name, "measured": f"{value:>12}", "goal": goal}


def _verify(export: Path, keys: list[str], publication: Path) -> tuple[float, float]:
    """Seconds and megabytes that the verifier takes, its start included. Raises CalledProcessError where it finds."""
    given = [f"--key={key}" for key in keys]
    command = [sys.executable, "-m", "transparency", "verify", *given, f"--publication={publication}", str(export)]
    begun = time.monotonic()
    verifier = subprocess.Popen(command, cwd=state.PROJECT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own module
    _, status, usage = os.wait4(verifier.pid, 0)
    verifier.returncode = os.waitstatus_to_exitcode(status)
    if verifier.returncode:
        raise subprocess.CalledProcessError(verifier.returncode, command)
    return time.monotonic() - begun, usage.ru_maxrss / 1024
