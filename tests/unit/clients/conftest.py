"""A server of the test's own, and a system that asks it."""

from collections.abc import Iterator

import pytest
from contactpoint_client import Session, System, Tokens
from joserfc.jwk import ECKey

from tests.unit.clients.server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    """Where both the registry and its sign-in are."""
    with serving() as server:
        yield server


@pytest.fixture
def system(server: Server) -> System:
    """A system whose key has no name, written with a last stroke behind the address."""
    return System("a-system", ECKey.generate_key("P-256"), "ES256", f"{server.address}/", "https://cases.example/back")


@pytest.fixture
def session(system: System) -> Session:
    """A session that runs for some while yet."""
    return Session.restored(system, tokens("first"))


def tokens(name: str, runs_out_at: float = 4_000_000_000.0) -> Tokens:
    """What a session is kept as."""
    return {"access_token": name, "refresh_token": f"renews-{name}", "runs_out_at": runs_out_at}
