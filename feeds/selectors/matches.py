"""Doubtful matches as a committed event allows. Inside `Ticket.shown`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feeds.models import Agreement, Match
from feeds.places import places_of
from feeds.rows import Row
from registry import statements
from registry.shown import ShownChild, child_told
from registry.vocabulary import Source

LISTED = """
    SELECT id, row_version, agreement, said, source, batch_id, child_id, code, needs, steps, sent_at, beside, visible
    FROM feeds_matches()
"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row and a record that may be about the same child. What was said, and how well it fits, where it is read.

    `beside` is how many other records the same row may be about. `visible` is not set where the record is closed or in
    the archive: then nothing is told of it. Nor is told how well a row fits a shielded child: it would tell what a
    shield hides.
    """

    id: int
    batch_id: int
    child_id: int
    code: str
    bits: float
    levels: tuple[tuple[str, str], ...]
    said: Row | None = field(repr=False)
    needs: int
    steps: int
    source: Source
    sent_at: datetime
    beside: int
    visible: bool


def matches() -> list[Doubt]:
    """Those that the ticket allows (feeds/sql/functions/feeds_matches.sql)."""
    return [_doubt(*row) for row in statements.rows(LISTED)]


def child_beside() -> ShownChild | None:
    """The record that the ticket's match is about (feeds/sql/functions/feeds_match_child.sql), or None."""
    told = statements.value("SELECT feeds_match_child()")
    return None if told is None else child_told(told)


def places_said(row: Row) -> dict[str, str]:
    """The names of the organisations that a row tells of, by the code by which it names them."""
    return {code: each.name for code, each in places_of([row]).items()}


def _doubt(pk: int, version: int, agreement: bytes | None, said: bytes | None, source: str, *told: Any) -> Doubt:
    batch_id, child_id, code, needs, steps, sent_at, beside, visible = told
    fit = _opened("agreement", agreement, pk, version) or Agreement(0.0, ())
    return Doubt(
        id=pk,
        batch_id=batch_id,
        child_id=child_id,
        code=code,
        bits=fit.bits,
        levels=fit.levels,
        said=_opened("said", said, pk, version),
        needs=needs,
        steps=steps,
        source=Source(source),
        sent_at=sent_at,
        beside=beside,
        visible=visible,
    )


def _opened(name: str, stored: bytes | None, pk: int, version: int) -> Any:
    (field_,) = (each for each in Match.sealed_fields() if each.attname == name)
    return None if stored is None else field_.open_stored(bytes(stored), row=pk, version=version)
