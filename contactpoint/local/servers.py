"""PostgreSQL and Redis for a laptop and for the tests: real servers, with nothing installed on the machine.

`ensure_running(directory)` is safe to call at any time and from several processes at once; `stop(directory)`
ends both. Passwords and ports are made once and kept in `<directory>/servers.json`, readable by its owner
alone.
"""

import json
import secrets
import socket
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from contactpoint.local import roles, state
from contactpoint.local.postgresql import SUPERUSER, PostgreSQL
from contactpoint.local.redis_server import NAMES as REDIS_NAMES
from contactpoint.local.redis_server import RedisServer
from contactpoint.redis_accounts import ACCOUNTS
from contactpoint.roles import OWNER
from contactpoint.settings.redis import address_variable

DATABASE = "contactpoint"
# Below the ports that systems give to outgoing connections, one of which could otherwise sit on ours at a restart.
FIRST_PORT = 20_000
PORTS = 12_000


def _of_redis(account: str) -> str:
    """What servers.json calls an account of Redis."""
    return f"redis_{account}"


NAMES = (SUPERUSER, *roles.NAMES, *map(_of_redis, REDIS_NAMES))


@dataclass(frozen=True)
class _Record:
    """What servers.json holds."""

    postgresql_port: int
    redis_port: int
    passwords: dict[str, str]
    durable: bool
    prepared: bool = False

    @classmethod
    def new(cls, *, durable: bool) -> "_Record":
        return cls(free_port(), free_port(), {name: secrets.token_urlsafe(24) for name in NAMES}, durable)


class Servers:
    """The two servers of one directory, and the addresses at which each role reaches them."""

    def __init__(self, directory: Path, record: _Record) -> None:
        self._passwords = record.passwords
        self.postgresql = PostgreSQL(
            directory / "postgresql",
            port=record.postgresql_port,
            password=record.passwords[SUPERUSER],
            durable=record.durable,
        )
        accounts = {name: record.passwords[_of_redis(name)] for name in REDIS_NAMES}
        self.redis = RedisServer(directory / "redis", port=record.redis_port, passwords=accounts)

    def database_address(self, role: str, database: str = DATABASE) -> str:
        """The address at which a role (see contactpoint.roles) reaches `database`."""
        name = roles.name_of(role)
        return self.postgresql.address(name, self._passwords[name], database)

    def environment(self, database: str = DATABASE) -> dict[str, str]:
        """The variables by which settings find the servers. A process that serves gets only its role's."""
        return {
            "DATABASE_URL": self.database_address("web", database),
            "DATABASE_OWNER_URL": self.database_address("owner", database),
            "DATABASE_SIGN_IN_URL": self.database_address("sign_in", database),
            "DATABASE_WORKER_URL": self.database_address("worker", database),
            "DATABASE_SEQUENCER_URL": self.database_address("sequencer", database),
            "DATABASE_EXAMINER_URL": self.database_address("examiner", database),
            "DATABASE_READER_URL": self.database_address("reader", database),
        } | self.redis_environment()

    def redis_environment(self, database: int = 0) -> dict[str, str]:
        """The variables by which settings find Redis, one for each account."""
        return {address_variable(account): self.redis.address(account, database) for account in ACCOUNTS}

    def make_database(self, name: str, *, template: str = "template1", others: Collection[str] = ()) -> None:
        """Make the database `name` as a copy of `template`, open to none but our roles and `others`."""
        roles.make_database(self.postgresql.superuser_address, name, template=template, others=others)

    def drop_database(self, name: str) -> None:
        """Drop the database `name`, if there is one, though somebody is connected to it."""
        roles.drop_database(self.postgresql.superuser_address, name)

    def put_in_place(self, name: str, *, of: str = DATABASE) -> None:
        """Let the database `name` be the one called `of` from now on, all at once. That one is dropped."""
        roles.put_in_place(self.postgresql.superuser_address, name, of=of)


def reserve(directory: Path, *, durable: bool = True) -> Servers:
    """Settle ports and passwords in `directory` and start nothing, so that addresses are known beforehand."""
    with state.locked(directory / "servers.lock"):
        return Servers(directory, _read(directory) or _write(directory, _Record.new(durable=durable)))


def ensure_running(directory: Path) -> Servers:
    """Start what does not run, prepare roles and database the first time, and return the addresses.

    Two callers at once are served one after the other. A server that was killed is started again at its old
    port, or at a new one when another program took it. Raises LocalError, with a way on, when a server does
    not start.
    """
    with state.locked(directory / "servers.lock"):
        record = _read(directory) or _write(directory, _Record.new(durable=True))
        servers = Servers(directory, record)
        if not servers.redis.answers():
            if not is_free(record.redis_port):
                record = _write(directory, replace(record, redis_port=free_port()))
                servers = Servers(directory, record)
            servers.redis.start()
        if not servers.postgresql.answers():
            # Also ends a cluster that runs but does not answer at the port we know.
            servers.postgresql.stop()
            if not is_free(record.postgresql_port):
                record = _write(directory, replace(record, postgresql_port=free_port()))
                servers = Servers(directory, record)
            servers.postgresql.start()
        if not record.prepared:
            roles.make_owner(servers.postgresql.superuser_address, record.passwords[OWNER])
            servers.make_database(DATABASE)
            _write(directory, replace(record, prepared=True))
        return servers


def stop(directory: Path) -> None:
    """Stop both servers of `directory`; nothing happens when there are none."""
    if not (directory / "servers.json").exists():
        return
    with state.locked(directory / "servers.lock"):
        if record := _read(directory):
            servers = Servers(directory, record)
            servers.postgresql.stop()
            servers.redis.stop()


def _read(directory: Path) -> _Record | None:
    try:
        record = _Record(**json.loads((directory / "servers.json").read_text()))
    except FileNotFoundError:
        return None
    # A role or an account that came into being since has no password yet; migrating, or Redis's next start, gives it
    # this one.
    missing = {name: secrets.token_urlsafe(24) for name in NAMES if name not in record.passwords}
    return _write(directory, replace(record, passwords=record.passwords | missing)) if missing else record


def _write(directory: Path, record: _Record) -> _Record:
    state.write_private(directory / "servers.json", json.dumps(asdict(record)))
    return record


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    while not is_free(port := FIRST_PORT + secrets.randbelow(PORTS)):
        pass
    return port


def is_free(port: int) -> bool:
    """Whether nobody of this machine listens at the port."""
    with socket.socket() as probe:
        # Without it a port that one of our own closed connections still lingers on would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
