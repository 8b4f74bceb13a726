"""Django's session engine on `access.models.Session`: keys fingerprinted, contents sealed, two limits kept.

A session ends 15 minutes after its last request (SESSION_IDLE_SECONDS) and 10 hours after it began
(SESSION_COOKIE_AGE), whichever comes first; when its person signs out, there or from another browser, or changes their
password in another; when a step closes them out (rules/lifecycle.py: CLOSING); when an emergency stop of them begins;
when two administrators agree to give them a new sign-in (people/actions/recovering.py).
Deleting its row ends it on the browser's very next request. Whoever lapses, or whose organisation is stopped, keeps a
session in which they are refused (door/middleware.py).

Whoever signs people in begins them (access.sign_in.events); the web process goes on with those whose key a browser
brings it. Both reach sessions only through functions that want the fingerprint of the key (access/sql/functions/
access_session_load.sql and its like), so that they can neither list nor borrow one. Whose it is, and when they showed
a second factor, is what the database says, whatever a process keeps in the contents. A session that is loaded is shown
on that connection from then on: what the web process reads of people is what its person may see (docs/adr/0032).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from access.models import EndReason, Session, SessionEnd
from encryption import keyring, seal
from encryption.errors import EncryptionError
from encryption.keys import Purpose
from encryption.tokens import fingerprint

STARTED = "started_at"
ENDS = "ends_at"
SEEN = "seen_at"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One place where somebody is signed in. `here` is the browser that asked."""

    id: int
    device: str
    began_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """That a session is over: whose it was, why, and how long it could have lasted at most."""

    user_id: int
    why: EndReason
    would_have_lasted: timedelta


class SessionStore(SessionBase):
    """The session of one browser. A browser in which nobody is signed in has none, and nothing is kept for it."""

    row_id: int | None = None
    user_id: int | None = None
    second_factor_at: datetime | None = None
    confirmed_at: datetime | None = None

    @property
    def key_fingerprint(self) -> str:
        """What proves to the database that a request came from this session's browser."""
        return _fingerprint(self.session_key)

    @property
    def longest_until(self) -> datetime:
        """When it ends whatever its person does."""
        started_at: str = self.get(STARTED) or timezone.now().isoformat()
        return datetime.fromisoformat(started_at) + timedelta(seconds=settings.SESSION_COOKIE_AGE)

    @property
    def ends_at(self) -> datetime:
        """When it ends if nothing more is asked for, as the answer to this request leaves it."""
        saved: str | None = self.get(ENDS)
        if saved is not None and not self.modified:
            return datetime.fromisoformat(saved)
        return min(timezone.now() + timedelta(seconds=settings.SESSION_IDLE_SECONDS), self.longest_until)

    def load(self) -> dict[str, Any]:
        row = _ask("access_session_load(%s)", self.key_fingerprint)
        if row is None:
            self._session_key = None
            return {}
        try:
            opened = seal.open_sealed(row[1], _place(self.key_fingerprint), Purpose.SESSION)
            contents: dict[str, Any] = msgspec.json.decode(opened)
        except EncryptionError:
            self._session_key = None
            return {}
        self.row_id, _, self.user_id, self.second_factor_at, self.confirmed_at = row
        return contents

    def exists(self, session_key: str) -> bool:
        return _ask("access_session_load(%s)", _fingerprint(session_key)) is not None

    def create(self) -> None:
        """Begin it, for whoever signs people in alone."""
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        if self.session_key is None:
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = timezone.now()
        data.setdefault(STARTED, now.isoformat())
        expires_at = min(now + timedelta(seconds=settings.SESSION_IDLE_SECONDS), self.longest_until)
        data[ENDS] = expires_at.isoformat()
        known = (self.key_fingerprint, self._sealed(data))
        if must_create:
            row = _ask("access_session_begin(%s, %s, %s)", *known, expires_at)
            if row == (None,):
                raise CreateError
        else:
            row = _ask("access_session_save(%s, %s, %s)", *known, expires_at)
            if row == (None,):
                raise UpdateError
        self.row_id = row[0] if row else None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            _ask("access_session_end(%s)", _fingerprint(key))
        if key == self.session_key:
            self.row_id = self.user_id = self.second_factor_at = self.confirmed_at = None

    def confirm(self) -> None:
        """Have the database know that its person has just shown a second factor. For whoever checked it."""
        _ask("access_session_confirm(%s)", self.key_fingerprint)
        now = timezone.now()
        self.second_factor_at, self.confirmed_at = self.second_factor_at or now, now

    def note_device(self, words: str) -> None:
        """Keep, for the list that its person sees, which browser this session began in. It can be said once."""
        name_device(self.row_id or 0, self.key_fingerprint, words)

    @classmethod
    def clear_expired(cls) -> None:
        """Delete those past a limit, and of those that ended longer ago why they did: even where one of both fails."""
        try:
            with transaction.atomic():
                Session.objects.filter(expires_at__lte=timezone.now()).delete()
        finally:
            SessionEnd.objects.filter(told_until__lte=timezone.now()).delete()

    def _sealed(self, data: dict[str, Any]) -> bytes:
        key = keyring.current().sealing_key(Purpose.SESSION)
        return seal.seal(msgspec.json.encode(data), _place(self.key_fingerprint), key, pad_to=256)


