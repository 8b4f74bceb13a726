"""Where what is said to somebody waits for their next page, which may be one of the other process (serving.py)."""

from collections.abc import Sequence
from typing import Any

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage

from access.door.sessions import session_of


class Storage(SessionStorage):
    """In the session of the service, which both open; until there is one, in that of the browser which signs in."""

    @property
    def _session(self) -> Any:
        service = session_of(self.request)
        return service if service.session_key else self.request.session

    def _get(self, *_: Any, **__: Any) -> tuple[list[Message] | None, bool]:
        return self.deserialize_messages(self._session.get(self.session_key)), True

    def _store(self, messages: Sequence[Message], response: Any, *_: Any, **__: Any) -> list[Message]:
        if messages:
            self._session[self.session_key] = self.serialize_messages(messages)
        else:
            self._session.pop(self.session_key, None)
        return []
