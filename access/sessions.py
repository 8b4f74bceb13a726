"""Django's session engine on `access.models.Session`: keys fingerprinted, contents sealed, two limits kept.

A session ends after SESSION_IDLE_SECONDS without a request, and SESSION_COOKIE_AGE seconds after it began,
whichever comes first. Deleting its row ends it on the browser's very next request.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from access.models import Session
from encryption import keyring, seal
from encryption.errors import EncryptionError
from encryption.keys import Purpose
from encryption.tokens import fingerprint

STARTED = "started_at"


class SessionStore(SessionBase):
    """The session of one browser."""

    row_id: int | None = None

    def load(self) -> dict[str, Any]:
        row = Session.objects.filter(
            key_fingerprint=_fingerprint(self.session_key), expires_at__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
            return {}
        self.row_id = row.pk
        try:
            contents: dict[str, Any] = msgspec.json.decode(
                seal.open_sealed(bytes(row.contents), _place(row.key_fingerprint))
            )
        except EncryptionError:
            self._session_key = None
            return {}
        return contents

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_fingerprint=_fingerprint(session_key)).exists()

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = timezone.now()
        started_at = datetime.fromisoformat(data.setdefault(STARTED, now.isoformat()))
        key_fingerprint = _fingerprint(self.session_key)
        key = keyring.current().sealing_key(Purpose.SESSION)
        values = {
            "contents": seal.seal(msgspec.json.encode(data), _place(key_fingerprint), key, pad_to=256),
            "user_id": data.get(SESSION_KEY),
            "expires_at": min(
                now + timedelta(seconds=settings.SESSION_IDLE_SECONDS),
                started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            ),
        }
        if must_create:
            self.row_id = _insert(key_fingerprint, started_at, values)
        elif not Session.objects.filter(key_fingerprint=key_fingerprint).update(**values):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_fingerprint=_fingerprint(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=timezone.now()).delete()


def _insert(key_fingerprint: str, started_at: datetime, values: dict[str, Any]) -> int:
    try:
        with transaction.atomic():
            row = Session.objects.create(key_fingerprint=key_fingerprint, started_at=started_at, **values)
    except IntegrityError:
        raise CreateError from None
    return row.pk


def _fingerprint(session_key: str | None) -> str:
    return fingerprint("session key", session_key or "").hex()


def _place(key_fingerprint: str) -> seal.Place:
    # The row's id is not known before its first insert; the fingerprint is as unique.
    return seal.Place(Session._meta.db_table, "contents", int(key_fingerprint[:15], 16), 0)
