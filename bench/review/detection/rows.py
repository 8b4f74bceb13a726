"""Shares beside their goals. What was missed is said so."""

from collections.abc import Iterable, Mapping, Sequence

from bench.review.detection import figures
from bench.review.detection.detectors import Detector
from bench.review.detection.figures import Explained, Group
from bench.review.detection.happened import Happened
from bench.search.figures import wilson
from bench.tables import Row
from review.simulation.misuse import KINDS

AT_ONCE, WITHIN_WEEK = 85.0, 96.0
FOUND, EACH_KIND, SLOW = 90.0, 75.0, 60.0
SLOW_KIND, SLOW_DEEDS = "slow_snooper", 6
ALERTS, PRECISION, GROUP = 1.0, 60.0, 1.25
FEWEST_EXPECTED = 5  # suspected of a group, before its share says anything
NOT_TOLD = "too few to tell"
COLUMNS = ("ours", "rules only", "volume only")


def of_explained(found: Explained) -> list[Row]:
    """How much of ordinary use explains itself."""
    return [
        _row(
            name,
            (f"{100 * number / found.ordinary:.1f} %", "", ""),
            f"{goal:.0f} %",
            reached=100 * number / found.ordinary >= goal,
        )
        for name, number, goal in (
            (f"explained at once, of {found.ordinary:,} ordinary accesses", found.at_once, AT_ONCE),
            ("explained within seven days", found.within_week, WITHIN_WEEK),
        )
    ]


def of_kinds(happened: Happened, detectors: Sequence[Detector]) -> list[Row]:
    """Who was found, by kind of misuse."""
    found = [figures.found_by_kind(happened, each) for each in detectors]
    together = [[each for some in one.values() for each in some] for one in found]
    number = len(together[0])
    kinds = [
        _row(
            f"  {KINDS[kind].words.lower()}",
            (_found(one[kind]) for one in found),
            f"{EACH_KIND:.0f} %",
            reached=_share(found[0][kind]) >= EACH_KIND,
        )
        for kind in found[0]
    ]
    low, high = wilson(sum(each is not None for each in together[0]), number)
    slow = [[each is not None and each <= SLOW_DEEDS for each in one.get(SLOW_KIND, ())] for one in found]
    return [
        _row(
            f"found of {number} who misused it (95%: {low:.0f}-{high:.0f} %)",
            (f"{_share(each):.0f} %" for each in together),
            f"{FOUND:.0f} %",
            reached=_share(together[0]) >= FOUND,
        ),
        *kinds,
        _row(
            f"slow snoopers within {SLOW_DEEDS} records",
            (f"{100 * sum(each) / max(1, len(each)):.0f} %" for each in slow),
            f"{SLOW:.0f} %",
            reached=100 * sum(slow[0]) >= SLOW * len(slow[0]),
        ),
    ]


def of_alerts(happened: Happened, detectors: Sequence[Detector]) -> list[Row]:
    """How often a reviewer is called, and how often for nothing."""
    found = [figures.alerts(happened, each) for each in detectors]
    top = {rare: [100 * figures.precision(happened, each, rare=rare) for each in detectors] for rare in (False, True)}
    simulated = len(happened.misusers) / len(happened.labels.people)
    rare = f"where {figures.SHARE:.2%} misuse it"
    return [
        _row("alerts", (f"{each.number:,}" for each in found)),
        _row("  of these about nobody who had misused it", (f"{each.false:,}" for each in found)),
        _row("alerts for 10,000 views", (f"{each.each_10_000:.2f}" for each in found)),
        _row("  of these about nobody who had misused it", (f"{each.false_each_10_000:.2f}" for each in found)),
        _row(
            f"alerts for 10,000 views {rare}",
            (f"{each.at_rare:.2f}" for each in found),
            f"{ALERTS:.0f}",
            reached=found[0].at_rare <= ALERTS,
        ),
        _row(
            f"precision of the {figures.BUDGET} highest cases a day, {simulated:.1%} misuse it",
            (f"{each:.0f} %" for each in top[False]),
        ),
        _row(
            f"precision of the {figures.BUDGET} highest cases a day {rare}",
            (f"{each:.0f} %" for each in top[True]),
            f"{PRECISION:.0f} %",
            reached=top[True][0] >= PRECISION,
        ),
        _row("precision of all alerts", (f"{100 * each.precision:.0f} %" for each in found)),
        _row(f"precision of all alerts {rare}", (f"{100 * each.precision_at_rare:.1f} %" for each in found)),
    ]


def of_names(happened: Happened, detectors: Sequence[Detector], scores: Mapping[str, float]) -> list[Row]:
    """The group of names with the most false alarms against the mean, and that with the most who come near to one."""
    found = [_most_suspected(figures.groups(happened, figures.alarmed(each))) for each in detectors]
    near = _most_suspected(figures.groups(happened, figures.first_tenth(happened, scores)))
    return [
        _of_group("most suspected name-origin group, against the mean", found),
        _of_group("  of the tenth of the honest of whom most was found", [near]),
    ]


def _of_group(name: str, found: Sequence[tuple[str, float] | None]) -> Row:
    own = found[0]
    said = [NOT_TOLD if each is None else f"{each[1]:.2f} {each[0]}" for each in found]
    said += [""] * (len(COLUMNS) - len(said))
    return _row(name, said, f"{GROUP:.2f}", reached=None if own is None else own[1] <= GROUP)


def _most_suspected(groups: Sequence[Group]) -> tuple[str, float] | None:
    """Of those of whom the mean alone would suspect some."""
    everybody, *others = groups
    if not everybody.suspected:
        return None
    told = [
        (each.origin, each.share / everybody.share)
        for each in others
        if each.people * everybody.share >= FEWEST_EXPECTED
    ]
    return max(told, key=lambda each: each[1], default=None)


def _share(found: Sequence[int | None]) -> float:
    return 100 * sum(each is not None for each in found) / len(found) if found else 0.0


def _found(found: Sequence[int | None]) -> str:
    """How many of them, and after how many deeds the middle one of these."""
    after = sorted(each for each in found if each is not None)
    return f"{len(after)} of {len(found)}, {after[(len(after) - 1) // 2]} deeds" if after else f"0 of {len(found)}"


def _row(name: str, measured: Iterable[str], goal: str = "", *, reached: bool | None = None) -> Row:
    said = "" if not goal else NOT_TOLD if reached is None else "reached" if reached else "MISSED"
    return {"figure": name, **dict(zip(COLUMNS, measured, strict=True)), "goal": goal, " ": said}
