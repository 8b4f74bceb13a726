"""Doubtful matches: listed, read, and decided by those who answer for the record."""

from dataclasses import dataclass

from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record_first
from feeds.models import VerdictKind
from feeds.selectors import matches
from feeds.selectors.matches import Doubt
from registry.actions.steps import check_seen, find, take_step
from registry.record import Identity
from registry.selectors.records import identity_of
from registry.shown import ShownChild


@dataclass(frozen=True, slots=True)
class Compared:
    """A doubtful match as it is read: the row, and the record beside it. Both None where the record is not shown.

    `places` are the names of organisations that the row tells of, by directory code; `waiting` is how many there are.
    """

    doubt: Doubt
    identity: Identity | None
    child: ShownChild | None
    places: dict[str, str]
    waiting: int


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a verdict: whether the match is decided by it, and which one waits next."""

    decided: bool
    next_id: int | None


def list_matches(*, actor: Actor) -> list[Doubt]:
    """What waits for the actor. Recorded. Names nobody."""
    check_can(actor, Permission.MATCH_DECIDE)
    ticket = record_first(EventKind.MATCH_LISTED, actor=actor)
    with ticket.shown():
        return matches.matches()


def read_match(*, actor: Actor, match_id: int) -> Compared:
    """One of them, with the record beside it. Recorded, naming the child. Raises NotFoundError."""
    listed = list_matches(actor=actor)
    doubt = find(listed, match_id)
    about = About(child_id=doubt.child_id, fields=[f"match.{match_id}"])
    ticket = record_first(EventKind.MATCH_READ, about, actor=actor)
    with ticket.shown():
        found = matches.matches()
        child = matches.child_beside()
    if not found:
        raise NotFoundError
    return Compared(
        doubt=found[0],
        identity=None if child is None else identity_of(child, today=timezone.localdate()),
        child=child,
        places={} if found[0].said is None else matches.places_said(found[0].said),
        waiting=len(listed),
    )


def decide_match(*, actor: Actor, match_id: int, verdict: VerdictKind, seen: int) -> Said:
    """Say what one thinks of it. Raises ChangedError where somebody else was faster, NotFoundError."""
    listed = list_matches(actor=actor)
    doubt = find(listed, match_id)
    check_seen(doubt, seen, stands=True)
    about = About(child_id=doubt.child_id, fields=[f"match.{match_id}", str(verdict)])
    take_step(
        actor=actor,
        kind=EventKind.MATCH_DECIDED,
        about=about,
        statement="SELECT feeds_match_decide(%s, %s)",
        told=[match_id, seen],
    )
    others = [each.id for each in listed if each.id != match_id]
    after = next((each for each in others if each > match_id), others[0] if others else None)
    return Said(decided=verdict != VerdictKind.UNSURE and doubt.needs == 1 and not doubt.steps, next_id=after)
