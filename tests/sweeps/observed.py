"""The whole service with everything it writes kept: servers of its own, all its processes, and a listener.

The databases of the other tests leave most of the write-ahead log out to be quick. This one writes all of it.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import psutil
import psycopg
import redis

from contactpoint.local import preparation, state
from contactpoint.local.demo import QUIET
from contactpoint.local.postgresql import program
from contactpoint.local.servers import DATABASE, Servers, ensure_running, free_port, is_free, stop
from contactpoint.roles import SERVING
from tests.servers import PREFIX
from tests.service import Service, wait_until_ready

CHILDREN = 40
PROCESSES = ("owner", "web", "sign_in", "worker", "sequencer", "examiner")
LOOK_EVERY = 0.05
# A letter holds an address, and goes to a mail server. There is none here: what failing to send says is seen as well.
NO_MAIL_SERVER = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
# Celery's advice against root is for machines that others can reach.
AS_ROOT = {"PYTHONWARNINGS": "ignore:You're running the worker"}
TALKATIVE = {
    "log_statement": "all",
    "log_min_messages": "warning",
    "log_min_error_statement": "error",
    "log_error_verbosity": "default",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
}


@dataclass(frozen=True)
class Observed:
    """A running service and where everything that it keeps stands."""

    directory: Path
    service: Service
    servers: Servers
    environments: dict[str, dict[str, str]]
    serving: list[psutil.Process]

    @property
    def database(self) -> str:
        """The superuser's address of the service's database."""
        head, _, _name = self.servers.postgresql.superuser_address.rpartition("/")
        return f"{head}/{DATABASE}"

    def python(self, role: str, *arguments: str, given: str = "") -> str:
        """Run a Python program of the project as `role`'s process. Returns what it printed."""
        finished = subprocess.run(
            [sys.executable, *arguments],
            env=self.environments[role],
            cwd=state.PROJECT,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise RuntimeError(f"{arguments} failed:\n{finished.stdout}{finished.stderr}")
        return finished.stdout

    def copy_open_files(self) -> None:
        """Keep what the web processes' temporary files hold now, also of those that have no name any more."""
        for process in (each for one in self.serving for each in (one, *one.children())):
            for file in Path(f"/proc/{process.pid}/fd").iterdir():
                if str(file.readlink()).startswith(str(self.directory / "temporary")):
                    shutil.copyfile(file, self.files()["temporary files of an upload"] / f"{process.pid}-{file.name}")

    def files(self) -> dict[str, Path]:
        """Everything at rest and everything said, by name. The data directory holds the write-ahead log too."""
        kept, postgresql = self.directory / "kept", self.directory / "postgresql"
        return {
            "database dump": kept / "dump.sql",
            "write-ahead log": postgresql / "data" / "pg_wal",
            "data directory": postgresql / "data",
            "PostgreSQL's log": postgresql / "log",
            "keys and values of Redis": kept / "redis",
            "commands to Redis": kept / "commands",
            "Redis's files": self.directory / "redis",
            "web log": kept / "web.log",
            "sign-in log": kept / "sign_in.log",
            "worker log": kept / "worker.log",
            "sequencer log": kept / "sequencer.log",
            "examiner log": kept / "examiner.log",
            "published checkpoints": self.directory / "publication",
            "temporary files": self.directory / "temporary",
            "temporary files of an upload": kept / "temporary",
        }

    def places(self) -> dict[str, Path]:
        """`files`, with what servers have in memory written down first."""
        files = self.files()
        with psycopg.connect(self.database, autocommit=True) as connection:
            # What the planner keeps of each column is a copy of its commonest values.
            connection.execute("ANALYZE")
            connection.execute("CHECKPOINT")
        self._dump(files["database dump"])
        self._save_redis(files["keys and values of Redis"])
        return files

    def _dump(self, file: Path) -> None:
        subprocess.run(
            [program("pg_dump"), "--large-objects", f"--file={file}", self.database], check=True, capture_output=True
        )

    def _save_redis(self, file: Path) -> None:
        with redis.Redis.from_url(self.servers.redis.operator_address) as client, file.open("wb") as kept:
            for key in client.scan_iter():
                kept.write(key + b"\n" + bytes(client.dump(key)) + b"\n")


@contextmanager
def observe() -> Iterator[Observed]:
    """Start everything, load a small demonstration, and stop and delete everything afterwards."""
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    for name in ("kept", "temporary", "kept/temporary", "publication"):
        (directory / name).mkdir(mode=0o777)
    try:
        servers = ensure_running(directory)
        _forget_nothing(servers)
        port = _two_free_ports()
        environments = {role: _environment(directory, servers, role, port) for role in PROCESSES}
        with _listening(directory, servers):
            users = _prepare(directory, servers, environments)
            with _running(directory, environments, port) as serving:
                service = Service(_address(port), _address(port + 1), users)
                yield Observed(directory, service, servers, environments, serving)
    finally:
        stop(directory)
        shutil.rmtree(directory, ignore_errors=True)


def _forget_nothing(servers: Servers) -> None:
    """Have everything kept that would pass: all of the write-ahead log, and what is in Redis as it is."""
    with psycopg.connect(servers.postgresql.superuser_address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_keep_size = '4GB'")
        connection.execute("SELECT pg_reload_conf()")
    with redis.Redis.from_url(servers.redis.operator_address) as client:
        client.config_set("rdbcompression", "no")


def _say_everything(servers: Servers) -> None:
    """Have PostgreSQL log each statement of the roles that serve, with its values.

    So it says more than the service's own settings let it. What is not in this log is in no other, nor ever in
    pg_stat_activity.
    """
    with psycopg.connect(servers.postgresql.superuser_address, autocommit=True) as connection:
        for role, (name, value) in product(SERVING, TALKATIVE.items()):
            connection.execute(f"ALTER ROLE {role} SET {name} = '{value}'")


def _environment(directory: Path, servers: Servers, role: str, port: int) -> dict[str, str]:
    own = {"PORT": str(port), "CONTACTPOINT_STATE": str(directory), "TMPDIR": str(directory / "temporary")}
    return preparation.environment(servers.environment(), role) | own | NO_MAIL_SERVER


def _prepare(directory: Path, servers: Servers, environments: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    preparation.manage(directory, environments["web"], "make_keys")
    every_password = environments["owner"] | servers.environment()
    preparation.manage(directory, every_password, "migrate", "--noinput", "--verbosity=0")
    _say_everything(servers)
    users = directory / "users.json"
    preparation.manage(
        directory, environments["worker"], "make_demonstration", f"--children={CHILDREN}", f"--users-file={users}"
    )
    preparation.manage(directory, environments["sign_in"], "give_demonstration_secrets", f"--users-file={users}")
    made: list[dict[str, str]] = json.loads(users.read_text())
    return made


def _two_free_ports() -> int:
    """The first of two that follow one another."""
    while not is_free((port := free_port()) + 1):
        pass
    return port


def _address(port: int) -> str:
    """As a browser sees it that is shown a passkey: those work at localhost, and at no bare number."""
    return f"http://localhost:{port}"


@contextmanager
def _running(directory: Path, environments: dict[str, dict[str, str]], port: int) -> Iterator[list[psutil.Process]]:
    """Web, sign-in, worker, sequencer and examiner, each with all it says in a file. Yields the first two."""
    kept = directory / "kept"
    serving = {
        name: _start(
            kept / f"{name}.log",
            environments[name],
            *("gunicorn", "contactpoint.wsgi:application", f"--bind=127.0.0.1:{at}", "--workers=1", "--threads=4"),
            *("--worker-class=gthread", "--log-level=info", "--no-control-socket"),
        )
        for name, at in (("web", port), ("sign_in", port + 1))
    }
    celery = ("celery", "--app=contactpoint", "worker", "--pool=solo", "--loglevel=INFO", *QUIET)
    schedule = f"--schedule={directory / 'temporary' / 'schedule'}"
    worker = _start(kept / "worker.log", environments["worker"] | AS_ROOT, *celery, "--beat", schedule)
    apart = [
        _start(
            kept / f"{name}.log",
            environments[name] | AS_ROOT,
            *(*celery, f"--queues={name}", f"--hostname={name}@%h"),
        )
        for name in ("sequencer", "examiner")
    ]
    try:
        for (name, process), at in zip(serving.items(), (port, port + 1), strict=True):
            wait_until_ready(process, kept / f"{name}.log", _address(at))
        yield [psutil.Process(process.pid) for process in serving.values()]
    finally:
        for process in (*serving.values(), worker, *apart):
            process.terminate()
            process.wait(timeout=30)


def _start(log: Path, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], env=environment, cwd=state.PROJECT, stdout=output, stderr=output
        )


@contextmanager
def _listening(directory: Path, servers: Servers) -> Iterator[None]:
    """Write down every command that Redis is given."""
    ended = threading.Event()
    listener = threading.Thread(target=_listen_to_redis, args=(directory / "kept" / "commands", servers, ended))
    listener.start()
    try:
        yield
    finally:
        ended.set()
        listener.join()


def _listen_to_redis(file: Path, servers: Servers, ended: threading.Event) -> None:
    address = redis.connection.parse_url(servers.redis.operator_address)
    with socket.create_connection((address["host"], address["port"])) as line, file.open("wb") as kept:
        line.sendall(f"AUTH {address['username']} {address['password']}\r\nMONITOR\r\n".encode())
        line.settimeout(LOOK_EVERY)
        while not ended.is_set():
            with suppress(TimeoutError):
                kept.write(line.recv(65536))
                kept.flush()


def settle() -> None:
    """Wait until the listener has looked once more."""
    time.sleep(LOOK_EVERY * 4)
