"""Memory looked through for what nobody needs any more: between blocks of rows, and of what came with them alone."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial


@contextmanager
def sparing() -> Iterator[Callable[[], object]]:
    """What is there already is not looked through until the end; what came since, whenever the caller says so.

    Each row makes some hundreds of objects, and Python would look through all that the process holds, lists of names
    and whoever is shielded among it, again and again: a third of the time of a batch.
    """
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield partial(gc.collect, 0)
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
