"""What the terminal says while the demonstration is prepared."""

import io
import time

import pytest
from rich.console import Console

from contactpoint.local.steps import FIRST_TIME, Steps


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def console(said: io.StringIO) -> Console:
    return Console(file=said, width=120, highlight=False)


def test_first_run_tells_each_step_and_the_time_left(said: io.StringIO, clock: list[float]) -> None:
    steps = Steps(console(said), first_time=True)
    for name, usual in FIRST_TIME.items():
        with steps.step(name):
            clock[0] += 2 * usual  # a machine half as fast
    lines = [line.strip() for line in said.getvalue().splitlines()]
    assert lines[:4] == [
        "Step 1 of 11: Style sheet and scripts, about 2 minutes left in all",
        "Style sheet and scripts (16.0 s)",
        "Step 2 of 11: PostgreSQL and Redis, about 3 minutes left in all",
        "PostgreSQL and Redis (6.0 s)",
    ]
    assert lines[-2] == "Step 11 of 11: Web, worker, sequencer, examiner and witness, about 15 seconds left in all"


def test_one_slow_step_does_not_make_all_others_slow(said: io.StringIO, clock: list[float]) -> None:
    steps = Steps(console(said), first_time=True)
    with steps.step("Style sheet and scripts"):
        clock[0] += 3600
    assert steps.announcement("Web, worker, sequencer, examiner and witness").endswith("about 40 seconds left in all")


def test_later_runs_tell_steps_alone(said: io.StringIO, clock: list[float]) -> None:
    with Steps(console(said), first_time=False).step("Keys", draws=True):
        clock[0] += 1.5
    assert said.getvalue() == "  Keys\n  Keys (1.5 s)\n"


def test_a_step_that_fails_is_not_told_as_done(said: io.StringIO) -> None:
    with pytest.raises(ValueError, match="broken"), Steps(console(said), first_time=False).step("Keys"):
        raise ValueError("broken")
    assert said.getvalue() == "  Keys\n"
