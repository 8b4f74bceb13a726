"""Several feeds at once: nobody is made twice, no word is lost, and none waits for another without end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from unittest import mock

import pytest
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected
from pytest_django.fixtures import Settings as SettingsWrapper

from feeds.matching import Matcher
from feeds.models import Arrival, Batch, BatchState, Supplier, TakenBack
from feeds.worker import meanwhile, taking_in
from feeds.worker.applying import Applying
from registry.models import Child
from registry.search.index import filing
from registry.values import Difference
from registry.vocabulary import Part, Source
from tests.conftest import as_worker
from tests.integration.feeds.sending import (
    ALIKE,
    AMINA,
    NOBODY,
    again,
    child_of,
    children,
    let_in,
    outcomes,
    said_of,
    send,
    supplier,
    take,
    taken_back,
    values,
    work,
)
from tests.integration.registry.merging import OTHER_NHS
from tests.integration.registry.people import NHS_NUMBER, Town

pytestmark = pytest.mark.usefixtures("own_database")

PATIENCE = 30
Do = Callable[[], object]


@pytest.fixture(autouse=True)
def _two(settings: SettingsWrapper) -> None:
    """Two processes of the worker, with its keys."""
    settings.FEEDS_AT_ONCE, settings.KEYRING_HOLDER = 2, "worker"


class Other(Thread):
    """Another process, which does this and has a connection of its own."""

    def __init__(self, do: Do) -> None:
        super().__init__()
        self._do = do
        self.done = Event()

    def run(self) -> None:
        self._do()
        self.done.set()
        connection.close()

    def finish(self) -> None:
        self.join(PATIENCE)
        assert self.done.is_set()


def by_another(do: Do) -> None:
    """Done, and committed, by another process, of which this one notes nothing that it files."""
    other = Other(do)
    with mock.patch.object(filing, "_noting", []):
        other.start()
        other.finish()


@contextmanager
def before(target: object, name: str, do: Do) -> Iterator[mock.Mock]:
    """The first time that this is called, something is done before."""
    original, times = getattr(target, name), iter([do])

    def called(*arguments: object, **named: object) -> object:
        next(times, lambda: None)()
        return original(*arguments, **named)

    with mock.patch.object(target, name, autospec=True, side_effect=called) as mocked:
        yield mocked


def work_while_another_waits(do: Do, target: object, name: str) -> None:
    """A turn of the worker. Before this is called another process begins, which waits until the turn is over."""
    other = Other(do)

    def begin() -> None:
        other.start()
        assert not other.done.wait(1), "it waits"

    with before(target, name, begin):
        work()
    other.finish()


def wait(batch: Batch) -> None:
    """The batch waits to be taken in."""
    with as_worker():
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.COMMITTED)


def is_done(*batches: Batch) -> bool:
    return {again(each.pk).state for each in batches} == {BatchState.DONE}


@pytest.mark.parametrize("place", ["settle", "alone"])
def test_child_of_whom_two_feeds_tell_at_once_has_one_record(census: Supplier, health: Supplier, place: str) -> None:
    """Whether the other record was there when it was looked for, or came just before nobody could add any."""
    one, other = send(census, NOBODY), send(health, {**NOBODY, "given": "Tomas"})
    wait(one)
    # The other's own look comes second.
    when = (Applying, "settle") if place == "settle" else (meanwhile, "_lock")
    with before(*when, lambda: by_another(lambda: let_in(other))):
        work()
    assert is_done(one, other)
    assert children() == 1
    assert outcomes(one) == [(2, "queued", "alike")]


def test_same_row_of_two_feeds_leads_to_one_record(census: Supplier, health: Supplier) -> None:
    one, other = send(census, NOBODY), send(health, NOBODY)
    wait(one)
    with before(Applying, "settle", lambda: by_another(lambda: let_in(other))):
        work()
    assert (outcomes(one), outcomes(other)) == ([(2, "linked", "")], [(2, "created", "")])
    assert child_of(one, 2) == child_of(other, 2)


def test_children_who_are_not_alike_keep_nobody_waiting(census: Supplier, health: Supplier) -> None:
    one, other = send(census, NOBODY), send(health, AMINA)
    wait(one)
    with (
        before(Applying, "settle", lambda: by_another(lambda: let_in(other))),
        mock.patch.object(taking_in, "_take_in_block", wraps=taking_in._take_in_block) as blocks,
    ):
        work()
    assert blocks.call_count == 2
    assert children() == 2


def test_who_was_made_since_the_index_was_asked_ahead_is_seen(
    census: Supplier, health: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the second block the index is asked while the first is dealt with."""
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 1)
    one, other = send(census, AMINA, NOBODY), send(health, NOBODY)
    wait(one)
    with before(Applying, "settle", lambda: by_another(lambda: let_in(other))):
        work()
    assert is_done(one, other)
    assert children() == 2


