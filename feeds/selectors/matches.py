"""Doubtful matches as a committed event allows. Inside `Ticket.shown`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from access.models import Organisation
from feeds.models import Match
from feeds.rows import Row
from registry import statements
from registry.shown import ShownChild, child_told
from registry.vocabulary import Source

LISTED = """
    SELECT id, row_version, levels::json, said, source, batch_id, child_id, code, bits, needs, steps, sent_at, beside,
        visible
    FROM feeds_matches()
"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row and a record that may be about the same child; `said` is there where it is read.

    `beside` is how many other records the same row may be about. `visible` is not set where the record is closed or in
    the archive: then nothing is told of it. Of a shielded child `levels` has only what everybody may see, and `bits` is
    None: how well the rest fits would tell what is hidden.
    """

    id: int
    batch_id: int
    child_id: int
    code: str
    bits: float | None
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
    """The names of the organisations that a row tells of, by their directory code. Public directory facts."""
    codes = {each.directory_code for each in row.attendances}
    found = Organisation.objects.filter(directory_code__in=codes).values_list("directory_code", "name")
    return dict(found)


def _doubt(pk: int, version: int, levels: list[list[str]], said: bytes | None, source: str, *told: Any) -> Doubt:
    field_ = Match._meta.get_field("said")
    batch_id, child_id, code, bits, needs, steps, sent_at, beside, visible = told
    return Doubt(
        id=pk,
        batch_id=batch_id,
        child_id=child_id,
        code=code,
        bits=bits,
        levels=tuple((name, level) for name, level in levels),
        said=None if said is None else field_.open_stored(bytes(said), row=pk, version=version),
        needs=needs,
        steps=steps,
        source=Source(source),
        sent_at=sent_at,
        beside=beside,
        visible=visible,
    )
