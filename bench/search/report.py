"""The figures as tables, each as soon as it is known, and all that are known in the file that was asked for."""

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import psycopg

from bench import tables
from bench.search import figures, kinds, sizes
from bench.search.asking import Outcome
from bench.search.figures import Judged
from bench.search.kinds import Kind
from bench.search.rival import Programs, Rival, finish
from bench.search.steady import Steady
from bench.search.truth import Question
from registry.demonstration.shapes import Origin

Asked = TypeVar("Asked", Outcome, Judged)


class Report:
    """One run. Each goal that was missed is named where its figure stands."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._known: dict[str, Any] = {"options": {name: str(value) for name, value in vars(options).items()}}

    def times(self, outcomes: Sequence[Outcome]) -> None:
        by_kind = _by_kind(outcomes, outcomes)
        load = os.getloadavg()[0]
        rows = [figures.time_row(kind, some) for kind, some in by_kind.items()]
        notes = [
            "Fetch: of candidates, in all stages. Search: with its two events. View: form and results, end to end.",
            f"Load of the machine in the last minute: {load:.1f} on {os.cpu_count()} cores.",
        ]
        tables.show("Milliseconds, by kind of query", rows, notes=notes)
        self._keep(milliseconds=rows, load=load, missed_times=_say_missed(figures.slow(by_kind)))

    def found(self, judged: Sequence[Judged]) -> None:
        by_kind = _by_kind([each.outcome for each in judged], judged)
        rows = [figures.found_row(kind, some) for kind, some in by_kind.items()]
        notes = [
            "With room: at most ten children fit to the letter what was asked. Interval (Wilson) and goal: of those.",
            "First: of those whom alone the question fits. Opened: how many sealed summaries a search opened.",
        ]
        tables.show("Who is found, by kind of query", rows, notes=notes)
        self._keep(found=rows, missed_children=_say_missed(figures.not_found(by_kind)))

    def origins(self, judged: Sequence[Judged], met: Mapping[Origin, int]) -> None:
        if not judged:
            return
        rows, mean = figures.origin_rows(judged, met)
        below = mean - rows[0]["in ten %"]
        missed = " MISSED: goal one point." if below > figures.POINTS_BELOW_THE_MEAN else ""
        note = f"Mean over England's children {mean:.2f}%. The worst lies {below:.2f} points below it.{missed}"
        tables.show("One error of any kind, by origin of names", rows, notes=[note])
        self._keep(origins=rows, mean_of_origins=mean, worst_below_mean=below)

    def rival(self, judged: Sequence[Judged], warming: Sequence[Question], found: Programs, address: str) -> None:
        seconds, size = finish(address)
        by_kind = _by_kind([each.outcome for each in judged], judged)
        with psycopg.connect(address, autocommit=True) as connection:
            other = Rival(connection)
            for question in warming:
                other.by_trigrams(question.asked)
            rows = [
                figures.rival_row(kind, some[: self._options.rival_queries], other)
                for kind, some in by_kind.items()
                if "street" not in kind.gives
            ]
        notes = [
            f"{found.version}, plain text, our server's settings: {size / 1e9:.3f} GB, indexed in {seconds:.0f} s.",
            "Ours: the search with its two events, sealed records opened. The rival reads, and records nothing.",
        ]
        tables.show("Beside plain text with trigrams", rows, notes=notes)
        self._keep(rival=rows, rival_version=found.version, rival_bytes=size, rival_indexed_in=seconds)

    def sizes(self) -> None:
        rows, tokens = sizes.rows(), sizes.gigabytes_of_tokens()
        missed = f" MISSED: goal {figures.GIGABYTES:.0f} GB." if tokens > figures.GIGABYTES else ""
        tables.show("On the disc", rows, notes=[f"All tokens with their indexes: {tokens:.3f} GB.{missed}"])
        self._keep(sizes=rows)

    def steady(self, measured: Sequence[Steady]) -> None:
        if not measured:
            return
        rows = [figures.steady_row(each) for each in measured]
        goal = figures.SEARCHES_A_SECOND
        missed = [f"MISSED: goal {goal:.0f} a second of the whole view."] if rows[0]["a second"] < goal else []
        note = "As they come: mostly exact, by the shares in bench/search/kinds.py. Alike: as many of every kind."
        tables.show("Searches without a pause", rows, notes=[note, *missed])
        self._keep(steady=rows)

    def _keep(self, **known: Any) -> None:
        self._known |= known
        tables.write_json(self._options.json, self._known)


def _by_kind(outcomes: Sequence[Outcome], of: Sequence[Asked]) -> dict[Kind, list[Asked]]:
    """`of`, which stand beside their outcomes, by kind; no kind that was not asked."""
    some: dict[str, list[Asked]] = {}
    for outcome, each in zip(outcomes, of, strict=True):
        some.setdefault(outcome.question.kind, []).append(each)
    return {kind: some[kind.name] for kind in kinds.KINDS if kind.name in some}


def _say_missed(missed: list[str]) -> list[str]:
    print("\n".join(["Missed:", *missed]) if missed else "None of these goals was missed.")
    return missed
