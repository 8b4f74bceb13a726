"""`python -m contactpoint.local.demo`: the whole service on one machine, with synthetic children, until Ctrl-C."""

import os
import shlex
import signal
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from honcho.manager import Manager
from rich import box
from rich.console import Console
from rich.table import Table

from contactpoint.local import assets, facts, preparation, processes, servers, state, weeks, witness
from contactpoint.local.errors import LocalError
from contactpoint.local.facts import Facts
from contactpoint.local.preparation import environment
from contactpoint.local.steps import Steps
from contactpoint.redis_accounts import ACCOUNTS
from contactpoint.settings.redis import address_variable

READY_SECONDS = 90
# Workers tell each other nothing: their accounts have no channel in Redis.
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")
# 128 + the number of Ctrl-C or of `make stop`: the ends that were asked for.
ASKED_FOR = (128 + signal.SIGINT, 128 + signal.SIGTERM)

console = Console(highlight=False)


def main() -> None:
    """Prepare what is not there, run the service and its witness, and stop all of it at the end. Raises LocalError."""
    directory = state.directory()
    port = _port()
    # What is written from here on is for its owner alone.
    os.umask(0o077)
    if processes.running(directory, "demo.pid") and facts.exist(directory):
        show(facts.read(directory))
        return
    with _only_one(directory):
        facts.forget(directory)
        # Of a demonstration that was killed before it could end them.
        processes.end(directory, *processes.SERVING)
        preparation.check_port(port)
        preparation.check_port(port + 1)  # where people sign in
        preparation.check_disc(directory)
        try:
            first_time = not (directory / "users.json").exists()
            if first_time:
                console.print("Everything is made this once; later runs start in seconds and change nothing.")
            steps = Steps(console, first_time=first_time)
            addresses, users = prepare(directory, steps)
            console.print(f"  {steps.announcement('Web, worker, sequencer, examiner and witness')}")
            run(directory, port, addresses, users)
        finally:
            with Steps(console, first_time=False).step("Stopping the servers"):
                servers.stop(directory)


