"""The demonstration's witness: a process that shares nothing with the service but the place where the log is published.

It makes its key itself, in `witness/` of the installation, and no other process is told where that is; they are told
its public key. In earnest somebody else runs it, on a machine of theirs.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from contactpoint.local import state
from contactpoint.local.errors import LocalError

NAME = "witness.example/contactpoint"
EVERY_SECONDS = 5
PROGRAM = ("-m", "transparency", "witness")


def folder(directory: Path) -> Path:
    """Where the witness keeps its key and what it vouched for."""
    return directory / "witness"


def publication(directory: Path) -> Path:
    """Where the log is published, which the service and the witness both reach."""
    return directory / "publication"


def public_key(directory: Path) -> str:
    """What the service knows the witness by; empty until there is one."""
    file = directory / "witness.key"
    return file.read_text().strip() if file.exists() else ""


def prepare(directory: Path, sequencer: Mapping[str, str]) -> None:
    """Let the witness make its key, and exchange public keys: its own, and the log's, which the sequencer tells."""
    own, public = folder(directory), directory / "witness.key"
    own.mkdir(mode=0o700, exist_ok=True)
    key = own / "key"
    if not key.exists():
        state.write_private(public, _said([*PROGRAM, "new-key", str(key), f"--name={NAME}"], environment()))
    elif not public.exists():  # stopped between the two, or deleted
        state.write_private(public, _said([*PROGRAM, "public-key", str(key)], environment()))
    state.write_private(own / "log-keys", _said(["manage.py", "log_keys"], sequencer))


def arguments(directory: Path) -> tuple[str, ...]:
    """What Python is started with, for the witness to run until it is ended."""
    own = folder(directory)
    return (
        *(*PROGRAM, "run", f"--every={EVERY_SECONDS}", f"--pidfile={directory / 'witness.pid'}"),
        *(f"--publication={publication(directory)}", f"--log-key={own / 'log-keys'}"),
        *(f"--key={own / 'key'}", f"--state={own / 'vouched-for'}"),
    )


def environment() -> dict[str, str]:
    """The environment of a process that knows nobody's address, password or key."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def _said(arguments: list[str], variables: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=state.PROJECT, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.splitlines() or ["it said nothing"])[-1]
        raise LocalError(f"`{' '.join(arguments[:4])}` failed: {last}")
    return done.stdout
