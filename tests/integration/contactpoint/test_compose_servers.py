"""docker-compose.yml's own scripts for PostgreSQL and Redis make what the embedded servers have.

They are run as they stand, without a container engine. Replaced are the folder of the secrets, where the servers
listen, and of Redis the lines about TLS, which the embedded server was built without.
"""

import os
import re
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
import yaml

from contactpoint.local.postgresql import PostgreSQL, program
from contactpoint.local.redis_server import program as redis_program
from contactpoint.local.servers import Servers, free_port
from contactpoint.local.state import PROJECT
from contactpoint.redis_accounts import ACCOUNTS
from contactpoint.roles import OWNER

READY_SECONDS = 30
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
# What the image's own entrypoint leaves for the script to change.
ACCESS = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all all scram-sha-256\n"
OPEN_TO_ALL = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')
"""
# redis-server as the script finds it: the embedded one, at a port of its own and in clear.
STAND_IN = """#!/bin/sh
grep -v -e '^tls-' -e '^port 0$' > configuration
printf 'port {port}\\nbind 127.0.0.1\\n' >> configuration
echo $$ > {note}
exec {server} - < configuration
"""


def script(name: str, secrets_in: Path) -> str:
    """A script of the file, as the engine hands it on."""
    content: str = COMPOSE["configs"][name]["content"]
    return content.replace("$$", "$").replace("/run/secrets/", f"{secrets_in}/")


def run(text: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = os.environ | environment
    return subprocess.run(["sh", "-c", text], env=told, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgreSQL, str, Path]]:
    """A cluster on which the script was run, the owner's password, and the data directory as the script knows it."""
    directory = tmp_path_factory.mktemp("compose")
    superuser, owner = secrets.token_urlsafe(), secrets.token_urlsafe()
    started = PostgreSQL(directory / "postgresql", port=free_port(), password=superuser, durable=False)
    started.start()
    (directory / "superuser_password").write_text(superuser)
    (directory / "owner_password").write_text(owner)
    (directory / "pg_hba.conf").write_text(ACCESS)
    address = urlsplit(started.superuser_address)
    place = {"PGHOST": str(address.hostname), "PGPORT": str(address.port), "PGDATA": str(directory)}
    try:
        done = run(script("roles", directory), PATH=f"{program('psql').parent}:{os.environ['PATH']}", **place)
        assert done.returncode == 0, done.stderr
        yield started, owner, directory
    finally:
        started.stop()


def test_owner_comes_in_and_owns_the_schema(cluster: tuple[PostgreSQL, str, Path]) -> None:
    started, password, _ = cluster
    with psycopg.connect(started.address(OWNER, password, "contactpoint")) as connection:
        found = connection.execute(
            "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'"
        ).fetchone()
    assert found == (OWNER,)


def test_the_same_functions_are_open_to_all_as_on_the_embedded_server(
    cluster: tuple[PostgreSQL, str, Path], running_servers: Servers
) -> None:
    started, _, _ = cluster
    addresses = [server.superuser_address.rpartition("/")[0] for server in (started, running_servers.postgresql)]
    found = []
    for address in addresses:
        with psycopg.connect(f"{address}/contactpoint") as connection:
            found.append({name for (name,) in connection.execute(OPEN_TO_ALL)})

    assert found[0] == found[1]
    assert not [name for name in found[0] if name.startswith(("lo_", "loread", "lowrite"))]


def test_nobody_comes_in_over_the_network_without_tls(cluster: tuple[PostgreSQL, str, Path]) -> None:
    _, _, data = cluster
    kinds = [line.split()[0] for line in (data / "pg_hba.conf").read_text().splitlines()]
    assert kinds == ["local", "hostssl", "hostssl"]


@pytest.fixture(scope="module")
def passwords(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, dict[str, str]]]:
    """The port of a Redis that the script started, and the password of each account."""
    directory = tmp_path_factory.mktemp("compose-redis")
    made = {name: secrets.token_urlsafe() for name in ACCOUNTS}
    for name, password in made.items():
        (directory / f"redis_{name}_url").write_text(f"rediss://{name}:{password}@redis:6379/0\n")
    port = free_port()
    server = directory / "redis-server"
    server.write_text(STAND_IN.format(port=port, server=redis_program(), note=directory / "pid"))
    server.chmod(0o755)
    told = os.environ | {"PATH": f"{directory}:{os.environ['PATH']}"}
    started = subprocess.Popen(
        ["sh", "-c", script("redis", directory)], env=told, cwd=directory, stdout=subprocess.PIPE
    )
    try:
        _wait_for(port)
        yield port, made
    finally:
        os.kill(int((directory / "pid").read_text()), signal.SIGTERM)
        started.communicate(timeout=30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        assert time.monotonic() < deadline, "Redis did not start"
        time.sleep(0.05)


def test_redis_has_the_accounts_of_the_table(passwords: tuple[int, dict[str, str]], running_servers: Servers) -> None:
    """Each account comes in with its password. Its line stands in the file as the table has it."""
    port, made = passwords
    for name, password in made.items():
        with redis.Redis(port=port, username=name, password=password) as client:
            assert client.ping()
    told = re.findall(r"^  user (\w+) '(.*)'$", COMPOSE["configs"]["redis"]["content"], re.MULTILINE)
    assert {name: f"resetkeys resetchannels {rules}" for name, rules in told} == {
        name: account.rules() for name, account in ACCOUNTS.items()
    }


def test_redis_lets_nobody_else_in(passwords: tuple[int, dict[str, str]]) -> None:
    port, made = passwords
    for given in ({}, {"password": made["web"]}, {"username": "web", "password": made["worker"]}):
        with redis.Redis(port=port, **given) as client, pytest.raises(redis.AuthenticationError):
            client.ping()
    with redis.Redis(port=port, username="web", password=made["web"]) as client:
        for command in ("KEYS *", "LLEN queue:worker", "ACL LIST"):
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command.split())


def test_redis_speaks_tls_alone_and_keeps_nothing() -> None:
    lines = COMPOSE["configs"]["redis"]["content"].splitlines()
    assert {"port 0", "tls-port 6379", "tls-protocols TLSv1.3", "user default off", 'save ""', "appendonly no"} <= {
        *lines
    }
