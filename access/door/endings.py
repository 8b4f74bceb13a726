"""What is told of a session that is over: why, to whoever has its browser; to its own person also where they were.

The dead session's key stays in its browser, and with it alone PostgreSQL says why it ended (`access_session_ended`).
Once somebody begins to sign in there, it lies in their new session instead, for no longer than the key would tell it.
Whose the earlier session was is never shown. What a form sent after the end is not kept: anybody may have sent it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

import msgspec
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from access.door import places
from access.door.sessions import SessionStore, ending_of
from access.models import EndReason, User

BEFORE = "earlier_session"
# Of the clocks of PostgreSQL and ours, by which a session began and ends.
TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The session that ended in this browser. It is told `until` then.

    `why` is idle, age, signed_out, elsewhere, password or stopped. `lost`: where a form was sent after the end, the
    words for what it was about.
    """

    user_id: int
    why: str
    until: datetime
    lost: str = ""


def earlier(request: HttpRequest) -> Earlier | None:
    """The session that ended in the browser of this request, unless another is live there. Told for a day at most."""
    ended = _ended(request)
    if ended is not None:
        return ended
    stopped = stopped_person(request)
    if stopped is None:
        return None
    return Earlier(stopped.pk, EndReason.STOPPED.value, until=cast(SessionStore, request.session).ends_at)


def stopped_person(request: HttpRequest) -> User | None:
    """Somebody stopped while signed in: Django knows them no longer, their session does."""
    if SESSION_KEY not in request.session or request.user.is_authenticated:
        return None
    person = User.objects.filter(pk=request.session[SESSION_KEY]).first()
    return person if person and not person.is_active else None


def carry_over(request: HttpRequest) -> bool:
    """Lay what is known of an ended session into the new one, if there is a new one. Whether anything is known."""
    before = _ended(request)
    if before and BEFORE not in request.session and not request.session.is_empty():
        _lay(request, before)
    return before is not None


def note_lost(request: HttpRequest) -> None:
    """Have the sign-in page say that a form was sent after the end, and what about: nothing of it is kept."""
    before = _ended(request)
    if request.method == "POST" and before is not None:
        _lay(request, replace(before, lost=places.words_for(request.path)))


def place_after_sign_in(request: HttpRequest, user: User, asked: str | None) -> str | None:
    """Where `user`, who has just signed in, goes on; None for the start.

    The same person goes back to where they were; anybody else begins at the start.
    """
    before = _ended(request)
    request.session.pop(BEFORE, None)
    request.earlier_session = None  # type: ignore[attr-defined]  # it is told no more
    if before and before.user_id != user.pk:
        return None
    instead = places.instead_of(asked) if asked else None
    if instead:
        messages.info(request, instead.words)
        return instead.address
    return asked


def _ended(request: HttpRequest) -> Earlier | None:
    if BEFORE in request.session:
        before = msgspec.convert(request.session[BEFORE], Earlier)
        return before if timezone.now() < before.until else None
    presented = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not presented or presented == request.session.session_key:
        return None
    if not hasattr(request, "earlier_session"):
        request.earlier_session = _ending_of(presented)  # type: ignore[attr-defined]
    found: Earlier | None = request.earlier_session  # type: ignore[attr-defined]
    return found


def _ending_of(session_key: str) -> Earlier | None:
    ending = ending_of(session_key)
    if ending is None:
        return None
    if ending.why != EndReason.RAN_OUT:
        return Earlier(ending.user_id, ending.why.value, ending.told_until)
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    why = "age" if ending.would_have_lasted >= longest - TOLERANCE else "idle"
    return Earlier(ending.user_id, why, ending.told_until)


def _lay(request: HttpRequest, before: Earlier) -> None:
    request.session[BEFORE] = msgspec.to_builtins(before)
