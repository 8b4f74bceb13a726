"""Software that fetches tokens for itself and delivers a feed, against a server that says what the test wants."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from contactpoint_client import Deliveries, NotSignedInError, ProblemError, Software, System, UnreachableError
from joserfc import jwt

from contactpoint.local import state
from tests.unit.clients.server import Answer, Asked, Server, oauth_error, problem

BATCHES = "/api/v1/batches"


@pytest.fixture
def software(system: System) -> Software:
    return Software(system.client_id, system.key, system.algorithm, system.signs_in_at)


class Service:
    """Gives out tokens, each with another number, and takes batches."""

    def __init__(self, expires_in: int = 900) -> None:
        self.expires_in = expires_in
        self.given = 0

    def __call__(self, asked: Asked) -> Answer | None:
        if asked.path == "/oauth/token":
            self.given += 1
            told = {"access_token": f"own-{self.given}", "token_type": "Bearer", "expires_in": self.expires_in}
            return Answer(told)
        if asked.path == "/oauth/revoke":
            return Answer({})
        if asked.method == "POST":
            return Answer({"batch": 7}, 201)
        return Answer({"batch": 7, "state": {"code": "checked", "label": "Checked"}})


def test_fetches_a_token_with_its_proof_delivers_and_gives_it_back(server: Server, software: Software) -> None:
    server.says = Service()
    with Deliveries(server.address, software) as deliveries:
        assert deliveries.send(io.BytesIO(b"key,family\n"), kind="text/csv") == 7
        assert deliveries.look(7)["state"]["code"] == "checked"
    fetched, sent, looked, revoked = server.asked
    assert fetched.form["grant_type"] == "client_credentials"
    assert jwt.decode(fetched.form["client_assertion"], software.key).claims["sub"] == software.client_id
    assert (sent.path, sent.token, sent.body) == (BATCHES, "own-1", b"key,family\n")
    assert (sent.headers["Content-Type"], sent.headers["Content-Length"]) == ("text/csv", "11")
    assert (looked.path, looked.token) == (f"{BATCHES}/7", "own-1")
    assert (revoked.path, revoked.form["token"]) == ("/oauth/revoke", "own-1")


def test_another_is_fetched_before_one_runs_out(server: Server, software: Software) -> None:
    server.says = Service(expires_in=30)
    deliveries = Deliveries(server.address, software)
    deliveries.look(7)
    deliveries.look(7)
    assert [each.token for each in server.asked if each.path.startswith(BATCHES)] == ["own-1", "own-2"]
    token = software.fetch()
    assert time.time() < token.runs_out_at < time.time() + 31
    assert token.token == "own-3"


def test_nothing_is_fetched_or_given_back_unasked(server: Server, software: Software) -> None:
    server.says = Service()
    with Deliveries(server.address, software):
        pass
    assert server.asked == []


@pytest.mark.parametrize("answer", [oauth_error("invalid_client", 401), Answer("Busy", 503, "text/html"), None])
def test_ends_in_silence_where_its_token_cannot_be_given_back(
    server: Server, software: Software, answer: Answer | None
) -> None:
    """The system was revoked, say: with it went its tokens. Else what went wrong before would be raised no more."""
    service = Service()
    server.says = lambda asked: answer if asked.path == "/oauth/revoke" else service(asked)
    with Deliveries(server.address, software) as deliveries:
        deliveries.look(7)
    assert server.paths[-1] == "/oauth/revoke"


def test_token_that_opens_nothing_is_forgotten(server: Server, software: Software) -> None:
    service = Service()
    server.says = lambda asked: problem("invalid_token", 401) if asked.token == "own-1" else service(asked)
    deliveries = Deliveries(server.address, software)
    with pytest.raises(NotSignedInError):
        deliveries.look(7)
    assert deliveries.look(7)["state"]["code"] == "checked"
    assert deliveries.send(io.BytesIO(b"x")) == 7
    assert [each.token for each in server.asked if each.path.startswith(BATCHES)] == ["own-1", "own-2", "own-2"]


def test_what_is_fetched_is_not_shown_where_it_is_printed(server: Server, software: Software) -> None:
    server.says = Service()
    assert "own-1" not in repr(software.fetch())


def test_what_is_refused_is_said(server: Server, software: Software) -> None:
    def says(asked: Asked) -> Answer | None:
        if asked.path == "/oauth/token":
            return Service()(asked)
        if asked.method == "POST":
            return problem("sent_before", 409)
        return problem("invalid_token", 401) if asked.path.endswith("/7") else None

    server.says = says
    deliveries = Deliveries(server.address, software)
    with pytest.raises(ProblemError) as refused:
        deliveries.send(io.BytesIO(b"x"))
    assert (refused.value.code, refused.value.status) == ("sent_before", 409)
    with pytest.raises(NotSignedInError):
        deliveries.look(7)
    with pytest.raises(UnreachableError):
        deliveries.look(8)
    server.says = lambda _asked: oauth_error("invalid_client")
    with pytest.raises(ProblemError):
        software.fetch()


def printed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "contactpoint_client", *arguments],
        cwd=state.PROJECT / "clients" / "python",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_token_is_printed_for_scripts(server: Server, software: Software, tmp_path: Path) -> None:
    server.says = Service()
    file = tmp_path / "software.json"
    told = {"client_id": "x", "key": software.key.as_dict(private=True), "algorithm": software.algorithm}
    file.write_text(json.dumps(told))

    done = printed(str(file), server.address)
    assert (done.stdout, done.stderr) == ("own-1\n", "")
    server.says = lambda _asked: oauth_error("invalid_client")
    assert "In words: invalid_client" in printed(str(file), server.address).stderr
    assert "no-address is no address" in printed(str(file), "no-address").stderr
    file.write_text(json.dumps(told | {"algorithm": "RS256"}))
    assert "does not sign by its algorithm" in printed(str(file), server.address).stderr
    for key in ({}, {"kty": "EC"}, "none", None):
        file.write_text(json.dumps(told | {"key": key}))
        done = printed(str(file), server.address)
        assert "does not say what software has to know" in done.stderr, key
        assert "Traceback" not in done.stderr
    file.write_text("{}")
    for wrong in ([str(file), server.address], [str(tmp_path / "none"), server.address], []):
        done = printed(*wrong)
        assert (done.returncode, done.stdout) == (1, "")
