"""Decisions counted: how many were right, wrong, held for a person, or missed."""

from collections import Counter
from collections.abc import Iterable

from bench.tables import Row
from feeds.matching.deciding import Decision, Outcome

RIGHT, WRONG, HELD, MISSED, NEW = "right", "wrong", "held", "missed", "new"


def verdict(decision: Decision, meant: int | None) -> str:
    """What became of a row about that child; None where the child is not on record."""
    if decision.outcome == Outcome.DOUBT:
        return HELD
    if decision.outcome == Outcome.LINK:
        return RIGHT if decision.child_id == meant and meant is not None else WRONG
    return NEW if meant is None else MISSED


def counted(of: str, verdicts: Iterable[str]) -> Row:
    """Precision is of links alone. Recall is of rows about children on record: linked without a person."""
    seen = Counter(verdicts)
    there = seen[RIGHT] + seen[MISSED]
    links = seen[RIGHT] + seen[WRONG]
    return {
        "rows": of,
        "count": seen.total(),
        "linked right": seen[RIGHT],
        "wrong": seen[WRONG],
        "held": seen[HELD],
        "missed": seen[MISSED],
        "new": seen[NEW],
        "precision %": _percent(seen[RIGHT], links),
        "recall %": _percent(seen[RIGHT], seen.total() - seen[NEW]) if there else "",
        "held %": _percent(seen[HELD], seen.total()),
    }


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else ""
