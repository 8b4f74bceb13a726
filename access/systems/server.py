"""The authorisation server of OAuth 2.1, as Authlib has it, on what the database keeps of systems and sessions.

Where people work in a system, codes (RFC 6749, 4.1), with PKCE by SHA-256 (RFC 7636) and each with a refresh token that
is good once; where it speaks for its organisation, tokens that it fetches for itself (4.4), and no others. A system
proves that it is itself with a signed assertion (RFC 7523, 2.2): there is no secret that it could lose to us. There are
no scopes: a system does what its person may do (docs/adr/0056), or what it is there for (docs/adr/0058).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Payload, DjangoOAuth2Request
from authlib.oauth2 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523.client import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from access.models import ClientSystem, Standing, SystemPurpose
from access.systems.actions import acting, fetching
from access.systems.actions.acting import Issued
from access.systems.selectors import standing_of, system_called
from audit.errors import NoLiveSessionError
from encryption.tokens import fingerprint

PROOF = "private_key_jwt"
# None by which whoever has a public key could sign, nor with SHA-1.
ALGORITHMS = ("ES256", "ES384", "ES512", "Ed25519", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512")
# No assertion is good for longer, so that it need not be remembered for longer.
LONGEST_ASSERTION = timedelta(minutes=5)
CLOCKS_DIFFER = timedelta(seconds=30)
LONGEST_PROOF = 4_000  # letters: the longest signature, and the claims of anybody
AUTHORIZE, TOKEN, REVOKE = "/oauth/authorize", "/oauth/token", "/oauth/revoke"


class Client(ClientMixin):  # type: ignore[misc]
    """A system as Authlib asks about it."""

    def __init__(self, system: ClientSystem) -> None:
        self.system = system

    def get_client_id(self) -> str:
        return self.system.client_id

    def get_default_redirect_uri(self) -> str | None:
        """The one address that there is; None where the system has to say which."""
        return self.system.addresses[0] if len(self.system.addresses) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """None, which is refused, where one is asked for: there are none."""
        return None if scope else ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Letter by letter (RFC 9700, 4.1.3)."""
        return redirect_uri in self.system.addresses

    def check_client_secret(self, client_secret: str) -> bool:
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """A system that is good no more can end what it has, and get nothing."""
        return method == PROOF and (endpoint == Leaving.ENDPOINT_NAME or standing_of(self.system) == Standing.GOOD)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.check_grant_type(CodeGrant.GRANT_TYPE)

    def check_grant_type(self, grant_type: str) -> bool:
        """By what the system is there for."""
        if self.system.purpose == SystemPurpose.PEOPLE:
            return grant_type in (CodeGrant.GRANT_TYPE, RenewalGrant.GRANT_TYPE)
        return bool(grant_type == OwnGrant.GRANT_TYPE)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Whose keys they are, and the public parts."""

    system: ClientSystem

    @property
    def public(self) -> KeySet:
        return KeySet.import_key_set(self.system.keys)


@dataclass(frozen=True, slots=True)
class _Code:
    """A code that was shown, as Authlib asks about it."""

    code: str = field(repr=False)
    address: str
    code_challenge: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.address

    def get_scope(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class _Renewed:
    """A refresh token that was shown and is good no more: what came in its place."""

    issued: Issued

    def check_client(self, client: Client) -> bool:
        return True  # the database asked

    def get_scope(self) -> str:
        return ""


class Payload(DjangoOAuth2Payload):  # type: ignore[misc]
    """What was asked: of whoever comes with a browser what stands in the address, of a system what it sent."""

    @cached_property
    def _asked(self) -> QueryDict:
        request: HttpRequest = self._request
        return request.POST if request.path in (TOKEN, REVOKE) else request.GET

    @cached_property
    def data(self) -> dict[str, str]:
        return {name: str(value) for name, value in self._asked.items()}

    @cached_property
    def datalist(self) -> dict[str, list[str]]:
        return defaultdict(list, self._asked.lists())


class Request(DjangoOAuth2Request):  # type: ignore[misc]
    """A request as Authlib reads it, which wants its address to be one of TLS: behind one's own proxy it is none.

    Where it has to be, the settings see to it (contactpoint/settings/production.py).
    """

    def __init__(self, request: HttpRequest) -> None:
        OAuth2Request.__init__(
            self, request.method, f"https://{request.get_host()}{request.path}", headers=request.headers
        )
        self.payload = Payload(request)
        self._request = request


class Server(AuthorizationServer):  # type: ignore[misc]
    """Where systems are known and tokens are given out; all of it is kept by the database."""

    def query_client(self, client_id: str) -> Client | None:
        """Whoever names itself so. That it is good is asked before people are led to it, and before it gets tokens."""
        system = system_called(client_id)
        return Client(system) if system else None

    def save_token(self, token: Mapping[str, object], request: OAuth2Request) -> None:
        """It is kept already: nothing is given out before."""

    def create_oauth2_request(self, request: HttpRequest) -> OAuth2Request:
        return Request(request)

    def handle_response(self, status: int, body: object, headers: Sequence[tuple[str, str]]) -> HttpResponse:
        response = JsonResponse(body, status=status) if isinstance(body, dict) else HttpResponse(body, status=status)
        for name, value in headers:
            response[name] = value
        if "Location" in response:  # who answered, in each answer that goes through a browser (RFC 9207)
            response["Location"] = add_params_to_uri(response["Location"], {"iss": settings.SIGN_IN_ADDRESS})
        return response

    def send_signal(self, name: str, *args: object, **options: object) -> None:
        """Nobody listens."""


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """A code, and the session that begins with it."""

    TOKEN_ENDPOINT_AUTH_METHODS = [PROOF]

    def generate_authorization_code(self) -> str:
        request = self.request
        return acting.allow(
            actor=request.user,
            system=request.client.system,
            address=self.redirect_uri or request.payload.redirect_uri or request.client.get_default_redirect_uri(),
            challenge=request.payload.data["code_challenge"],
        )

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """It is kept already."""

    def query_authorization_code(self, code: str, client: Client) -> _Code | None:
        asked = acting.asked_with(system=client.system, code=code)
        if asked is None:
            return None
        # OAuth 2.1 no longer sends the address again (10.2); where it is sent, it has to be the same.
        sent_again = "redirect_uri" in self.request.form
        return _Code(code, asked.address if sent_again else "", asked.challenge)

    def authenticate_user(self, authorization_code: _Code) -> Issued | None:
        system = self.request.client.system
        return acting.begin(system=system, code=authorization_code.code, in_words=in_words(system))

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        """The database knows that it was used."""


class RenewalGrant(RefreshTokenGrant):  # type: ignore[misc]
    """Tokens against a refresh token, which is good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = [PROOF]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _Renewed | None:
        issued = acting.renew(system=self.request.client.system, renewal=refresh_token)
        return _Renewed(issued) if issued else None

    def authenticate_user(self, refresh_token: _Renewed) -> Issued:
        return refresh_token.issued

    def revoke_old_credential(self, refresh_token: _Renewed) -> None:
        """It opens nothing any more."""


