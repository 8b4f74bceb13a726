"""The service that browser tests drive, and the browser they drive it with."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright

from contactpoint.local import code
from tests import provider, servers
from tests.provider import Provider

DATABASE = f"{servers.own_database()}_service"  # each process of the run browses a service of its own
CHILDREN = 300
COUNCIL = "council"  # its directory code in the demonstration
READY_SECONDS = 60
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Service:
    """The running service: where it is and who may sign in."""

    address: str
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
    """Make the demonstration in a database of its own, run gunicorn on it, and stop it afterwards."""
    servers.clone(DATABASE)
    environment = servers.login_environment(DATABASE, redis_database=servers.service_redis_database())
    users_file = servers.run_directory() / f"{DATABASE}.json"
    council = provider.reserve()
    environment["AUTHORITY_SIGN_IN"] = council.settings(authority=COUNCIL)
    worker = environment | {"DATABASE_URL": environment["DATABASE_WORKER_URL"]}
    servers.manage("make_demonstration", f"--children={CHILDREN}", f"--users-file={users_file}", environment=worker)
    log = servers.run_directory() / f"{DATABASE}.log"
    with log.open("wb") as output:
        web = subprocess.Popen(_gunicorn(), env=os.environ | environment, stdout=output, stderr=output)
    try:
        yield Service(address_when_ready(web, log), json.loads(users_file.read_text()), council)
    finally:
        web.terminate()
        web.wait(timeout=30)


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


def _gunicorn() -> list[str]:
    # Port 0: the system gives a free one, and gunicorn's log says which.
    options = (
        "--bind=127.0.0.1:0",
        "--workers=1",
        "--threads=4",
        "--worker-class=gthread",
        "--log-level=info",
        "--no-control-socket",
    )
    return [sys.executable, "-m", "gunicorn", *options, "contactpoint.wsgi:application"]


def address_when_ready(web: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and web.poll() is None:
        listening = [line for line in log.read_text().splitlines() if "Listening at: " in line]
        if listening and _is_ready(address := listening[0].split("Listening at: ")[1].split()[0]):
            return address
        time.sleep(0.2)
    raise RuntimeError(f"The service did not get ready:\n{log.read_text()[-4000:]}")


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready/", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False
