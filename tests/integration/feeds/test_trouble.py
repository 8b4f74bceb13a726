"""A batch that somebody stops halfway, with which the worker cannot go on, or of which something is missing."""

from collections.abc import Callable, Iterator
from unittest import mock

import pytest

from feeds import sealed_stream
from feeds.models import MOST_FAILURES, Batch, BatchState, Chunk, SourceRecord, Supplier
from feeds.rows import Fault
from feeds.worker import taking_in, undoing, waiting
from feeds.worker.applying import Applying
from registry.models import Child
from registry.vocabulary import Source
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds import sending
from tests.integration.feeds.pressing import addresses, page_of, press
from tests.integration.feeds.sending import (
    AMINA,
    NOBODY,
    again,
    let_in,
    send,
    send_bytes,
    supplier,
    take,
    work,
    written,
)
from tests.integration.registry.people import NHS_NUMBER, Town
from tests.integration.registry.visiting import Visitor, main_of

MOVED = AMINA | {"nhs_number": NHS_NUMBER, "postcode": "M33 5XY"}
ZARA = NOBODY | {"key": "N2", "given": "Zara", "family": "Quaye", "date_of_birth": "2014-07-30"}
ROWS = (MOVED, NOBODY, ZARA)
Damage = Callable[[Batch], object]  # done by nobody who has a right to it: by the owner


@pytest.fixture(autouse=True)
def _each_row_in_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 1)


def after_the_first_block(do: Damage) -> mock._patch:  # type: ignore[type-arg]
    """Between two blocks, as somebody else does it in the meantime. By then the second has been read."""
    blocks = taking_in._blocks

    def interrupted(batch: Batch) -> Iterator[object]:
        for number, block in enumerate(blocks(batch)):
            if number == 2:
                do(batch)
            yield block

    return mock.patch.object(taking_in, "_blocks", interrupted)


def decide_to_take_back(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.UNDOING)


def is_left(batch: Batch) -> tuple[str, bool, bool]:
    """How it stands, whether anything of what was sent is there, and whether it says anything of a child."""
    with as_worker():
        return (
            again(batch.pk).state,
            Chunk.objects.filter(batch=batch).exists(),
            SourceRecord.objects.filter(batch=batch).exists(),
        )


def in_use() -> int:
    with as_worker():
        return Child.objects.filter(archived=False).count()


def failing(after: int) -> Callable[..., object]:
    """`Applying.apply` with which something is wrong after so many blocks."""
    apply, blocks = Applying.apply, iter(range(100))

    def broken(self: Applying, *block: object) -> object:
        if next(blocks) >= after:
            raise RuntimeError("the worker cannot go on")
        return apply(self, *block)  # type: ignore[arg-type]

    return broken


def test_taken_back_between_two_blocks_no_more_is_taken_in_and_all_is_undone(child: Child, census: Supplier) -> None:
    before = sending.values(child.pk)
    batch = send(census, *ROWS)
    with after_the_first_block(decide_to_take_back):
        batch = let_in(batch)
    assert (batch.state, batch.rows, batch.reached, in_use()) == (BatchState.UNDOING, 1, 1, 1)
    work()
    assert is_left(batch) == (BatchState.UNDONE, False, False)
    assert sending.values(child.pk) == before
    assert again(batch.pk).fault == ""


def test_taken_back_while_it_is_checked_it_is_not_offered(census: Supplier) -> None:
    with after_the_first_block(decide_to_take_back):
        batch = send(census, *ROWS)
    assert (batch.state, batch.expected) == (BatchState.UNDOING, None)
    work()
    assert is_left(batch) == (BatchState.UNDONE, False, False)


@pytest.mark.parametrize("state", [BatchState.RECEIVED, BatchState.CHECKED])
def test_taken_back_before_it_was_let_in_what_was_sent_is_destroyed(census: Supplier, state: BatchState) -> None:
    batch = send(census, *ROWS)
    with as_worker():
        Batch.objects.filter(pk=batch.pk).update(state=state)
    assert is_left(batch) == (state, True, False)
    sending.take_back(batch)
    assert is_left(batch) == (BatchState.UNDONE, False, False)
    assert in_use() == 0


def test_a_batch_with_which_the_worker_cannot_go_on_is_tried_a_few_times_and_can_be_taken_back(
    town: Town, child: Child, census: Supplier, keeper: Visitor
) -> None:
    before = sending.values(child.pk)
    batch = send(census, *ROWS)
    with mock.patch.object(Applying, "apply", failing(after=1)):
        let_in(batch)
        for _ in range(MOST_FAILURES - 2):
            work()
        assert (again(batch.pk).failures, again(batch.pk).rows) == (MOST_FAILURES - 1, 1)
        assert "tries no more" not in main_of(keeper.get(page_of(keeper)))
        work()
    with mock.patch.object(Applying, "apply", side_effect=AssertionError("it was tried again")) as apply:
        work()
    assert not apply.called
    batch = again(batch.pk)
    assert (batch.state, batch.failures) == (BatchState.COMMITTED, MOST_FAILURES)
    page = main_of(keeper.get(page_of(keeper)))
    assert "The worker could not go on, several times, and tries no more" in page
    assert "See how far it is now" not in page
    assert "It is being taken back" in main_of(press(keeper, "take-back"))
    work()
    assert is_left(batch) == (BatchState.UNDONE, False, False)
    assert sending.values(child.pk) == before