class OwnGrant(ClientCredentialsGrant):  # type: ignore[misc]
    """A token for the system itself. There is none to renew it with: it asks for another."""

    TOKEN_ENDPOINT_AUTH_METHODS = [PROOF]


class Sha256Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE that no system can leave out, and never with the verifier itself on the way."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if len(data.get("code_challenge", "")) != 43 or data.get("code_challenge_method") != "S256":  # noqa: PLR2004
            raise InvalidRequestError("code_challenge with code_challenge_method=S256 is needed (RFC 7636).")
        super().validate_code_challenge(grant, redirect_uri)


class Proof(JWTBearerClientAssertion):  # type: ignore[misc]
    """That a system is itself: an assertion signed with its key, which is taken once, and here alone."""

    CLIENT_AUTH_METHOD = PROOF

    def __call__(self, query_client: Callable[[str], Client | None], request: OAuth2Request) -> Client | None:
        if len(request.form.get("client_assertion", "")) > LONGEST_PROOF:
            raise InvalidClientError(description="The assertion is too long.")
        client: Client | None = super().__call__(query_client, request)
        if client and request.form.get("client_id", client.get_client_id()) != client.get_client_id():
            raise InvalidClientError(description="client_id is not that of the assertion.")  # RFC 7521, 4.2
        return client

    def get_audiences(self) -> list[str]:
        """This server by its name alone: another could tell a system that its own token address is ours."""
        return [settings.SIGN_IN_ADDRESS]

    def resolve_client_public_key(self, client: Client) -> _Keys:
        return _Keys(client.system)

    def process_assertion_claims(self, assertion: str, resolve_key: _Keys) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(assertion, resolve_key.public, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as problem:
            acting.note_unproved(resolve_key.system)
            raise InvalidClientError(description="The assertion is not signed with a key of this system.") from problem
        if not isinstance(claims.get("aud"), str) or type(claims.get("exp")) is not int:
            raise InvalidClientError(description="An assertion has one aud, a text, and exp, a whole number.")
        self.verify_claims(claims)
        return claims

    def authenticate_client(self, client: Client) -> Client:
        """Whether it is good is asked for the endpoint, and not here."""
        return client

    def validate_jti(self, claims: Mapping[str, Any], jti: object) -> bool:
        """Whether the assertion is shown for the first time, and is not good for longer than it is remembered."""
        left = claims["exp"] - int(timezone.now().timestamp())
        if not isinstance(jti, str) or left > (LONGEST_ASSERTION + CLOCKS_DIFFER).total_seconds():
            raise InvalidClientError(description="An assertion has a jti and is good for five minutes at most.")
        known = fingerprint("assertion of a system", f"{claims['sub']} {jti}").hex()
        remembered = LONGEST_ASSERTION + 3 * CLOCKS_DIFFER
        return cache.add(f"assertion:{known}", 1, int(remembered.total_seconds()))


class Leaving(RevocationEndpoint):  # type: ignore[misc]
    """A session ended by the system in which it is, or a token given back (RFC 7009)."""

    CLIENT_AUTH_METHODS = [PROOF]

    def authenticate_token(self, request: OAuth2Request, client: Client) -> str:
        """Of which kind it is shows in itself: what is hinted at counts for nothing."""
        if "token" not in request.form:
            raise InvalidRequestError("Send the token that is to be revoked.")
        token: str = request.form["token"]
        return token

    def revoke_token(self, token: str, request: OAuth2Request) -> None:
        leave = acting.leave if request.client.system.purpose == SystemPurpose.PEOPLE else fetching.give_back
        leave(system=request.client.system, token=token)


def in_words(system: ClientSystem) -> str:
    """How a list of sessions calls one in the system, so that it is taken for no browser."""
    return f"In the system {system.name.open()}, {system.organisation.name}"


def _token(*, user: Issued, **_: object) -> dict[str, object]:
    """What was issued, as the answer to a system has it (RFC 6749, 5.1)."""
    left = user.expires_at - timezone.now()
    return {
        "access_token": user.access_token,
        "token_type": "Bearer",
        "expires_in": max(0, int(left.total_seconds())),
        "refresh_token": user.renewal,
    }


def _own_token(*, client: Client, **_: object) -> dict[str, object]:
    """A token that is the system's own, as the answer has it (RFC 6749, 4.4.3)."""
    try:
        token = fetching.fetch(system=client.system)
    except NoLiveSessionError:  # it stopped being good meanwhile
        raise InvalidClientError(description="This system is given no token now.") from None
    return {"access_token": token, "token_type": "Bearer", "expires_in": int(fetching.GOOD_FOR.total_seconds())}


def _made() -> Server:
    server = Server()
    server.register_token_generator("default", _token)
    server.register_token_generator(OwnGrant.GRANT_TYPE, _own_token)
    server.register_client_auth_method(PROOF, Proof(leeway=int(CLOCKS_DIFFER.total_seconds())))
    server.register_grant(CodeGrant, [Sha256Challenge()])
    server.register_grant(RenewalGrant)
    server.register_grant(OwnGrant)
    server.register_endpoint(Leaving)
    return server


SERVER = _made()
