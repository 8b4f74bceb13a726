"""What stands in Redis: counts, under names from which nobody learns who or where."""

import re
from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from access.models import User
from access.sign_in import known_devices
from contactpoint.local.servers import Servers
from tests import factories, servers
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext

ADDRESS = "192.0.2.77"
HIDDEN = re.compile("web:[0-9a-f]{64}")


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


def test_a_lock_out_leaves_neither_address_nor_account_nor_browser(server: redis.Redis, person: User) -> None:
    known = factories.signed_in(person)
    for number in range(13):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        for _ in range(5):
            visitor.post(reverse("account_login"), {"login": person.email.open(), "password": "no password of theirs"})
    for _ in range(21):
        known.post(reverse("mfa_reauthenticate"), {"code": "000000"})

    left = everything_in(server)
    names = [bytes(name).decode() for name in server.scan_iter()]

    assert len(names) > 13
    assert [name for name in names if not HIDDEN.fullmatch(name)] == []
    with signing_in():
        device = known_devices.device_of(_showing(known), person.email_fingerprint)
    told = (person.email_fingerprint, person.email.open(), device, "192.0.2", "browser", "password")
    assert not [said for said in told if said is None or said.encode() in left]


def _showing(browser: Client) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES = {name: cookie.value for name, cookie in browser.cookies.items()}
    return request


def test_what_was_put_in_is_found_and_counted(server: redis.Redis) -> None:
    cache.set("how many", 1)

    assert cache.incr("how many") == 2
    assert cache.get("how many", version=2) is None
    assert cache.get("how much") is None
