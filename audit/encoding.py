"""What an event says, as text: the part of its canonical line that its writer knows (docs/access-log.md)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from transparency.lines import FIELDS

# Version, id, transaction and time are the database's to give; the tag is made over the rest.
WRITTEN = FIELDS[FIELDS.index("kind") : FIELDS.index("authentication")]


def written(values: Mapping[str, Any]) -> bytes:
    """The bytes that the writer of an event authenticates. `values` are the event's columns."""
    return "|".join(_text(name, values[name]) for name in WRITTEN).encode()


def to_json(values: Mapping[str, Any]) -> str:
    """The event as the database's recording functions take it."""
    return json.dumps({name: _json(value) for name, value in values.items()})


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "criteria":
        return sha256(value).hexdigest()
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value if value is None or isinstance(value, int | list | tuple) else str(value)