def test_batch_is_not_held_against_itself(census: Supplier, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its own blocks made, the index has, or it is noted."""
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 1)
    with mock.patch.object(Matcher, "are_new") as held:
        take(census, AMINA, NOBODY)
    assert not held.called
    assert children() == 2


def test_two_with_one_number_do_not_both_have_it(town: Town, health: Supplier) -> None:
    """The second waits until the first is committed, and begins again."""
    numbered = {**AMINA, "nhs_number": NHS_NUMBER}
    one = send(supplier(town.authority, Source.BIRTH_REGISTRATION), numbered)
    other = send(health, {**numbered, "family": "Malik", "address_1": "4 Elm Close"})
    wait(one)
    work_while_another_waits(lambda: let_in(other), Applying, "settle")
    assert is_done(one, other)
    assert children() == 1
    assert len(said_of(child_of(one, 2) or 0)) == 2


def test_nobody_adds_between_the_last_look_and_the_end(census: Supplier, health: Supplier) -> None:
    one, other = send(census, NOBODY), send(health, AMINA)
    wait(one)
    work_while_another_waits(lambda: let_in(other), Arrival.objects, "create")
    assert is_done(one, other)


def test_what_two_feeds_say_of_one_child_at_once_is_all_said(
    town: Town, child: Child, census: Supplier, health: Supplier
) -> None:
    """That a source says otherwise than what counts is known from what it said alone."""
    take(health, {**AMINA, "nhs_number": NHS_NUMBER})
    one = send(census, {**AMINA, "gender": "M"})
    other = send(supplier(town.authority, Source.CHILD_BENEFIT), {**AMINA, "known_as_given": "Mimi"})
    wait(one)
    work_while_another_waits(lambda: let_in(other), taking_in, "_counted")
    assert is_done(one, other)
    now = values(child.pk)
    assert "Mimi" in {name.given for _kind, name in now.names}
    differ = Difference(Part.GENDER, Source.PERSONAL_DEMOGRAPHICS, (Source.SCHOOL_CENSUS,), ())
    assert differ in now.said_by.differ


def test_record_of_which_another_feed_speaks_just_now_is_not_archived(census: Supplier, health: Supplier) -> None:
    made = take(census, NOBODY)
    other = send(health, NOBODY)
    wait(other)

    def take_back() -> None:
        with as_worker():
            Batch.objects.filter(pk=made.pk).update(state=BatchState.UNDOING)
        work()

    work_while_another_waits(take_back, taking_in, "_counted")
    assert again(made.pk).state == BatchState.UNDONE
    assert taken_back(made) == [TakenBack.KEPT]
    with as_worker():
        assert Child.objects.filter(archived=False).count() == 1


@pytest.mark.parametrize("times", [1, taking_in.MOST_TIMES])
def test_of_two_who_wait_for_each_other_one_begins_again(census: Supplier, times: int) -> None:
    """A few times; then the batch is tried later."""
    batch, left = send(census, NOBODY), list(range(times))
    wait(batch)
    bulk_create = taking_in.BatchRow.objects.bulk_create

    def chosen(rows: object) -> object:
        if left:
            left.pop()
            raise OperationalError from DeadlockDetected()
        return bulk_create(rows)

    with mock.patch.object(taking_in.BatchRow.objects, "bulk_create", chosen):
        work()
    assert (again(batch.pk).state == BatchState.DONE, again(batch.pk).failures) == (times == 1, int(times > 1))
    work()
    assert is_done(batch)
    assert children() == 1


def test_feeds_are_shared_among_processes(census: Supplier, health: Supplier) -> None:
    first, second, other = send(census, NOBODY), send(census, ALIKE), send(health, AMINA)
    for batch in (first, second, other):
        wait(batch)

    def take_the_rest() -> None:
        work()
        assert [again(each.pk).state for each in (second, other)] == [BatchState.COMMITTED, BatchState.DONE]

    with before(Applying, "settle", lambda: by_another(take_the_rest)):
        work()
    assert is_done(first, second, other)


def test_no_more_processes_than_are_allowed(census: Supplier, health: Supplier, settings: SettingsWrapper) -> None:
    settings.FEEDS_AT_ONCE = 1
    one, other = send(census, NOBODY), send(health, AMINA)
    wait(one)
    wait(other)

    def find_nothing() -> None:
        work()
        assert again(other.pk).state == BatchState.COMMITTED

    with before(Applying, "settle", lambda: by_another(find_nothing)):
        work()
    assert is_done(one, other)


def test_arrivals_are_forgotten(census: Supplier) -> None:
    take(census, NOBODY)
    with as_worker(), mock.patch.object(meanwhile, "KEPT_FOR", -meanwhile.KEPT_FOR):
        assert Arrival.objects.count() == 1
    with mock.patch.object(meanwhile, "KEPT_FOR", -meanwhile.KEPT_FOR):
        take(census, {**AMINA, "nhs_number": OTHER_NHS})
    with as_worker():
        assert not Arrival.objects.exists()
