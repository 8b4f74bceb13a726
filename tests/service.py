"""The service that browser tests drive, and the browser they drive it with."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright

from contactpoint.local import code
from contactpoint.local.servers import free_port
from tests import provider, servers
from tests.provider import Provider

DATABASE = f"{servers.own_database()}_service"  # each process of the run browses a service of its own
CHILDREN = 300
COUNCIL = "council"  # its directory code in the demonstration
READY_SECONDS = 60
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Service:
    """The running service: where it is, where people sign in, and who may."""

    address: str
    sign_in_address: str
    users: list[dict[str, str]]
    council: Provider = field(default_factory=provider.reserve)  # its identity provider, which is not started

    def user(self, role: str) -> dict[str, str]:
        """The first user of `role`: name, email, password, totp_secret, organisation."""
        return next(user for user in self.users if user["role"] == role)

    def code(self, user: dict[str, str]) -> str:
        """The six digits that `user`'s authenticator shows now."""
        return code.current(user["totp_secret"], time.time())


@contextmanager
def run_service() -> Iterator[Service]:
    """Make the demonstration in a database of its own, run both processes that people meet on it, and stop them."""
    servers.clone(DATABASE)
    environment = servers.login_environment(DATABASE, redis_database=servers.service_redis_database())
    users_file = servers.run_directory() / f"{DATABASE}.json"
    council = provider.reserve()
    environment["AUTHORITY_SIGN_IN"] = council.settings(authority=COUNCIL)
    worker = environment | {"DATABASE_ROLE": "worker"}
    servers.manage("make_demonstration", f"--children={CHILDREN}", f"--users-file={users_file}", environment=worker)
    sign_in = environment | {"DATABASE_ROLE": "sign_in"}
    servers.manage("give_demonstration_secrets", f"--users-file={users_file}", environment=sign_in)
    # By name: browsers keep no passkey for a bare number.
    ports = {"web": free_port(), "sign_in": free_port()}
    addresses = {name: f"http://localhost:{port}" for name, port in ports.items()}
    environment |= {"SERVICE_ADDRESS": addresses["web"], "SIGN_IN_ADDRESS": addresses["sign_in"]}
    with ExitStack() as running:
        for name, port in ports.items():
            running.enter_context(_serving(name, port, environment))
        yield Service(addresses["web"], addresses["sign_in"], json.loads(users_file.read_text()), council)


@contextmanager
def _serving(name: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    """One of the two, by its role and at that port, while the block runs."""
    log = servers.run_directory() / f"{DATABASE}.{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            _gunicorn(port), env=os.environ | environment | {"DATABASE_ROLE": name}, stdout=output, stderr=output
        )
    try:
        wait_until_ready(process, log, f"http://localhost:{port}")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium: `CHROMIUM`, else the machine's, else Playwright's. RuntimeError when there is none."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    # Chromium's sandbox does not start as root; the tests show it nothing but our own pages.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        return playwright.chromium.launch(executable_path=named, args=arguments)
    except Error as error:
        raise RuntimeError(
            "No Chromium could be started for the browser tests. Get one (Debian: apt-get install chromium, "
            "elsewhere: .venv/bin/playwright install chromium) or set CHROMIUM to its path. "
            f"Playwright says: {error.message.splitlines()[0]}"
        ) from None


def _gunicorn(port: int) -> list[str]:
    options = (
        f"--bind=127.0.0.1:{port}",
        "--workers=1",
        "--threads=4",
        "--worker-class=gthread",
        "--log-level=info",
        "--no-control-socket",
    )
    return [sys.executable, "-m", "gunicorn", *options, "contactpoint.wsgi:application"]


def wait_until_ready(process: subprocess.Popen[bytes], log: Path, address: str) -> None:
    """Return once it answers there. Raises RuntimeError, with what it said, where it does not."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _is_ready(address):
            return
        time.sleep(0.2)
    raise RuntimeError(f"The service did not get ready:\n{log.read_text()[-4000:]}")


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready/", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False
