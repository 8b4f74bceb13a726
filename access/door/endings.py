"""What is told of a session that is over: why, to whoever has its browser; to its own person also where they were.

The dead session's key stays in its browser, and with it alone PostgreSQL says why it ended (`access_session_ended`).
Once something has to be kept for the next sign-in, such as what a form sent too late, it lies in a new sealed session
in which nobody is signed in: it ends after minutes, as any does. Whose the earlier session was is never shown.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from access.door import places
from access.door.routes import ALLAUTH_ROUTES
from access.door.sent import Sent, sent_in
from access.door.sessions import ending_of
from access.models import EndReason, User

BEFORE = "earlier_session"
WAITING = "sent_after_the_end"
# Of the clocks of PostgreSQL and ours, by which a session began and ends.
TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The session that ended in this browser.

    `why` is idle, age, signed_out, elsewhere, password or stopped. `too_late`: a form was sent after the end; `sent` is
    what it held, where that could be kept.
    """

    user_id: int
    why: str
    too_late: bool = False
    sent: Sent | None = None


def earlier(request: HttpRequest) -> Earlier | None:
    """The session that ended in the browser of this request, unless another is live there. Told for a day at most."""
    ended = _ended(request)
    if ended is not None:
        return ended
    stopped = stopped_person(request)
    return Earlier(stopped.pk, EndReason.STOPPED.value) if stopped else None


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
        request.session[BEFORE] = asdict(before)
    return before is not None


def note_sent(request: HttpRequest) -> None:
    """Keep what a form sent after the end, for its person to send again; or at least that it was not saved.

    Not kept: what belongs to a link of the earlier session or to a call, since both are gone; passwords and codes;
    files; more than 8 KiB.
    """
    before = _ended(request)
    match = request.resolver_match
    if request.method != "POST" or before is None or match is None:
        return
    lost = match.kwargs or match.url_name in ALLAUTH_ROUTES or "call" in request.POST
    sent = None if lost else sent_in(request)
    request.session[BEFORE] = asdict(Earlier(before.user_id, before.why, too_late=True, sent=sent))


def place_after_sign_in(request: HttpRequest, user: User, asked: str | None) -> str | None:
    """Where `user`, who has just signed in, goes on; None for the start.

    The same person goes back to where they were, or to what they sent; anybody else begins at the start.
    """
    before = _ended(request)
    request.session.pop(BEFORE, None)
    request.earlier_session = None  # type: ignore[attr-defined]  # it is told no more
    if before and before.user_id != user.pk:
        return None
    if before and before.sent:
        request.session[WAITING] = {"sent": asdict(before.sent), "since": timezone.now().isoformat()}
        return before.sent.path
    instead = places.instead_of(asked) if asked else None
    if instead:
        messages.info(request, instead.words)
        return instead.address
    return asked


def waiting(request: HttpRequest) -> HttpResponse | None:
    """Back where a form was sent too late: the page that sends it once more, at a press. Once only, and for minutes."""
    if request.method != "GET" or WAITING not in request.session:
        return None
    kept = request.session[WAITING]
    is_over = timezone.now() - datetime.fromisoformat(kept["since"]) > timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    if not is_over and kept["sent"]["path"] != request.get_full_path():
        return None
    del request.session[WAITING]
    return None if is_over else render(request, "access/confirmed.html", {"sent": msgspec.convert(kept["sent"], Sent)})


def _ended(request: HttpRequest) -> Earlier | None:
    if BEFORE in request.session:
        return msgspec.convert(request.session[BEFORE], Earlier)
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
        return Earlier(ending.user_id, ending.why.value)
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return Earlier(ending.user_id, "age" if ending.would_have_lasted >= longest - TOLERANCE else "idle")
