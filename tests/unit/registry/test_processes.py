"""Blocks of work, each done once, here or in processes of their own."""

from itertools import count

import pytest
from rich.progress import Progress

from registry.processes import progress, spread


def double(number: int) -> int:
    return 2 * number


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("processes", [1, 2])
def test_each_block_is_done_once(processes: int) -> None:
    assert sorted(spread(double, range(20), processes=processes)) == [(each, 2 * each) for each in range(20)]


@pytest.mark.parametrize("processes", [1, 2])
def test_what_fails_there_fails_here_and_no_more_is_begun(processes: int) -> None:
    begun = count()
    with pytest.raises(ValueError, match="three"):
        list(spread(fail_at_three, (next(begun) for _ in range(1000)), processes=processes))
    assert next(begun) < 20


def test_nothing_to_do_is_done() -> None:
    assert list(spread(double, [], processes=2)) == []


def test_bar_shows_a_rate_only_where_the_end_is_known() -> None:
    shown: Progress = progress()
    known, unknown = shown.add_task("a", total=10), shown.add_task("b", total=None)
    for bar in (known, unknown):
        shown.advance(bar, 5)
        shown.advance(bar, 5)
    rate = next(column for column in shown.columns if type(column).__name__ == "Rate")
    assert "/s" in str(rate.render(shown.tasks[known]))
    assert rate.render(shown.tasks[unknown]) == ""
