"""What the index says of the rows that come next, asked while those before them are dealt with.

PostgreSQL answers on a connection of its own, on another core: of children who are new the index takes as long as all
the rest of PostgreSQL's work. It answers of what was committed when it was asked. What this process files meanwhile is
noted as it is filed (registry/search/index/filing.py) and held against the same tokens here, so that the answer is what
it would have been now.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from django.db import connection
from psycopg import sql

from database import arrays
from feeds.matching.remembered import as_summary
from feeds.rows import Row
from registry.search import index
from registry.search.families import said_of
from registry.search.index.filing import Noted

Tokens = dict[int, set[int]]  # by the place of a row, those of which two lead to whom it may be about
SHARING = "SELECT of_row, child_id FROM search.sharing_each(%b, %b::integer[], %b::integer[])"
ENOUGH = 2


def tokens_of(rows: Mapping[int, Row], epoch: index.Epoch) -> Tokens:
    """What the index is asked of each row."""
    return {place: said_of(as_summary(row), epoch.tokeniser, version=epoch.families) for place, row in rows.items()}


def question(tokens: Tokens, epoch: index.Epoch) -> list[Any]:
    """As SHARING takes it."""
    places = [place for place, asked in tokens.items() for _token in asked]
    return [
        epoch.number,
        arrays.integers(places),
        arrays.integers([each for asked in tokens.values() for each in asked]),
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    epoch: index.Epoch
    tokens: Tokens
    noted: Noted
    answer: Future[list[tuple[Any, ...]]]


logger = structlog.get_logger(__name__)


class Ahead:
    """Asks of one block of rows at a time. Close it: it holds a connection and a thread from the first question on."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._beside: psycopg.Connection[Any] | None = None
        self._asked: _Asked | None = None

    def ask(self, rows: Iterable[Row], epoch: index.Epoch) -> None:
        """Ask of these rows, which have their places in the batch. It goes on meanwhile.

        Not where this transaction lies in another: then nobody else sees yet what the rows before them led to.
        """
        if connection.savepoint_ids:
            return
        if self._thread is None or self._beside is None:
            try:
                self._thread, self._beside = ThreadPoolExecutor(1), _connected_beside()
            except psycopg.Error:  # none is free, say: then each block is asked in its turn
                logger.exception("ahead.not_asked")
                return
        tokens = tokens_of({row.place: row for row in rows}, epoch)
        noted = Noted(epoch)  # before it is asked: what is filed in between stands in both
        answer = self._thread.submit(arrays.execute_on, self._beside, SHARING, question(tokens, epoch))
        self._asked = _Asked(epoch, tokens, noted, answer)

    def answered(self, rows: Sequence[Row], epoch: index.Epoch) -> dict[int, set[int]]:
        """Whom those of the rows may be about of which was asked, by their places in the batch. It is told once."""
        asked, self._asked = self._asked, None
        if asked is None:
            return {}
        asked.noted.close()  # nothing is filed while this waits
        try:
            answer = asked.answer.result()
        except psycopg.Error:  # it only saves time: what has no answer is asked in its turn
            logger.exception("ahead.not_answered")
            self.close()
            return {}
        if asked.epoch != epoch:  # the index was made anew in the meantime
            return {}
        found = {row.place: set[int]() for row in rows if row.place in asked.tokens}
        for place, child_id in answer:
            if place in found and child_id not in asked.noted.tokens:
                found[place].add(child_id)
        filed = _by_token(asked.noted.tokens)
        for place, children in found.items():
            shared = Counter(child_id for token in asked.tokens[place] for child_id in filed.get(token, ()))
            children.update(child_id for child_id, times in shared.items() if times >= ENOUGH)
        return found

    def close(self) -> None:
        """Wait for an answer that is still to come, and end. Whoever asks again afterwards begins anew."""
        if self._asked is not None:
            self._asked.noted.close()
        if self._thread is not None:
            self._thread.shutdown()
        if self._beside is not None:
            self._beside.close()
        self._asked = self._thread = self._beside = None


def _by_token(filed: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    children = defaultdict[int, list[int]](list)
    for child_id, tokens in filed.items():
        for token in set(tokens):
            children[token].append(child_id)
    return children


def _connected_beside() -> "psycopg.Connection[Any]":
    """As the same role as Django's connection of this thread."""
    beside: psycopg.Connection[Any] = connection.copy().get_new_connection(connection.get_connection_params())
    beside.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
    beside.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    return beside
