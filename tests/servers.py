"""PostgreSQL, Redis and keys for one run of the tests, in a directory that is gone afterwards.

The process that collects the results (xdist's controller, or the only process) calls `begin` and `end`. Ports
and passwords are settled at once; the servers start when the first test needs them, so a run without a
database is quick. Each process gets a database of its own, copied from one that was migrated once, and a
Redis database of its own.
"""

import io
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import redis as redis_client
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from contactpoint.local import roles, servers, state
from contactpoint.local.redis_server import OPERATOR
from contactpoint.redis_accounts import QUEUES
from contactpoint.roles import WEB
from contactpoint.settings.base import database
from contactpoint.settings.redis import key_variable, redis

DIRECTORY = "CONTACTPOINT_TEST_DIRECTORY"
PASSWORD = "CONTACTPOINT_TEST_PASSWORD"
PREFIX = "contactpoint-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - with a name of the run's own in it
ROOM = 4 * 1024**3
TESTER = "contactpoint_test"
TEMPLATE = "contactpoint_template"
MIGRATED = "migrated"
# Of the 64 databases of Redis processes of the run count from 0, and the services they browse from the last down.
LAST_REDIS_DATABASE = 63


def begin() -> None:
    """Settle where the servers of this run will be, and tell Django and every process started from here."""
    _end_killed_runs()
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_place()))
    os.environ[DIRECTORY] = str(directory)
    os.environ[PASSWORD] = secrets.token_urlsafe(24)
    os.environ["KEYRING_DIR"] = str(directory / "keys")
    os.environ["PUBLICATION_DIR"] = str(directory / "publication")
    os.environ["POSTCODES_FILE"] = str(directory / "postcodes")
    # Playwright keeps an event loop in the test's thread; Django would take every query there for one made by a
    # coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    servers.reserve(directory, durable=False)


def end() -> None:
    """Stop the servers of this run and delete all they wrote."""
    if directory := os.environ.pop(DIRECTORY, None):
        _delete(Path(directory))


def point_django_here() -> None:
    """Make Django's settings of this process name its own databases, which need not exist yet.

    pytest-django has loaded the settings before any conftest.py is read, so they are changed in place.
    """
    os.environ.update(environment(own_database(), redis_database=_process_number()))
    settings.DATABASES["default"].update(database("web"))
    settings.KEYRING_DIR = Path(os.environ["KEYRING_DIR"])
    settings.PUBLICATION_DIR = Path(os.environ["PUBLICATION_DIR"])
    # Of the processes that make children alone: here every postcode is taken for one, unless a test says otherwise.
    settings.POSTCODES_FILE = Path("/nonexistent")
    for name, value in redis("web").items():
        setattr(settings, name, value)
    settings.MIDDLEWARE = ["tests.acting_servers.ServerMiddleware", *settings.MIDDLEWARE]


def environment(name: str, *, redis_database: int) -> dict[str, str]:
    """Variables for a process that works on the database `name` as the tests do: as the web role."""
    reserved = servers.reserve(_directory())
    as_web = reserved.postgresql.address(TESTER, os.environ[PASSWORD], name) + f"?options=-c%20role%3D{WEB}"
    return login_environment(name, redis_database=redis_database) | {"DATABASE_URL": as_web}


def login_environment(name: str, *, redis_database: int) -> dict[str, str]:
    """Variables for a process that works on the database `name` as in production: each role by its login."""
    reserved = servers.reserve(_directory())
    return {
        "DJANGO_SETTINGS_MODULE": "contactpoint.settings.test",
        "DATABASE_URL": reserved.database_address("web", name),
        "DATABASE_OWNER_URL": reserved.database_address("owner", name),
        "DATABASE_SIGN_IN_URL": reserved.database_address("sign_in", name),
        "DATABASE_WORKER_URL": reserved.database_address("worker", name),
        "DATABASE_SEQUENCER_URL": reserved.database_address("sequencer", name),
        "DATABASE_EXAMINER_URL": reserved.database_address("examiner", name),
        "DATABASE_READER_URL": reserved.database_address("reader", name),
        **{key_variable(queue): f"key of the queue of the {queue}" for queue in QUEUES},
    } | reserved.redis_environment(redis_database)


def running() -> servers.Servers:
    """The servers of this run, started and with the migrated template by the first process that asks.

    When that fails, the others fail with the same words, at once.
    """
    directory = _directory()
    outcome = directory / "template"
    with state.locked(directory / "template.lock"):
        started = servers.ensure_running(directory)
        if not outcome.exists():
            outcome.write_text(_make_template(started))
    if failure := outcome.read_text():
        raise RuntimeError(failure)
    return started


