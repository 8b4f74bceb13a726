"""From tokens to the sealed summaries of those who may be meant."""

from django.db import connection

from audit.errors import refusals
from registry.search.index.epochs import current


def candidates(tokens: set[int]) -> list[tuple[int, int, bytes]]:
    """Id, row version and sealed summary of all children filed under any of `tokens`, made by `tokeniser()`.

    The database gives them to a person who has recorded, in this transaction, that they search. Raises OverBudgetError.
    """
    if not tokens:
        return []
    with refusals(), connection.cursor() as cursor:
        cursor.execute(
            "select child_id, row_version, summary from search.candidates(%s, %s)", [sorted(tokens), current().number]
        )
        rows: list[tuple[int, int, bytes]] = cursor.fetchall()
        return rows
