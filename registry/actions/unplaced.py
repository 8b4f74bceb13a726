"""The list of children of school age with no education setting, a page at a time."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record_first
from registry import statements
from registry.record import Identity
from registry.selectors.records import identity_of
from registry.shown import child_told

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class UnplacedPage:
    """Who is on it, how many there are in all, and how many there were in each month, the last month first."""

    children: list[Identity]
    total: int
    months: list[tuple[date, int]]


def list_unplaced(*, actor: Actor, page: int) -> UnplacedPage:
    """A page of those for whom the actor's authorities answer. Raises OverBudgetError.

    Recorded twice: that a page is asked for, which says which children are on it, and then who is shown, each of whom
    is charged. Without the first the database gives no ids, without the second no names.
    """
    check_can(actor, Permission.UNPLACED_LIST)
    asked = record_first(EventKind.UNPLACED_LISTED, About(fields=[f"page.{page}"]), actor=actor)
    with asked.shown():
        found = statements.rows("SELECT child_id, total FROM registry_unplaced_page()")
        months = statements.rows("SELECT month, children FROM registry_unplaced_counts()")
    if not found:
        return UnplacedPage([], 0, [(month, number) for month, number in months])
    names = record_first(EventKind.UNPLACED_LISTED, About(shown=[child_id for child_id, _total in found]), actor=actor)
    today = timezone.localdate()
    with names.shown():
        children = [
            identity_of(child_told(told), today=today) for (told,) in statements.rows("SELECT registry_unplaced_who()")
        ]
    return UnplacedPage(children, found[0][1], [(month, number) for month, number in months])
