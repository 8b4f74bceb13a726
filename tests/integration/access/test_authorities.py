"""Signing in through an authority's own identity provider, with a real one running."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings as SettingsWrapper

from access.models import Organisation, OrganisationKind, User, UserState, VettingItem
from audit.events import EventKind, Outcome
from contactpoint.settings import authorities
from tests import factories, people, provider, servers
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.test_sign_in import CODE, HOME, LOGIN, is_signed_in
from tests.log import events
from tests.provider import Provider

CHOOSE = reverse("authority_sign_in")
BACK = reverse("openid_connect_callback", args=["council"])
REFRESH = re.compile(r'<meta http-equiv="refresh" content="0;url=([^"]*)">')


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider.running(provider.reserve(), services=["http://testserver"]) as started:
        yield started


@pytest.fixture
def council(running: Provider, settings: SettingsWrapper, as_owner: OwnerContext) -> Organisation:
    """The authority whose provider runs."""
    with as_owner():
        council = factories.organisation(kind=OrganisationKind.AUTHORITY)
    told = running.settings(authority=council.directory_code, name="Trafford Council")
    settings.SOCIALACCOUNT_PROVIDERS = authorities.providers(told)
    return council


@pytest.fixture
def person(council: Organisation, as_owner: OwnerContext) -> User:
    """A teacher of a school that the authority answers for."""
    with as_owner():
        return factories.user(works_for=factories.organisation(authority=council))


def begun(browser: Client, **more: str) -> str:
    """Choose the council. Returns the address that the page leads on to."""
    response = browser.post(CHOOSE, {"authority": "council", **more})
    assert response.status_code == 200
    return led_to(response)


def led_to(response: HttpResponse) -> str:
    found = REFRESH.search(response.content.decode())
    assert found, response.content.decode()
    return unescape(found[1])


def come_back(browser: Client, login: str, **options: bool) -> HttpResponse:
    """Go to the provider, sign in there, and come back."""
    return browser.get(provider.sign_in_there(begun(browser), login, **options))


def test_council_account_stands_for_the_password_and_no_more(person: User) -> None:
    browser = Client()

    back = come_back(browser, person.email.open())

    assert back.url == CODE
    assert not is_signed_in(browser)
    assert browser.post(CODE, {"code": factories.code_for(person)}).url == HOME
    assert is_signed_in(browser)
    (event,) = events(kind=EventKind.SIGNED_IN)
    assert event.actor_id == person.pk


def test_what_is_asked_of_the_provider(person: User, running: Provider) -> None:
    address = urlsplit(begun(Client()))

    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}" == running.issuer
    assert sorted(asked["scope"][0].split()) == ["email", "openid"], "nothing else of the person"
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert asked["code_challenge_method"] == ["S256"]
    assert not {"prompt", "login_hint"} & set(asked)


def test_page_asked_for_first_is_shown_in_the_end(person: User) -> None:
    browser = Client()
    back = browser.get(provider.sign_in_there(begun(browser, next=reverse("my_access")), person.email.open()))

    assert back.url == CODE
    assert browser.post(CODE, {"code": factories.code_for(person)}).url == reverse("my_access")


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/"])
def test_page_asked_for_first_is_one_of_ours(person: User, address: str) -> None:
    browser = Client()
    browser.get(provider.sign_in_there(begun(browser, next=address), person.email.open()))

    assert browser.post(CODE, {"code": factories.code_for(person)}).url == HOME


def test_person_without_a_second_factor_sets_one_up_first(person: User) -> None:
    with signing_in():
        Authenticator.objects.filter(user=person).delete()
    browser = Client()

    come_back(browser, person.email.open())

    assert browser.get(browser.get(HOME).url).url.startswith(reverse("mfa_activate_totp"))


@pytest.mark.usefixtures("own_database")
def test_lapsed_person_is_told_what_is_missing_after_both_steps(person: User, as_owner: OwnerContext) -> None:
    with as_owner():
        VettingItem.objects.filter(user=person).delete()
    browser = Client()
    come_back(browser, person.email.open())
    browser.post(CODE, {"code": factories.code_for(person)})

    response = browser.get(HOME)

    assert response.status_code == 403
    assert "DBS" in response.content.decode()


# ------------------------------------------------------------------------------------------ whom it does not let in


def unconfirmed(person: User) -> str:
    return f"unverified:{person.email.open()}"


def without_address(person: User) -> str:
    return f"nameless:{person.email.open()}"


def unknown(person: User) -> str:
    return f"another.{person.email.open()}"


def suspended(person: User) -> str:
    return in_state(person, UserState.SUSPENDED)


def left(person: User) -> str:
    return in_state(person, UserState.LEFT)


def of_another_authority(person: User) -> str:
    with as_owner_here():
        return str(factories.user().email.open())


def no_address(person: User) -> str:
    return "not an address"


def in_state(person: User, state: UserState) -> str:
    with as_owner_here():
        User.objects.filter(pk=person.pk).update(state=state)
    return str(person.email.open())


def test_everybody_else_is_refused_alike_and_recorded(person: User) -> None:
    cases = [unconfirmed, without_address, unknown, of_another_authority, no_address, suspended, left]
    before = len(people.everybody())
    pages = []
    for case in cases:
        browser = Client()
        response = come_back(browser, case(person))
        pages.append((response.status_code, response.content.decode()))
        assert browser.get(CODE).url.startswith(LOGIN), case.__name__

    assert {status for status, _page in pages} == {403}
    assert len({page for _status, page in pages}) == 1, "the page tells nothing of the account"
    assert "Trafford Council told us who you are" in pages[0][1]
    refused = events(kind=EventKind.SIGN_IN_FAILED)
    assert [event.outcome for event in refused] == [Outcome.NOT_PERMITTED] * len(cases)
    assert [event.user_id for event in refused] == [None] * 5 + [person.pk] * 2
    with as_owner_here():
        assert len(people.everybody()) == before + 1, "of_another_authority's; nobody is signed up"
        with signing_in():
            assert SocialAccount.objects.count() == 0


def test_password_stays_as_it_was(person: User) -> None:
    """allauth would take it away from an account that it matches by an address it has not confirmed itself."""
    come_back(Client(), person.email.open())

    with signing_in():
        person.refresh_from_db()
    with signing_in():
        assert person.check_password(factories.PASSWORD)


# -------------------------------------------------------------------------------------------------- on the way back


def test_browser_that_comes_without_its_cookie_is_led_on_by_a_page_of_ours(person: User) -> None:
    """As it comes from another site: the session's cookie is strict."""
    browser = Client()
    back = provider.sign_in_there(begun(browser), person.email.open())

    landing = Client().get(back)

    assert landing.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in landing.cookies
    onwards = led_to(landing)
    assert urlsplit(onwards).netloc == ""
    assert onwards.startswith(BACK)
    assert browser.get(onwards).url == CODE


