"""What somebody is asked about what they did.

Those who ask stand in layers above this one, and say so when they start. Pages of the person's own doings show it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from audit.actors import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that waits for an answer: in words, where it is answered, and until when."""

    words: str
    url: str
    due_on: date
    is_about_others: bool


_askers: list[Callable[[Actor], Iterable[Asked]]] = []


def register(asker: Callable[[Actor], Iterable[Asked]]) -> None:
    """Have it asked whenever somebody looks at what they did."""
    _askers.append(asker)


def asked_of(actor: Actor) -> list[Asked]:
    """Everything that waits for an answer of the actor."""
    return [each for asker in _askers for each in asker(actor)]
