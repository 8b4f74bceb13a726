"""A batch whose worker is killed at random moments, beside the same batch that nobody interrupts.

    python -m bench.feeds killed [--rows 2000] [--kills 20] [--database 3000] [--json FILE]

Both begin in copies of one database. kill -9 comes at moments drawn at random while the worker checks the batch (one in
four of them) and while it takes it in; each time another goes on. Goal: in the end both say the same.
"""

import argparse
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from bench import tables
from bench.place import Place, servers_apart
from contactpoint.local import state
from contactpoint.local.servers import DATABASE

KILLED, LEFT_ALONE = "contactpoint_killed", "contactpoint_left_alone"
STEP = "bench.feeds.interrupted"
SEED = 20


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=2000, help="rows of the batch (2000)")
    parser.add_argument("--kills", type=int, default=20, help="how often the worker is killed (20)")
    parser.add_argument("--database", type=int, default=3000, help="children on record before (3000)")


def run(told: argparse.Namespace) -> dict[str, Any]:
    """Both, compared. Returns the figures. Raises SystemExit where they differ."""
    with servers_apart() as (directory, servers):
        made = Place(directory, servers)
        made.manage("migrate", "--verbosity=0")
        made.manage("make_keys")
        made.manage("make_england", f"--children={told.database}", role="worker")
        made.step(STEP, "receive", told.rows, role="worker")
        for copy in (KILLED, LEFT_ALONE):
            servers.make_database(copy, template=DATABASE)
        alone, killed = _Run(made, LEFT_ALONE), _Run(made, KILLED)
        checking = alone.work()
        begins = alone.work()  # nothing waits
        alone.let_in()
        taking = alone.work() - begins
        checks = told.kills // 4
        kills = killed.work_killed(checks, begins, checking)
        killed.work()
        killed.let_in()
        # So that it is about half done when it was killed that often.
        kills += killed.work_killed(told.kills - checks, begins, begins + taking / (told.kills - checks))
        killed.work()
        ends = alone.told(), killed.told()
    figures: dict[str, Any] = ends[0] | {"kills": kills, "equal": ends[0] == ends[1]}
    tables.show("Killed at random moments", [figures], notes=["Goal: equal after 20."])
    if not figures["equal"]:
        sys.exit("The batch whose worker was killed ended in another state.")
    return figures


@dataclass(frozen=True)
class _Run:
    """The batch in one of the copies."""

    place: Place
    database: str

    def let_in(self) -> None:
        self._step("let_in")

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = self._step("tell")
        return found

    def work(self) -> float:
        """Work until nothing waits. Returns the seconds that took, the beginning of the process among them."""
        began = time.monotonic()
        self._step("work")
        return time.monotonic() - began

    def work_killed(self, times: int, soonest: float, latest: float) -> int:
        """Let workers begin and kill each, so many seconds after. Returns how many had not ended by themselves."""
        moments = random.Random(SEED)
        killed = 0
        for _ in range(times):
            worker = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", STEP, "work"],
                env=self.place.environment("worker", self.database),
                cwd=state.PROJECT,
                stdout=subprocess.DEVNULL,
            )
            try:
                worker.wait(moments.uniform(soonest, latest))
            except subprocess.TimeoutExpired:
                worker.kill()
                killed += 1
            worker.wait()
        return killed

    def _step(self, name: str) -> Any:
        return self.place.step(STEP, name, role="worker", database=self.database)
