"""How soon a session is refused after "suspend" or "stop" was pressed, and what the permission check costs a request.

    python -m bench.revocation [--sessions 10000] [--sample 500] [--requests 1000] [--json FILE]

It starts servers of its own in the directory for temporary files (TMPDIR), signs that many people in, each in a session
of their own, and runs the web process beside them. Requests go over HTTP, one after the other where they are timed.
Goals: refused within 1 s of the press, for each of 10,000 live sessions; the check adds less than 1 ms.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import tables
from bench.place import Place, servers_apart
from contactpoint.local import state

READY_SECONDS = 60
LET_IN = 200


def main() -> None:
    options = _options()
    with servers_apart() as (directory, servers):
        place = Place(directory, servers)
        place.manage("migrate", "--verbosity=0")
        place.manage("make_keys")
        emails = place.step("bench.revocation.people", options.sessions, role="owner")
        place.sign_in(emails)
        with _web(place) as address:
            figures: dict[str, Any] = place.step("bench.revocation.pressing", address, options.sample)
        figures["check"] = place.step("bench.revocation.checking", options.requests)
    _show(figures, options.sessions)
    tables.write_json(options.json, figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.revocation", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000, help="how many people are signed in")
    parser.add_argument("--sample", type=int, default=500, help="how many of them are suspended one by one")
    parser.add_argument("--requests", type=int, default=1_000, help="how many requests the check is timed in")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    if not 0 < options.sample < options.sessions:
        parser.error("Give a --sample smaller than --sessions: the rest is stopped with its organisation.")
    return options


@contextmanager
def _web(place: Place) -> Iterator[str]:
    """Run the web process as in earnest. Yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "contactpoint.wsgi:application", f"--bind={where}", "--workers=2"]
    command += ["--threads=4", "--worker-class=gthread", "--log-level=error", "--no-control-socket"]
    web = subprocess.Popen(command, env=os.environ | place.environment("web"), cwd=state.PROJECT)  # noqa: S603 - ours
    try:
        _wait_until_ready(f"http://{where}/health/ready/")
        yield where
    finally:
        web.terminate()
        web.wait(timeout=30)


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == LET_IN:
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _show(figures: dict[str, Any], signed_in: int) -> None:
    suspended, stopped, check = figures["suspended"], figures["stopped"], figures["check"]
    rows = [
        _row("suspend: pressed, until it is done", suspended["pressed"]),
        _row("suspend: pressed, until that session is refused", suspended["refused"], "1000"),
        _row("organisation stopped: until it is done", stopped["pressed"]),
        _row("organisation stopped: each session's next request", stopped["requests"]),
    ]
    through = suspended["let through"] + stopped["let through"]
    notes = (
        (
            f"{signed_in:,} live sessions. {len(suspended['refused']):,} were suspended one by one, then the"
            f" organisation of the others stopped; each of these {len(stopped['requests']):,} asked once more."
        ),
        f"Requests answered after the press was done that should not have been: {through}. Goal: none.",
    )
    tables.show("From the press to the refusal, ms", rows, notes=notes)
    added = [_row(page, times["added"], "1") for page, times in check.items()]
    tables.show("What the permission check adds to a request, ms (with it, less without, by turns)", added)


def _row(name: str, milliseconds: Sequence[float], goal: str = "") -> tables.Row:
    return {
        "what": name,
        "p50": f"{tables.percentile(milliseconds, 50):.2f}",
        "p95": f"{tables.percentile(milliseconds, 95):.2f}",
        "max": f"{max(milliseconds):.2f}",
        "goal": goal,
    }


if __name__ == "__main__":
    # So that being asked to end, too, leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
