"""One's own access: the same page for whoever is active, joining or lapsed, and the agreement."""

from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Organisation, User, UserState, VettingItem, VettingKind
from access.people import agreements
from audit.events import EventKind
from contactpoint.jinja import as_date
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.log import events, last_event

pytestmark = pytest.mark.usefixtures("own_database")  # what an event allows is read once it is committed

MY_ACCESS, AGREEMENT, HOME = reverse("my_access"), reverse("agreement"), reverse("home")


def words(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def own_page(browser: Client) -> str:
    response = browser.get(MY_ACCESS)
    assert response.status_code == 200
    return words(response)


def browser_of(user: User) -> Client:
    """Signed in with both factors; leads whoever cannot come in to their checklist."""
    browser = factories.with_password(user, password=lives.PASSWORD)
    assert browser.post(reverse("mfa_authenticate"), {"code": factories.code_for(user)}).url == MY_ACCESS
    return browser


@pytest.fixture
def joining(as_owner: OwnerContext) -> User:
    """Joining, with everything but signature and approval."""
    with as_owner():
        council = lives.council()
    user = lives.joining(council)
    with signing_in():
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    lives.vet(council.first, user)
    return lives.again(user)


@pytest.fixture
def lapsed(person: User, as_owner: OwnerContext) -> User:
    """Their DBS check ran out yesterday."""
    with as_owner():
        ran_out = {"checked_on": date(2020, 1, 1), "expires_on": factories.today() - timedelta(days=1)}
        VettingItem.objects.filter(user=person, kind=VettingKind.DBS).update(**ran_out)
    return lives.again(person)


@pytest.fixture
def new_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A version that came into force today."""
    version = factories.today().isoformat()
    (tmp_path / f"{version}.md").write_text("# A newer agreement\n\nI lend my password to nobody at all.\n")
    monkeypatch.setattr(agreements, "TEXTS", tmp_path)
    return version


def test_whoever_can_come_in_is_told_until_when(person: User) -> None:
    page = own_page(factories.signed_in(person))

    assert f"You can use the service until {as_date(factories.today() + timedelta(days=100))}." in page
    for kind in VettingKind:
        assert kind.label in page
    assert person.name.open() in page
    assert "What happens next" not in page


def test_accreditation_that_runs_out_first_is_named(person: User, as_owner: OwnerContext) -> None:
    soon = factories.today() + timedelta(days=20)
    with as_owner():
        Organisation.objects.filter(pk=person.organisation_id).update(accredited_until=soon)

    page = own_page(factories.signed_in(person))

    assert f"until {as_date(soon)}. What runs out first: accreditation of your organisation." in page
    assert "Runs out soon" in page


def test_reading_it_is_recorded(person: User) -> None:
    own_page(factories.signed_in(person))

    event = last_event(kind=EventKind.USER_READ)
    assert (event.actor_id, event.user_id) == (person.pk, person.pk)


def test_whoever_is_joining_sees_what_is_missing_and_whose_move_it_is(joining: User) -> None:
    page = own_page(browser_of(joining))

    assert "You cannot use the service yet. 2 things are still to be done." in page
    assert "Read and sign the agreement" in page
    assert "a second administrator decides" in page
    assert reverse("account_change_password") not in page


def test_whoever_signed_waits_for_the_second_administrator(joining: User) -> None:
    browser = browser_of(joining)
    version = agreements.in_force(today=factories.today()).version
    assert browser.post(AGREEMENT, {"version": version}).url == MY_ACCESS

    page = own_page(browser)

    assert "You have signed the agreement." in page
    assert "Everything is there: a second administrator decides now." in page
    assert lives.again(joining).valid_until is not None


def test_whoever_lapsed_reads_why_and_can_still_sign(lapsed: User) -> None:
    browser = factories.with_password(lapsed)
    assert browser.post(reverse("mfa_authenticate"), {"code": factories.code_for(lapsed)}).url == MY_ACCESS

    yesterday = as_date(factories.today() - timedelta(days=1))
    assert f"One thing is missing or out of date: enhanced DBS check, which ran out on {yesterday}." in own_page(
        browser
    )
    assert browser.get(AGREEMENT).status_code == 200


@pytest.mark.parametrize("who", ["joining", "lapsed"])
def test_every_other_page_leads_to_it_without_a_loop(who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    password = lives.PASSWORD if who == "joining" else factories.PASSWORD
    browser = factories.with_password(user, password=password)
    browser.post(reverse("mfa_authenticate"), {"code": factories.code_for(user)})

    refused = browser.get(HOME)

    assert refused.status_code == 403
    page = words(refused)
    assert f'href="{MY_ACCESS}"' in page
    assert ("You cannot use the service yet" in page) == (who == "joining")
    assert ">Start<" not in page
    assert [browser.get(path).status_code for path in (MY_ACCESS, AGREEMENT, reverse("help"))] == [200, 200, 200]
    assert browser.get(reverse("mfa_index")).status_code in {200, 302}


def test_whoever_is_suspended_is_led_nowhere(person: User, as_owner: OwnerContext) -> None:
    browser = factories.signed_in(person)
    with as_owner():
        User.objects.filter(pk=person.pk).update(state=UserState.SUSPENDED)

    for path in (HOME, MY_ACCESS, AGREEMENT):
        refused = browser.get(path)
        assert refused.status_code == 403
        assert "Go to My access" not in words(refused)


def test_version_that_was_replaced_meanwhile_is_not_signed(person: User, new_version: str) -> None:
    response = factories.signed_in(person).post(AGREEMENT, {"version": "2024-01-01"})

    assert response.status_code == 409
    page = words(response)
    assert "The agreement has changed since you opened this page" in page
    assert "I lend my password to nobody at all." in page
    assert not events(kind=EventKind.USER_AGREED, actor_id=person.pk)


def test_new_version_is_asked_for_and_signed(person: User, new_version: str) -> None:
    browser = factories.signed_in(person)
    assert "Read and sign the agreement" in own_page(browser)

    browser.post(AGREEMENT, {"version": new_version})

    assert last_event(kind=EventKind.USER_AGREED).fields == [new_version]
    assert "Read and sign the agreement" not in own_page(browser)
    assert "You signed this on" in words(browser.get(AGREEMENT))


@pytest.mark.parametrize("version", ["", "x" * 5000, "\0", "2024-01-01' OR 1=1"])
def test_made_up_version_is_not_signed(person: User, version: str) -> None:
    assert factories.signed_in(person).post(AGREEMENT, {"version": version}).status_code == 409
