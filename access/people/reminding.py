"""When people are reminded of what runs out: at each step once, and at the nearest one alone where a run was missed."""

from dataclasses import dataclass
from datetime import date, timedelta

from access.models.reminder import STEPS


@dataclass(frozen=True, slots=True)
class Band:
    """The days of whose end people are told at the step `days`, both inclusive."""

    days: int
    first: date
    last: date


def bands(*, today: date) -> list[Band]:
    """One for each step. They do not overlap: what runs out on a day belongs to one step today, or to none."""
    nearest = sorted(STEPS)
    starts = [0, *(step + 1 for step in nearest[:-1])]
    return [
        Band(step, today + timedelta(days=start), today + timedelta(days=step))
        for start, step in zip(starts, nearest, strict=True)
    ]
