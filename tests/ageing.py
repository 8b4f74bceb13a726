"""Time that passes for one browser's session, without anybody waiting."""

from datetime import datetime, timedelta

from django.db.models import F

from access.door.sessions import ENDS, SEEN, STARTED, SessionStore
from access.models import Session


def grow_older(session_key: str, by: timedelta) -> None:
    """Let the session have begun, been used last, and so end, that much earlier. As the tables' owner."""
    store = SessionStore(session_key)
    contents = store.load()
    for name in {STARTED, SEEN, ENDS} & set(contents):
        contents[name] = (datetime.fromisoformat(contents[name]) - by).isoformat()
    Session.objects.filter(key_fingerprint=store.key_fingerprint).update(
        contents=store._sealed(contents),
        started_at=F("started_at") - by,
        seen_at=F("seen_at") - by,
        expires_at=F("expires_at") - by,
    )


def confirmed_longer_ago(session_key: str, by: timedelta) -> None:
    """Let the session's person have shown their second factor that much earlier. As the tables' owner."""
    store = SessionStore(session_key)
    Session.objects.filter(key_fingerprint=store.key_fingerprint).update(confirmed_at=F("confirmed_at") - by)