def start_another(directory: Path, *, durable: bool = False) -> servers.Servers:
    """Servers of their own in `directory`, as those of this run were when the database had been migrated.

    Passwords are the same ones, ports are not. Nobody waits for a second migration.
    """
    running()
    servers.reserve(directory, durable=durable)
    ours, theirs = (json.loads((place / "servers.json").read_text()) for place in (_directory(), directory))
    kept = theirs | {"passwords": ours["passwords"], "prepared": True}
    state.write_private(directory / "servers.json", json.dumps(kept))
    (directory / "postgresql").mkdir()
    _copy(_directory() / MIGRATED, directory / "postgresql" / "data")
    return servers.ensure_running(directory)


def clone(name: str) -> None:
    """Make the database `name`, as migrated. It must not exist."""
    started = running()
    # Two processes cannot copy the template at once: PostgreSQL wants nobody else to be at it.
    with state.locked(_directory() / "template.lock"):
        started.make_database(name, template=TEMPLATE, others=[TESTER])


def drop(name: str) -> None:
    """Delete the database `name`, whoever is still connected to it."""
    address = servers.reserve(_directory()).postgresql.superuser_address
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def forget_counts() -> None:
    """Empty this process's own database of Redis, as no process of the service may."""
    address = servers.reserve(_directory()).redis.address(OPERATOR, _process_number())
    with redis_client.Redis.from_url(address) as connection:
        connection.flushdb()


def make_keys() -> None:
    """Make the keys of this run, once."""
    with state.locked(_directory() / "keys.lock"):
        call_command("make_keys", verbosity=0, stdout=io.StringIO())


def manage(*arguments: str, environment: dict[str, str]) -> str:
    """Run `manage.py` and fail with what it said when it fails. Returns what it said."""
    command = [sys.executable, str(state.PROJECT / "manage.py"), *arguments]
    finished = subprocess.run(
        command, env=os.environ | environment, cwd=state.PROJECT, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{finished.stdout}\n{finished.stderr}")
    return f"{finished.stdout}{finished.stderr}"


def own_database() -> str:
    """The name of this process's database."""
    return f"contactpoint_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def run_directory() -> Path:
    """Where this run keeps its files."""
    return _directory()


def _directory() -> Path:
    return Path(os.environ[DIRECTORY])


def look_into_redis() -> redis_client.Redis:
    """This process's Redis database, as somebody sees it who may do everything."""
    address = servers.reserve(_directory()).redis.address(OPERATOR, _process_number())
    return redis_client.Redis.from_url(address)


def service_redis_database() -> int:
    """The Redis database of the service that this process browses."""
    return LAST_REDIS_DATABASE - _process_number()


def _process_number() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _make_template(started: servers.Servers) -> str:
    """Make the database that all others are copied from. Returns what went wrong, or nothing."""
    owner = {"DATABASE_ROLE": "owner"}
    try:
        manage("migrate", "--verbosity=0", environment=login_environment(servers.DATABASE, redis_database=0) | owner)
    except RuntimeError as error:
        return str(error)
    _make_tester(started.postgresql.superuser_address)
    started.make_database(TEMPLATE, template=servers.DATABASE)
    started.postgresql.stop()
    _copy(_directory() / "postgresql" / "data", _directory() / MIGRATED)
    started.postgresql.start()
    return ""


def _copy(data: Path, to: Path) -> None:
    """With its owner, who is another than whoever runs the tests where that is root."""
    subprocess.run(["cp", "--archive", data, to], check=True)


def _make_tester(superuser_address: str) -> None:
    """A login that may act as each of our roles, and by itself may do nothing."""
    tester = sql.Identifier(TESTER)
    with psycopg.connect(superuser_address) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}").format(tester, sql.Literal(os.environ[PASSWORD]))
        )
        connection.execute(
            sql.SQL("GRANT {} TO {} WITH INHERIT FALSE").format(
                sql.SQL(", ").join(map(sql.Identifier, roles.NAMES)), tester
            )
        )


def _place() -> Path:
    """In memory, where there is room: each run copies many databases, and on a disc that takes ten times as long."""
    temporary = Path(tempfile.gettempdir())
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return temporary
    free = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available)
    return MEMORY if free > ROOM else temporary


def _end_killed_runs() -> None:
    """Stop the servers of runs that were killed before they could."""
    for directory in (run for place in (MEMORY, Path(tempfile.gettempdir())) for run in place.glob(f"{PREFIX}*")):
        with suppress(ValueError, PermissionError):
            if not psutil.pid_exists(int(directory.name.removeprefix(PREFIX).split("-")[0])):
                _delete(directory)


def _delete(directory: Path) -> None:
    servers.stop(directory)
    shutil.rmtree(directory, ignore_errors=True)
