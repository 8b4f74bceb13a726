"""Events as the leaves they are in the tree: each with its canonical line, read from the database column by column.

The line is made here anew, not asked of the database, so that what is sealed and exported is what was checked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from audit.encoding import WRITTEN
from encryption.authentication import is_authentic
from transparency.lines import FIELDS, VERSION
from transparency.tree import leaf_hash

# In the order of transparency.lines.FIELDS, after the version.
COLUMNS = """
    id, transaction_id::text, (extract(epoch FROM at) * 1000000)::bigint, kind, outcome, actor_id, process, role,
    organisation_id, authority_id, session_id, request_id::text, child_id, user_id, reason,
    array_to_string(shown, ','), array_to_string(fields, ','), trail::text, encode(sha256(criteria), 'hex'),
    writer::text, number, array_to_string(voided, ','), encode(authentication, 'hex'), leaf
"""
# By the table's columns: the bare name would be the column of text above, in which 1000 comes before 999.
IN_ORDER = "ORDER BY audit_event.transaction_id, audit_event.id"
_WRITTEN = slice(FIELDS.index(WRITTEN[0]), FIELDS.index(WRITTEN[-1]) + 1)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One event: its line, and the hash that was stored when it was written."""

    id: int
    transaction: int
    line: str
    stored: bytes

    @property
    def hash(self) -> bytes:
        """The leaf's hash by what the event says now."""
        return leaf_hash(self.line.encode())

    def is_ours(self) -> bool:
        """Whether our software wrote it, and nobody changed it since."""
        parts = self.line.split("|")
        told = "|".join(parts[_WRITTEN]).encode()
        return self.hash == self.stored and is_authentic(told, bytes.fromhex(parts[-1]))


def leaves(
    condition: str, arguments: Sequence[str | int | datetime | list[str]], *, limit: int | None = None
) -> list[Leaf]:
    """The leaves of all events that fit `condition`, in the order of the tree."""
    bounded = f"LIMIT {limit}" if limit else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_event WHERE {condition} {IN_ORDER} {bounded}",  # noqa: S608 - all our own
            arguments,
        )
        return list(_leaves(cursor))


def _leaves(rows: Iterable[tuple[Any, ...]]) -> Iterator[Leaf]:
    for row in rows:
        line = "|".join([VERSION, *("" if value is None else str(value) for value in row[:-1])])
        yield Leaf(row[0], int(row[1]), line, bytes(row[-1]))
