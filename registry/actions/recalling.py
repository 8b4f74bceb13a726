"""Going back to records opened lately: whose they are is recorded before it is shown, as in a list of results."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from access.rules.decisions import check_can
from access.rules.roles import Permission
from audit.actors import Actor
from audit.errors import refusals
from audit.events import EventKind
from audit.recorder import About, record_first
from registry.search.summaries import open_summary
from registry.values import Summary


@dataclass(frozen=True, slots=True)
class Recalled:
    """A child whose record the reader opened, and when they did last."""

    child_id: int
    summary: Summary
    opened_at: datetime


def recall(*, actor: Actor) -> list[Recalled]:
    """At most ten children whose records the actor opened within seven days, the last opened first, as they are now.

    Recorded twice: that one's own history is read, which says which they are, and then who is shown. Without the first
    the database gives no ids, without the second no names, and it charges each name. Raises OverBudgetError.
    """
    check_can(actor, Permission.CHILD_RECALL)
    own_history = record_first(EventKind.HISTORY_READ, About(user_id=actor.user_id), actor=actor)
    with refusals(), own_history.shown(), connection.cursor() as cursor:
        cursor.execute("SELECT child_id, opened_at FROM registry_opened_lately()")
        opened: dict[int, datetime] = dict(cursor.fetchall())
    names = record_first(EventKind.CHILD_RECALLED, About(shown=list(opened)), actor=actor)
    with refusals(), names.shown(), connection.cursor() as cursor:
        cursor.execute("SELECT id, row_version, summary FROM registry_recalled()")
        summaries = {row: open_summary(stored, child_id=row, version=version) for row, version, stored in cursor}
    return [Recalled(row, summaries[row], at) for row, at in opened.items() if row in summaries]
