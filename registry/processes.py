"""Work in blocks on all cores, with a bar that says how fast it goes and how long it will take."""

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

import django
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Block = TypeVar("Block")
Made = TypeVar("Made")
# A block makes many small values that nothing refers back to; looking for cycles took a seventh of the time.
OBJECTS_BETWEEN_COLLECTIONS = 100_000
_WAITING = 2  # blocks that wait for each process, so that none is ever idle


class Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> str:
        speed = task.finished_speed or task.speed
        return f"{speed:,.0f}/s" if speed and task.total else ""


def progress() -> Progress:
    """The bar of all long commands. A task without a total shows that it goes on, and since when."""
    return Progress(
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        Rate(),
        TimeElapsedColumn(),
        TextColumn("gone,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )


def cores() -> int:
    """How many processes work at once when nobody says otherwise."""
    return os.cpu_count() or 1


def spread(work: Callable[[Block], Made], blocks: Iterable[Block], *, processes: int) -> Iterator[tuple[Block, Made]]:
    """Do `work` on each block and yield it with its outcome, as they are done: in any order.

    With one process it is done here, else in processes of their own, for which `work` and blocks are pickled. What one
    raises is raised here, and no further block is begun.
    """
    if processes == 1:
        yield from ((each, work(each)) for each in blocks)
        return
    waiting: dict[Future[Made], Block] = {}
    remaining = iter(blocks)
    # Spawned, not forked: a fork would share the database connection.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin) as pool:
        try:
            while True:
                for block in islice(remaining, processes * (1 + _WAITING) - len(waiting)):
                    waiting[pool.submit(work, block)] = block
                if not waiting:
                    return
                for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(done), done.result()
        finally:
            for each in waiting:
                each.cancel()


def _begin() -> None:
    """In each process: Ctrl-C is the parent's to answer, which then gives out no further blocks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    django.setup()
