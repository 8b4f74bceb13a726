"""A list that an administrator chose, looked at before anything comes of it. Recorded: it tells who is known here."""

from collections.abc import Sequence

from django.db import transaction

from access.rules.administering import organisations_administered, people_administered
from access.software.lists import invitations, leavers
from access.software.lists.spreadsheets import Row
from access.software.selectors import LeaverRow, leavers_in_words
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record


@transaction.atomic
def look_at_invitations(*, actor: Actor, rows: list[Row]) -> invitations.Checked:
    """Check a list of people to be invited to the actor's organisations."""
    record(EventKind.FEED_RECEIVED, About(fields=["invitations"]), actor=actor)
    # Compared here: a cell may hold anything, and PostgreSQL may log what it is asked.
    return invitations.check(rows, dict(organisations_administered(actor).values_list("directory_code", "pk")))


@transaction.atomic
def look_at_leavers(*, actor: Actor, rows: list[Row]) -> leavers.Checked:
    """Check a list of people who have left the actor's organisations."""
    record(EventKind.FEED_RECEIVED, About(fields=["leavers"]), actor=actor)
    return leavers.check(rows, people_administered(actor), own_id=actor.user_id)


@transaction.atomic
def read_leavers(*, actor: Actor, user_ids: Sequence[int]) -> list[LeaverRow]:
    """Whom a list of leavers names, and what happens to each; the event names them."""
    people = leavers_in_words(actor, user_ids)
    record(EventKind.PEOPLE_LISTED, About(shown=[one.id for one in people], fields=["leavers"]), actor=actor)
    return people
