"""The canonical line of an event, version 1, as docs/access-log.md has it: what is hashed, sealed and exported."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from transparency.errors import LineError

VERSION = "1"
EXPORT_HEADER = b"contactpoint-log/1"


class Line(NamedTuple):
    """One event. Empty text where the event has nothing to say."""

    version: str
    id: int
    transaction: int
    at: int
    """Microseconds since 1970-01-01 UTC."""
    kind: str
    outcome: str
    actor_id: str
    process: str
    role: str
    organisation_id: str
    authority_id: str
    session_id: str
    request_id: str
    child_id: str
    user_id: str
    reason: str
    shown: str
    fields: str
    trail: str
    criteria: str
    writer: str
    number: int
    voided: tuple[int, ...]
    authentication: str


FIELDS = Line._fields

_NUMBERS = tuple(map(FIELDS.index, ("id", "transaction", "at", "number")))
_VOIDED = FIELDS.index("voided")

_WHOLE = "0|[1-9][0-9]*"
_CODE = "[a-z0-9_.-]"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SHAPES = {
    "version": VERSION,
    **dict.fromkeys(("id", "transaction", "at", "number"), _WHOLE),
    **dict.fromkeys(("kind", "outcome"), f"{_CODE}+"),
    **dict.fromkeys(("process", "role", "reason"), f"{_CODE}*"),
    **dict.fromkeys(("actor_id", "organisation_id", "authority_id", "session_id", "child_id", "user_id"), "[0-9]*"),
    **dict.fromkeys(("request_id", "trail"), f"(?:{_UUID})?"),
    **dict.fromkeys(("shown", "voided"), "(?:[0-9]+(?:,[0-9]+)*)?"),
    "fields": f"(?:{_CODE}+(?:,{_CODE}+)*)?",
    "criteria": "(?:[0-9a-f]{64})?",
    "writer": _UUID,
    "authentication": "[0-9a-f]{32}",
}
_LINE = re.compile(r"\|".join(f"({_SHAPES[name]})" for name in FIELDS))


def parse(line: bytes) -> Line:
    """The event of a canonical line. Raises LineError."""
    try:
        match = _LINE.fullmatch(line.decode("ascii"))
    except UnicodeDecodeError:
        match = None
    if match is None:
        raise LineError("The line is not an event of version 1: see docs/access-log.md for its 24 fields.")
    values: list[Any] = list(match.groups())
    for place in _NUMBERS:
        values[place] = int(values[place])
    voided = values[_VOIDED]
    values[_VOIDED] = tuple(map(int, voided.split(","))) if voided else ()
    return Line._make(values)


def join(values: Iterable[str]) -> bytes:
    """The canonical line of `values`, the 24 fields as text, in order. Raises LineError where they make none."""
    line = "|".join(values).encode()
    parse(line)
    return line
