"""A witness that runs: it looks at the log again and again, and says each thing that keeps it from vouching."""

from collections.abc import Callable, Sequence
from threading import Event

from transparency.errors import PublicationError, TransparencyError
from transparency.note import VerifierKey
from transparency.publication import Directory
from transparency.witness import Witness

NOTHING_YET = "Waits. Nothing is published yet."
WELL = "Vouches for the log."


def keep_watch(
    witness: Witness,
    publication: Directory,
    log_keys: Sequence[VerifierKey],
    *,
    every: float,
    say: Callable[[str], None],
    ended: Event,
) -> None:
    """Vouch for each checkpoint that is found, `every` so many seconds, until `ended`.

    What is refused is not vouched for, now or later, and is said once; so is that all is well, at first and again. A
    fork therefore stays refused for as long as it is shown. Nothing that is published can end the watch.
    """
    said = None
    while True:
        found = _look(witness, publication, log_keys)
        if found != said:
            say(found or WELL)
            said = found
        if ended.wait(every):
            return


def _look(witness: Witness, publication: Directory, log_keys: Sequence[VerifierKey]) -> str:
    """What stands in the way of vouching; nothing where it was vouched for."""
    try:
        if publication.latest() is None:
            return NOTHING_YET
        witness.cosign(publication, log_keys)
    except PublicationError as error:
        return f"Waits. {error}"
    except (TransparencyError, OSError) as error:
        return f"NOT COSIGNED. {error}"
    return ""
