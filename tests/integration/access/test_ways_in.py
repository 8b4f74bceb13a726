"""Passwords and second factors change with their event and a letter or not at all, once the old factor was shown."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Notice, NoticeKind, User
from access.models.user import Password
from access.sign_in.notices import notify
from audit.errors import NoLiveSessionError
from audit.events import EventKind
from audit.recorder import About, record
from tests import factories
from tests.acting_servers import signing_in
from tests.authenticator import code_of
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.conftest import Wait
from tests.log import events
from tests.sweeps import passkeys

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
CHANGE, ADD_APP, REMOVE_APP = map(reverse, ("account_change_password", "mfa_activate_totp", "mfa_deactivate_totp"))
ADD_PASSKEY, RENEW = reverse("mfa_add_webauthn"), reverse("mfa_generate_recovery_codes")
SEE_CODES, KEEP_CODES = reverse("mfa_view_recovery_codes"), reverse("mfa_download_recovery_codes")
NEW = "another password for tests"
ORIGIN = "https://testserver"
SIX_MINUTES = timedelta(minutes=6)
WAYS = (EventKind.SECOND_FACTOR_ADDED, EventKind.SECOND_FACTOR_REMOVED, EventKind.USER_PASSWORD_CHANGED)


@pytest.fixture
def browser(person: User) -> Client:
    return factories.signed_in(person)


def change_password(browser: Client, _person: User) -> HttpResponse:
    return browser.post(CHANGE, {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW})


def add_app(browser: Client, person: User) -> HttpResponse:
    with as_owner_here():
        Authenticator.objects.filter(user=person, type=APP).update(type=PASSKEY)
    found = re.search(r'secret-text">([A-Z2-7]+)<', browser.get(ADD_APP).content.decode())
    assert found
    return browser.post(ADD_APP, {"code": code_of(found[1])})


def add_passkey(browser: Client, _person: User) -> HttpResponse:
    page = browser.get(ADD_PASSKEY).content.decode()
    credential = passkeys.registration(page, ORIGIN)
    return browser.post(ADD_PASSKEY, {"name": "This computer", "credential": json.dumps(credential)})


def remove_app(browser: Client, person: User) -> HttpResponse:
    give_passkey(person)
    return browser.post(REMOVE_APP)


def remove_passkey(browser: Client, person: User) -> HttpResponse:
    return browser.post(reverse("mfa_remove_webauthn", args=[give_passkey(person).pk]))


def renew_codes(browser: Client, person: User) -> HttpResponse:
    with as_owner_here():
        Authenticator.objects.create(user=person, type=CODES, data={"seed": "", "used_mask": 0})
    return browser.post(RENEW)


def give_passkey(person: User) -> Authenticator:
    with as_owner_here():
        return Authenticator.objects.create(user=person, type=PASSKEY, data={"name": "My telephone"})


def ways_in(person: User) -> list[tuple[object, ...]]:
    """The password and each second factor, as they are stored."""
    with as_owner_here():
        factors = Authenticator.objects.filter(user=person).values_list("pk", "type", "data").order_by("pk")
        return [tuple(Password.objects.filter(user=person).values_list("hash")), *factors]


def notices(person: User) -> list[str]:
    with as_owner_here():
        return list(Notice.objects.filter(user=person).order_by("pk").values_list("what", flat=True))


Way = Callable[[Client, User], HttpResponse]
CHANGES: dict[str, tuple[Way, NoticeKind, list[tuple[EventKind, list[str]]]]] = {
    "password": (change_password, NoticeKind.PASSWORD, [(EventKind.USER_PASSWORD_CHANGED, [])]),
    "app added": (
        add_app,
        NoticeKind.FACTOR_ADDED,
        [(EventKind.SECOND_FACTOR_ADDED, [APP]), (EventKind.SECOND_FACTOR_ADDED, [CODES])],
    ),
    "passkey added": (
        add_passkey,
        NoticeKind.FACTOR_ADDED,
        [(EventKind.SECOND_FACTOR_ADDED, [PASSKEY]), (EventKind.SECOND_FACTOR_ADDED, [CODES])],
    ),
    "app removed": (remove_app, NoticeKind.FACTOR_REMOVED, [(EventKind.SECOND_FACTOR_REMOVED, [APP])]),
    "passkey removed": (remove_passkey, NoticeKind.FACTOR_REMOVED, [(EventKind.SECOND_FACTOR_REMOVED, [PASSKEY])]),
    "codes": (
        renew_codes,
        NoticeKind.CODES,
        [(EventKind.SECOND_FACTOR_REMOVED, [CODES]), (EventKind.SECOND_FACTOR_ADDED, [CODES])],
    ),
}
# The kinds of factors before each change, and after it.
KEPT = {
    "password": {APP},
    "app added": {PASSKEY},
    "passkey added": {APP},
    "app removed": {APP, PASSKEY},
    "passkey removed": {APP, PASSKEY},
    "codes": {APP, CODES},
}
LEFT = {
    "password": {APP},
    "app added": {APP, PASSKEY, CODES},
    "passkey added": {APP, PASSKEY, CODES},
    "app removed": {PASSKEY},
    "passkey removed": {APP},
    "codes": {APP, CODES},
}
EACH = pytest.mark.parametrize("change", CHANGES)


@EACH
def test_change_has_its_events_and_one_notice(browser: Client, person: User, change: str) -> None:
    way, notice, told = CHANGES[change]

    assert way(browser, person).status_code == 302

    assert {kind for _pk, kind, _data in ways_in(person)[1:]} == LEFT[change]
    with signing_in():
        assert User.objects.get(pk=person.pk).check_password(NEW) == (change == "password")
    happened = events(kind__in=WAYS)
    assert [(event.kind, event.fields) for event in happened] == told
    assert {(event.actor_id, event.user_id) for event in happened} == {(person.pk, person.pk)}
    assert notices(person) == [notice]
    with as_owner_here():
        assert Notice.objects.get().happened_at in [event.at for event in happened]


@EACH
@pytest.mark.parametrize("failing", ["audit_event", "access_notice"])
def test_what_cannot_be_recorded_or_told_is_not_done(browser: Client, person: User, change: str, failing: str) -> None:
    way, notice, told = CHANGES[change]
    last, _ = told[-1]
    refused = f"kind <> '{last}'" if failing == "audit_event" else f"what <> '{notice}'"
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(f"alter table {failing} add constraint full_up check ({refused}) not valid")
    browser.raise_request_exception = False
    answer = way(browser, person)

    assert answer.status_code == 500
    assert {kind for _pk, kind, _data in ways_in(person)[1:]} == KEPT[change]
    with signing_in():
        assert User.objects.get(pk=person.pk).check_password(factories.PASSWORD)
    assert events(kind__in=WAYS) == []
    assert notices(person) == []


@EACH
def test_after_five_minutes_the_second_factor_is_asked_for_first(
    browser: Client, person: User, wait: Wait, change: str
) -> None:
    """The password alone is no answer, whatever else allauth would take."""
    page = {"passkey removed": "mfa_remove_webauthn", "app removed": "mfa_deactivate_totp"}
    passkey = give_passkey(person)
    address = {
        "password": CHANGE,
        "app added": ADD_APP,
        "passkey added": ADD_PASSKEY,
        "codes": RENEW,
    }.get(change) or reverse(page[change], args=[passkey.pk] if change == "passkey removed" else [])
    before = ways_in(person)
    wait(SIX_MINUTES)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})

    for answer in (browser.get(address), browser.post(address, {"password1": NEW, "password2": NEW})):
        assert answer.url.startswith(f"{reverse('confirm')}?next=")
    assert ways_in(person) == before
    assert NEW not in str(dict(browser.session))

    asked = browser.get(answer.url)
    assert asked.url.startswith(reverse("mfa_reauthenticate"))
    assert browser.post(asked.url, {"code": factories.code_for(person)}).url == address
    assert browser.get(address).status_code in {200, 302}


@pytest.mark.parametrize("address", [SEE_CODES, KEEP_CODES])
def test_recovery_codes_are_shown_to_whoever_showed_a_second_factor_just_now(
    browser: Client, person: User, wait: Wait, address: str
) -> None:
    with signing_in():
        RecoveryCodes.activate(person)
    assert browser.get(address).status_code == 200
    wait(SIX_MINUTES)

    assert browser.get(address).url.startswith(reverse("confirm"))


def test_first_factor_is_added_with_the_password_alone(as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user(authenticator=False)
    browser = factories.with_password(person)
    asked = browser.get(ADD_APP)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert browser.post(asked.url, {"password": factories.PASSWORD}).url == ADD_APP

    found = re.search(r'secret-text">([A-Z2-7]+)<', browser.get(ADD_APP).content.decode())
    assert found
    browser.post(ADD_APP, {"code": code_of(found[1])})

    assert notices(person) == [NoticeKind.FACTOR_ADDED]


def test_what_was_sent_before_a_factor_was_there_adds_none_beside_it(as_owner: OwnerContext) -> None:
    """allauth asks for the password and then does what was sent: meanwhile another tab has added the first factor."""
    with as_owner():
        person = factories.user(authenticator=False)
    browser = factories.with_password(person)
    sent = browser.post(ADD_APP, {"code": "123456"})
    assert sent.url.startswith(reverse("account_reauthenticate"))
    give_passkey(person)

    answer = browser.post(sent.url, {"password": factories.PASSWORD})

    assert answer.url.startswith(reverse("confirm"))
    assert [kind for _pk, kind, _data in ways_in(person)[1:]] == [PASSKEY]


# -------------------------------------------------------------------------------------------------- at the database


@pytest.mark.parametrize("told", NoticeKind)
def test_database_tells_nobody_what_no_event_says(person: User, told: NoticeKind) -> None:
    with pytest.raises(DatabaseError, match="nothing recorded says"), transaction.atomic(), signing_in():
        notify(person.pk, told)


def test_database_tells_nobody_of_what_was_done_to_another(person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user()
    actor = factories.actor_for(person)

    def tell_the_other() -> None:
        record(EventKind.USER_PASSWORD_CHANGED, About(user_id=person.pk), actor=actor)
        notify(other.pk, NoticeKind.PASSWORD)

    with pytest.raises(DatabaseError, match="nothing recorded says"), transaction.atomic(), signing_in():
        tell_the_other()


@pytest.mark.parametrize("kind", [EventKind.USER_PASSWORD_CHANGED, EventKind.SECOND_FACTOR_REMOVED])
def test_database_takes_no_change_of_a_way_in_without_a_factor_shown_just_now(person: User, kind: EventKind) -> None:
    actor = factories.actor_for(person)
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("update access_session set confirmed_at = now() - interval '7 minutes'")

    with pytest.raises(NoLiveSessionError), transaction.atomic(), signing_in():
        record(kind, About(user_id=person.pk), actor=actor)


@pytest.mark.parametrize(
    "statement",
    ["select * from access_notice", "insert into access_notice (what) values ('')", "delete from access_notice"],
)
def test_web_process_neither_reads_nor_writes_what_people_are_told(db: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
