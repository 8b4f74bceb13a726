"""Which sessions a request has, and who makes it: one thing where people sign in, another in the rest of the service.

`request.service` is the session of the service, which the database vouches for. `request.session` is the same in the
web process, and where people sign in the browser's own there (access.sign_in.sessions).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from access.door import endings, places, sessions
from access.door.routes import ASKING_PATH, TOKEN_PATHS
from access.door.serving import signs_in
from access.models import User
from access.sign_in.sessions import SessionStore

SEEN_STEP = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A session, and the cookie that holds its key."""

    session: SessionBase
    cookie: str
    domain: str | None


class SessionMiddleware(MiddlewareMixin):
    """Moves the idle limit of a session on while its person is at work, at most every 30 seconds.

    Asking until when it lasts moves nothing on: a page does so by itself. A session that ended leaves its key in the
    browser, where it opens nothing, until another begins: with it alone one is told why it is dead.
    Where software shows a token, a browser's cookies are taken off: no session vouches for what it does.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(TOKEN_PATHS):
            request.COOKIES = {}
        service = sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        request.service = service  # type: ignore[attr-defined]
        if service.session_key is None:
            sessions.show_nobody()
        if request.path_info != ASKING_PATH:
            _move_on(service)
        request.session = service
        if signs_in():
            request.session = SessionStore(request.COOKIES.get(settings.SIGN_IN_COOKIE_NAME), service=service)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not hasattr(request, "service"):  # it was answered before it came here
            return response
        patch_vary_headers(response, ("Cookie",))
        for kept in _kept(request):
            if kept.session.is_empty():
                _forget(request, response, kept)
            elif kept.session.modified and response.status_code < 500:  # noqa: PLR2004 - what failed changes nothing
                try:
                    kept.session.save()
                except UpdateError:  # it ended while its request was answered
                    return redirect_to_login(places.here(request))
                _tell(response, kept)
        return response


class PersonMiddleware(MiddlewareMixin):
    """`request.user`: whose live session the database says it is; where people sign in, only who has signed in here."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]


def _person(request: HttpRequest) -> User | AnonymousUser:
    service = sessions.session_of(request)
    if signs_in():
        user = get_user(request)
        return user if user.pk == service.user_id else AnonymousUser()
    person = User.objects.filter(pk=service.user_id).first() if service.user_id else None
    return person if person and person.is_active else AnonymousUser()


def _move_on(service: sessions.SessionStore) -> None:
    seen, now = service.get(sessions.SEEN), timezone.now()
    if service.session_key and (seen is None or now - datetime.fromisoformat(seen) >= SEEN_STEP):
        service[sessions.SEEN] = now.isoformat()


def _kept(request: HttpRequest) -> Iterator[_Kept]:
    yield _Kept(sessions.session_of(request), settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_DOMAIN)
    if signs_in():
        yield _Kept(request.session, settings.SIGN_IN_COOKIE_NAME, None)


def _forget(request: HttpRequest, response: HttpResponse, kept: _Kept) -> None:
    if kept.cookie not in request.COOKIES:
        return
    if kept.cookie == settings.SESSION_COOKIE_NAME and endings.is_told(request):
        return
    response.delete_cookie(kept.cookie, domain=kept.domain, samesite="Strict")


def _tell(response: HttpResponse, kept: _Kept) -> None:
    """Until the browser closes. For somebody who is not signed in the service keeps nothing."""
    if kept.session.session_key is None:
        return
    response.set_cookie(
        kept.cookie,
        kept.session.session_key,
        domain=kept.domain,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
