"""Who tries to sign in learns nothing of an account: no page, no work and no count differs."""

import re
import secrets
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings as SettingsWrapper

from access.models import Password, User, UserState
from audit.events import EventKind, Outcome
from contactpoint.settings import base
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.access.test_sign_in import LOGIN, MISMATCH, neutral, post_password
from tests.log import last_event

# That the session before is shown no more, whoever comes.
FORGOTTEN = "set_config"
Tried = tuple[str, str]  # an e-mail address and a password


def somebody(**changes: object) -> User:
    with as_owner_here():
        person = factories.user()
        User.objects.filter(pk=person.pk).update(**changes)
    return person


def wrong_password() -> Tried:
    return somebody().email.open(), "another password"


def nobody() -> Tried:
    return f"nobody.{secrets.token_hex(4)}@example.org", factories.PASSWORD


def suspended() -> Tried:
    return somebody(state=UserState.SUSPENDED).email.open(), factories.PASSWORD


def left() -> Tried:
    return somebody(state=UserState.LEFT).email.open(), factories.PASSWORD


def without_password() -> Tried:
    return with_hash("!unusable")


def with_empty_password() -> Tried:
    return with_hash("")


def with_no_password_at_all() -> Tried:
    person = somebody()
    with as_owner_here():
        Password.objects.filter(user=person).delete()
    return person.email.open(), factories.PASSWORD


def with_hash(hashed: str) -> Tried:
    person = somebody()
    with as_owner_here():
        Password.objects.filter(user=person).update(hash=hashed)
    return person.email.open(), factories.PASSWORD


ACCOUNTS = [nobody, suspended, left, without_password, with_empty_password, with_no_password_at_all]


@pytest.fixture(autouse=True)
def in_earnest(settings: SettingsWrapper) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the hasher was made to do, one entry for each time that costs what a hash costs."""
    done: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(Argon2PasswordHasher, name, _counting(real, done))
    return done


def _counting(real: Callable[..., object], done: list[str]) -> Callable[..., object]:
    def counted(self: Argon2PasswordHasher, *args: object, **options: object) -> object:
        done.append("hash")
        return real(self, *args, **options)

    return counted


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hasher does as often what it does, and each time less of it: for hundreds of passwords."""
    for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
        monkeypatch.setattr(Argon2PasswordHasher, name, least)


def attempt(tried: Tried, hashed: list[str], address: str = "127.0.0.1") -> tuple[HttpResponse, int, list[str]]:
    """The answer, how often was hashed, and which statements were sent, without what stands in them."""
    hashed.clear()
    with CaptureQueriesContext(connection) as queries:
        response = post_password(Client(REMOTE_ADDR=address), *tried)
    return (
        response,
        len(hashed),
        [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries if FORGOTTEN not in query["sql"]],
    )


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_account_that_is_not_let_in_is_answered_like_a_wrong_password(
    db: None, account: Callable[[], Tried], hashed: list[str]
) -> None:
    usual, usual_hashes, usual_statements = attempt(wrong_password(), hashed)

    response, hashes, statements = attempt(account(), hashed)

    assert (response.status_code, neutral(response)) == (usual.status_code, neutral(usual))
    assert MISMATCH in response.content.decode()
    assert hashes == usual_hashes == 1
    assert len(statements) == len(usual_statements)
    assert [each.split("(")[0] for each in statements] == [each.split("(")[0] for each in usual_statements]


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("addresses", [1, 13], ids=["from one address", "from many"])
def test_guesses_are_counted_and_locked_out_alike_whatever_the_account(
    db: None, account: Callable[[], Tried], addresses: int, hashed: list[str]
) -> None:
    """Until the lock, at it, and behind it: the page, the work, and what is sent to the database."""
    usual, tried = wrong_password(), account()

    for number in range(addresses * 5 + 1):
        where = f"203.0.113.{number // 5}" if addresses > 1 else "203.0.113.0"
        expected, answer = attempt(usual, hashed, where), attempt(tried, hashed, where)
        assert (answer[0].status_code, neutral(answer[0])) == (200, neutral(expected[0]))
        assert answer[1] == expected[1]
        assert [each.split("(")[0] for each in answer[2]] == [each.split("(")[0] for each in expected[2]]

    assert "Too many wrong passwords" in answer[0].content.decode()
    assert (answer[1], answer[2]) == (0, []), "what is refused unheard costs nothing and asks nobody"


@pytest.mark.parametrize("account", [suspended, left])
def test_log_tells_that_somebody_tried_who_may_not(db: None, account: Callable[[], Tried], hashed: list[str]) -> None:
    email, _password = account()

    for password in (factories.PASSWORD, "another password"):
        post_password(Client(), email, password)
        event = last_event()
        assert (event.kind, event.outcome) == (EventKind.SIGN_IN_FAILED, Outcome.NOT_PERMITTED)


def test_page_says_whom_to_ask(db: None, hashed: list[str]) -> None:
    assert "The management team of your organisation" in Client().get(LOGIN).content.decode()
