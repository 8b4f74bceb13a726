"""PostgreSQL and Redis are reached over TLS alone, and only where they show a certificate with the name asked for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contactpoint.local.servers import Servers
from contactpoint.local.state import PROJECT
from contactpoint.settings.redis import redis_variables
from tests import servers
from tests.wire import Wire, make_certificates, wired

# What a process of production says of its own connections.
ASKING = """
import django
django.setup()
from django.db import connection
from django.core.cache import cache
with connection.cursor() as cursor:
    cursor.execute("select current_user")
    print(*cursor.fetchone())
cache.set("asked", 1)
print(cache.get("asked"))
"""
SENDING = """
import django
django.setup()
from access.tasks import delete_ended_sessions
delete_ended_sessions.apply_async(retry=False)
print("sent")
"""


OTHERS = (
    *("SECRET_KEY", "ALLOWED_HOSTS", "KEYRING_DIR", "LOG_ORIGIN", "PUBLICATION_DIR", "EMAIL_HOST"),
    *("DEFAULT_FROM_EMAIL", "BREACHED_PASSWORDS_FILE"),
)
WHERE = {"SERVICE_ADDRESS": "https://registry.example", "SIGN_IN_ADDRESS": "https://sign-in.registry.example"}


@pytest.fixture(scope="module")
def wire(running_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with wired(running_servers, tmp_path_factory.mktemp("wire")) as made:
        yield made


@pytest.fixture
def addresses(django_db_setup: None) -> dict[str, str]:
    return servers.login_environment(servers.own_database(), redis_database=servers.service_redis_database())


def production(wire: Wire, role: str, addresses: dict[str, str], *, host: str = "localhost") -> dict[str, str]:
    """What a process of production is given; `addresses` are those of the servers without TLS."""
    moved = {name: wire.moved(value, host=host) for name, value in addresses.items() if name.endswith("_URL")}
    return (
        addresses
        | moved
        | {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "contactpoint.settings.production",
            "DATABASE_ROLE": role,
            "TLS_ROOT_CERTIFICATE": str(wire.directory / "root_certificate"),
            **WHERE,
            **dict.fromkeys(OTHERS, "of no use here"),
        }
    )


def ask(environment: dict[str, str], program: str = ASKING) -> tuple[str, str]:
    """What a process of production prints, and how it fails."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def test_both_servers_are_reached_over_tls(wire: Wire, addresses: dict[str, str]) -> None:
    assert ask(production(wire, "web", addresses)) == ("contactpoint_web\n1\n", "")


def test_queue_is_reached_over_tls(wire: Wire, addresses: dict[str, str]) -> None:
    assert ask(production(wire, "worker", addresses), SENDING) == ("sent\n", "")


def test_server_with_another_name_is_refused(wire: Wire, addresses: dict[str, str]) -> None:
    elsewhere = production(wire, "web", addresses, host="127.0.0.1")
    right = production(wire, "web", addresses)

    assert 'does not match host name "127.0.0.1"' in ask(elsewhere)[1]
    said, failure = ask(elsewhere | {"DATABASE_URL": right["DATABASE_URL"]})
    assert said == "contactpoint_web\n"
    assert "IP address mismatch" in failure
    assert "IP address mismatch" in ask(production(wire, "worker", addresses, host="127.0.0.1"), SENDING)[1]


def test_server_of_another_root_is_refused(wire: Wire, addresses: dict[str, str], tmp_path: Path) -> None:
    make_certificates(tmp_path)
    strange = production(wire, "web", addresses) | {"TLS_ROOT_CERTIFICATE": str(tmp_path / "root_certificate")}

    assert "certificate verify failed" in ask(strange)[1]
    in_clear = {"DATABASE_URL": addresses["DATABASE_URL"], "DJANGO_SETTINGS_MODULE": "contactpoint.settings.test"}
    assert ask(strange | in_clear, ASKING.partition("cache.set")[0])[0] == "contactpoint_web\n", "the database is there"


def test_database_without_tls_is_refused(wire: Wire, addresses: dict[str, str]) -> None:
    in_clear = production(wire, "web", addresses) | {"DATABASE_URL": addresses["DATABASE_URL"]}

    assert "server does not support SSL" in ask(in_clear)[1]


@pytest.mark.parametrize(
    ("name", "change", "advice"),
    [
        ("REDIS_URL", ("rediss://", "redis://"), "must begin with rediss://"),
        ("REDIS_URL", ("/63", "/63?ssl_cert_reqs=none"), "leave out what comes after the question mark"),
        ("REDIS_URL", ("//web:", "//worker:"), "must be the address of the account web"),
        ("DATABASE_URL", ("_alone", "_alone?sslmode=require"), "leave sslmode out of the address"),
    ],
)
def test_production_refuses_to_start_with_less(
    wire: Wire, addresses: dict[str, str], name: str, change: tuple[str, str], advice: str
) -> None:
    right = production(wire, "web", addresses)
    database = right["DATABASE_URL"].rpartition("/")[0] + "/contactpoint_alone"
    right |= {"DATABASE_URL": database, "REDIS_URL": right["REDIS_URL"].rpartition("/")[0] + "/63"}

    said, failure = ask(right | {name: right[name].replace(*change)})

    assert said == ""
    assert failure.rstrip().splitlines()[-1].startswith(f"  {name}: ")
    assert advice in failure


def test_all_that_is_unsafe_is_named_at_once(wire: Wire, addresses: dict[str, str]) -> None:
    right = production(wire, "web", addresses)
    unsafe = {"DATABASE_URL": right["DATABASE_URL"] + "?sslmode=disable", "REDIS_URL": addresses["REDIS_URL"]}

    _, failure = ask(right | unsafe)

    assert "  DATABASE_URL: " in failure
    assert "  REDIS_URL: " in failure


@pytest.mark.parametrize("role", ["owner", "reader"])
def test_a_process_without_an_account_asks_for_no_address(role: str) -> None:
    assert redis_variables(role) == {}
