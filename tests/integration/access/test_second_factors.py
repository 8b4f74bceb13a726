"""The last second factor stays, in whatever order and from however many tabs factors are removed."""

import threading
import time

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import User
from audit.events import EventKind
from contactpoint.local.servers import Servers
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import as_owner_here
from tests.log import events

TOTP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
REMOVE_APP = reverse("mfa_deactivate_totp")
ONLY_ONE = "This is your only second step"
SECONDS_TO_WAIT = 20


@signing_in()
def add_passkey(person: User) -> Authenticator:
    """A passkey that no page looks into."""
    return Authenticator.objects.create(user=person, type=PASSKEY, data={"name": "My telephone"})


def removal_of(passkey: Authenticator) -> str:
    return reverse("mfa_remove_webauthn", args=[passkey.pk])


@signing_in()
def kinds_of(person: User) -> set[str]:
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def test_passkey_that_is_the_last_factor_stays(person: User) -> None:
    """Recovery codes alone are none."""
    passkey = add_passkey(person)
    with signing_in():
        RecoveryCodes.activate(person)
    browser = factories.signed_in(person)
    with signing_in():
        Authenticator.objects.filter(user=person, type=TOTP).delete()

    page = browser.get(removal_of(passkey))
    response = browser.post(removal_of(passkey))

    for answer in (page, response):
        assert answer.status_code == 200
        assert ONLY_ONE in answer.content.decode()
    assert kinds_of(person) == {PASSKEY, Authenticator.Type.RECOVERY_CODES}
    assert events(kind=EventKind.SECOND_FACTOR_REMOVED) == []


def test_passkey_beside_an_app_is_removed_and_recorded(person: User) -> None:
    passkey = add_passkey(person)
    browser = factories.signed_in(person)
    assert ONLY_ONE not in browser.get(removal_of(passkey)).content.decode()

    assert browser.post(removal_of(passkey)).url == reverse("mfa_list_webauthn")

    assert kinds_of(person) == {TOTP}
    (event,) = events(kind=EventKind.SECOND_FACTOR_REMOVED)
    assert (event.actor_id, event.fields) == (person.pk, [PASSKEY])


def test_passkey_of_somebody_else_is_not_found(person: User) -> None:
    with as_owner_here():
        other = factories.user()
        passkey = add_passkey(other)
        add_passkey(other)

    assert factories.signed_in(person).post(removal_of(passkey)).status_code == 404
    assert PASSKEY in kinds_of(other)


@pytest.mark.parametrize("removed_meanwhile", [TOTP, PASSKEY])
def test_two_tabs_that_remove_one_each_leave_one(
    own_database: str, running_servers: Servers, removed_meanwhile: Authenticator.Type
) -> None:
    """The other tab has its turn already when this one asks: this one waits, and then finds that it is the last."""
    with as_owner_here():
        person = factories.user()
        passkey = add_passkey(person)
    browser = factories.signed_in(person)
    address = removal_of(passkey) if removed_meanwhile == TOTP else REMOVE_APP
    superuser = running_servers.postgresql.superuser_address
    with psycopg.connect(superuser, dbname=own_database) as other_tab:
        other_tab.execute("SELECT FROM access_user WHERE id = %s FOR UPDATE", [person.pk])
        other_tab.execute(
            "DELETE FROM mfa_authenticator WHERE user_id = %s AND type = %s", [person.pk, removed_meanwhile]
        )
        answers: list[HttpResponse] = []
        this_tab = threading.Thread(target=_post, args=(browser, address, answers))
        this_tab.start()
        _wait_for_a_lock(superuser, own_database)
        other_tab.commit()
    this_tab.join(SECONDS_TO_WAIT)

    (answer,) = answers
    assert ONLY_ONE in answer.content.decode()
    assert kinds_of(person) == {TOTP, PASSKEY} - {removed_meanwhile}


def _post(browser: Client, address: str, answers: list[HttpResponse]) -> None:
    try:
        answers.append(browser.post(address))
    finally:
        connections.close_all()


def _wait_for_a_lock(superuser: str, database: str) -> None:
    waiting = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE datname = %s AND NOT granted"
    deadline = time.monotonic() + SECONDS_TO_WAIT
    with psycopg.connect(superuser, autocommit=True) as watching:
        while not watching.execute(waiting, [database]).fetchone():
            assert time.monotonic() < deadline, "the tab did not wait for its turn"
            time.sleep(0.02)
