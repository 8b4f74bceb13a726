"""OAuth 2.1, where people sign in: somebody lets a system act for them, and systems come for their tokens."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from csp.decorators import csp_update
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of, user_of
from access.door.routes import admitted_by, public, vetted
from access.models import Role, Standing, SystemPurpose
from access.systems.selectors import standing_of, system_called
from access.systems.server import ALGORITHMS, AUTHORIZE, PROOF, REVOKE, SERVER, TOKEN

FORM = "application/x-www-form-urlencoded"
ASSERTION = "an assertion that a system signed"
LONGEST_BODY = 16 * 1024
OWN_MACHINE = "127.0.0.1"
# What is told of an error is a code of the standard and words of ours: whoever made the address could write the rest.
NOT_ASKED_RIGHT = (
    "What sent you here did not ask as it should, so that you are not led back there. If you came from a system in "
    "which you work, tell whoever looks after it: {code}."
)
NO_SUCH_SYSTEM = (
    "No system that people work in is known here by what was asked with. Go back, and tell whoever sent you."
)
# Why a system cannot act for somebody.
STANDINGS = {
    Standing.REVOKED: "This system may not use the service any more.",
    Standing.WAITING: "This system may not use the service yet: a second administrator has to agree.",
    Standing.EXPIRED: "The accreditation of this system has run out. Its administrators can ask for another.",
    Standing.ORGANISATION: "The organisation whose system this is may not use the service now.",
    Standing.ELSEWHERE: "This system is for people of another organisation.",
}
NOT_A_PRACTITIONER = "A system can act for practitioners alone, and you are none here."


@public
@require_safe
def authorize(request: HttpRequest) -> HttpResponse:
    """Where a system sends its people. They are led on from a page of ours: browsers show our cookies to no other's."""
    return _with_consent(request, lambda grant: _lead_on(request, grant))


@vetted
@require_http_methods(["GET", "HEAD", "POST"])
def allow(request: HttpRequest) -> HttpResponse:
    """Ask whoever has signed in whether the system may act for them, and lead them back to it."""
    return _with_consent(request, lambda grant: _ask(request, grant))


def form_alone(request: HttpRequest) -> HttpResponse | None:
    """Admit what is sent as a form: the server asks for proof of who sends it.

    There is no limit by address, which whole councils share: there is nothing to guess.
    """
    if request.method != "POST":
        answer = _fault(HTTPStatus.METHOD_NOT_ALLOWED, "invalid_request", "This address takes POST.")
        answer["Allow"] = "POST"
        return answer
    wrong = _wrong_form(request)
    return _fault(HTTPStatus.BAD_REQUEST, *wrong) if wrong else None


def _wrong_form(request: HttpRequest) -> tuple[str, str] | None:
    """What is wrong with what was sent, as a code and in words."""
    if request.content_type != FORM or request.GET:
        return "invalid_request", f"Send {FORM}, and nothing in the address."
    try:
        if int(request.headers.get("Content-Length") or 0) > LONGEST_BODY:
            return "invalid_request", "Too much was sent."
        sent = request.POST
    except (ValueError, TooManyFieldsSent, UnreadablePostError):
        return "invalid_request", "That is no such form."
    if any(len(values) > 1 for _, values in sent.lists()):
        return "invalid_request", "A parameter was sent twice."
    # Before a refresh token is taken, which is good once.
    return ("invalid_scope", "There are no scopes.") if sent.get("scope") else None


@admitted_by(form_alone, proof=ASSERTION)
def token(request: HttpRequest) -> HttpResponse:
    """Tokens against a code or a refresh token, or for the system itself."""
    return _answered(SERVER.create_token_response, request)


@admitted_by(form_alone, proof=ASSERTION)
def revoke(request: HttpRequest) -> HttpResponse:
    """End a session in the system, by either of its tokens, or a token of its own."""
    return _answered(lambda asked: SERVER.create_endpoint_response("revocation", asked), request)


@public
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """What this server can do, and where (RFC 8414)."""
    here: str = settings.SIGN_IN_ADDRESS
    proof = {"auth_methods_supported": [PROOF], "auth_signing_alg_values_supported": list(ALGORITHMS)}
    return JsonResponse(
        {
            "issuer": here,
            "authorization_endpoint": here + AUTHORIZE,
            "token_endpoint": here + TOKEN,
            "revocation_endpoint": here + REVOKE,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **{f"token_endpoint_{name}": value for name, value in proof.items()},
            **{f"revocation_endpoint_{name}": value for name, value in proof.items()},
            "service_documentation": f"{settings.SERVICE_ADDRESS}/api/",
        }
    )


def _with_consent(request: HttpRequest, go_on: Callable[[AuthorizationCodeGrant], HttpResponse]) -> HttpResponse:
    """Go on with what a good system asks for; else lead back with the error, or say it where there is no way back."""
    system = system_called(request.GET.get("client_id", ""))
    if system is None or system.purpose != SystemPurpose.PEOPLE:
        return _say(request, NO_SUCH_SYSTEM, HTTPStatus.BAD_REQUEST)
    standing = standing_of(system)
    if standing:  # nobody is led to addresses that were never accredited, or are no more
        return _say(request, STANDINGS[standing], HTTPStatus.FORBIDDEN)
    try:
        grant = SERVER.get_consent_grant(request)
    except OAuth2Error as error:
        if error.redirect_uri:
            return cast(HttpResponse, SERVER.handle_error_response(SERVER.create_oauth2_request(request), error))
        return _say(request, NOT_ASKED_RIGHT.format(code=error.error), HTTPStatus.BAD_REQUEST)
    except ValueError:  # an error that would have repeated letters which none may hold
        return _say(request, NOT_ASKED_RIGHT.format(code="invalid_request"), HTTPStatus.BAD_REQUEST)
    return go_on(grant)


def _lead_on(request: HttpRequest, grant: AuthorizationCodeGrant) -> HttpResponse:
    context = {
        "system": grant.client.system.name.open(),
        "on": f"{reverse('oauth_allow')}?{request.META['QUERY_STRING']}",
    }
    return render(request, "access/systems/continue.html", context)


def _ask(request: HttpRequest, grant: AuthorizationCodeGrant) -> HttpResponse:
    system = grant.client.system
    if user_of(request).role != Role.PRACTITIONER:
        return _say(request, NOT_A_PRACTITIONER, HTTPStatus.FORBIDDEN)
    standing = standing_of(system, user_of(request).pk)
    if standing:
        return _say(request, STANDINGS[standing], HTTPStatus.FORBIDDEN)
    if request.method == "POST":
        actor = actor_of(request) if request.POST.get("allow") == "yes" else None
        return cast(HttpResponse, SERVER.create_authorization_response(request, grant_user=actor, grant=grant))
    back = urlsplit(grant.redirect_uri)
    context = {
        "system": system.name.open(),
        "organisation": system.organisation.name,
        "back": "a program on this computer" if back.hostname == OWN_MACHINE else back.hostname,
    }
    # Where the answer to the form leads on to.
    shown = csp_update({"form-action": [f"{back.scheme}://{back.netloc}"]})(render)
    return cast(HttpResponse, shown(request, "access/systems/allow.html", context))


def _answered(answer: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    try:
        return answer(request)
    except (ValueError, RecursionError):  # as in _with_consent, and what is nested too deeply
        return _fault(HTTPStatus.BAD_REQUEST, "invalid_request", "A parameter holds what it must not.")


def _say(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "access/systems/not_possible.html", {"sentence": sentence}, status=status)


def _fault(status: int, code: str, description: str) -> HttpResponse:
    return JsonResponse({"error": code, "error_description": description}, status=status)
