"""Whom a server runs as. PostgreSQL refuses to run as root, so root needs a system user without rights."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contactpoint.local.errors import LocalError

NAME = "contactpoint-local"


@dataclass(frozen=True)
class Account:
    """The user and group that PostgreSQL's processes and files belong to."""

    user: int
    group: int

    @property
    def is_ours(self) -> bool:
        """Whether it is the very user this program runs as, so that nothing has to be handed over."""
        return self.user == os.geteuid()

    def run_options(self) -> dict[str, Any]:
        """Arguments that make `subprocess.run` start a program as this account."""
        return {} if self.is_ours else {"user": self.user, "group": self.group, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this account the owner of `path`."""
        if not self.is_ours:
            os.chown(path, self.user, self.group)

    def let_through(self, path: Path) -> None:
        """Let this account reach `path`: a directory above that bars the way gets the bit to pass through it.

        Passing through is not listing or reading: what is inside keeps its own permissions.
        """
        if self.is_ours:
            return
        for parent in path.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def for_files_in(directory: Path) -> Account:
    """Whom the server of `directory` runs as: this user, unless this is root.

    For root it is whom the directory belongs to; when it is new, the system user `contactpoint-local`, made
    when it is not there. Raises LocalError when it cannot be made.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if directory.exists() and (owned := directory.stat()).st_uid != 0:
        return Account(owned.st_uid, owned.st_gid)
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _make()
    return Account(entry.pw_uid, entry.pw_gid)


def _make() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    hint = "PostgreSQL does not run as root. Start this as an ordinary user, or make a system user"
    if useradd is None:
        raise LocalError(f"{hint} named {NAME}: useradd is not on this machine.")
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", NAME]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    # Two first starts at once: the loser finds the user made.
    if made.returncode not in (0, 9):
        raise LocalError(f"{hint} named {NAME}: {made.stderr.strip()}")
    return pwd.getpwnam(NAME)
