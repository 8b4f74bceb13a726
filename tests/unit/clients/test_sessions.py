"""Letting a system act, and what it keeps of a session, against a server that says what the test wants."""

import json
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from contactpoint_client import NotSignedInError, ProblemError, Session, System, UnreachableError
from contactpoint_client.asking import VERSION
from joserfc import jwt
from joserfc.jwk import thumbprint

from tests.unit.clients.conftest import tokens
from tests.unit.clients.server import Answer, Server, oauth_error

ISSUED = {"access_token": "second", "token_type": "Bearer", "expires_in": 900, "refresh_token": "renews-second"}


def test_system_proves_itself_with_a_key_without_a_name(server: Server, system: System) -> None:
    server.says = lambda _asked: Answer(ISSUED)
    begun = system.send_to_sign_in()
    assert begun.address.startswith(f"{server.address}/oauth/authorize?")
    sent = {name: values[0] for name, values in parse_qs(urlsplit(begun.address).query).items()}
    assert sent["state"] == begun.state
    assert sent["code_challenge_method"] == "S256"

    session = system.take_back(begun, _back(begun.state, server, code="a-code"))

    assert session.token == "second"
    (asked,) = server.asked
    assert asked.path == "/oauth/token"
    assert asked.form["code"] == "a-code"
    assert asked.form["code_verifier"] == begun.verifier
    proof = jwt.decode(asked.form["client_assertion"], system.key)
    assert proof.header == {
        "alg": "ES256",
        "kid": thumbprint(system.key.as_dict(private=False)),
        "typ": proof.header["typ"],
    }
    assert proof.claims["aud"] == server.address
    assert asked.headers["User-Agent"] == f"contactpoint-client/{VERSION}"


def test_answer_to_something_else_is_not_taken(server: Server, system: System) -> None:
    begun = system.send_to_sign_in()
    for address in (
        _back("another", server, code="a-code"),
        f"https://cases.example/back?{urlencode({'state': begun.state, 'iss': 'https://evil.example', 'code': 'x'})}",
        f"https://cases.example/back?{urlencode({'state': begun.state, 'code': 'x'})}",
        _back("another", server, error="access_denied"),
    ):
        with pytest.raises(ProblemError):
            system.take_back(begun, address)
    assert server.asked == []


def test_who_said_no_is_told_apart_from_what_was_asked_wrong(server: Server, system: System) -> None:
    begun = system.send_to_sign_in()
    with pytest.raises(NotSignedInError):
        system.take_back(begun, _back(begun.state, server, error="access_denied"))
    with pytest.raises(ProblemError) as wrong:
        system.take_back(begun, _back(begun.state, server, error="invalid_request", error_description="No PKCE."))
    assert (wrong.value.code, wrong.value.detail, wrong.value.status) == ("invalid_request", "No PKCE.", None)


def test_only_what_signing_in_mends_asks_for_it(server: Server, system: System) -> None:
    def renewed() -> str:
        return Session.restored(system, tokens("old", runs_out_at=0)).token

    server.says = lambda _asked: oauth_error("invalid_grant")
    with pytest.raises(NotSignedInError):
        renewed()
    server.says = lambda _asked: oauth_error("invalid_client", 401)
    with pytest.raises(ProblemError) as unknown:
        renewed()
    assert (unknown.value.code, unknown.value.status) == ("invalid_client", 401)
    assert unknown.value.detail == "In words: invalid_client."
    server.says = lambda _asked: oauth_error("slow_down", 429, Retry_After="7")
    with pytest.raises(ProblemError) as slow:
        renewed()
    assert (slow.value.code, slow.value.wait) == ("slow_down", 7)
    server.says = lambda _asked: Answer("<h1>Back soon</h1>", 503, "text/html", {"Retry-After": "60"})
    with pytest.raises(ProblemError) as down:
        renewed()
    assert (down.value.code, down.value.status, down.value.wait) == ("unknown", 503, 60)
    server.says = lambda _asked: Answer("<h1>Sign in to the wireless</h1>", 200, "text/html")
    with pytest.raises(ProblemError):
        renewed()
    server.says = lambda _asked: Answer("", 302, "text/html", {"Location": "https://evil.example/"})
    with pytest.raises(ProblemError):
        renewed()
    server.says = lambda _asked: None
    with pytest.raises(UnreachableError):
        renewed()


def test_nobody_there_is_unreachable(system: System) -> None:
    closed = System(system.client_id, system.key, "ES256", "http://127.0.0.1:1", system.comes_back)
    with pytest.raises(UnreachableError):
        Session.restored(closed, tokens("old", runs_out_at=0)).leave()


def test_session_is_kept_as_json_and_restored(server: Server, system: System, session: Session) -> None:
    kept = json.loads(json.dumps(session.kept()))
    assert kept == tokens("first")
    assert Session.restored(system, kept).token == "first"
    assert server.asked == []


def test_whoever_keeps_a_session_hears_of_each_renewal(server: Server, system: System) -> None:
    server.says = lambda _asked: Answer(ISSUED)
    heard: list[object] = []
    session = Session.restored(system, tokens("first", runs_out_at=time.time() + 30), heard.append)

    assert [session.token, session.token] == ["second", "second"]

    assert [each.form["refresh_token"] for each in server.asked] == ["renews-first"]
    assert heard == [session.kept()]
    assert session.kept()["runs_out_at"] == pytest.approx(time.time() + 900, abs=60)


def test_tokens_are_renewed_once_for_all_threads(server: Server, system: System) -> None:
    def slowly(_asked: object) -> Answer:
        time.sleep(0.1)
        return Answer(ISSUED)

    server.says = slowly
    session = Session.restored(system, tokens("first", runs_out_at=0))
    threads = [threading.Thread(target=lambda: session.token) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert server.paths == ["/oauth/token"]


def test_leaving_shows_the_refresh_token(server: Server, session: Session) -> None:
    session.leave()
    (asked,) = server.asked
    assert (asked.path, asked.form["token"]) == ("/oauth/revoke", "renews-first")


def test_no_password_of_a_file_goes_to_where_people_sign_in(
    server: Server, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    session.leave()
    assert "Authorization" not in server.asked[0].headers


def _back(state: str, server: Server, **more: str) -> str:
    return f"https://cases.example/back?{urlencode({'state': state, 'iss': server.address, **more})}"
