"""What is told of a session that is over: why, to whoever has its browser; to its own person also where they were.

The dead session's key stays in its browser until another begins there, and with it alone PostgreSQL says why it ended
(`access_session_ended`). Whose the earlier session was is never shown. What a form sent after the end is not kept:
anybody may have sent it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from access.door import places
from access.door.sessions import ending_of, session_of
from access.models import EndReason, User

LOST = "lost"
# Of the clocks of PostgreSQL and ours, by which a session began and ends.
TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The session that ended in this browser.

    `why` is idle, age, signed_out, elsewhere, password, reset or stopped. `lost`: where a form was sent after the end,
    the words for what it was about.
    """

    user_id: int
    why: str
    lost: str = ""


def earlier(request: HttpRequest) -> Earlier | None:
    """The session that ended in the browser of this request, unless another is live there. Told for a day at most."""
    ended = _ended(request)
    if ended is not None:
        return replace(ended, lost=places.WORDS.get(request.GET.get(LOST, ""), ""))
    stopped = stopped_person(request)
    if stopped is None:
        return None
    return Earlier(stopped.pk, EndReason.STOPPED.value)


def stopped_person(request: HttpRequest) -> User | None:
    """Somebody stopped while signed in: they are let in no longer, their session knows them still."""
    user_id = session_of(request).user_id
    if user_id is None or request.user.is_authenticated:
        return None
    person = User.objects.filter(pk=user_id).first()
    return person if person and not person.is_active else None


def is_told(request: HttpRequest) -> bool:
    """Whether there is anything to tell of an ended session."""
    return _ended(request) is not None


def lost(request: HttpRequest) -> str:
    """What the sign-in page is given so that it says that a form was sent after the end: of what part, and no more."""
    if request.method != "POST" or _ended(request) is None:
        return ""
    part = places.part_of(request.path)
    return part if part in places.WORDS else ""


def place_after_sign_in(request: HttpRequest, user: User, asked: str | None) -> str | None:
    """Where `user`, who has just signed in, goes on; None for the start.

    The same person goes back to where they were; anybody else begins at the start.
    """
    before = _ended(request)
    request.earlier_session = None  # type: ignore[attr-defined]  # it is told no more
    if before and before.user_id != user.pk:
        return None
    instead = places.instead_of(asked) if asked else None
    if instead:
        messages.info(request, instead.words)
        return instead.address
    return asked


def _ended(request: HttpRequest) -> Earlier | None:
    presented = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not presented or presented == session_of(request).session_key:
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
        return Earlier(ending.user_id, ending.why.value)
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    why = "age" if ending.would_have_lasted >= longest - TOLERANCE else "idle"
    return Earlier(ending.user_id, why)
