"""Searching and opening: every child shown is in the access log before the page is.

The event is committed before anything is read: the database shows the web role only what such an event names
(registry/sql/functions, docs/adr/0026). When nothing can be read after all, the log holds the event and the refusal.
"""

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from audit.actors import Actor
from audit.events import EventKind, Outcome
from audit.reasons import Reason
from audit.recorder import About, record_first
from registry.policies.records import check_may_open, check_may_search, child_to_open
from registry.record import Identity, Record
from registry.search.criteria import Criteria
from registry.search.find import Found, find
from registry.selectors.leaves import own_leave
from registry.selectors.records import identity_of, record_of

# By what right a shielded record is opened in whole, as the opening says. The database asks whether there is one.
BY_LEAVE, OVERRIDDEN = "shield.grant", "shield.overridden"


def search(*, actor: Actor, criteria: Criteria, trail: UUID, most: int = settings.SEARCH_RESULT_LIMIT) -> Found:
    """Find children; record what was asked (sealed), then who was shown, in order. `trail` joins repeated searches.
    Where more than `most` fit, nobody is shown.

    The question is recorded first: without it the database gives no candidates. Raises OverBudgetError.
    """
    check_may_search(actor)
    searched = record_first(EventKind.CHILD_SEARCHED, About(trail=trail, criteria=criteria.to_log()), actor=actor)
    found = find(criteria, searched, most)
    outcome = Outcome.TOO_MANY if found.refine else Outcome.DONE if found.matches else Outcome.NO_MATCH
    shown = [match.child_id for match in found.matches]
    record_first(EventKind.CHILD_LISTED, About(shown=shown, trail=trail), actor=actor, outcome=outcome)
    return found


def introduce(*, actor: Actor, child_id: int) -> Identity:
    """The identity of a child whose record is about to be opened or changed. Recorded as shown."""
    check_may_open(actor)
    ticket = record_first(EventKind.CHILD_SHOWN, About(child_id=child_id), actor=actor)
    return identity_of(child_to_open(ticket, child_id), today=timezone.localdate())


def open_record(*, actor: Actor, child_id: int, reason: Reason) -> Record:
    """The record, as the actor may see it, with the opening and its reason in the log.

    Of a shielded child in whole where they have leave by name, which the opening says.
    """
    check_may_open(actor)
    by_right = [BY_LEAVE] if actor.colleague is None and own_leave(child_id) else []
    about = About(child_id=child_id, reason=reason, fields=by_right)
    ticket = record_first(EventKind.CHILD_OPENED, about, actor=actor)
    return record_of(child_to_open(ticket, child_id), actor=actor, today=timezone.localdate())
