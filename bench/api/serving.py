"""Requests at an even pace against the web server, from a process that does nothing else."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bench import people
from contactpoint.local import state

READY_SECONDS = 60


def press(bodies: Sequence[dict[str, Any]], tokens: Sequence[str], rate: float, seconds: float) -> dict[str, Any]:
    """Milliseconds of each kind of request, from when it was to begin, and how many were begun. Fails if one did."""
    with _web() as address:
        told = {"address": address, "bodies": bodies, "tokens": tokens, "rate": rate, "seconds": seconds}
        done = subprocess.run(
            [sys.executable, "-m", "bench.api.pressing"],
            input=json.dumps(told),
            cwd=state.PROJECT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


@contextmanager
def _web() -> Iterator[str]:
    """The web process as in earnest. Yields its host and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "contactpoint.wsgi:application", f"--bind={where}", "--workers=2"]
    command += ["--threads=4", "--worker-class=gthread", "--log-level=error", "--no-control-socket"]
    lifted = dict.fromkeys(("API_RATE_SYSTEM", "API_RATE_PERSON"), str(people.UNLIMITED))
    web = subprocess.Popen(command, env=os.environ | lifted | {"DATABASE_ROLE": "web"}, cwd=state.PROJECT)  # noqa: S603
    try:
        _wait_until_ready(f"http://{where}/health/ready/")
        yield where
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(timeout=30)


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)
