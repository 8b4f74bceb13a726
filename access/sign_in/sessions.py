"""The session of a browser where people sign in: a key of its own, and contents that no other process opens.

It lasts 15 minutes until somebody has signed in, and from then on as long as the service's session that was begun for
them (access.door.sessions). The web process is never shown its key: with all that it holds of somebody who is at work
it cannot go on here.
"""

from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from access.door import sessions
from access.models import SignInSession
from encryption import keyring, seal
from encryption.errors import EncryptionError
from encryption.keys import Purpose
from encryption.tokens import fingerprint


class SessionStore(SessionBase):
    """What is kept of one browser. `service`: the session of the service in the same browser, if there is one."""

    def __init__(self, session_key: str | None = None, *, service: sessions.SessionStore | None = None) -> None:
        super().__init__(session_key)
        self.service = service or sessions.SessionStore()

    def load(self) -> dict[str, Any]:
        row = SignInSession.objects.filter(key_fingerprint=self._fingerprint, expires_at__gt=timezone.now()).first()
        if row is None or not self._goes_on(row):
            self._session_key = None
            return {}
        try:
            opened = seal.open_sealed(row.contents, self._place, Purpose.SIGN_IN)
            contents: dict[str, Any] = msgspec.json.decode(opened)
        except EncryptionError:
            self._session_key = None
            return {}
        return contents

    def exists(self, session_key: str) -> bool:
        return SignInSession.objects.filter(key_fingerprint=_fingerprint(session_key)).exists()

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        if self.session_key is None:
            self.create()
            return
        kept = {
            "contents": self._sealed(self._get_session(no_load=must_create)),  # type: ignore[attr-defined]
            "session_id": self.service.row_id if self.service.user_id else None,
            "expires_at": self._expiry(),
        }
        if must_create:
            try:
                with transaction.atomic():
                    SignInSession.objects.create(key_fingerprint=self._fingerprint, **kept)
            except IntegrityError:
                raise CreateError from None
        elif not SignInSession.objects.filter(key_fingerprint=self._fingerprint).update(**kept):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            SignInSession.objects.filter(key_fingerprint=_fingerprint(key)).delete()

    @property
    def _fingerprint(self) -> str:
        return _fingerprint(self.session_key)

    @property
    def _place(self) -> seal.Place:
        # The row's id is not known before its first insert; the fingerprint is as unique.
        return seal.Place(SignInSession._meta.db_table, "contents", int(self._fingerprint[:15], 16), 0)

    def _goes_on(self, row: SignInSession) -> bool:
        """Whether nobody has signed in here yet, or whoever has is signed in still, in this browser."""
        return row.session_id is None or row.session_id == self.service.row_id

    def _expiry(self) -> Any:
        if self.service.user_id:
            return self.service.longest_until
        return timezone.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS)

    def _sealed(self, data: dict[str, Any]) -> bytes:
        key = keyring.current().sealing_key(Purpose.SIGN_IN)
        return seal.seal(msgspec.json.encode(data), self._place, key, pad_to=256)


def clear_expired() -> None:
    """Delete those past their time. For the worker."""
    SignInSession.objects.filter(expires_at__lte=timezone.now()).delete()


def _fingerprint(session_key: str | None) -> str:
    return fingerprint("sign-in session key", session_key or "").hex()
