"""What the numbers of a log say by themselves: nothing missing, explained, removed, or taken back unrecorded."""

import random

import pytest

from audit.watch import Counted, removed, unrecorded

ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def log(*numbers: int, writer: str = ONE, first_id: int = 1, settled: bool = True) -> list[Counted]:
    """Events of one writer, their ids without a gap."""
    return [Counted(first_id + place, writer, number, (), settled) for place, number in enumerate(numbers)]


def voiding(event: Counted, *voided: int) -> Counted:
    return Counted(event.id, event.writer, event.number, voided, event.settled)


def test_whole_log_is_not_accused() -> None:
    counted = [*log(1, 2, 3), *log(1, 2, writer=OTHER, first_id=4)]
    assert (removed(counted), unrecorded(counted)) == ({}, 0)


def test_number_that_nobody_voided_was_removed() -> None:
    assert removed(log(1, 2, 4, 5, 7)) == {ONE: [(3, 3), (6, 6)]}


def test_numbers_far_apart_cost_no_more_than_numbers_side_by_side() -> None:
    assert removed(log(1, 2**62)) == {ONE: [(2, 2**62 - 1)]}


def test_voided_number_is_explained_by_its_own_writer_alone() -> None:
    *before, last = log(1, 3)
    assert removed([*before, voiding(last, 2)]) == {}
    assert removed([*before, last, voiding(*log(9, writer=OTHER, first_id=8), 2)]) == {ONE: [(2, 2)]}


def test_gap_waits_until_its_writer_had_time_to_explain_it() -> None:
    assert removed([*log(1), *log(3, first_id=2, settled=False)]) == {}
    assert removed([*log(1), *log(3, first_id=2)]) == {ONE: [(2, 2)]}


def test_last_number_of_a_silent_writer_is_not_known_to_be_missing() -> None:
    """A limit, not a promise: the next heartbeat would have told."""
    assert removed(log(1, 2)) == {}


def test_id_that_stands_nowhere_is_asked_about() -> None:
    counted = [*log(1, 2), *log(3, first_id=4)]
    assert unrecorded(counted) == 1


def test_id_of_an_honest_rollback_is_explained() -> None:
    *before, last = [*log(1, 2), *log(4, first_id=4)]
    assert unrecorded([*before, voiding(last, 3)]) == 0


def test_young_gap_is_not_asked_about_yet() -> None:
    assert unrecorded([*log(1, 2), *log(3, first_id=4, settled=False)]) == 0


@pytest.mark.parametrize("seed", range(20))
def test_events_in_any_order_of_ids_and_writers_are_not_accused(seed: int) -> None:
    """Ids are drawn before a transaction ends, so that writers overtake each other."""
    chance = random.Random(seed)  # noqa: S311
    ids = list(range(1, 201))
    chance.shuffle(ids)
    counted = [
        Counted(number, ONE if place % 2 else OTHER, place // 2 + 1, (), True) for place, number in enumerate(ids)
    ]
    assert (removed(counted), unrecorded(counted)) == ({}, 0)
