"""What the client sends in somebody's name, against a server that says what the test wants."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from contactpoint_client import (
    NotSignedInError,
    ProblemError,
    Registry,
    Session,
    System,
    Tokens,
    UnreachableError,
    new_key,
)
from contactpoint_client.asked import Entry
from contactpoint_client.asking import VERSION

from tests.unit.clients.conftest import tokens
from tests.unit.clients.server import Answer, Asked, Server, problem

ENTRY: Entry = {"practitioner": "Sam Okoro", "telephone": "0161 496 0000", "started_on": "2026-09-01", "lead": False}
OVER = {"invalid_token", "session_ended"}


@pytest.fixture
def registry(server: Server, session: Session) -> Iterator[Registry]:
    with Registry(f"{server.address}/", session) as registry:
        yield registry


def test_bearer_goes_with_each_request_whatever_netrc_says(
    server: Server, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    registry.me()
    (asked,) = server.asked
    assert asked.path == "/api/v1/me"
    assert asked.headers["Authorization"] == "Bearer first"
    assert asked.headers["User-Agent"] == f"contactpoint-client/{VERSION}"


def test_proxy_is_used(server: Server, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setenv("no_proxy", "")
    with Registry("http://registry.example", session) as registry:
        registry.me()
    assert server.paths == ["http://registry.example/api/v1/me"]
    assert server.asked[0].token == "first"


def test_no_cookie_is_kept(server: Server, registry: Registry) -> None:
    server.says = lambda _asked: Answer({}, headers={"Set-Cookie": "known=1; Path=/"})
    registry.me()
    registry.me()
    assert "Cookie" not in server.asked[1].headers


def test_reference_cannot_lead_elsewhere(server: Server, registry: Registry) -> None:
    registry.open("../me?x=1#", reason="s10")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/api/v1/children/..%2Fme%3Fx%3D1%23/openings")
    assert json.loads(asked.body) == {"reason": "s10"}


@pytest.mark.parametrize("code", sorted(OVER))
def test_request_that_a_renewal_overtook_is_sent_again(server: Server, session: Session, code: str) -> None:
    """Another thread renews while the first request is on its way: what was refused is the token before."""
    renewal: Tokens = {"access_token": "second", "refresh_token": "renews-second", "runs_out_at": 4_000_000_000.0}

    def says(asked: Asked) -> Answer:
        if asked.token == "second":
            return Answer({"name": "Sam Okoro"})
        session._tokens = renewal
        return problem(code, 401)

    server.says = says
    with Registry(server.address, session) as registry:
        assert registry.me()["name"] == "Sam Okoro"
    assert [each.token for each in server.asked] == ["first", "second"]


@pytest.mark.parametrize("code", sorted(OVER))
def test_session_that_is_over_is_said_to_be(server: Server, registry: Registry, code: str) -> None:
    server.says = lambda _asked: problem(code, 401)
    with pytest.raises(NotSignedInError):
        registry.me()
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", ["system_revoked", "system_elsewhere", "no_token"])
def test_system_that_is_refused_does_not_send_people_to_sign_in(server: Server, registry: Registry, code: str) -> None:
    server.says = lambda _asked: problem(code, 401)
    with pytest.raises(ProblemError) as refused:
        registry.me()
    assert (refused.value.code, refused.value.status) == (code, 401)


def test_problem_says_what_is_wrong(server: Server, registry: Registry) -> None:
    wrong = {"pointer": "/age", "code": "invalid", "detail": "Enter an age"}
    server.says = lambda _asked: problem("invalid", 422, errors=[wrong], request_id="7")
    with pytest.raises(ProblemError) as refused:
        registry.search(given_name="Amina", age=7)
    assert refused.value.errors == [wrong]
    assert refused.value.request_id == "7"
    assert json.loads(server.asked[0].body) == {"given_name": "Amina", "age": 7}


@pytest.mark.parametrize("answer", [Answer("<h1>Hello</h1>", 200, "text/html"), Answer("[]")])
def test_answer_of_another_server_is_none(server: Server, registry: Registry, answer: Answer) -> None:
    server.says = lambda _asked: answer
    with pytest.raises(ProblemError) as other:
        registry.me()
    assert other.value.code == "unknown"


def test_token_follows_nowhere(server: Server, registry: Registry) -> None:
    server.says = lambda _asked: Answer("", 307, headers={"Location": f"{server.address}/elsewhere"})
    with pytest.raises(ProblemError):
        registry.me()
    assert server.paths == ["/api/v1/me"]


def test_entry_of_which_no_answer_came_is_sent_once_more_with_its_key(server: Server, registry: Registry) -> None:
    key = new_key()
    answers = iter([None, Answer({"id": 4711}, 201, headers={"ETag": '"1"'})])
    server.says = lambda _asked: next(answers)
    assert registry.record_involvement("a-child", key=key, **ENTRY) == {"id": 4711, "version": '"1"'}
    assert [each.headers["Idempotency-Key"] for each in server.asked] == [key, key]
    assert server.asked[0].body == server.asked[1].body


def test_entry_that_stood_there_already_has_no_version(server: Server, registry: Registry) -> None:
    server.says = lambda _asked: Answer({"id": 4711}, 201)
    assert registry.record_involvement("a-child", key=new_key(), **ENTRY) == {"id": 4711, "version": None}


def test_entry_is_sent_no_third_time(server: Server, registry: Registry) -> None:
    server.says = lambda _asked: None
    with pytest.raises(UnreachableError):
        registry.record_involvement("a-child", key=new_key(), **ENTRY)
    assert len(server.asked) == 2


def test_nothing_else_is_sent_again(server: Server, registry: Registry) -> None:
    server.says = lambda _asked: None
    with pytest.raises(UnreachableError):
        registry.open("a-child", reason="s10")
    with pytest.raises(UnreachableError):
        registry.end_involvement("a-child", 7, version='"1"', ended_on="2026-11-30")
    assert len(server.asked) == 2


def test_renewal_of_which_no_answer_came_is_not_sent_again(server: Server, system: System) -> None:
    server.says = lambda _asked: None
    session = Session.restored(system, tokens("old", runs_out_at=0))
    with Registry(server.address, session) as registry, pytest.raises(UnreachableError):
        registry.record_involvement("a-child", key=new_key(), **ENTRY)
    assert server.paths == ["/oauth/token"]


def test_each_change_tells_the_version_after_it(server: Server, registry: Registry) -> None:
    server.says = lambda _asked: Answer({"id": 7}, headers={"ETag": '"3"'})
    corrected = registry.correct_involvement("a-child", 7, version='"2"', **ENTRY)
    ended = registry.end_involvement("a-child", 7, version='"2"', ended_on="2026-11-30")
    assert corrected == ended == {"id": 7, "version": '"3"'}
    assert {each.headers["If-Match"] for each in server.asked} == {'"2"'}
