"""Servers of a benchmark's own, durable, in a temporary directory, and its steps as processes beside them.

Each step runs in a process of its own, since a process has one role in the database and one set of Django's settings.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import signed_in
from contactpoint.local import state
from contactpoint.local.servers import DATABASE, Servers, ensure_running, stop

OURS = "contactpoint.settings.local"


@dataclass(frozen=True)
class Place:
    """The running servers, and `directory` with all that belongs to them."""

    directory: Path
    servers: Servers

    def step(self, module: str, *arguments: object, role: str = "web", database: str = DATABASE) -> Any:
        """Run a module as `role`; return what it prints last, one line of JSON. Raises CalledProcessError.

        Before it may stand what the service logs meanwhile, such as an alert.
        """
        said = self._python("-m", module, *map(str, arguments), role=role, database=database)
        return json.loads(said.splitlines()[-1])

    def manage(self, *arguments: str, role: str = "owner", database: str = DATABASE) -> None:
        """Run a command of manage.py. Raises CalledProcessError."""
        self._python("manage.py", *arguments, role=role, database=database)

    def sign_in(self, emails: Iterable[str]) -> None:
        """Sign these people in, for the steps after it (bench.signed_in). Raises CalledProcessError."""
        told = self._python("-m", "bench.signing_in", *emails, role="sign_in", database=DATABASE)
        signed_in.keep(self.directory, told)

    def environment(self, role: str, database: str = DATABASE) -> dict[str, str]:
        """The environment of a process of that role, beside what every process has."""
        addresses = {
            f"DATABASE_{name.upper()}_URL": self.servers.database_address(name, database)
            for name in ("owner", "sign_in", "worker", "sequencer", "examiner", "reader")
        }
        return (
            addresses
            | {
                "DATABASE_URL": self.servers.database_address("web", database),
                "DATABASE_ROLE": role,
                "DJANGO_SETTINGS_MODULE": OURS,
                "CONTACTPOINT_STATE": str(self.directory),
            }
            | self.servers.redis_environment()
        )

    def _python(self, *arguments: str, role: str, database: str) -> str:
        finished = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, *arguments],
            env=os.environ | self.environment(role, database),
            cwd=state.PROJECT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return finished.stdout


@contextmanager
def servers_apart() -> Iterator[tuple[Path, Servers]]:
    """Start the servers in a directory of their own. Afterwards nothing is left of them."""
    with tempfile.TemporaryDirectory(prefix="contactpoint-bench-") as name:
        directory = Path(name)
        try:
            yield directory, ensure_running(directory)
        finally:
            stop(directory)
