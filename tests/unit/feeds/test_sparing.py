"""Memory is looked through between blocks, and afterwards as before."""

import gc
import weakref

import pytest

from feeds.worker.sparing import sparing


class Cycle:
    """What nobody but itself holds."""

    def __init__(self) -> None:
        self.itself = self


def test_what_came_with_a_block_goes_when_the_caller_says_so() -> None:
    with sparing() as collect:
        gone = weakref.ref(Cycle())
        assert gone() is not None
        collect()
        assert gone() is None


def test_afterwards_python_looks_by_itself_again_whatever_happened() -> None:
    with sparing():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), sparing():
        _ = 1 / 0
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_who_had_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with sparing():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
