"""The steps up to the service, told as they are done: which it is, how long it took, about how long the rest takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

# Seconds that each takes the first time, measured on two cores; what the rest will take is told from these and from
# how fast the steps before were.
FIRST_TIME = {
    "Style sheet and scripts": 8,
    "PostgreSQL and Redis": 3,
    "Keys": 3,
    "Tables": 6,
    "Synthetic children and users": 40,
    "Some weeks of use": 25,
    "What suppliers sent": 10,
    "What was reported as wrong": 3,
    "A system in which people work, and software": 3,
    "Seal of the log": 3,
    "Web, worker, sequencer, examiner and witness": 8,
}
SLOWEST = 5  # one slow step, such as a fetch through a thin line, does not make all others that slow


class Steps:
    """Tells `console` of each step. On a first run, when all is yet to be made, also of the time that is left."""

    def __init__(self, console: Console, *, first_time: bool) -> None:
        self._console = console
        self._usual = FIRST_TIME if first_time else {}
        self._done: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, *, draws: bool = False) -> Iterator[None]:
        """Do the step `name`, which `draws` its own progress or else has a sign that turns while it goes on."""
        begun = time.monotonic()
        text = self.announcement(name)
        if draws or not self._console.is_terminal:
            self._console.print(f"  {text}")
            yield
        else:
            with self._console.status(text):
                yield
        self._done[name] = time.monotonic() - begun
        self._console.print(f"  {name} [dim]({self._done[name]:.1f} s)[/dim]")

    def announcement(self, name: str) -> str:
        """The step, its number and the time left."""
        if name not in self._usual:
            return name
        number = list(self._usual).index(name) + 1
        left = sum(list(self._usual.values())[number - 1 :]) * self._pace()
        return f"Step {number} of {len(self._usual)}: {name}, about {_in_words(left)} left in all"

    def _pace(self) -> float:
        """How much slower than usual it has gone so far."""
        usual = sum(self._usual[name] for name in self._done)
        return min(max(sum(self._done.values()) / usual, 1 / SLOWEST), SLOWEST) if usual else 1


def _in_words(seconds: float) -> str:
    if seconds > 90:  # noqa: PLR2004 - from where minutes are easier to read
        return f"{seconds / 60:.0f} minutes"
    return f"{max(5, 5 * round(seconds / 5))} seconds"
