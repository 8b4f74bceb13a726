"""The index made anew from the records, while search goes on with the old one.

    begin     a table for the new epoch. From then on children are filed in both
    fill      every child's summary is opened and filed: on all cores, in blocks of ids, from where it last stopped
    close     changes wait aside, for nobody writes to a table while its index is made
    index     the index is made, in order, which takes a tenth of the time that adding to it would
    bind      a child that is deleted takes its tokens along
    serve     in one short transaction: what waited is filed, and searches that begin from now on use the new epoch
    drop      of the old epoch, once the searches that began with it have ended

Each step can be taken again, so that a rebuild that was interrupted goes on.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from registry.processes import spread
from registry.search.index.epochs import Epoch, begin, forget, step
from registry.search.index.filing import Entry, file
from registry.search.summaries import open_summary

IDS_IN_A_BLOCK = 2000
SECONDS_BETWEEN_NOTES = 2.0
# For each token that there can be: about four rounds.
BYTES_OF_A_ROUND = 24
LEAST_KILOBYTES = 8192
SECONDS_RETIRED = 125  # the database says two minutes

Say = Callable[[str, int | None, int | None], None]


@dataclass(frozen=True, slots=True)
class Building:
    """An epoch that is being built, and how far it is."""

    epoch: Epoch
    state: str
    filled_up_to: int


def building() -> Building | None:
    """The epoch that is being built, if one is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select number, bits, families, state, filled_up_to from search.epoch"
            " where state in ('filling', 'indexing')"
        )
        row = cursor.fetchone()
    return Building(Epoch(*row[:3]), *row[3:]) if row else None


def start_epoch(children: int) -> None:
    """Begin the index, for about so many children, unless there is one. It serves at once.

    Where there are children already, whose index was made before families had versions, it is made anew.
    """
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from search.epoch where state <> 'dropped')")
        (there,) = cursor.fetchone()
    if not there:
        begin(children)
        rebuild(processes=1, say=lambda *_: None)
    forget()


def rebuild(*, processes: int, say: Say, fast_index: bool = False) -> Epoch:
    """Make the index anew, or go on making it, and let it serve. The old one is left for `drop_old`.

    `say(step, done, total)` is told of each step: totals are of ids, and None where nobody can know.
    """
    now = building()
    if now is None:
        with connection.cursor() as cursor:
            say("counting children", None, None)
            cursor.execute("select count(*) from registry_child")
            (children,) = cursor.fetchone()
        now = Building(begin(children), "filling", 0)
    if now.state == "filling":
        _fill(now, processes, say)
    finish(now.epoch, workers=processes if fast_index else 0, say=say)
    return now.epoch


def finish(epoch: Epoch, *, workers: int, say: Say) -> None:
    """Index a filled epoch and let it serve.

    With `workers` PostgreSQL sorts all tokens and adds them in order, which leaves each page of the index half empty.
    One process with memory for a part of them adds them in several rounds, each between those of the last: that takes
    twice the time and leaves an index smaller by a quarter.
    """
    steps = {
        "close_epoch": "closing",
        "index_epoch": "making the index",
        "bind_epoch": "binding to the records",
        "check_epoch": "checking against the records",
        "serve_epoch": "switching",
    }
    with connection.cursor() as cursor:
        cursor.execute("select set_config('max_parallel_maintenance_workers', %s, false)", [str(workers)])
        if not workers:
            kilobytes = max(LEAST_KILOBYTES, BYTES_OF_A_ROUND * (1 << epoch.bits) >> 10)
            cursor.execute("select set_config('maintenance_work_mem', %s, false)", [f"{kilobytes}kB"])
    for name, words in steps.items():
        say(words, None, None)
        step(name, epoch.number)
    forget()


def drop_old(*, wait: bool = True) -> int:
    """Drop the epochs that were replaced, after waiting for their last searches. Returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select number, extract(epoch from clock_timestamp() - retired_at)::float from search.epoch"
            " where state = 'retired'"
        )
        retired = cursor.fetchall()
        for number, seconds in retired:
            if wait and seconds < SECONDS_RETIRED:
                time.sleep(SECONDS_RETIRED - seconds)
            step("drop_epoch", number)
    return len(retired)


def give_up() -> bool:
    """Drop the epoch that is being built. Returns whether there was one."""
    now = building()
    if now is None:
        return False
    step("drop_epoch", now.epoch.number)
    return True


def file_block(epoch: Epoch, block: range) -> int:
    """File the children with these ids, as their records say now. Returns how many there were."""
    with transaction.atomic():
        entries: list[Entry] = []
        with connection.cursor() as cursor:
            cursor.execute(
                "select id, row_version, summary from registry_child where id >= %s and id < %s"
                " and not (severed or archived) and merged_into_id is null",
                [block.start, block.stop],
            )
            for child_id, version, stored in cursor.fetchall():
                entries.append((child_id, open_summary(stored, child_id=child_id, version=version)))
        if entries:
            file(epoch, entries, over_newer=False)
    return len(entries)


def _fill(now: Building, processes: int, say: Say) -> None:
    with connection.cursor() as cursor:
        # Whoever comes later is filed in the new epoch as they come.
        cursor.execute("select coalesce(max(id), 0) from registry_child")
        (last,) = cursor.fetchone()
    say("filing children", now.filled_up_to, last)
    blocks = _blocks(now.filled_up_to + 1, last + 1)
    told = time.monotonic()
    for up_to in _in_order(spread(partial(file_block, now.epoch), blocks, processes=processes), now.filled_up_to + 1):
        if time.monotonic() - told > SECONDS_BETWEEN_NOTES or up_to >= last:
            told = time.monotonic()
            say("filing children", up_to, last)
            step("note_filled", now.epoch.number, up_to)


def _blocks(first: int, end: int) -> Iterator[range]:
    for start in range(first, end, IDS_IN_A_BLOCK):
        yield range(start, min(end, start + IDS_IN_A_BLOCK))


def _in_order(done: Iterator[tuple[range, int]], first: int) -> Iterator[int]:
    """Up to which id every block is done, each time that grows."""
    waiting: dict[int, range] = {}
    for block, _count in done:
        waiting[block.start] = block
        while first in waiting:
            first = waiting.pop(first).stop
            yield first - 1
