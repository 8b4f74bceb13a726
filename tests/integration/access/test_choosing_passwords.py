"""Choosing a password on the page: what thieves have is not taken, and the page says why."""

import hashlib
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings as SettingsWrapper

from access.models import User
from access.sign_in.breached_passwords import take_in
from tests import factories
from tests.acting_servers import signing_in

STOLEN = "battery horse staple correct"


@pytest.fixture(autouse=True)
def stolen_list(tmp_path: Path, settings: SettingsWrapper) -> None:
    settings.BREACHED_PASSWORDS_FILE = tmp_path / "breached"
    digest = hashlib.sha1(STOLEN.encode(), usedforsecurity=False).hexdigest()
    take_in([f"{digest}:7\n".encode()], settings.BREACHED_PASSWORDS_FILE)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (STOLEN, "This password was stolen somewhere else"),
        ("pe#5gz29ptzmse", "This password is too common"),
        ("short", "This password is too short"),
    ],
)
def test_weak_choice_is_refused_with_the_reason(person: User, chosen: str, says: str) -> None:
    answers = {"oldpassword": factories.PASSWORD, "password1": chosen, "password2": chosen}

    response = factories.signed_in(person).post(reverse("account_change_password"), answers)

    assert says in response.content.decode()
    person.refresh_from_db()
    with signing_in():
        assert person.check_password(factories.PASSWORD)


def test_good_choice_is_taken(person: User) -> None:
    answers = {"oldpassword": factories.PASSWORD, "password1": f"{STOLEN}!", "password2": f"{STOLEN}!"}

    assert factories.signed_in(person).post(reverse("account_change_password"), answers).status_code == 302

    person.refresh_from_db()
    with signing_in():
        assert person.check_password(f"{STOLEN}!")
