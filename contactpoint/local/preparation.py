"""What has to be there before the demonstration can run. Each step does nothing when it is done already."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from contactpoint.local import servers, state
from contactpoint.local.errors import LocalError
from contactpoint.redis_accounts import ACCOUNTS
from contactpoint.settings.base import database_variable
from contactpoint.settings.redis import address_variable

ADDRESSES = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_SIGN_IN_URL",
    "DATABASE_WORKER_URL",
    "DATABASE_SEQUENCER_URL",
    "DATABASE_EXAMINER_URL",
    "DATABASE_READER_URL",
    *map(address_variable, ACCOUNTS),
)
CHILDREN = 20_000
BYTES_FIRST_TIME = 1_500_000_000
BYTES_AGAIN = 200_000_000


def check_disc(directory: Path) -> None:
    """Raise LocalError when the disc has no room for what comes."""
    needed = BYTES_AGAIN if (directory / "users.json").exists() else BYTES_FIRST_TIME
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise LocalError(
            f"{free / 1e9:.1f} GB are free where {directory} is; {needed / 1e9:.1f} GB are needed. "
            "Free some space, or set CONTACTPOINT_STATE to a directory on another disc."
        )


def check_port(port: int) -> None:
    """Raise LocalError when another program has `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LocalError(f"Port {port} is for administrators. Choose one above 1023: make demo PORT=8000") from None
        except (OSError, OverflowError):
            raise LocalError(
                f"Port {port} is taken by another program. Stop that one (`lsof -i :{port}` names it) or choose "
                f"another port: make demo PORT={port + 1}"
            ) from None


def server_addresses(directory: Path) -> dict[str, str]:
    """The addresses of both servers, for each role and each account: of the environment, else of servers started here.

    Raises LocalError when the environment names some and not others.
    """
    given = {name: os.environ[name] for name in ADDRESSES if name in os.environ}
    if not are_of_ones_own():
        return servers.ensure_running(directory).environment()
    if missing := ", ".join(name for name in ADDRESSES if name not in given):
        raise LocalError(f"For servers of your own set {missing} too; for servers made here set none of them.")
    return given


def are_of_ones_own() -> bool:
    """Whether the environment names servers, so that none are started here."""
    return any(name in os.environ for name in ADDRESSES)


def environment(addresses: Mapping[str, str], role: str) -> dict[str, str]:
    """The environment of a process that connects as `role` and knows no other role's or account's password.

    Of the bucket the worker alone knows, which alone goes there.
    """
    own = {*database_variable(role), *([address_variable(role)] if role in ACCOUNTS else [])}
    others = ("DATABASE_", "REDIS_", "QUEUE_", *(() if role == "worker" else ("BUCKET_",)))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(others)}
    return kept | {
        **{name: addresses[name] for name in own},
        "DATABASE_ROLE": role,
        "DJANGO_SETTINGS_MODULE": "contactpoint.settings.local",
        "PYTHONUNBUFFERED": "1",
    }


def manage(directory: Path, role_environment: dict[str, str], *arguments: str) -> None:
    """Run `manage.py` quietly. Raises LocalError when it fails; all it said is in `<directory>/demo.log`."""
    log = directory / "demo.log"
    with log.open("w") as output:
        command = [sys.executable, "manage.py", *arguments]
        finished = subprocess.run(
            command, cwd=state.PROJECT, env=role_environment, stdout=output, stderr=output, check=False
        )
    if finished.returncode:
        last = (log.read_text().splitlines() or ["it said nothing"])[-1]
        raise LocalError(f"`manage.py {arguments[0]}` failed: {last}\nAll it said is in {log}.")


def migrate(directory: Path, role_environment: dict[str, str]) -> None:
    """Make the tables, or bring them up to date. Raises LocalError when it fails, with a way on."""
    try:
        manage(directory, role_environment, "migrate", "--noinput")
        manage(directory, role_environment, "check_sql")
    except LocalError as error:
        if "InconsistentMigrationHistory" not in str(error):
            raise
        raise LocalError(
            "The demonstration's database was made by an earlier version, which this one cannot go on from. "
            "`make clean` deletes it and its synthetic children (one on a server of your own: make it anew); "
            "then `make demo` makes everything again."
        ) from None


def make_demonstration(directory: Path, *, worker: dict[str, str], sign_in: dict[str, str]) -> list[dict[str, str]]:
    """Make the synthetic authority, showing the command's own progress, and return its users.

    Raises LocalError when the command fails; it goes on from where it stopped when run again.
    """
    users_file = directory / "users.json"
    options = (f"--children={CHILDREN}", f"--users-file={users_file}")
    command = [sys.executable, "manage.py", "make_demonstration", *options]
    if subprocess.run(command, cwd=state.PROJECT, env=worker, check=False).returncode:
        raise LocalError("The demonstration data could not be made. Run `make demo` again: it goes on from there.")
    manage(directory, sign_in, "give_demonstration_secrets", f"--users-file={users_file}")
    users: list[dict[str, str]] = json.loads(users_file.read_text())
    return users
