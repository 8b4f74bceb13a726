"""Make the search index anew from the records, by the newest token families, while search goes on.

Interrupted, it goes on where it stopped when it is run again.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress, TaskID

from registry.processes import cores, progress
from registry.search.index import rebuilding


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=cores(), help="as many as there are cores, if not said")
        parser.add_argument(
            "--give-up", action="store_true", help="drop the index that is being built; the old one stays"
        )
        parser.add_argument("--fast-index", action="store_true", help="in half the time, but larger by a half")
        parser.add_argument("--keep-old", action="store_true", help="leave the old index to the next run to drop")

    def handle(
        self, *args: Any, processes: int, give_up: bool, keep_old: bool, fast_index: bool, **options: Any
    ) -> None:
        if processes < 1:
            raise CommandError("Give at least one process.")
        if give_up:
            given_up = rebuilding.give_up()
            self.stdout.write("Given up." if given_up else "No index is being built.")
            return
        with progress() as shown:
            steps = _Steps(shown)
            epoch = rebuilding.rebuild(processes=processes, say=steps.say, fast_index=fast_index)
            if not keep_old:
                steps.say("dropping the old index when its last searches have ended", None, None)
                rebuilding.drop_old()
            steps.end()
        self.stdout.write(f"Epoch {epoch.number} serves: tokens of {epoch.bits} bits, families {epoch.families}.")


class _Steps:
    """A bar for each step."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._bars: dict[str, TaskID] = {}

    def say(self, step: str, done: int | None, total: int | None) -> None:
        if step not in self._bars:
            self.end()
            self._bars[step] = self._shown.add_task(step.capitalize(), total=total, completed=done or 0)
        if done is not None:
            self._shown.update(self._bars[step], completed=done)

    def end(self) -> None:
        """The step that was shown is done."""
        for bar in self._bars.values():
            total = self._shown.tasks[bar].total or 1
            self._shown.update(bar, total=total, completed=total)
