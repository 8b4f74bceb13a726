"""Where what is said to somebody waits for their next page, which may be one of the other process (serving.py)."""

from collections.abc import Sequence
from typing import Any

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage

from access.door.serving import signs_in
from access.door.sessions import session_of


class Storage(SessionStorage):
    """In the session of the service, which both processes open; where people sign in, only once somebody has.

    Until then the page on which passwords are typed would say what a web process wrote. Words alone are kept, and no
    markup: of what the other process wrote nothing is taken for safe.
    """

    session_key = "said"  # not Django's own name, under which a session from before an upgrade has what cannot be read

    @property
    def _session(self) -> Any:
        of_service = not signs_in() or self.request.user.is_authenticated
        return session_of(self.request) if of_service else self.request.session

    def _get(self, *_: Any, **__: Any) -> tuple[list[Message], bool]:
        return [Message(level, text) for level, text in self._session.get(self.session_key, ())], True

    def _store(self, messages: Sequence[Message], response: Any, *_: Any, **__: Any) -> list[Message]:
        if messages:
            self._session[self.session_key] = [(each.level, str(each.message)) for each in messages]
        else:
            self._session.pop(self.session_key, None)
        return []
