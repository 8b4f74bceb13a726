"""The access log as the tests look at it: as its owner, since the web role may write it and not read it."""

from audit.models import Event
from tests.conftest import as_owner_here


def events(**wanted: object) -> list[Event]:
    """Events that match, oldest first."""
    with as_owner_here():
        return list(Event.objects.filter(**wanted).order_by("id"))


def last_event(**wanted: object) -> Event:
    """The newest event that matches."""
    return events(**wanted)[-1]
