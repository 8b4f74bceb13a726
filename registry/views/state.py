"""What a session holds of searches and records between two pages."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from audit.reasons import BasisEnd, Mistake, Reason
from pages import desk, pending
from pages.sent import Sent, sent_in
from registry.actions.involvements import Entry
from registry.rules.basis import wants_basis
from registry.search.criteria import Criteria

SEARCHES, WAYS, REASONS, PENDING, ANSWERS = "searches", "ways", "reasons", "pending", "answers"
LATELY = "lately"  # the way to a child who was among the records opened lately
SEARCHES_KEPT = 10
REASON_HOLDS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Pending:
    """An involvement that waits for its answers to be checked: to be withdrawn where `mistake` or `basis_end` is set,
    ended where `ended_on` is, corrected where it has an id, recorded otherwise.
    """

    child_id: int
    entry: Entry
    involvement_id: int | None = None
    read_version: int = 0
    ended_on: date | None = None
    mistake: Mistake | None = None
    basis_end: BasisEnd | None = None

    @property
    def changes_entry(self) -> bool:
        """Whether what was entered is recorded or corrected, and nothing ended or withdrawn."""
        return self.ended_on is None and self.mistake is None and self.basis_end is None

    @property
    def lacks_basis(self) -> bool:
        """Whether it is of a service that wants one, and nothing says yet, or not whole, why that may be entered."""
        return (
            self.changes_entry
            and wants_basis(self.entry.service)
            and (self.entry.basis is None or self.entry.decision is None)
        )


def keep_search(request: HttpRequest, trail: UUID, criteria: Criteria) -> None:
    """Keep the last few searches, so that a results page can be shown again by its address."""
    searches = {**(desk.look(request, SEARCHES) or {}), str(trail): _plain(criteria)}
    desk.lay(request, SEARCHES, dict(list(searches.items())[-SEARCHES_KEPT:]))


def kept_search(request: HttpRequest, trail: UUID) -> Criteria | None:
    """The criteria of a search made in this session, or None."""
    kept = (desk.look(request, SEARCHES) or {}).get(str(trail))
    return msgspec.convert(kept, Criteria) if kept else None


def keep_way(request: HttpRequest, child_id: int, way: str) -> None:
    """Keep from which list the child was asked for: the trail of results, or LATELY; any other text is no way.

    Ways to results that are no longer kept go with them.
    """
    lists = {*(desk.look(request, SEARCHES) or {}), LATELY}
    before = desk.look(request, WAYS) or {}
    ways = {child: kept for child, kept in before.items() if kept in lists and child != str(child_id)}
    if way in lists:
        ways[str(child_id)] = way
    if ways != before:
        desk.lay(request, WAYS, ways)


def kept_way(request: HttpRequest, child_id: int) -> str | None:
    """The list from which the child was asked for, as `keep_way` takes it, where it can still be shown."""
    way: str | None = (desk.look(request, WAYS) or {}).get(str(child_id))
    return way if way in {*(desk.look(request, SEARCHES) or {}), LATELY} else None


def keep_reason(request: HttpRequest, child_id: int, reason: Reason) -> None:
    """Keep the reason given for one child."""
    given = {**(desk.look(request, REASONS) or {}), str(child_id): [reason, timezone.now().timestamp()]}
    desk.lay(request, REASONS, given)


def kept_reason(request: HttpRequest, child_id: int) -> Reason | None:
    """The reason given for the child, or None once half an hour has gone."""
    reason, given_at = (desk.look(request, REASONS) or {}).get(str(child_id), (None, 0))
    still_holds = timezone.now().timestamp() - given_at < REASON_HOLDS.total_seconds()
    return Reason(reason) if reason and still_holds else None


def keep_answers(request: HttpRequest, child_id: int) -> bool:
    """Keep what a form sent about the child when no reason held any more. Whether there was something to keep."""
    sent = sent_in(request) if request.method == "POST" else None
    if sent:
        desk.lay(request, ANSWERS, {"child_id": child_id, **asdict(sent)})
    return sent is not None


def form_of_answers(request: HttpRequest, child_id: int) -> str | None:
    """Where the form is whose answers about the child were kept."""
    kept = desk.look(request, ANSWERS)
    return str(kept["path"]) if kept and kept["child_id"] == child_id else None


def answers_to_form(request: HttpRequest, child_id: int) -> QueryDict | None:
    """What was sent to the form of this request: with it, or before the reason ran out. The latter is taken away."""
    if request.method == "POST":
        return request.POST
    if request.method != "GET" or form_of_answers(request, child_id) != request.get_full_path():
        return None
    kept = desk.take(request, ANSWERS)
    return Sent(kept["path"], kept["answers"]).typed()


def keep_pending(request: HttpRequest, answers: Pending) -> None:
    """Keep answers until they are checked, in place of any others."""
    desk.take(request, ANSWERS)
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
