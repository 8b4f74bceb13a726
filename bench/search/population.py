"""Every child as the registry holds it, opened once: whom else a question fits, and the rival's names in clear.

As the worker, which may read all. On all cores, in blocks of ids.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import psycopg
from django.utils import timezone

from bench import people
from bench.mistakes import Asked
from bench.search import rival
from bench.search.truth import Question
from pages import postcodes
from registry.models import Child
from registry.processes import progress, spread
from registry.rules.retention import age
from registry.values import Summary

IDS_IN_A_BLOCK = 20_000
Wanted = Mapping[tuple[str, str], Sequence[tuple[int, Asked]]]


@dataclass(frozen=True, slots=True)
class Work:
    """What to do with each block: the questions, by the names they give, and where the rival listens, if it does."""

    wanted: Wanted
    rival_address: str


def others_who_fit(questions: Sequence[Question], *, rival_address: str, processes: int) -> list[int]:
    """How many other children each question fits to the letter, as asked or as it should have been asked.

    Fills the rival's table on the way, where there is a rival. Says how long it took: at each search, to whoever has no
    index.
    """
    begun = time.monotonic()
    work = Work(by_names(questions), rival_address)
    fitting: dict[int, set[int]] = defaultdict(set)
    with progress() as shown:
        blocks = list(_blocks())
        bar = shown.add_task("Reading all children", total=len(blocks))
        for _block, found in spread(partial(read_block, work), blocks, processes=processes):
            shown.advance(bar)
            for place, child_id in found:
                fitting[place].add(child_id)
    print(f"Opening every summary once took {time.monotonic() - begun:.0f} s on {processes} processes.")
    return [len(fitting[place] - {question.child_id}) for place, question in enumerate(questions)]


def read_block(work: Work, block: range) -> list[tuple[int, int]]:
    """Places of questions, each with the id of a child whom it fits."""
    children = list(_children(block))
    if work.rival_address:
        rival.add(work.rival_address, children)
    today = timezone.localdate()
    return [(place, child_id) for child_id, summary in children for place in fitting(work.wanted, summary, today)]


def by_names(questions: Iterable[Question]) -> Wanted:
    """Questions, as asked and as they should have been, with their places, by the names they give."""
    wanted: dict[tuple[str, str], list[tuple[int, Asked]]] = defaultdict(list)
    for place, question in enumerate(questions):
        for asked in {question.asked, question.true}:
            wanted[asked.given.casefold(), asked.family.casefold()].append((place, asked))
    return dict(wanted)


def fitting(wanted: Wanted, summary: Summary, today: date) -> set[int]:
    """The places of the questions that fit the child to the letter, under any of its names."""
    years = age(summary.date_of_birth, today)
    return {
        place for names in _names(summary) for place, asked in wanted.get(names, ()) if _fits(asked, summary, years)
    }


def _names(summary: Summary) -> set[tuple[str, str]]:
    """The names under which the child may be asked for: first forename or all, and either name alone."""
    pairs = set()
    for name in summary.names:
        family = name.family.casefold()
        for given in (name.given.casefold(), name.given.casefold().split()[0]):
            pairs |= {(given, family), (given, ""), ("", family)}
    return pairs


def _fits(asked: Asked, summary: Summary, years: int) -> bool:
    """Whether date, age, postcode and street fit too. A guessed age is a year out either way."""
    return (
        (asked.date_of_birth is None or asked.date_of_birth == summary.date_of_birth)
        and (asked.age is None or asked.date_of_birth is not None or abs(asked.age - years) <= 1)
        and (not asked.postcode or asked.postcode in (summary.postcode, postcodes.district(summary.postcode)))
        and (not asked.street or f"{asked.house} {asked.street}" in summary.lines.split(", "))
    )


def _children(block: range) -> Iterator[tuple[int, Summary]]:
    field = Child._meta.get_field("summary")
    with psycopg.connect(people.address("worker")) as worker:
        rows = worker.execute(
            "SELECT id, row_version, summary FROM registry_child WHERE id >= %s AND id < %s", [block.start, block.stop]
        )
        for child_id, version, stored in rows:
            yield child_id, field.open_stored(bytes(stored), row=child_id, version=version)


def _blocks() -> Iterator[range]:
    with psycopg.connect(people.address("worker")) as worker:
        row = worker.execute("SELECT min(id), max(id) FROM registry_child").fetchone()
    first, last = row or (None, None)
    if first is not None:
        for start in range(first, last + 1, IDS_IN_A_BLOCK):
            yield range(start, min(last + 1, start + IDS_IN_A_BLOCK))
