"""What somebody sent and has still to confirm. It waits on their desk (pages.desk), so that it ends with their session.

The page that asks for the confirmation sends `key` back, so that no other tab's is carried out in its place, and
nothing is carried out twice.
"""

import secrets
from typing import TypeVar

import msgspec
from django.http import HttpRequest

from pages import desk

Contents = TypeVar("Contents")


def keep(request: HttpRequest, what: str, contents: object) -> None:
    """Keep `contents` in place of whatever waited under that name."""
    waiting = {"key": secrets.token_hex(8), "contents": msgspec.to_builtins(contents, str_keys=True)}
    desk.lay(request, what, waiting)


def key(request: HttpRequest, what: str) -> str:
    """The key of what waits; nothing where nothing does."""
    return str((desk.look(request, what) or {}).get("key", ""))


def kept(request: HttpRequest, what: str, kind: type[Contents]) -> Contents | None:
    """What waits, or None."""
    waiting = desk.look(request, what)
    return msgspec.convert(waiting["contents"], kind) if waiting else None


def take(request: HttpRequest, what: str, kind: type[Contents], presented: str) -> Contents | None:
    """What waits under that key, taken away; None where it is gone or another has taken its place."""
    contents = kept(request, what, kind)
    if contents is None or key(request, what) != presented:
        return None
    desk.take(request, what)
    return contents
