"""What a session holds of searches and records between two pages."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest
from django.utils import timezone

from audit.reasons import Mistake, Reason
from pages import desk, pending
from registry.actions.involvements import Entry
from registry.search.criteria import Criteria

SEARCHES, WAYS, REASONS, PENDING = "searches", "ways", "reasons", "pending"
SEARCHES_KEPT = 10
REASON_HOLDS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Pending:
    """An involvement that waits for its answers to be checked: to be withdrawn where `mistake` is set, ended where
    `ended_on` is, corrected where it has an id, recorded otherwise.
    """

    child_id: int
    entry: Entry
    involvement_id: int | None = None
    read_version: int = 0
    ended_on: date | None = None
    mistake: Mistake | None = None


def keep_search(request: HttpRequest, trail: UUID, criteria: Criteria) -> None:
    """Keep the last few searches, so that a results page can be shown again by its address."""
    searches = {**(desk.look(request, SEARCHES) or {}), str(trail): _plain(criteria)}
    desk.lay(request, SEARCHES, dict(list(searches.items())[-SEARCHES_KEPT:]))


def kept_search(request: HttpRequest, trail: UUID) -> Criteria | None:
    """The criteria of a search made in this session, or None."""
    kept = (desk.look(request, SEARCHES) or {}).get(str(trail))
    return msgspec.convert(kept, Criteria) if kept else None


def keep_way(request: HttpRequest, child_id: int, trail: UUID | None) -> None:
    """Keep from which results the child was asked for; None for none, as from one's own history.

    Ways to results that are no longer kept go with them.
    """
    searches = desk.look(request, SEARCHES) or {}
    before = desk.look(request, WAYS) or {}
    ways = {child: way for child, way in before.items() if way in searches and child != str(child_id)}
    if str(trail) in searches:
        ways[str(child_id)] = str(trail)
    if ways != before:
        desk.lay(request, WAYS, ways)


def kept_way(request: HttpRequest, child_id: int) -> UUID | None:
    """The trail of the results from which the child was asked for, where they can still be shown."""
    way = (desk.look(request, WAYS) or {}).get(str(child_id))
    return UUID(way) if way and way in (desk.look(request, SEARCHES) or {}) else None


def keep_reason(request: HttpRequest, child_id: int, reason: Reason) -> None:
    """Keep the reason given for one child."""
    given = {**(desk.look(request, REASONS) or {}), str(child_id): [reason, timezone.now().timestamp()]}
    desk.lay(request, REASONS, given)


def kept_reason(request: HttpRequest, child_id: int) -> Reason | None:
    """The reason given for the child, or None once half an hour has gone."""
    reason, given_at = (desk.look(request, REASONS) or {}).get(str(child_id), (None, 0))
    still_holds = timezone.now().timestamp() - given_at < REASON_HOLDS.total_seconds()
    return Reason(reason) if reason and still_holds else None


def keep_pending(request: HttpRequest, answers: Pending) -> None:
    """Keep answers until they are checked, in place of any others."""
    pending.keep(request, PENDING, answers)


def take_pending(request: HttpRequest, child_id: int, key: str) -> Pending | None:
    """The answers of that key, if they wait for the child, taken away: confirmed twice, they are saved once."""
    if kept_pending(request, child_id) is None:
        return None
    return pending.take(request, PENDING, Pending, key)


def kept_pending(request: HttpRequest, child_id: int) -> Pending | None:
    """The answers that wait for the child, or None."""
    kept = pending.kept(request, PENDING, Pending)
    return kept if kept and kept.child_id == child_id else None


def pending_key(request: HttpRequest) -> str:
    """What the page that shows the answers sends back, so that no other tab's are saved in their place."""
    return pending.key(request, PENDING)


def _plain(value: Any) -> Any:
    """A dataclass as plain JSON values."""
    return msgspec.to_builtins(asdict(value), str_keys=True)
