"""What a system takes for a notice, by real signatures and published keys, and what it answers otherwise."""

import base64
import json
import time
from typing import Any

import pytest
from contactpoint_client import Notice, Notices, UnreachableError, WrongNoticeError
from contactpoint_client import notices as module
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey

from tests.unit.clients.server import Answer, Server

HEAD = {"alg": "ES256", "typ": "secevent+jwt"}


class Registry:
    """One that signs notices, and publishes its keys as `server` says them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.keys = [self.new("first")]
        server.says = lambda _asked: Answer({"keys": [each.as_dict(private=False) for each in self.keys]})
        self.notices = Notices(f"{server.address}/", "a-system")

    @staticmethod
    def new(name: str) -> ECKey:
        return ECKey.generate_key("P-256", parameters={"kid": name, "use": "sig", "alg": "ES256"})

    def claims(self, **changes: object) -> dict[str, Any]:
        return {
            "iss": self.server.address,
            "aud": "a-system",
            "iat": int(time.time()),
            "jti": "one",
            "sub_id": {"format": "opaque", "id": "known"},
            "events": {f"{self.server.address}/api/events/child-changed": {}},
        } | changes

    def token(self, key: ECKey | None = None, head: dict[str, str] | None = None, **changes: object) -> str:
        signing = key or self.keys[-1]
        return jwt.encode({**HEAD, "kid": str(signing.kid), **(head or {})}, self.claims(**changes), signing)

    @property
    def fetched(self) -> int:
        return len(self.server.asked)


@pytest.fixture
def registry(server: Server) -> Registry:
    return Registry(server)


def err_of(registry: Registry, token: bytes | str) -> str:
    with pytest.raises(WrongNoticeError) as wrong:
        registry.notices.read(token)
    assert wrong.value.answer() == {"err": wrong.value.err, "description": wrong.value.description}
    return wrong.value.err


def test_notice_is_read_and_keys_are_fetched_once(registry: Registry) -> None:
    for _ in range(3):
        assert registry.notices.read(registry.token()) == Notice("known", "one")
    assert registry.notices.read(registry.token().encode()) == Notice("known", "one")
    assert [(each.method, each.path) for each in registry.server.asked] == [("GET", "/.well-known/jwks.json")]


def test_new_key_is_fetched_when_something_is_signed_by_it(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.notices.read(registry.token())
    registry.keys.append(registry.new("second"))
    assert err_of(registry, registry.token()) == "invalid_key", "not more often than once a minute"
    monkeypatch.setattr(module, "FETCHED_SECONDS", 0)
    assert registry.notices.read(registry.token()).number == "one"
    assert registry.fetched == 2


def test_keys_are_fetched_again_once_they_are_a_day_old(registry: Registry) -> None:
    """So that one by which the registry signs no more is no key here either."""
    old = registry.token()
    registry.notices.read(old)
    registry.keys = [registry.new("second")]
    assert registry.notices.read(old).number == "one"
    registry.notices._fetched_at -= module.KEPT_SECONDS
    assert err_of(registry, old) == "invalid_key"


@pytest.mark.parametrize(
    "answer",
    [
        *(None, Answer("Busy", 503, "text/html"), Answer("Nothing", 200, "text/html"), Answer({})),
        *(Answer({"keys": None}), Answer({"keys": [{}]}), Answer({"keys": [{"kty": "EC", "x": 1}]})),
    ],
)
def test_notice_by_a_known_key_is_read_though_the_registry_does_not_answer_now(
    registry: Registry, answer: Answer | None
) -> None:
    registry.notices.read(registry.token())
    registry.notices._fetched_at -= 2 * module.KEPT_SECONDS
    registry.server.says = lambda _asked: answer
    assert registry.notices.read(registry.token()) == Notice("known", "one")
    assert err_of(registry, registry.token(registry.new("second"))) == "invalid_key"
    assert registry.fetched == 2, "not more often than once a minute"


@pytest.mark.parametrize(
    ("changes", "err"),
    [
        ({"iss": "https://registry.example"}, "invalid_issuer"),
        ({"aud": "another"}, "invalid_audience"),
        ({"aud": ["a-system", "another"]}, "invalid_audience"),
        ({"iat": time.time() + 10_000}, "invalid_request"),
        ({"iat": int(time.time()) + 10_000}, "invalid_request"),
        ({"iat": None}, "invalid_request"),
        ({"jti": 1}, "invalid_request"),
        ({"sub_id": "known"}, "invalid_request"),
        ({"sub_id": {"format": "email", "id": "known"}}, "invalid_request"),
        ({"sub_id": {"format": "opaque"}}, "invalid_request"),
        ({"events": {}}, "invalid_request"),
        ({"events": {"https://schemas.openid.net/secevent/caep/event-type/session-revoked": {}}}, "invalid_request"),
    ],
)
def test_what_is_not_for_this_system_is_refused(registry: Registry, changes: dict[str, object], err: str) -> None:
    assert err_of(registry, registry.token(**changes)) == err


def test_other_kind_of_token_is_none(registry: Registry) -> None:
    assert err_of(registry, registry.token(head={"typ": "JWT"})) == "invalid_request"


def forged(registry: Registry) -> dict[str, str]:
    """As somebody would make one who has the public key alone."""
    public = json.dumps(registry.keys[0].as_dict(private=False)).encode()
    other = registry.new("first")
    good = registry.token()
    head, claims, signature = good.split(".")
    changed = base64.urlsafe_b64encode(json.dumps(registry.claims(jti="two")).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"secevent+jwt"}').decode().rstrip("=")
    with_secret = jws.serialize_compact(
        {"alg": "HS256", "typ": "secevent+jwt", "kid": "first"},
        json.dumps(registry.claims()).encode(),
        OctKey.import_key(public),
        algorithms=["HS256"],
    )
    return {
        "another's key of the same name": registry.token(other),
        "no signature": f"{none}.{claims}.",
        "none at all": f"{head}.{claims}.",
        "something else signed": f"{head}.{changed}.{signature}",
        "the public key for a secret": with_secret,
        "no token": "made up",
        "nothing": "",
    }


@pytest.mark.parametrize(
    "how",
    [
        *("another's key of the same name", "no signature", "none at all", "something else signed"),
        *("the public key for a secret", "no token", "nothing"),
    ],
)
def test_forged_one_is_refused(registry: Registry, how: str) -> None:
    assert err_of(registry, forged(registry)[how]) == "invalid_key"
    assert err_of(registry, b"\xff\xfe") == "invalid_key"
    assert registry.fetched == 1, "whoever sends rubbish has nobody ask the registry for keys again and again"


def test_registry_that_does_not_answer_is_said_to_be_unreachable(registry: Registry) -> None:
    registry.server.says = lambda _asked: None
    with pytest.raises(UnreachableError):
        registry.notices.read(registry.token())
