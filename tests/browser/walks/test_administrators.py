"""Walks of whoever vets, lists, accredits and stops."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import Page
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from access.people.views.person import PAGES
from tests import factories
from tests.browser import steps
from tests.browser.conftest import Enter, Join
from tests.browser.database import reference_to
from tests.browser.people import COUNCIL, Change, may_stop_service
from tests.browser.walks.walking import Inspect, submit, walks
from tests.service import Service

COUNCIL_NAME = "Demonstration Council management team"


@walks(
    "people",
    "approvals",
    "expiring",
    "invite_person",
    "person",
    "ask_role",
    "decide_role",
    "evidence",
    *(f"{step}_person" for step in PAGES),
)
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


@walks("ask_new_sign_in", "decide_new_sign_in", "person", "approvals")
def test_new_sign_in_by_two(enter: Enter, join: Join, inspect: Inspect) -> None:
    priya = join(name="Wilhelmina Featherstonehaughs-Cholmondeley")
    page, other = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (3, 4))
    olu, ruth = inspect(page), inspect(other)
    person = steps.open_person(page, priya.name)
    olu.open(f"{person}sign-in/")
    submit(page, "Ask for a new sign-in")
    olu.look("nothing chosen")
    page.get_by_label("Seen on a video call").check()
    submit(page, "Ask for a new sign-in")
    olu.look("a new sign-in is asked for")
    ruths = steps.open_person(other, priya.name)
    ruth.look("a new sign-in is asked for")
    ruth.open("/people/approvals/", "with a new sign-in")
    ruth.open(f"{ruths}sign-in/decide/")
    submit(other, "Continue")
    ruth.look("nothing chosen")
    other.get_by_label("Yes, send them a link").check()
    submit(other, "Continue")
    ruth.look("gets a new sign-in")


@walks(
    "invite_list",
    "check_invitations",
    "leaver_list",
    "check_leavers",
    "employers",
    "confirm_people",
    "check_confirmations",
)
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


@walks("systems", "ask_for_system", "system", "accredit_system", "revoke_system")
def test_systems(enter: Enter, inspect: Inspect) -> None:
    # Signed in just now: some steps ask for the second factor again after five minutes.
    page, other = (enter(Role.ADMINISTRATOR, COUNCIL, which=which) for which in (3, 4))
    olu, ruth = inspect(page), inspect(other)
    olu.open("/systems/", "none yet")
    olu.open("/systems/ask/")
    submit(page, "Ask for it")
    olu.look("nothing entered")
    page.get_by_label("What people call it").fill("Case files")
    page.get_by_label("People work in it").check()
    page.get_by_label("Addresses that people come back to").fill("https://files.example.org/back")
    page.get_by_label("Its public keys").fill(json.dumps(factories.system_key().as_dict(private=False)))
    submit(page, "Ask for it")
    olu.look("asked for")
    system = urlsplit(page.url).path
    olu.open("/systems/", "one that waits")
    ruth.open(system, "to be accredited")
    ruth.open(f"{system}revoke/", "to be refused")
    ruth.open(f"{system}accredit/")
    submit(other, "Accredit")
    ruth.look("accredited")
    olu.open(f"{system}revoke/")
    submit(page, "Revoke")
    olu.look("revoked")


@walks("home", "organisations", "organisation", "accredit", "add_site", "delegate")
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


@walks("stops", "stop_person", "lift_person", "stop_organisation", "lift_organisation", "stop_service", "lift_service")
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
