"""Which function of the database takes whose event.

What a process did by itself the log takes on its word. That a person or an organisation's software did something has to
be vouched for by whoever keeps sessions and tokens, and this app knows nobody above it: the app that does registers its
functions when it starts (access/apps.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from audit.actors import Actor, Process
from audit.events import EventKind

BY_ITSELF = "audit_record_process"


class Shown(Enum):
    """What is shown so that an event is taken."""

    SESSION = auto()
    TOKEN = auto()


@dataclass(frozen=True, kw_only=True)
class Vouchers:
    """Functions of the database, by name. Each takes the fingerprint that is shown and the event, or refuses it.

    All of them for one thing that is shown, so that no kind of event falls to `usual` because its own is missing.
    """

    usual: str
    of_kind: Mapping[EventKind, str] = field(default_factory=dict)
    # Takes an event and the fingerprint, and lets the rest of the transaction read what the event allows.
    shows_tickets: str = ""


_registered: dict[Shown, Vouchers] = {}


class NobodyVouchesError(Exception):
    """No app has registered who would vouch for the event."""


def register(shown: Shown, vouchers: Vouchers) -> None:
    """Have these functions take the events for which that is shown. Raises ValueError where others do."""
    if _registered.setdefault(shown, vouchers) != vouchers:
        raise ValueError(f"{_registered[shown]} are registered already for what shows a {shown.name.lower()}.")


def voucher(kind: EventKind, actor: Actor | Process) -> tuple[str, str | None]:
    """The function that takes the event, and the fingerprint that it wants to see.

    Raises NobodyVouchesError where no app has registered one.
    """
    if isinstance(actor, Actor):
        return _function(Shown.SESSION, kind), actor.session_key
    if actor.token_key is None:
        return BY_ITSELF, None
    return _function(Shown.TOKEN, kind), actor.token_key


def ticket_shower() -> str:
    """The function to which a session or a token shows its event. Raises NobodyVouchesError where there is none."""
    vouchers = _registered.get(Shown.SESSION)
    if vouchers is None or not vouchers.shows_tickets:
        raise NobodyVouchesError("No app has registered to whom a session shows its events.")
    return vouchers.shows_tickets


def _function(shown: Shown, kind: EventKind) -> str:
    if shown not in _registered:
        raise NobodyVouchesError(f"{kind}: no app has registered who vouches for what shows a {shown.name.lower()}.")
    vouchers = _registered[shown]
    return vouchers.of_kind.get(kind, vouchers.usual)
