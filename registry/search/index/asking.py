"""From tokens to the sealed summaries of those who may be meant."""

from django.db import connection

from audit.errors import refusals
from audit.tickets import Ticket
from registry.search.corroborating import Wanted
from registry.search.index.epochs import current


def candidates(searched: Ticket, wanted: Wanted) -> list[tuple[int, int, bytes]]:
    """Id, row version and sealed summary of all children to whom `wanted` leads, whose tokens `tokeniser()` made.

    The person has recorded that they search. The database notes what is asked, then whom it leads to, which it charges,
    and then gives them: three transactions, so call it in none. Raises OverBudgetError.
    """
    if not (wanted.alone or wanted.corroborated):
        return []
    event, session = searched.event_id, searched.shown_key
    with refusals(), connection.cursor() as cursor:
        tokens = [sorted(each) for each in (wanted.alone, wanted.corroborated, wanted.beside)]
        cursor.execute(
            "SELECT search.ask(%s, %s, %s, %s, %s, %s)", [event, session, tokens[0], current().number, *tokens[1:]]
        )
        (draw,) = cursor.fetchone()
        cursor.execute("SELECT search.draw(%s, %s, %s)", [event, session, draw])
        cursor.execute("SELECT child_id, row_version, summary FROM search.drawn(%s, %s, %s)", [event, session, draw])
        rows: list[tuple[int, int, bytes]] = cursor.fetchall()
        return rows


def clear_draws() -> None:
    """Delete what was noted of searches that are older than a minute, which nobody may be shown any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search.clear_draws()")
