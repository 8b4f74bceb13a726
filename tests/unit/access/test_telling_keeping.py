"""How long a system that does not answer is left alone."""

from datetime import timedelta

from access.systems.telling.keeping import LONGEST_WAIT, wait_after


def test_wait_doubles_up_to_the_longest_and_is_never_the_same_for_all() -> None:
    for failures in range(1, 40):
        longest = min(timedelta(seconds=30) * 2 ** (failures - 1), LONGEST_WAIT)
        waits = {wait_after(failures) for _ in range(50)}
        assert longest / 2 <= min(waits)
        assert max(waits) <= longest
        assert len(waits) > 10
    assert wait_after(10_000) <= LONGEST_WAIT