def test_answer_works_once_and_in_its_own_browser_alone(person: User) -> None:
    browser = Client()
    back = provider.sign_in_there(begun(browser), person.email.open())
    thief = Client()
    begun(thief)

    stolen = thief.get(f"{back}&_redir=")
    assert stolen.status_code == 400
    assert thief.get(CODE).url.startswith(LOGIN)

    assert browser.get(back).url == CODE
    again = Client()
    again.cookies = browser.cookies
    assert again.get(f"{back}&_redir=").status_code == 400


def test_made_up_code_is_refused(person: User) -> None:
    browser = Client()
    state = parse_qs(urlsplit(begun(browser)).query)["state"][0]

    response = browser.get(f"{BACK}?{urlencode({'state': state, 'code': 'made-up'})}")

    assert response.status_code == 502
    assert "did not work" in response.content.decode()


def test_saying_no_at_the_provider_leads_back_to_sign_in(person: User) -> None:
    browser = Client()

    response = come_back(browser, person.email.open(), refuse=True)

    assert response.url == LOGIN
    assert "You did not sign in at Trafford Council" in browser.get(LOGIN).content.decode()


@pytest.mark.parametrize(
    "query", ["", "?state=", "?state=made-up&code=x", "?error=server_error", "?code[]=1", "?state=%00"]
)
def test_nonsense_on_the_way_back_is_no_error_of_ours(person: User, query: str) -> None:
    browser = Client()
    begun(browser)
    address = f"{BACK}{query}{'&' if query else '?'}_redir="

    assert browser.get(address).status_code == 400


def test_callback_of_a_provider_that_is_not_there_is_not_found(person: User) -> None:
    assert Client().get(reverse("openid_connect_callback", args=["another"])).status_code == 404


@pytest.mark.parametrize("name", ["authority_sign_in", "openid_connect_callback"])
def test_whoever_is_signed_in_already_stays(person: User, name: str) -> None:
    browser = factories.signed_in(person)
    address = reverse(name, args=["council"] if name.startswith("openid") else [])

    assert browser.get(address).url == HOME
    assert is_signed_in(browser)


# -------------------------------------------------------------------------------------------------------- the choice


@pytest.mark.parametrize("chosen", ["", "another", "council\0", "openid_connect"])
def test_choice_that_is_none_is_said_so(person: User, chosen: str) -> None:
    response = Client().post(CHOOSE, {"authority": chosen})

    assert response.status_code == 200
    assert "Error:" in response.content.decode()


def test_what_the_address_says_does_not_reach_the_provider(person: User) -> None:
    browser = Client()
    query = urlencode(
        {"scope": "offline_access", "process": "connect", "auth_params": "redirect_uri=https://evil.example"}
    )

    response = browser.post(f"{CHOOSE}?{query}", {"authority": "council"})

    assert "evil" not in led_to(response)
    assert "offline_access" not in led_to(response)
    assert browser.get(provider.sign_in_there(led_to(response), person.email.open())).url == CODE


def test_sign_in_page_offers_it_where_there_is_a_provider(person: User, settings: SettingsWrapper) -> None:
    assert CHOOSE in Client().get(LOGIN).content.decode()

    settings.SOCIALACCOUNT_PROVIDERS = authorities.providers("")
    assert CHOOSE not in Client().get(LOGIN).content.decode()
    assert Client().get(CHOOSE).status_code == 404


def test_provider_that_cannot_be_reached_is_said_so(person: User, settings: SettingsWrapper) -> None:
    nowhere = provider.reserve()
    settings.SOCIALACCOUNT_PROVIDERS = authorities.providers(nowhere.settings(authority="council"))

    response = Client().post(CHOOSE, {"authority": "council"})

    assert response.status_code == 502
    assert "cannot be reached" in response.content.decode()


def test_nothing_of_the_provider_stays_in_the_cache_in_clear(person: User) -> None:
    come_back(Client(), person.email.open())

    with servers.look_into_redis() as client:
        kept = list(client.scan_iter())
    assert not [key for key in kept if person.email.open().encode() in key]
