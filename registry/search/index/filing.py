"""Children under their tokens, in every epoch that lives."""

import secrets
import struct
from collections.abc import Iterable
from itertools import chain

from django.db import connection

from database import arrays
from registry.search.index.epochs import TOKENS_IN_A_ROW, Epoch, NoIndexError
from registry.values import Summary

Entry = tuple[int, Summary]


class Noted:
    """What this process files in an epoch, from now on until it is closed: each child with the tokens of its row."""

    def __init__(self, epoch: Epoch) -> None:
        self.epoch = epoch
        self.tokens: dict[int, list[int]] = {}
        _noting.append(self)

    def close(self) -> None:
        if self in _noting:
            _noting.remove(self)


_noting: list[Noted] = []


def put(entries: Iterable[Entry]) -> None:
    """File children under the tokens of their summaries, in place of any they had. Raises NoIndexError.

    Call it in the transaction that writes the children: no epoch begins or ends before that transaction does.
    """
    children = list(entries)
    for epoch in living():
        file(epoch, children)


def living() -> list[Epoch]:
    """The epochs that children are filed in, until this transaction ends. Raises NoIndexError when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("select number, bits, families from search.living()")
        epochs = [Epoch(*row) for row in cursor.fetchall()]
    if not epochs:
        raise NoIndexError("There is no search index. Make one with manage.py rebuild_index.")
    return epochs


def file(epoch: Epoch, entries: list[Entry], *, over_newer: bool = True) -> None:
    """File children in one epoch. Without `over_newer`, what was filed there in the meantime stands."""
    rows = [padded(epoch, entry[1]) for entry in entries]
    for noted in _noting:
        if noted.epoch == epoch:
            noted.tokens.update(zip((child_id for child_id, _summary in entries), rows, strict=True))
    function = "put" if over_newer else "fill"
    arrays.execute(
        f"select search.{function}(%b, %b::bigint[], %b::integer[], %b::integer[])",
        (
            epoch.number,
            arrays.bigints([child_id for child_id, _summary in entries]),
            arrays.integers([len(row) for row in rows]),
            arrays.integers(list(chain.from_iterable(rows))),
        ),
    )


def padded(epoch: Epoch, summary: Summary) -> list[int]:
    """A child's row: sorted, with random ones added. Order would tell the family, the count the length of the name."""
    tokens = epoch.scheme.child_tokens(summary, epoch.tokeniser)
    missing = -len(tokens) % TOKENS_IN_A_ROW
    random = struct.unpack(f"{missing}I", secrets.token_bytes(4 * missing))
    return sorted(chain(tokens, (each >> (32 - epoch.bits) for each in random)))
