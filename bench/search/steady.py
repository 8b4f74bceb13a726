"""Searches a second by several processes, each a practitioner of their own, for some seconds without a pause."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import django
from django.apps import apps

if not apps.ready:  # in a process of its own
    django.setup()

from bench import people
from bench.search import asking
from bench.search.truth import Question
from registry.actions.finding import search
from registry.search import index

SECONDS_TO_SIGN_IN = 120
Search = Callable[[Question], object]


@dataclass(frozen=True, slots=True)
class Load:
    """What to ask, mixed how, by how many, for how long."""

    mixed: str
    questions: Sequence[Question]
    users_file: Path
    processes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Steady:
    """How long each search took, in milliseconds: the whole view, or the action that it calls."""

    load: Load
    whole_view: bool
    milliseconds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Share:
    """What one process asks, again from the beginning when it has come to the end."""

    place: int
    load: Load
    whole_view: bool

    @property
    def questions(self) -> Sequence[Question]:
        return self.load.questions[self.place :: self.load.processes]


class _All:
    """What the processes have in common."""

    ready: ClassVar[Barrier]


def measure(load: Load, *, whole_view: bool) -> Steady:
    """Search without a pause, in as many processes as there are practitioners to be."""
    context = get_context("spawn")
    shares = [Share(place, load, whole_view) for place in range(load.processes)]
    ready = context.Barrier(load.processes)
    with ProcessPoolExecutor(load.processes, mp_context=context, initializer=_begin, initargs=(ready,)) as pool:
        times = [each for some in pool.map(search_steadily, shares) for each in some]
    return Steady(load, whole_view, times)


def search_steadily(share: Share) -> list[float]:
    """The milliseconds of each search. Begins when all others have signed in."""
    index.tokeniser()
    times: list[float] = []
    with _whole_view(share) if share.whole_view else _action(share) as ask:
        questions = share.questions
        ask(questions[0])
        _All.ready.wait(SECONDS_TO_SIGN_IN)
        end = time.monotonic() + share.load.seconds
        while time.monotonic() < end:
            begun = time.perf_counter()
            ask(questions[len(times) % len(questions)])
            times.append((time.perf_counter() - begun) * 1000)
    return times


@contextmanager
def _whole_view(share: Share) -> Iterator[Search]:
    with people.browser(share.load.users_file, share.place) as browser, asking.practitioner(browser) as one:
        yield one.ask


@contextmanager
def _action(share: Share) -> Iterator[Search]:
    with people.practitioner(share.load.users_file, share.place) as one:
        yield lambda question: search(actor=one.actor, criteria=asking.criteria(question.asked), trail=uuid4())


def _begin(barrier: Barrier) -> None:
    _All.ready = barrier
