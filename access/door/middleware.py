"""What stands between a request and a view: the policy of its route, and what a refusal looks like."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from access.door import confirming, endings, places
from access.door.actors import actor_of, user_of
from access.door.calls import Standing, call_in
from access.door.references import refer_to_user
from access.door.refusals import answer, respond, session_ended
from access.door.routes import RoutePolicy, policy_of
from access.door.serving import signs_in
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
        if not confirming.has_second_factor(request) and (
            policy.second_factor or (policy.enrolment and _has_authenticator(request))
        ):
            return _ask_for_second_factor(request)
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
        if not policy.confirmed or (policy.enrolment and not _has_authenticator(request)):
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
    lost = endings.lost(request)
    asked = {"next": places.here(request)} | ({endings.LOST: lost} if lost else {})
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(asked)}")


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


def _has_authenticator(request: HttpRequest) -> bool:
    """Known where people sign in, and asked nowhere else."""
    exists: bool = user_of(request).authenticator_set.exists()  # type: ignore[attr-defined]  # allauth's relation
    return exists


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """The page that asks for it; for whoever has none yet, the one that sets one up."""
    has_none = signs_in() and not _has_authenticator(request)
    page = reverse("mfa_activate_totp") if has_none else confirming.page()
    return HttpResponseRedirect(f"{page}?{urlencode({'next': places.here(request)})}")
