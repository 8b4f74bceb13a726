"""Every page in every state: accessible by axe's rules, no wider than a telephone, and silent in the console.

Each walk goes through the pages of one kind of person and says which routes it saw. The routes are those of the URL
configuration that anybody may call; one that no walk sees fails here until it is walked or excepted.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.roles import Role
from access.routes import ALLAUTH_ROUTES, declared_policy
from tests.browser import children as known_children
from tests.browser import passkeys, steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import end_session_half_way, seal, service_database
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL, MENTAL_HEALTH, Change, lose_vetting, use_up

WITHOUT_PAGE = {
    "event_proof",  # a text file
    "health_live",  # for machines
    "health_ready",
    "mfa_download_recovery_codes",  # a text file
    "end_call",  # a button
    "mfa_login_webauthn",  # answers the sign-in page's script
}
WALKS: dict[str, set[str]] = {
    "test_anybody": {"account_login", "account_inactive", "help", "privacy", "accessibility", "no route"},
    "test_signing_in_with_the_council": {"authority_sign_in", "openid_connect_callback"},
    "test_signing_in": {"account_login", "mfa_authenticate"},
    "test_first_second_step": {"account_reauthenticate", "mfa_activate_totp"},
    "test_practitioner_searching": {"home", "search", "results", "change_search", "open_record", "record", "people"},
    "test_practitioner_recording": {
        "record_involvement",
        "check_involvement",
        "involvement_done",
        "record",
        "correct_involvement",
        "end_involvement",
    },
    "test_own_account": {
        "home",
        "my_access",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "signed_in",
    },
    "test_mediator": {"asking", "askers", "read_out", "search", "results", "open_record", "record", "my_history"},
    "test_overseers": {"home", "log", "event", "checkpoints", "people"},
    "test_stopped": {"record", "record_involvement"},
}
GOOD = {"practitioner": "Priya Nair", "telephone": "0161 496 0123", "started_on": "2025-09-01", "lead": "No"}
MORE_THAN_ARE_SHOWN = 11

Inspect = Callable[[Page], Inspector]


@pytest.fixture
def inspect(request: pytest.FixtureRequest) -> Iterator[Inspect]:
    """`inspect(page)` follows a window; what it finds wrong fails the walk at its end."""
    inspectors: list[Inspector] = []

    def follow(page: Page) -> Inspector:
        inspectors.append(Inspector(page))
        return inspectors[-1]

    yield follow
    assert [problem for each in inspectors for problem in each.problems] == []
    assert set().union(*(each.routes for each in inspectors)) == WALKS[request.node.name]


def callable_routes() -> set[str]:
    """The names of all routes that somebody may call."""
    found, waiting = set(), list(get_resolver().url_patterns)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLResolver):
            waiting.extend(entry.url_patterns)
        elif isinstance(entry, URLPattern) and (declared_policy(entry.callback) or entry.name in ALLAUTH_ROUTES):
            found.add(str(entry.name))
    return found


def submit(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def test_every_route_is_walked_or_has_no_page() -> None:
    walked = set().union(*WALKS.values()) - {"no route"}
    assert callable_routes() - WITHOUT_PAGE == walked


def test_anybody(page: Page, inspect: Inspect) -> None:
    anybody = inspect(page)
    for address in ("/account/login/", "/account/inactive/", "/help/", "/privacy/", "/accessibility/", "/nowhere/"):
        anybody.open(address)


def test_signing_in(page: Page, join: Join, inspect: Inspect) -> None:
    priya, anybody = join(), inspect(page)
    page.goto("/account/login/")
    submit(page, "Sign in")
    anybody.look("nothing entered")
    steps.give_password(page, priya)
    anybody.look()
    steps.give_code(page, "abc")
    anybody.look("wrong code")
    submit(page, "Cancel and go back to sign in")
    for _ in range(5):
        steps.give_password(page, priya, password="not the password")
    anybody.look("locked out")


def test_signing_in_with_the_council(page: Page, inspect: Inspect) -> None:
    anybody = inspect(page)
    anybody.open("/account/authority/")
    submit(page, "Continue")
    anybody.look("nothing chosen")
    page.get_by_label("The council").check()
    submit(page, "Continue")
    anybody.look("nobody answers there")
    anybody.open("/account/authority/council/back/?_redir=", "an old link")


def test_first_second_step(page: Page, join: Join, inspect: Inspect) -> None:
    priya, newcomer = join(authenticator=False), inspect(page)
    steps.give_password(page, priya)
    newcomer.look()
    submit(page, "Continue")
    newcomer.look("nothing entered")
    steps.confirm(page, priya)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    newcomer.look()
    key = page.locator(".secret-text").inner_text()
    steps.give_code(page, "")
    newcomer.look("nothing entered")
    again = page.locator(".secret-text").inner_text()
    assert again == key, "the key that was scanned must still be the right one"


def test_practitioner_searching(
    enter: Enter, children: Children, inspect: Inspect, django_db_blocker: DjangoDbBlocker
) -> None:
    page = enter()
    priya = inspect(page)
    priya.open("/")
    priya.open("/search/")
    submit(page, "Search")
    priya.look("nothing entered")
    steps.search(page, given_name="7", family_name="8", postcode="9", born=date(2099, 1, 1))
    priya.look("everything wrong")
    steps.search(page, given_name="Zzyzx", family_name="Qwrtpsdf", born=date(2015, 3, 4))
    priya.look("nobody found")
    with service_database(django_db_blocker):
        many = known_children.add_namesakes(MORE_THAN_ARE_SHOWN)
    steps.search(page, given_name=many.given, family_name=many.family, born=many.born)
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many children match")
    priya.look("too many")
    busy = children.busy()
    steps.find(page, busy)
    priya.look("found")
    page.get_by_role("link", name="Change this search").click()
    priya.look()
    page.go_back()
    steps.row_of(page, busy).get_by_role("link").click()
    priya.look()
    submit(page, "Open the record")
    priya.look("no reason")
    steps.open_record(page, busy)
    priya.look("a bit of everything")
    steps.find(page, children.shielded())
    priya.look("a protected child")
    steps.open_record(page, children.shielded())
    priya.look("a protected child")
    priya.open("/record/nothing/", "not found")
    priya.open("/people/", "refused")


def test_practitioner_recording(enter: Enter, children: Children, inspect: Inspect) -> None:
    page = enter(works_for=MENTAL_HEALTH)
    daniel = inspect(page)
    record = steps.open_record(page, children.one(is_quiet))
    page.get_by_role("link", name="Record your organisation’s involvement").click()
    daniel.look()
    submit(page, "Continue")
    daniel.look("nothing entered")
    steps.answer(page, **GOOD, basis="The child or young person gave informed consent")
    daniel.look()
    steps.save(page)
    daniel.look()
    page.go_back()
    daniel.look("after it was saved")
    daniel.open(record, "with an involvement of one's own")
    page.get_by_role("link", name="Correct Mental health").click()
    daniel.look()
    page.goto(record)
    page.get_by_role("link", name="End Mental health").click()
    daniel.look()
    submit(page, "Continue")
    daniel.look("nothing entered")
    steps.fill_date(page, "End date", date(2025, 10, 1))
    submit(page, "Continue")
    daniel.look("an end")
    daniel.open(f"{record}involvements/ended/")


def test_own_account(page: Page, join: Join, change: Change, inspect: Inspect) -> None:
    priya, own = join(), inspect(page)
    passkeys.put_reader_into(page)
    steps.sign_in(page, priya)
    own.open("/my-access/")
    own.open("/account/password/change/")
    submit(page, "Change password")
    own.look("nothing entered")
    own.open("/security/")
    own.open("/security/webauthn/")
    own.open("/security/webauthn/add/", "asked to confirm")
    steps.confirm(page, priya)
    own.look()
    passkeys.add(page)
    own.look("the first ones")
    own.open("/security/", "with everything")
    own.open("/security/webauthn/", "with one")
    page.get_by_role("link", name="Rename").click()
    own.look()
    page.goto("/security/webauthn/")
    page.get_by_role("link", name="Remove").click()
    own.look()
    for address in ("/security/recovery-codes/", "/security/recovery-codes/generate/", "/security/totp/deactivate/"):
        own.open(address)
    for address in ("/security/reauthenticate/", "/security/webauthn/reauthenticate/"):
        own.open(address)
    for address in ("/security/signed-in/", "/account/logout/"):
        own.open(address)
    change(lose_vetting, priya)
    own.open("/", "vetting lapsed")


def test_stopped(
    page: Page, join: Join, change: Change, children: Children, inspect: Inspect, django_db_blocker: DjangoDbBlocker
) -> None:
    priya = join()
    steps.sign_in(page, priya)
    record = steps.open_record(page, children.busy())
    change(use_up, priya)
    inspect(page.context.new_page()).open(record, "above the budget")
    link = page.get_by_role("link", name="Record your organisation’s involvement")
    end_session_half_way(django_db_blocker, priya, link)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are no longer signed in")
    inspect(page).look("session ended half-way")


def test_mediator(
    enter: Enter, join: Join, change: Change, children: Children, inspect: Inspect, django_db_blocker: DjangoDbBlocker
) -> None:
    anna, other = join(name="Wilhelmina Featherstonehaugh-Cholmondeley"), join(name="Wilhelmina Featherstone")
    page = enter(Role.MEDIATOR)
    helen = inspect(page)
    helen.open("/")
    submit(page, "Find this person")
    helen.look("nothing entered")
    page.get_by_label("Their e-mail address, or their name").fill("Wilhelmina Feather")
    submit(page, "Find this person")
    helen.look()
    page.get_by_role("link", name="Cholmondeley").click()
    helen.look()
    submit(page, "Begin the call")
    helen.look("nothing entered")
    steps.take_call(page, anna)
    helen.look("in a call")
    helen.open("/call/", "in a call")
    steps.find(page, children.busy())
    helen.look("in a call")
    steps.row_of(page, children.busy()).get_by_role("link").click()
    helen.look("in a call")
    record = steps.open_record(page, children.busy())
    helen.look("in a call")
    helen.open("/my-access/history/")
    change(lose_vetting, anna)
    helen.open(record, "the colleague's access has stopped")
    steps.take_call(page, other)
    helen.open(record, "of another call")
    with service_database(django_db_blocker):
        Authenticator.objects.filter(user=other.id).delete()
    for person, state in ((anna, "who is stopped"), (other, "without a code")):
        page.goto("/call/")
        page.get_by_label("Their e-mail address, or their name").fill(person.email)
        submit(page, "Find this person")
        helen.look(state)


def test_overseers(enter: Enter, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(page)
    margaret.open("/")
    margaret.open("/log/")
    margaret.open("/log/?since_day=x&child=y&person=z&kind=", "everything wrong")
    margaret.open("/log/?since_day=1/1/2001&until_day=2/1/2001&kind=", "nothing fits")
    page.goto("/log/")
    page.locator("tbody a").first.click()
    margaret.look()
    margaret.open("/log/checkpoints/")
    seal(django_db_blocker)
    margaret.open("/log/checkpoints/", "with one")
    margaret.open("/log/checkpoints/?older=2&newer=1", "everything wrong")
    margaret.open("/log/checkpoints/?older=1&newer=1", "no such checkpoint")
    page.goto("/log/")
    page.locator("tbody a").last.click()
    margaret.look("sealed")
    olu = inspect(enter(Role.ADMINISTRATOR, COUNCIL))
    olu.open("/people/")
