"""A step that somebody takes with what others asked for: on what they saw, by its event, and once.

Of shields, leave to see shielded children, connections and new identities alike.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from django.db import transaction

from access.rules.errors import NotFoundError
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record
from registry import statements


class ChangedError(Exception):
    """Somebody took a step with it after it was shown. Nothing was changed."""


class Stepped(Protocol):
    """What steps are taken with: `steps` counts them."""

    @property
    def id(self) -> int: ...

    @property
    def steps(self) -> int: ...


S = TypeVar("S", bound=Stepped)


def find(listed: Iterable[S], number: int, *, child_id: int | None = None) -> S:
    """The one with that number. Raises NotFoundError."""
    for one in listed:
        if one.id == number:
            return one
    raise NotFoundError(child_id=child_id)


def check_seen(one: Stepped, seen: int, *, stands: bool) -> None:
    """Raise ChangedError unless it still `stands`, and as many steps were taken with it as the page knew of."""
    if one.steps != seen or not stands:
        raise ChangedError


@transaction.atomic
def take_step(*, actor: Actor, kind: EventKind, about: About, statement: str, told: Sequence[Any]) -> None:
    """Record the step, and have the database take it from its event. Raises ChangedError where it does not."""
    record(kind, about, actor=actor)
    if statements.value(statement, *told) is not True:
        raise ChangedError
