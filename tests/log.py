"""The access log as the tests look at it: as its owner, since the web role may write it and not read it."""

import json

from audit.models import Event
from tests.conftest import as_owner_here


def events(**wanted: object) -> list[Event]:
    """Events that match, oldest first."""
    with as_owner_here():
        return list(Event.objects.filter(**wanted).order_by("id"))


def last_event(**wanted: object) -> Event:
    """The newest event that matches."""
    return events(**wanted)[-1]


def forged_event(**claims: object) -> str:
    """An event of a process as somebody writes it by hand who has no key of ours: its tag is made up."""
    made_up: dict[str, object] = {
        "kind": "log.heartbeat",
        "outcome": "done",
        "process": "insider",
        "role": "",
        "reason": "",
        "shown": [],
        "fields": [],
        "writer": "00000000-0000-4000-8000-000000000000",
        "number": 1,
        "voided": [],
        "authentication": "\\x" + "00" * 16,
    }
    return json.dumps(made_up | claims)
