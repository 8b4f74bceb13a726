"""The token table: `search.child_token`, in a schema of its own, apart from the records it leads to.

The web role cannot read it. It asks `search.candidates(tokens)`, which gives the summaries of those filed there, and
charges the searcher's budget for each.
"""

import secrets
from collections.abc import Iterable
from datetime import date
from functools import cache
from math import floor, log2

from django.db import connection

from audit.errors import refusals
from encryption.tokens import Tokeniser
from registry.search.families import child_tokens
from registry.values import Summary

TOKENS_IN_A_ROW = 32  # arrays are padded to a multiple, so that their length does not tell the length of a name
SHARED_BY_CHANCE = 4  # children who share a token value without sharing what it stands for
FEWEST_BITS = 12


class NoIndexError(Exception):
    """The search index was never built."""


def bits_for(children: int) -> int:
    """How long tokens should be for so many children: long enough to find, too short to link (DESIGN, section 5)."""
    return max(FEWEST_BITS, floor(log2(children * TOKENS_IN_A_ROW / SHARED_BY_CHANCE)))


def start_epoch(children: int) -> None:
    """Begin the index, for about so many children, unless there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into search.epoch (number, bits) values (1, %s) on conflict do nothing",
            [bits_for(children)],
        )
    tokeniser.cache_clear()


def started_on() -> date:
    """The day the index was begun. Raises NoIndexError."""
    with connection.cursor() as cursor:
        cursor.execute("select started_at::date from search.epoch order by number limit 1")
        row = cursor.fetchone()
    if row is None:
        raise NoIndexError
    day: date = row[0]
    return day


@cache
def tokeniser() -> Tokeniser:
    """The tokeniser of the index as it stands. Raises NoIndexError."""
    with connection.cursor() as cursor:
        cursor.execute("select number, bits from search.epoch order by number desc limit 1")
        row = cursor.fetchone()
    if row is None:
        raise NoIndexError("There is no search index. Load children, or begin one with registry.search.index.")
    return Tokeniser(epoch=row[0], bits=row[1])


def put(entries: Iterable[tuple[int, Summary]]) -> None:
    """File children under the tokens of their summaries, in place of any they had."""
    rows = [(child_id, _padded(child_tokens(summary, tokeniser()))) for child_id, summary in entries]
    with connection.cursor() as cursor:
        cursor.executemany("select search.put(%s, %s)", rows)


def candidates(tokens: set[int]) -> list[tuple[int, int, bytes]]:
    """Id, row version and sealed summary of all children filed under any of `tokens`.

    The database gives them to a person who has recorded, in this transaction, that they search. Raises OverBudgetError.
    """
    if not tokens:
        return []
    with refusals(), connection.cursor() as cursor:
        cursor.execute("select child_id, row_version, summary from search.candidates(%s)", [sorted(tokens)])
        rows: list[tuple[int, int, bytes]] = cursor.fetchall()
        return rows


def _padded(tokens: set[int]) -> list[int]:
    """Sorted, with random ones added: order would tell the family, the count the length of the name."""
    bound = 1 << tokeniser().bits
    padding = [secrets.randbelow(bound) for _ in range(-len(tokens) % TOKENS_IN_A_ROW)]
    return sorted([*tokens, *padding])
