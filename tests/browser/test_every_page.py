"""Every page in every state: accessible by axe's rules, no wider than a telephone, and silent in the console.

Each walk goes through the pages of one kind of person and says which routes it saw. The routes are those of the URL
configuration that anybody may call; one that no walk sees fails here until it is walked or excepted.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.door.routes import ALLAUTH_ROUTES, declared_policy
from access.models import Role
from access.people.views.person import PAGES
from contactpoint.local import code
from tests.browser import children as known_children
from tests.browser import passkeys, steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join, OpenBrowser
from tests.browser.database import end_session_half_way, raise_an_alert, reference_to, seal, service_database
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL, MENTAL_HEALTH, Change, Invited, lose_vetting, may_stop_service, use_up
from tests.service import Service

WITHOUT_PAGE = {
    "invite_again",  # a button of the person's page
    "take_back",  # a button of the organisation's page
    "event_proof",  # a text file
    "take_alert",  # a button of the alert's page
    "health_live",  # for machines
    "health_ready",
    "mfa_download_recovery_codes",  # a text file
    "end_call",  # a button
    "session",  # answers the script of every page
    "mfa_login_webauthn",  # answers the sign-in page's script
    "scim_configuration",  # for software that shows a token, as those below
    "scim_elsewhere",
    "scim_resource_type",
    "scim_resource_types",
    "scim_schema",
    "scim_schemas",
    "scim_search",
    "scim_user",
    "scim_users",
    "send_leavers",
}
WALKS: dict[str, set[str]] = {
    "test_anybody": {"account_login", "account_inactive", "help", "privacy", "accessibility", "no route"},
    "test_signing_in_with_the_council": {"authority_sign_in", "openid_connect_callback"},
    "test_signing_in": {"account_login", "mfa_authenticate"},
    "test_first_second_step": {"account_reauthenticate", "mfa_activate_totp"},
    "test_practitioner_searching": {
        "home",
        "search",
        "results",
        "change_search",
        "open_record",
        "record",
        "people",
        "lately",
    },
    "test_practitioner_recording": {
        "record_involvement",
        "check_involvement",
        "involvement_done",
        "record",
        "correct_involvement",
        "end_involvement",
        "withdraw_involvement",
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
    "test_overseers": {
        "home",
        "log",
        "filtered_log",
        "event",
        "visit",
        "checkpoints",
        "alerts",
        "alert",
        "close_alert",
    },
    "test_people": {
        "people",
        "approvals",
        "expiring",
        "invite_person",
        "person",
        "ask_role",
        "decide_role",
        "evidence",
        *(f"{step}_person" for step in PAGES),
    },
    "test_lists": {
        "invite_list",
        "check_invitations",
        "leaver_list",
        "check_leavers",
        "employers",
        "confirm_people",
        "check_confirmations",
    },
    "test_tokens": {"api_tokens", "make_api_token", "api_token_made", "revoke_api_token"},
    "test_stopped": {"record", "record_involvement"},
    "test_joining": {
        "join",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "my_access",
        "agreement",
        "home",
    },
    "test_organisations": {"home", "organisations", "organisation", "accredit", "add_site", "delegate"},
    "test_stopping": {
        "stops",
        "stop_person",
        "lift_person",
        "stop_organisation",
        "lift_organisation",
        "stop_service",
        "lift_service",
    },
}
GOOD = {"practitioner": "Priya Nair", "telephone": "0161 496 0123", "started_on": "2025-09-01", "lead": "No"}
MORE_THAN_ARE_SHOWN = 11
COUNCIL_NAME = "Demonstration Council management team"

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
    priya.open("/lately/")
    priya.open("/search/")
    submit(page, "Search")
    priya.look("nothing entered")
    steps.search(page, given_name="7", family_name="8", postcode="9", born=date(2099, 1, 1))
    priya.look("everything wrong")
    steps.search(page, given_name="Zzyzx", family_name="Qwrtpsdf", born=date(2015, 3, 4))
    priya.look("nobody found")
    steps.search(page, given_name="Zzyzx", family_name="Qwrtpsdf", number=children.busy().child.nhs_number)
    priya.look("found by number, under another name")
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
    priya.open("/lately/", "with a protected child")
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
    page.goto(record)
    page.get_by_role("link", name="Recorded by mistake Mental health").click()
    daniel.look()
    submit(page, "Continue")
    daniel.look("nothing chosen")
    page.get_by_label("There was no consent").check()
    submit(page, "Continue")
    daniel.look("a withdrawal")
    daniel.open(f"{record}involvements/withdrawn/")


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


def test_lists(enter: Enter, inspect: Inspect) -> None:
    page = enter(Role.ADMINISTRATOR, COUNCIL)
    olu = inspect(page)
    olu.open("/people/invite/list/")
    submit(page, "Continue")
    olu.look("nothing chosen")
    steps.choose_list(page, "name,email,role,organisation\n=1+1,nobody,Headteacher,nowhere\n")
    olu.look("everything wrong")
    steps.choose_list(page, f"name,email,role,organisation\nKit Moor,kit.moor@example.org,Mediator,{COUNCIL}\n")
    olu.look()
    olu.open("/people/leavers/")
    steps.choose_list(page, "email\nnobody@example.org\n")
    olu.look("everything wrong")
    page.goto("/people/invite/list/check/")
    page.get_by_role("button", name="Invite 1 person").click()
    page.goto("/people/leavers/")
    steps.choose_list(page, "email\nkit.moor@example.org\n")
    olu.look()
    olu.open("/people/confirm/")
    page.get_by_role("main").get_by_role("link").first.click()
    olu.look()
    page.get_by_label("Has left").first.check()
    submit(page, "Check and finish")
    olu.look()


def test_tokens(enter: Enter, inspect: Inspect) -> None:
    page = enter(Role.ADMINISTRATOR, COUNCIL, which=2)
    olu = inspect(page)
    olu.open("/api-tokens/", "none yet")
    olu.open("/api-tokens/make/")
    submit(page, "Make the token")
    olu.look("nothing entered")
    page.get_by_label("What will use it").fill("Personnel system")
    submit(page, "Make the token")
    olu.look()
    page.get_by_role("link", name="I have copied it").click()
    olu.look("with one")
    page.get_by_role("link", name="Revoke").first.click()
    olu.look()


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


def open_an_event(page: Page) -> None:
    """One event that somebody signed in, which is a line of its own only when that is asked for."""
    page.goto("/log/")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Show each event on a line of its own").check()
    page.get_by_role("button", name="Apply filter").click()
    page.get_by_role("row").filter(has_text="Signed in").last.get_by_role("link").first.click()


def test_overseers(enter: Enter, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(page)
    margaret.open("/")
    margaret.open("/log/")
    margaret.open("/log/?kind=nonsense", "an address of nonsense")
    steps.filter_log(page, From="x", To="y", Person="z", Record="w")
    margaret.look("everything wrong")
    steps.filter_log(page, From="1/1/2001", To="2/1/2001")
    margaret.look("nothing fits")
    open_an_event(page)
    margaret.look()
    page.get_by_role("link", name="What else was done in this visit").click()
    margaret.look()
    raise_an_alert(django_db_blocker, times=2000)
    margaret.open("/log/alerts/?show=closed", "with none")
    margaret.open("/log/alerts/?show=new")
    page.locator("tbody a").first.click()
    margaret.look("new")
    page.get_by_role("button", name="Take this alert").click()
    page.get_by_role("button", name="Close this alert").click()
    margaret.look("without a result")
    page.get_by_label("Looked into and not explained").check()
    page.get_by_role("button", name="Close this alert").click()
    margaret.look("closed")
    margaret.open("/log/checkpoints/")
    seal(django_db_blocker)
    margaret.open("/log/checkpoints/", "with one")
    margaret.open("/log/checkpoints/?older=2&newer=1", "everything wrong")
    margaret.open("/log/checkpoints/?older=1&newer=1", "no such checkpoint")
    open_an_event(page)
    margaret.look("sealed")


def test_people(enter: Enter, join: Join, inspect: Inspect) -> None:
    priya = join(name="Maximiliana Featherstonehaughs-Marjoribanks")
    # Signed in just now: some steps ask for the second factor again after five minutes.
    page, other = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (3, 4))
    olu, ruth = inspect(page), inspect(other)
    for address in ("/people/", "/people/approvals/", "/people/expiring/", "/people/expiring/?days=90"):
        olu.open(address)
    olu.open("/people/invite/")
    submit(page, "Invite")
    olu.look("nothing entered")
    page.get_by_label("Organisation").fill("school")
    submit(page, "Invite")
    olu.look("several organisations fit")
    page.goto("/people/")
    page.get_by_text("Narrow by organisation").click()
    page.get_by_label("Organisation", exact=True).fill("school")
    submit(page, "Find")
    olu.look("of several organisations")
    submit(page, "Show everybody")
    steps.find_person(page, "Nobody Atall")
    olu.look("nobody found")
    steps.find_person(page, priya.name)
    olu.look("found")
    person = steps.open_person(page, priya.name)
    olu.look("active")
    for kind in ("identity", "dbs", "training_use", "employment"):
        olu.open(f"{person}evidence/{kind}/")
        submit(page, "Record")
        olu.look(f"{kind}: nothing entered")
    for step in PAGES:
        olu.open(f"{person}{step}/")
    olu.open(f"{person}role/")
    submit(page, "Ask")
    olu.look("nothing chosen")
    page.get_by_label("Mediator").check()
    submit(page, "Ask")
    olu.look("a role is asked for")
    ruths = steps.open_person(other, priya.name)
    ruth.open(f"{ruths}role/decide/")
    submit(other, "Save")
    ruth.look("nothing chosen")
    ruth.open(f"{ruths}suspend/")
    other.get_by_label("Suspected misuse").check()
    submit(other, "Suspend now")
    ruth.look("suspended")
    ruth.open("/people/approvals/", "with somebody")
    olu.open(person, "suspended")


def test_joining(page: Page, invited: Invited, open_browser: OpenBrowser, inspect: Inspect) -> None:
    newcomer = inspect(page)
    newcomer.open("/join/made-up/", "a link that nobody sent")
    newcomer.open(invited.path)
    submit(page, "Continue")
    newcomer.look("nothing entered")
    steps.choose_password(page)
    newcomer.look()
    secret = page.locator(".secret-text").inner_text()
    steps.give_code(page, code.current(secret, time.time()))
    newcomer.look()
    steps.give_code(page, code.current(secret, time.time()))
    newcomer.look("with the codes")
    page.get_by_role("main").get_by_role("link", name="Continue").click()
    newcomer.look("nothing signed")
    page.get_by_role("link", name="Read and sign the agreement").click()
    newcomer.look()
    submit(page, "I agree, and sign for a year")
    newcomer.look("signed")
    newcomer.open("/my-access/agreement/", "signed")
    newcomer.open("/", "refused")
    newcomer.open(invited.path, "somebody is signed in")
    inspect_other = open_browser().new_page()
    newcomer.page = inspect_other
    newcomer.open(invited.path, "used")


def test_organisations(enter: Enter, service: Service, inspect: Inspect) -> None:
    page = enter(Role.ADMINISTRATOR, COUNCIL, which=6)
    olu = inspect(page)
    olu.open("/")
    olu.open("/organisations/")
    page.get_by_label("Which organisation?").fill("x" * 200)
    submit(page, "Find")
    olu.look("too long")
    page.get_by_label("Which organisation?").fill("zzz")
    submit(page, "Find")
    olu.look("nothing fits")
    submit(page, "Show all")
    olu.look("all")
    page.get_by_role("link", name=COUNCIL_NAME, exact=True).click()
    olu.look("one's own")
    school = steps.open_organisation(page, school_with_administrator(service))
    olu.look()
    for step in ("accredit", "site", "delegate"):
        olu.open(f"{school}{step}/")
        submit(page, "Save")
        olu.look("nothing entered")


def test_stopping(
    page: Page, join: Join, change: Change, service: Service, inspect: Inspect, django_db_blocker: DjangoDbBlocker
) -> None:
    olu, priya, inspector = join(Role.ADMINISTRATOR, COUNCIL), join(), inspect(page)
    change(may_stop_service, olu)
    steps.sign_in(page, olu)
    school = steps.open_organisation(page, school_with_administrator(service))
    inspector.open("/stops/", "nothing stopped")
    inspector.open("/stops/service/stop/")
    submit(page, "Stop now")
    inspector.look("nothing chosen")
    inspector.open("/stops/service/lift/")
    inspector.open(f"{school}stop/")
    inspector.open(f"{school}lift/")
    page.goto(f"/people/{reference_to(django_db_blocker, olu, priya)}/stop/")
    inspector.look()
    page.get_by_label("Suspected misuse").check()
    submit(page, "Stop now")
    inspector.look("somebody stopped")
    page.get_by_role("row").filter(has_text=priya.name).get_by_role("link", name="Lift").click()
    inspector.look()
    submit(page, "Lift the stop")
    inspector.look("lifted")


def school_with_administrator(service: Service) -> str:
    """The name of the school whose administrator the demonstration has."""
    return next(user["organisation"] for user in service.users if user["name"] == "Sam Whitfield")
