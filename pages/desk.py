"""What lies on a person's desk between two pages: kept in their sealed session, so that it may hold what was typed.

A mediator's desk is cleared when a call begins and when it ends: nothing of one colleague's is at hand for the next.
"""

from typing import Any

from django.http import HttpRequest

_DESK = "desk"


def look(request: HttpRequest, name: str) -> Any:
    """What lies there under that name, as plain JSON values, or None."""
    return request.service.get(_DESK, {}).get(name)


def lay(request: HttpRequest, name: str, value: Any) -> None:
    """Lay it there, in the place of what was."""
    request.service[_DESK] = {**request.service.get(_DESK, {}), name: value}


def take(request: HttpRequest, name: str) -> Any:
    """As `look`, and it lies there no longer."""
    left = dict(request.service.get(_DESK, {}))
    taken = left.pop(name, None)
    request.service[_DESK] = left
    return taken


def clear(request: HttpRequest) -> None:
    """Put everything away."""
    request.service.pop(_DESK, None)
