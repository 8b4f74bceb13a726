"""What stands between a request and a view: the session's limits, and the route's policy."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from access.door import confirming, endings, places
from access.door.actors import actor_of, user_of
from access.door.calls import Standing, call_in
from access.door.references import refer_to_user
from access.door.refusals import answer, respond, session_ended
from access.door.routes import ASKING_PATH, TOKEN_PATHS, RoutePolicy, policy_of
from access.models import Role, UserState
from access.rules.decisions import can
from access.rules.errors import ColleagueStoppedError, NotPermittedError, NotVettedError
from access.rules.roles import IN_A_CALL
from access.rules.vetting import may_enter
from audit.errors import NoLiveSessionError

SAY_WHO_ASKS = "Say first who is asking. You search and open records only while a colleague’s call lasts."
TIME_IS_OVER = (
    "The 20 minutes for {} are over. If they are still on the telephone, ask for the code their app shows now."
)
OTHER_CALL = "That page was opened during another call, so nothing was done. You are looking up for {} now."
SEEN = "seen_at"
SEEN_STEP = timedelta(seconds=30)


class SessionMiddleware(DjangoSessionMiddleware):
    """Moves the idle limit of a session on while its person is at work, at most every 30 seconds.

    Asking until when it lasts moves nothing on: a page does so by itself. A session that ended leaves its key in the
    browser, where it opens nothing, until another begins.
    Where software shows a token, a browser's cookies are taken off: no session vouches for what it does.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(TOKEN_PATHS):
            request.COOKIES = {}
        super().process_request(request)
        if request.path_info == ASKING_PATH:
            return
        seen = request.session.get(SEEN)
        now = timezone.now()
        if seen is not None and now - datetime.fromisoformat(seen) < SEEN_STEP:
            return
        if not request.session.is_empty():
            request.session[SEEN] = now.isoformat()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        told = endings.carry_over(request)
        try:
            answered: HttpResponse = super().process_response(request, response)
        except SessionInterrupted:  # it ended while its request was answered
            return redirect_to_login(places.here(request))
        if told and request.session.is_empty():
            # The dead key stays in the browser: with it alone one is told why it is dead.
            answered.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return answered


class RefusalMiddleware:
    """Turns a refusal raised by a view into its record and its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception)


class RoutePolicyMiddleware:
    """Holds every request against what its route asks, before the view runs. No policy, no page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        try:
            return self._hold(request, view)
        except NoLiveSessionError:  # it ended while the policy was asked
            return session_ended(request)

    def _hold(self, request: HttpRequest, view: Callable[..., object]) -> HttpResponse | None:
        assert request.resolver_match is not None  # noqa: S101 - Django sets it before process_view
        policy = policy_of(view, request.resolver_match.url_name)
        if policy is None:
            raise Http404  # no such page, for anybody: not an event, or strangers could fill the log
        if policy.admission:
            return policy.admission(request)
        if not policy.signed_in:
            return None
        if not request.user.is_authenticated:
            return _tell_the_stopped(request) or _ask_to_sign_in(request)
        if not _has_second_factor(request):
            known = _has_authenticator(request)
            if policy.second_factor or (policy.enrolment and known):
                return _ask_for_second_factor(request, known=known)
        return self._check_person(request, policy) or self._check_confirmed(request, policy)

    def _check_person(self, request: HttpRequest, policy: RoutePolicy) -> HttpResponse | None:
        user = user_of(request)
        if policy.vetted and not may_enter(user, today=timezone.localdate()):
            return respond(request, NotVettedError())
        if policy.active and user.state != UserState.ACTIVE:
            return respond(request, NotVettedError())
        if policy.permission is not None and not can(actor_of(request), policy.permission):
            return respond(request, NotPermittedError())
        if policy.permission in IN_A_CALL and user.role == Role.MEDIATOR:
            return _hold_to_call(request)
        return None

    def _check_confirmed(self, request: HttpRequest, policy: RoutePolicy) -> HttpResponse | None:
        if not policy.confirmed:
            return None
        if not confirming.is_recent(request):
            return confirming.ask(request)
        confirming.bring_back(request)
        return None


def _tell_the_stopped(request: HttpRequest) -> HttpResponse | None:
    """Refuse somebody stopped while signed in."""
    stopped = endings.stopped_person(request)
    if stopped is None:
        return None
    request.user = stopped
    return respond(request, NotVettedError())


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    endings.note_lost(request)
    return redirect_to_login(places.here(request))


def _hold_to_call(request: HttpRequest) -> HttpResponse | None:
    """Let a mediator on only in a call that lasts, and a form only in the call in which it was opened."""
    call = call_in(request)
    if call is None:
        messages.info(request, SAY_WHO_ASKS)
        return HttpResponseRedirect(reverse("asking"))
    if call.standing == Standing.OVER:
        messages.info(request, TIME_IS_OVER.format(call.name))
        return HttpResponseRedirect(reverse("read_out", args=[refer_to_user(actor_of(request), call.colleague.pk)]))
    if call.standing == Standing.STOPPED:
        return respond(request, ColleagueStoppedError())
    if request.method == "POST" and request.POST.get("call") != str(call.id):
        messages.error(request, OTHER_CALL.format(call.name))
        return HttpResponseRedirect(reverse("search"))
    return None


def _has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was begun or confirmed with a code, passkey or recovery code, not a password alone."""
    return any(entry["method"] == "mfa" for entry in get_authentication_records(request, user_of(request)))


def _has_authenticator(request: HttpRequest) -> bool:
    exists: bool = user_of(request).authenticator_set.exists()  # type: ignore[attr-defined]  # allauth's relation
    return exists


def _ask_for_second_factor(request: HttpRequest, *, known: bool) -> HttpResponse:
    page = confirming.page_of(user_of(request)) if known else reverse("mfa_activate_totp")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': places.here(request)})}")
