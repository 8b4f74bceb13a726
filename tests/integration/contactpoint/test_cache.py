"""What stands in Redis: counts, under names from which nobody learns who or where."""

from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from access.models import User
from contactpoint.local.servers import Servers
from tests import factories, servers
from tests.conftest import OwnerContext

ADDRESS = "192.0.2.77"


@pytest.fixture
def server(running_servers: Servers) -> Iterator[redis.Redis]:
    """The Redis database of this process."""
    with servers.look_into_redis() as client:
        client.flushdb()
        yield client


@pytest.fixture
def person(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user()


def everything_in(server: redis.Redis) -> bytes:
    """Names and values, as somebody reads them who has the server."""
    return b"\n".join(name + b" " + bytes(server.dump(name) or b"") for name in server.scan_iter())


def test_a_sign_in_leaves_neither_address_nor_person_nor_code(server: redis.Redis, person: User) -> None:
    browser = Client(REMOTE_ADDR=ADDRESS)
    wrong = {"login": person.email.open(), "password": "no password of theirs"}
    browser.post(reverse("account_login"), wrong)
    factories.with_password(person, client=browser)
    code = factories.code_for(person)
    browser.post(reverse("mfa_authenticate"), {"code": code})

    left = everything_in(server)

    assert len(left.splitlines()) >= 3, "failures, a code, requests of an address"
    assert not [said for said in (ADDRESS, "192.0.2", code, "totp", person.email.open()) if said.encode() in left]


def test_what_was_put_in_is_found_and_counted(server: redis.Redis) -> None:
    cache.set("how many", 1)

    assert cache.incr("how many") == 2
    assert cache.get("how many", version=2) is None
    assert cache.get("how much") is None
