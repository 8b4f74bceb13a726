"""What cannot be counted is not heard: without Redis nobody signs in, and the page says to try again."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings as SettingsWrapper

from access.models import User
from contactpoint.settings.redis import ANSWERS_WITHIN_SECONDS
from tests import factories
from tests.integration.access.signing_in import CODE, HOME, LOGIN, is_signed_in, post_password

Lose = Callable[[], None]


@pytest.fixture(params=["nothing listens", "never answers"])
def lose_redis(request: pytest.FixtureRequest, settings: SettingsWrapper) -> Iterator[Lose]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if request.param == "never answers":
            taken.listen()
        address = f"redis://web:secret@127.0.0.1:{taken.getsockname()[1]}/0"

        def lose() -> None:
            settings.CACHES = elsewhere(address)

        yield lose


def elsewhere(address: str) -> dict[str, Any]:
    return {"default": settings.CACHES["default"] | {"LOCATION": address}}


def is_unavailable(answer: HttpResponse) -> bool:
    page = answer.content.decode()
    return answer.status_code == 503 and "Try again in a few minutes" in page and answer["Retry-After"] == "60"


def test_nobody_signs_in_and_is_told_so_soon(person: User, lose_redis: Lose) -> None:
    browser = Client(raise_request_exception=False)
    lose_redis()
    assert browser.get(LOGIN).status_code == 200
    began = time.monotonic()

    answer = post_password(browser, person.email.open(), factories.PASSWORD)

    assert is_unavailable(answer)
    assert time.monotonic() - began < ANSWERS_WITHIN_SECONDS * 2
    assert not is_signed_in(browser)


def test_no_code_is_taken(person: User, lose_redis: Lose) -> None:
    browser = factories.with_password(person, client=Client(raise_request_exception=False))
    lose_redis()

    assert is_unavailable(browser.post(CODE, {"code": factories.code_for(person)}))
    assert not is_signed_in(browser)


def test_whoever_is_signed_in_goes_on_but_confirms_nothing(person: User, lose_redis: Lose) -> None:
    browser = factories.signed_in(person, client=Client(raise_request_exception=False))
    lose_redis()

    assert browser.get(HOME).status_code == 200
    assert is_unavailable(browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD}))