def test_what_once_failed_and_goes_on_has_all_of_its_tries_again(child: Child, census: Supplier) -> None:
    batch = send(census, *ROWS)
    with mock.patch.object(Applying, "apply", side_effect=RuntimeError("the worker cannot go on")):
        let_in(batch)
        work()
    assert again(batch.pk).failures == 2
    work()
    assert (again(batch.pk).state, again(batch.pk).failures) == (BatchState.DONE, 0)


def test_it_keeps_no_other_batch_from_its_turn(town: Town, child: Child, census: Supplier) -> None:
    first = send(census, MOVED)
    apply = Applying.apply

    def broken(self: Applying, *block: object) -> object:
        if self._batch.pk == first.pk:
            raise RuntimeError("the worker cannot go on")
        return apply(self, *block)  # type: ignore[arg-type]

    with mock.patch.object(Applying, "apply", broken):
        let_in(first)
        other = take(supplier(town.authority, Source.CHILD_BENEFIT), NOBODY)
    assert (again(first.pk).state, again(first.pk).failures) == (BatchState.COMMITTED, 3)
    assert other.state == BatchState.DONE


def test_taking_back_that_fails_is_begun_again_from_the_page(child: Child, census: Supplier, keeper: Visitor) -> None:
    before = sending.values(child.pk)
    batch = take(census, *ROWS)
    press(keeper, "take-back")
    page = page_of(keeper)
    assert addresses(keeper.get(page), "/take-back/") == []
    with mock.patch.object(undoing, "_undo_row", side_effect=RuntimeError("the worker cannot go on")) as undo_row:
        for _ in range(MOST_FAILURES + 1):
            work()
        assert undo_row.call_count == MOST_FAILURES
    assert again(batch.pk).state == BatchState.UNDOING
    assert "Take it back again once the fault is mended" in main_of(keeper.get(page))
    press(keeper, "take-back")
    assert (again(batch.pk).state, again(batch.pk).failures) == (BatchState.UNDOING, 0)
    work()
    assert is_left(batch) == (BatchState.UNDONE, False, False)
    assert sending.values(child.pk) == before


def _altered(batch: Batch) -> None:
    with as_owner_here():
        chunk = Chunk.objects.get(batch=batch, place=1)
        content = bytes(chunk.content)
        Chunk.objects.filter(pk=chunk.pk).update(content=content[:-1] + bytes([content[-1] ^ 1]))


def _moved(batch: Batch) -> None:
    with as_owner_here():
        first, second = Chunk.objects.filter(batch=batch).order_by("place")
        for chunk, other in ((first, second), (second, first)):
            Chunk.objects.filter(pk=chunk.pk).update(content=bytes(other.content))


def _first_missing(batch: Batch) -> None:
    with as_owner_here():
        Chunk.objects.get(batch=batch, place=0).delete()


def _last_missing(batch: Batch) -> None:
    """What is left is a whole table."""
    with as_owner_here():
        Chunk.objects.get(batch=batch, place=1).delete()


DAMAGES = (_altered, _moved, _first_missing, _last_missing)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A table that is sealed in two parts, of which the first ends with a line."""
    monkeypatch.setattr(sealed_stream, "PART_BYTES", len(written([MOVED | {"key": "A"}, NOBODY])))
    return written([MOVED | {"key": "A"}, NOBODY, ZARA])


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_before_it_was_checked_it_is_refused(census: Supplier, in_parts: bytes, damage: Damage) -> None:
    with mock.patch.object(waiting, "STEPS", {}):
        batch = send_bytes(census, in_parts)
    damage(batch)
    work()
    assert is_left(batch) == (BatchState.REFUSED, False, False)
    assert again(batch.pk).fault == Fault.BROKEN


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_after_it_was_checked_it_is_taken_back(
    child: Child, census: Supplier, in_parts: bytes, damage: Damage
) -> None:
    before = sending.values(child.pk)
    batch = send_bytes(census, in_parts)
    damage(batch)
    batch = let_in(batch)
    assert (batch.state, batch.fault, batch.failures) == (BatchState.UNDOING, Fault.BROKEN, 0)
    work()
    assert is_left(batch) == (BatchState.UNDONE, False, False)
    assert (sending.values(child.pk), in_use()) == (before, 1)


@pytest.mark.parametrize("damage", [_altered, _last_missing])
def test_damaged_while_it_is_taken_in_it_is_taken_back(
    child: Child, census: Supplier, in_parts: bytes, damage: Damage
) -> None:
    before = sending.values(child.pk)
    batch = send_bytes(census, in_parts)
    with after_the_first_block(damage):
        batch = let_in(batch)
    assert (batch.state, batch.fault, batch.rows) == (BatchState.UNDOING, Fault.BROKEN, 2)
    work()
    assert is_left(batch) == (BatchState.UNDONE, False, False)
    assert (sending.values(child.pk), in_use()) == (before, 1)