def prepare(directory: Path, steps: Steps) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Everything up to the start of the service. Returns the servers' addresses and the demonstration's users."""
    with steps.step("Style sheet and scripts"):
        assets.ensure_built()
    with steps.step("PostgreSQL and Redis"):
        addresses = preparation.server_addresses(directory)
    with steps.step("Keys"):
        preparation.manage(directory, environment(addresses, "web"), "make_keys")
        witness.prepare(directory, environment(addresses, "sequencer"))
    with steps.step("Tables"):
        # Every role's address, this once: migrating gives each its password.
        preparation.migrate(directory, environment(addresses, "owner") | addresses)
    with steps.step("Synthetic children and users", draws=True):
        users = preparation.make_demonstration(
            directory, worker=environment(addresses, "worker"), sign_in=environment(addresses, "sign_in")
        )
    with steps.step("Some weeks of use"):
        begins_with_weeks = weeks.make(directory, addresses)
    if not begins_with_weeks:
        console.print(
            "  [dim]It was used before it could be given weeks of use, and has no case to solve (README).[/dim]"
        )
    with steps.step("What suppliers sent"):
        preparation.manage(directory, environment(addresses, "worker"), "make_demonstration_feeds")
    with steps.step("What was reported as wrong"):
        preparation.manage(directory, environment(addresses, "owner"), "make_demonstration_reports")
    with steps.step("A system in which people work, and software"):
        preparation.manage(
            directory, environment(addresses, "owner"), "make_demonstration_systems", f"--directory={directory}"
        )
    with steps.step("Seal of the log"):
        # Before anybody watches how long it takes.
        preparation.manage(directory, environment(addresses, "sequencer"), "seal_log")
    return addresses, users


def run(directory: Path, port: int, addresses: dict[str, str], users: list[dict[str, str]]) -> None:
    """Run all that serves, and a witness, until they are told to end. Raises LocalError when one ends by itself."""
    manager = Manager()
    for name, at in (("web", port), ("sign_in", port + 1)):
        manager.add_process(name, _serving(directory, name, at), env=environment(addresses, name), cwd=state.PROJECT)
    # Celery's advice against root is for machines that others can reach.
    as_root = {"PYTHONWARNINGS": "ignore:You're running the worker"}
    manager.add_process("worker", _worker(directory), env=environment(addresses, "worker") | as_root, cwd=state.PROJECT)
    for name in ("sequencer", "examiner"):
        manager.add_process(
            name, _apart(directory, name), env=environment(addresses, name) | as_root, cwd=state.PROJECT
        )
    manager.add_process("witness", _witness(directory), env=witness.environment(), cwd=state.PROJECT)
    told = Facts(
        address=f"http://localhost:{port}",
        sign_in_address=f"http://localhost:{port + 1}",
        users=users,
        databases={
            "owner": addresses["DATABASE_OWNER_URL"],
            "web": addresses["DATABASE_URL"],
            "sign_in": addresses["DATABASE_SIGN_IN_URL"],
            "worker": addresses["DATABASE_WORKER_URL"],
            "sequencer": addresses["DATABASE_SEQUENCER_URL"],
            "examiner": addresses["DATABASE_EXAMINER_URL"],
            "reader": addresses["DATABASE_READER_URL"],
        },
        redis={account: addresses[address_variable(account)] for account in ACCOUNTS},
    )
    threading.Thread(target=_announce, args=(directory, told), daemon=True).start()
    manager.loop()
    processes.end(directory, *processes.SERVING)
    if manager.returncode not in ASKED_FOR:
        raise LocalError("The service ended by itself; the lines above say why. `make demo` starts it again.")


@contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """Hold the right to run the demonstration. Raises LocalError when another one does."""
    number = directory / "demo.pid"
    with state.locked(directory / "demo.lock"):
        if processes.running(directory, number.name):
            raise LocalError("The demonstration is being started from another terminal. `make stop` ends it.")
        state.write_private(number, str(os.getpid()))
    try:
        yield
    finally:
        number.unlink(missing_ok=True)


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 2**16 - 1:  # the next one is taken, too
        raise LocalError(f"PORT is {given}; it is a number from 1024 to 65534: make demo PORT=8001")
    return int(given)


def _serving(directory: Path, name: str, port: int) -> str:
    return _command(
        *("gunicorn", "contactpoint.wsgi:application", f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4"),
        *("--worker-class=gthread", "--log-level=warning", "--no-control-socket", f"--pid={directory / f'{name}.pid'}"),
    )


def _worker(directory: Path) -> str:
    return _command(
        *("celery", "--app=contactpoint", "--quiet", "worker", "--beat", "--pool=solo", "--loglevel=WARNING"),
        *QUIET,
        f"--pidfile={directory / 'worker.pid'}",
        f"--schedule={directory / 'celerybeat-schedule'}",
    )


def _apart(directory: Path, name: str) -> str:
    """A worker of the queue that has its name, which connects as nobody else does."""
    return _command(
        *("celery", "--app=contactpoint", "--quiet", "worker", f"--queues={name}", "--pool=solo"),
        *("--loglevel=WARNING", f"--hostname={name}@%h", *QUIET),
        f"--pidfile={directory / f'{name}.pid'}",
    )


def _witness(directory: Path) -> str:
    return _started(*witness.arguments(directory))


def _command(*parts: str) -> str:
    return _started("-m", *parts)


def _started(*arguments: str) -> str:
    # honcho hands it to a shell; `exec` puts the program in the shell's place, so that signals reach it.
    return f"exec {shlex.join([sys.executable, *arguments])}"


def _announce(directory: Path, told: Facts) -> None:
    """Wait until the service answers, then say and write down how to use it; end everything when it never does."""
    for address in (told.address, told.sign_in_address):
        if not _gets_ready(address):
            console.print(f"[red]{address} did not get ready within {READY_SECONDS} seconds.[/red]")
            os.kill(os.getpid(), signal.SIGTERM)
            return
    told.write(directory)
    show(told)


def _gets_ready(address: str) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/health/ready/", timeout=5):  # noqa: S310 - our own address
                return True
        except OSError:
            time.sleep(0.3)
    return False


def show(told: Facts) -> None:
    """Print where the service is and how to sign in to it."""
    # What has to be typed stays whole; only the organisation's name gives way in a narrow terminal.
    table = Table(box=box.SIMPLE, pad_edge=False)
    for title, key in (("Role", "role"), ("E-mail address", "email"), ("Password", "password")):
        table.add_column(title, min_width=max(len(user[key]) for user in told.users))
    table.add_column("Organisation", no_wrap=True)
    for user in told.users:
        table.add_row(user["role"], user["email"], user["password"], user["organisation"])
    console.print(f"\nReady: [bold]{told.address}[/bold]   (all children are synthetic)")
    console.print(table)
    console.print("The second factor: `make code AS=practitioner` (a role or an address) prints its six digits.")
    console.print("Ask as a system in which they work does (docs/api.md), once somebody has let it act for them:\n")
    console.print(_asking(told), soft_wrap=True)
    console.print("\nCtrl-C, or `make stop` from another terminal, stops everything.\n")


def _asking(told: Facts) -> str:
    """A search by the API, to be typed into another terminal."""
    return (
        "TOKEN=$(make -s token)\n"
        "curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n"
        f'  -d \'{{"given_name": "Olivia", "family_name": "Smith", "age": 4}}\' {told.address}/api/v1/searches'
    )


def _interrupt(*_: object) -> None:
    # As Ctrl-C does, so that `make stop` during the preparation ends it in order.
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        main()
    except LocalError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. `make demo` goes on from here.")
