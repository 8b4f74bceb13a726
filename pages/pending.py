"""What somebody sent and has still to confirm. It waits in their session, which is sealed and ends within the day.

The page that asks for the confirmation sends `key` back, so that no other tab's is carried out in its place, and
nothing is carried out twice.
"""

import secrets
from typing import TypeVar

import msgspec
from django.http import HttpRequest

Contents = TypeVar("Contents")


def keep(request: HttpRequest, what: str, contents: object) -> None:
    """Keep `contents` in place of whatever waited under that name."""
    request.session[what] = {"key": secrets.token_hex(8), "contents": msgspec.to_builtins(contents, str_keys=True)}


def key(request: HttpRequest, what: str) -> str:
    """The key of what waits; nothing where nothing does."""
    return str(request.session.get(what, {}).get("key", ""))


def kept(request: HttpRequest, what: str, kind: type[Contents]) -> Contents | None:
    """What waits, or None."""
    waiting = request.session.get(what)
    return msgspec.convert(waiting["contents"], kind) if waiting else None


def take(request: HttpRequest, what: str, kind: type[Contents], presented: str) -> Contents | None:
    """What waits under that key, taken away; None where it is gone or another has taken its place."""
    contents = kept(request, what, kind)
    if contents is None or key(request, what) != presented:
        return None
    del request.session[what]
    return contents
