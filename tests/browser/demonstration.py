"""A demonstration as `make demo` prepares it, at a small size and on servers of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest
from rich.console import Console

from contactpoint.local import assets, demo, preparation, servers, state, weeks
from contactpoint.local.errors import LocalError
from contactpoint.local.preparation import environment
from contactpoint.local.steps import Steps
from contactpoint.settings import outside
from tests.service import wait_until_ready

CHILDREN = 900
OF_USE = ("--users=60", "--days=28", "--misuse=0", "--clear-case", "--seed=2")


@dataclass(frozen=True)
class Prepared:
    """Where it is. `cut_off` is what came of a first try, which was ended while the weeks were made.

    `sealed`: whether all of the log was, before anybody used it.
    """

    directory: Path
    addresses: dict[str, str]
    users: list[dict[str, str]]
    cut_off: list[str]
    sealed: bool

    def said(self, role: str, *arguments: str) -> str:
        """What Python says, run as that role. Raises CalledProcessError."""
        told = os.environ | environment(self.addresses, role)
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=told, cwd=state.PROJECT, capture_output=True, text=True, check=True).stdout

    def prepare(self) -> bool:
        """As the next `make demo` does it for the weeks. Returns whether it begins with them."""
        return weeks.make(self.directory, self.addresses)


@contextmanager
def prepared(directory: Path) -> Iterator[Prepared]:
    """The demonstration in `directory`, of which nothing runs but its servers."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*preparation.ADDRESSES, *outside.BUCKET):
            patch.delenv(name, raising=False)
        patch.setenv("CONTACTPOINT_STATE", str(directory))
        patch.setattr(preparation, "CHILDREN", CHILDREN)
        patch.setattr(weeks, "OF_USE", OF_USE)
        patch.setattr(assets, "ensure_built", lambda: False)  # they are there for the service of all tests
        servers.reserve(directory, durable=False)
        cut_off: list[str] = []
        patch.setattr(weeks, "make", partial(_at_second_try, weeks.make, cut_off))
        try:
            addresses, users = demo.prepare(directory, Steps(Console(file=io.StringIO()), first_time=True))
            yield Prepared(directory, addresses, users, cut_off, _is_sealed(addresses["DATABASE_WORKER_URL"]))
        finally:
            servers.stop(directory)


@contextmanager
def serving(made: Prepared) -> Iterator[str]:
    """Both processes that people meet. Yields the service's address."""
    port = _two_free_ports()
    with ExitStack() as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORT", str(port))
        for name, at in (("web", port), ("sign_in", port + 1)):
            running.enter_context(_process(made, name, at))
        yield f"http://localhost:{port}"


def _at_second_try(
    make: Callable[[Path, Mapping[str, str]], bool], cut_off: list[str], directory: Path, addresses: Mapping[str, str]
) -> bool:
    """Make the weeks once a first try was ended half way. From the third time on, as it is done."""
    if not cut_off:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(weeks, "_fill", _ended_half_way)
            with pytest.raises(LocalError) as ended:
                make(directory, addresses)
        cut_off.append(str(ended.value))
    return make(directory, addresses)


def _ended_half_way(directory: Path, addresses: Mapping[str, str], labels: Path) -> None:
    labels.write_text("half of them")
    with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE half_of_them ()")
    raise LocalError("Ended while the weeks were made.")


def _is_sealed(worker_address: str) -> bool:
    with psycopg.connect(worker_address) as connection:
        return connection.execute("SELECT audit_unsealed_since()").fetchone() == (None,)


def _two_free_ports() -> int:
    while not servers.is_free((port := servers.free_port()) + 1):
        pass
    return port


@contextmanager
def _process(made: Prepared, name: str, port: int) -> Iterator[None]:
    log = made.directory / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", demo._serving(made.directory, name, port)],
            env=os.environ | environment(made.addresses, name),
            cwd=state.PROJECT,
            stdout=output,
            stderr=output,
        )
    try:
        wait_until_ready(process, log, f"http://localhost:{port}")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
