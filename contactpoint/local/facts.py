"""What a running demonstration tells the world, in `demo.json`: for `make code` and for scripts that drive it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from contactpoint.local import state
from contactpoint.local.errors import LocalError

FILE = "demo.json"


@dataclass(frozen=True)
class Facts:
    """Where the service is and where people sign in, who may (role, name, email, password, totp_secret, organisation),
    and its servers.

    `databases` has the address of each database role: owner, web, sign_in, worker, sequencer, examiner, reader. `redis`
    has that of each account.
    """

    address: str
    sign_in_address: str
    users: list[dict[str, str]]
    databases: dict[str, str]
    redis: dict[str, str]

    def write(self, directory: Path) -> None:
        """Write them to `directory`, readable by its owner alone."""
        state.write_private(directory / FILE, json.dumps(asdict(self), indent=2))


def read(directory: Path) -> Facts:
    """The facts of the demonstration that ran last. LocalError when there was none."""
    try:
        return Facts(**json.loads((directory / FILE).read_text()))
    except FileNotFoundError:
        raise LocalError("There is no demonstration yet. Run `make demo` first.") from None


def exist(directory: Path) -> bool:
    """Whether a demonstration that was asked to start has become ready since."""
    return (directory / FILE).exists()


def forget(directory: Path) -> None:
    """Remove them, so that whoever waits for the file finds a service that answers."""
    (directory / FILE).unlink(missing_ok=True)
