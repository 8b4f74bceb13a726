"""What lies on a person's desk between two pages: kept in their sealed session, so that it may hold what was typed.

A mediator's desk is cleared when a call begins and when it ends: nothing of one colleague's is at hand for the next.
"""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

_DESK = "desk"


def look(request: HttpRequest, name: str) -> Any:
    """What lies there under that name, as plain JSON values, or None."""
    return _session(request).get(_DESK, {}).get(name)


def lay(request: HttpRequest, name: str, value: Any) -> None:
    """Lay it there, in the place of what was."""
    _session(request)[_DESK] = {**_session(request).get(_DESK, {}), name: value}


def take(request: HttpRequest, name: str) -> Any:
    """As `look`, and it lies there no longer."""
    left = dict(_session(request).get(_DESK, {}))
    taken = left.pop(name, None)
    _session(request)[_DESK] = left
    return taken


def clear(request: HttpRequest) -> None:
    """Put everything away."""
    _session(request).pop(_DESK, None)


def _session(request: HttpRequest) -> SessionBase:
    """That of the service, on every page: some are served where people sign in, who have another one there."""
    service: SessionBase = request.service  # type: ignore[attr-defined]  # set by the middleware
    return service
