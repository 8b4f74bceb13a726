"""Each process's own count: no number twice, and every one that nobody will see is said to be void, once."""

import os
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import transaction

from audit import numbering
from audit.actors import Process
from audit.errors import NoLiveSessionError
from audit.events import EventKind
from audit.numbering import VOIDED_AT_ONCE, Writer, writer
from audit.recorder import About, record
from tests.log import events, last_event

PROCESS = Process("tests")


class GivenUpError(Exception):
    """Rolls back what it leaves."""


@pytest.fixture(autouse=True)
def log(own_database: str) -> Iterator[None]:
    """A log in which transactions end, written by a process that has counted nothing yet."""
    numbering._writer_of.cache_clear()
    yield
    numbering._writer_of.cache_clear()  # what this database has forgotten is no gap in another one


def write() -> int:
    """Record an event; returns its number."""
    record(EventKind.ACCESS_REFUSED, actor=PROCESS)
    return writer()._last


def written() -> list[tuple[int, list[int]]]:
    """Each event's number, and which it voids."""
    return [(event.number, event.voided) for event in events()]


def test_events_are_counted_without_a_gap() -> None:
    for _ in range(2):
        with transaction.atomic():
            write()
            write()

    assert written() == [(1, []), (2, []), (3, []), (4, [])]
    assert {event.writer for event in events()} == {writer().id}


def test_number_of_a_transaction_that_was_rolled_back_is_voided_once() -> None:
    with suppress(GivenUpError), transaction.atomic():
        write()
        write()
        raise GivenUpError
    for _ in range(2):
        with transaction.atomic():
            write()

    assert written() == [(3, [1, 2]), (4, [])]


def test_number_of_a_savepoint_that_was_rolled_back_is_voided_by_the_same_transaction() -> None:
    with transaction.atomic():
        write()
        with suppress(GivenUpError), transaction.atomic():
            write()
            raise GivenUpError
        with transaction.atomic():
            write()

    assert written() == [(1, []), (3, [2])]


def test_savepoint_inside_one_that_was_rolled_back_is_voided_too() -> None:
    with transaction.atomic():
        with suppress(GivenUpError), transaction.atomic():
            with transaction.atomic():
                write()
            raise GivenUpError
        write()

    assert written() == [(2, [1])]


def test_word_that_was_itself_rolled_back_is_said_again() -> None:
    for _ in range(2):
        with suppress(GivenUpError), transaction.atomic():
            write()
            raise GivenUpError
    with transaction.atomic():
        write()

    assert written() == [(3, [1, 2])]


def test_event_that_the_database_refused_is_voided() -> None:
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.CHILD_ADDED, About(child_id=1), actor=PROCESS)
    with transaction.atomic():
        write()

    assert written() == [(2, [1])]


def test_every_id_that_was_drawn_stands_in_an_event_or_is_explained() -> None:
    with transaction.atomic():
        first = last_id()
    with suppress(GivenUpError), transaction.atomic():
        write()
        raise GivenUpError
    with transaction.atomic():
        last = last_id()

    assert last - first == 2
    assert len(last_event(id=last).voided) == 1


def last_id() -> int:
    return record(EventKind.ACCESS_REFUSED, actor=PROCESS)


def test_many_voided_numbers_are_said_little_by_little() -> None:
    own = Writer()
    with suppress(GivenUpError), transaction.atomic():
        for _ in range(VOIDED_AT_ONCE + 50):
            own.stamp()
        raise GivenUpError
    said = []
    for _ in range(3):
        with transaction.atomic():
            said.append(own.stamp().voided)

    assert said == [tuple(range(1, VOIDED_AT_ONCE + 1)), tuple(range(VOIDED_AT_ONCE + 1, VOIDED_AT_ONCE + 51)), ()]


def test_writer_is_unused_until_it_counts() -> None:
    assert not writer().used
    with transaction.atomic():
        write()
    assert writer().used


def test_forked_process_is_another_writer() -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(writer().id).encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 100).decode() != str(writer().id)
    os.close(reading)
    os.close(writing)


def test_number_stands_once_for_each_writer() -> None:
    with transaction.atomic():
        write()
    numbering._writer_of.cache_clear()
    with transaction.atomic():
        write()

    assert [event.number for event in events()] == [1, 1]
    assert len({event.writer for event in events()}) == 2


def test_events_that_are_written_at_once_are_counted_one_after_the_other() -> None:
    own = Writer()
    with suppress(GivenUpError), transaction.atomic():
        own.stamps(2)
        raise GivenUpError
    with transaction.atomic():
        stamps = own.stamps(3)
    with transaction.atomic():
        after = own.stamp()

    assert [(each.number, each.voided) for each in stamps] == [(3, (1, 2)), (4, (1, 2)), (5, (1, 2))]
    assert (after.number, after.voided) == (6, ())
