"""Outcomes as rows: shares with their intervals, times, and which goals were missed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, median

from bench.search.asking import Outcome
from bench.search.kinds import FIRST, Kind
from bench.search.rival import Rival
from bench.search.steady import Steady
from bench.tables import Row, percentile
from registry.demonstration.shapes import Origin

SHOWN = 10
Z_95 = 1.959964
CANDIDATES_P95_MS, VIEW_P95_MS, SEARCHES_A_SECOND, GIGABYTES, POINTS_BELOW_THE_MEAN = 15.0, 60.0, 100.0, 6.0, 1.0


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome, with how many other children fit what was asked to the letter."""

    outcome: Outcome
    others: int

    @property
    def answerable(self) -> bool:
        """Whether a page of ten has room for all who fit."""
        return self.others < SHOWN


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share, in percent (Wilson 1927). (0, 100) where nothing was asked."""
    if of == 0:
        return 0.0, 100.0
    share = found / of
    centre = share + Z_95**2 / (2 * of)
    half = Z_95 * sqrt(share * (1 - share) / of + Z_95**2 / (4 * of**2))
    scale = 1 + Z_95**2 / of
    return 100 * max(0.0, centre - half) / scale, 100 * min(scale, centre + half) / scale


def percent(found: Iterable[bool]) -> float:
    """The share that is true; of nothing, all: nothing was missed."""
    values = list(found)
    return 100 * fmean(values) if values else 100.0


def found_row(kind: Kind, judged: Sequence[Judged]) -> Row:
    """Who was found, by one kind of query."""
    outcomes = [each.outcome for each in judged]
    answerable = [each.outcome.in_ten for each in judged if each.answerable]
    opened = [each.examined for each in outcomes]
    one_child = [each.outcome.first for each in judged if each.others == 0]
    low, high = wilson(sum(answerable), len(answerable))
    return {
        "kind": kind.name,
        "queries": len(outcomes),
        "in ten %": percent(each.in_ten for each in outcomes),
        "with room %": percent(answerable),
        "95% interval": f"{low:.1f}-{high:.1f}",
        "goal": "" if kind.goal is None else round(100 * kind.goal),
        "one child": len(one_child),
        "first %": percent(one_child),
        "too many": sum(each.too_many for each in outcomes),
        "refused": sum(each.refused for each in outcomes),
        "opened": round(median(opened)),
        "p95": round(percentile(opened, 95)),
    }


def time_row(kind: Kind, outcomes: Sequence[Outcome]) -> Row:
    """How long it took, by one kind of query: milliseconds."""
    row: Row = {"kind": kind.name}
    for name, field in (
        ("fetch", "candidates_ms"),
        ("search", "find_ms"),
        ("view", "view_ms"),
    ):
        values = [getattr(each, field) for each in outcomes]
        row[name] = median(values)
        row |= {f"{name} p{share}": percentile(values, share) for share in (95, 99)}
    row["own CPU"] = median(each.cpu_ms for each in outcomes)
    return row


def rival_row(kind: Kind, judged: Sequence[Judged], rival: Rival) -> Row:
    """The same questions asked of both."""
    row: Row = {
        "kind": kind.name,
        "queries": len(judged),
        "ours: ten %": percent(each.outcome.in_ten for each in judged),
        "ms": median(each.outcome.find_ms for each in judged),
        "p95": percentile([each.outcome.find_ms for each in judged], 95),
    }
    for name, ask in (("trigrams", rival.by_trigrams), ("date first", rival.by_date_first)):
        answers = [ask(each.outcome.question.asked) for each in judged]
        times = [each.milliseconds for each in answers]
        pairs = zip(judged, answers, strict=True)
        row[f"{name}: ten %"] = percent(one.outcome.question.child_id in each.found for one, each in pairs)
        row[f"{name}: ms"] = median(times)
        row[f"{name}: p95"] = percentile(times, 95)
    return row


def origin_rows(judged: Sequence[Judged], met: Mapping[Origin, int]) -> tuple[list[Row], float]:
    """Found among ten, of those with room, by origin of names, worst first; and the mean over England's children."""
    rows: list[Row] = []
    for origin in Origin:
        outcomes = [each.outcome for each in judged if each.outcome.question.origin == origin and each.answerable]
        if outcomes:
            found = sum(each.in_ten for each in outcomes)
            low, high = wilson(found, len(outcomes))
            share = percent(each.in_ten for each in outcomes)
            rows.append(
                {
                    "origin of names": str(origin),
                    "of all children %": 100 * met[origin] / sum(met.values()),
                    "queries": len(outcomes),
                    "in ten %": share,
                    "95% interval": f"{low:.1f}-{high:.1f}",
                    "first %": percent(each.first for each in outcomes),
                }
            )
    weight = sum(row["of all children %"] for row in rows)
    mean = sum(row["of all children %"] * row["in ten %"] for row in rows) / weight
    return sorted(rows, key=lambda row: float(row["in ten %"])), mean


def steady_row(steady: Steady) -> Row:
    """Searches a second, and how long one took meanwhile."""
    times = steady.milliseconds
    return {
        "searches": "whole view" if steady.whole_view else "action alone",
        "kinds": steady.load.mixed,
        "processes": steady.load.processes,
        "seconds": steady.load.seconds,
        "done": len(times),
        "a second": len(times) / steady.load.seconds,
        "median ms": median(times),
        "p95": percentile(times, 95),
        "p99": percentile(times, 99),
    }


def not_found(kinds: Mapping[Kind, Sequence[Judged]]) -> list[str]:
    """Which promises of recall were not kept, in words."""
    said = []
    for kind, judged in kinds.items():
        room = percent(each.outcome.in_ten for each in judged if each.answerable)
        first = percent(each.outcome.first for each in judged if each.others == 0)
        if kind.goal is not None and room < 100 * kind.goal:
            said.append(f"{kind.name}: {room:.1f}% in ten, goal {100 * kind.goal:.0f}")
        if kind.goal is not None and first < 100 * FIRST:
            said.append(f"{kind.name}: {first:.1f}% first where one child fits, goal {100 * FIRST:.0f}")
    return said


def slow(kinds: Mapping[Kind, Sequence[Outcome]]) -> list[str]:
    """Which promises of time were not kept, in words."""
    said = []
    for kind, outcomes in kinds.items():
        candidates = percentile([each.candidates_ms for each in outcomes], 95)
        view = percentile([each.view_ms for each in outcomes], 95)
        if candidates > CANDIDATES_P95_MS:
            said.append(f"{kind.name}: candidates p95 {candidates:.1f} ms, goal {CANDIDATES_P95_MS:.0f}")
        if view > VIEW_P95_MS:
            said.append(f"{kind.name}: whole view p95 {view:.1f} ms, goal {VIEW_P95_MS:.0f}")
    return said