def show_nobody() -> None:
    """Have the connection show nobody, whoever it showed before: what is asked now is asked by nobody.

    One that is broken is closed: what is asked of no database is answered without one.
    """
    if connection.connection is None:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('contactpoint.session', '', false)")
    except DatabaseError:
        connection.close()


def session_of(request: HttpRequest) -> SessionStore:
    """The service's session in the browser of a request, one that opens nothing where nobody is signed in."""
    return cast(SessionStore, request.service)  # type: ignore[attr-defined]  # set by SessionMiddleware


def all_of_same_person(key_fingerprint: str) -> list[SignedIn]:
    """Every live session of the person whose session has that key: this one first, then by when they were used last."""
    return [
        SignedIn(row_id, _opened_device(row_id, device), began_at, seen_at, here)
        for row_id, device, began_at, seen_at, here in _ask_all("access_sessions_of(%s)", key_fingerprint)
    ]


def end_named(key_fingerprint: str) -> list[int]:
    """End the sessions that this transaction's own event, recorded in the session with that key, names."""
    return [row_id for (row_id,) in _ask_all("access_sessions_end(%s)", key_fingerprint)]


def end_others(key_fingerprint: str) -> int:
    """End every other session of the person whose password this transaction's own event changed. Returns how many."""
    return len(_ask_all("access_sessions_end_others(%s)", key_fingerprint))


def name_device(row_id: int, key_fingerprint: str, words: str) -> None:
    """Keep, for the list that its person sees, where the session of that id and key began. It can be said once."""
    key = keyring.current().sealing_key(Purpose.SESSION)
    told = seal.seal(words.encode(), _device_place(row_id), key, pad_to=64)
    _ask("access_session_note_device(%s, %s)", key_fingerprint, told)


def ending_of(session_key: str) -> Ending | None:
    """Why the session that had that key is over; None while it lasts, if it was nobody's, or once it is forgotten."""
    row = _ask("access_session_ended(%s)", _fingerprint(session_key))
    return None if row is None else Ending(row[0], EndReason(row[1]), row[2])


def end_all_of(user_id: int) -> int:
    """End every session of somebody whom this transaction's own event closes out. Returns how many."""
    row = _ask("access_sessions_end_of(%s)", user_id)
    return int(row[0]) if row else 0


def _ask(function: str, *arguments: str | bytes | datetime | int) -> tuple[Any, ...] | None:
    """The one row that the database's function answers with, if any."""
    return next(iter(_ask_all(function, *arguments)), None)


def _ask_all(function: str, *arguments: str | bytes | datetime | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}", arguments)  # noqa: S608 - the names stand above
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _fingerprint(session_key: str | None) -> str:
    return fingerprint("session key", session_key or "").hex()


def _opened_device(row_id: int, sealed: bytes | None) -> str:
    if sealed is None:
        return "An unknown browser"
    return seal.open_sealed(sealed, _device_place(row_id), Purpose.SESSION).decode()


def _device_place(row_id: int) -> seal.Place:
    return seal.Place(Session._meta.db_table, "device", row_id, 0)


def _place(key_fingerprint: str) -> seal.Place:
    # The row's id is not known before its first insert; the fingerprint is as unique.
    return seal.Place(Session._meta.db_table, "contents", int(key_fingerprint[:15], 16), 0)
