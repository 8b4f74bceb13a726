"""Walks of whoever searches and records, for themselves or for a colleague."""

from datetime import date

from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from tests.acting_servers import signing_in
from tests.browser import children as known_children
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import end_session_half_way, service_database
from tests.browser.people import MENTAL_HEALTH, Change, lose_vetting, use_up
from tests.browser.walks.walking import Inspect, submit, walks

GOOD = {"practitioner": "Priya Nair", "telephone": "0161 496 0123", "started_on": "2025-09-01", "lead": "No"}
MORE_THAN_ARE_SHOWN = 11


@walks("home", "search", "results", "change_search", "open_record", "record", "people", "lately")
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


@walks(
    "record_involvement",
    "involvement_basis",
    "check_involvement",
    "involvement_done",
    "record",
    "correct_involvement",
    "end_involvement",
    "end_basis",
    "withdraw_involvement",
)
def test_practitioner_recording(enter: Enter, children: Children, inspect: Inspect) -> None:
    page = enter(works_for=MENTAL_HEALTH)
    daniel = inspect(page)
    record = steps.open_record(page, children.one(is_quiet))
    page.get_by_role("link", name="Record your organisation’s involvement").click()
    daniel.look()
    submit(page, "Continue")
    daniel.look("nothing entered")
    steps.answer(page, **GOOD)
    daniel.look()
    submit(page, "Continue")
    daniel.look("nothing said of its basis")
    steps.say_basis(page, date.fromisoformat(GOOD["started_on"]))
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
    page.get_by_role("link", name="No longer at risk Mental health").click()
    daniel.look()
    submit(page, "Continue")
    daniel.look("the end of what allowed it")
    page.goto(record)
    page.get_by_role("link", name="Recorded by mistake Mental health").click()
    daniel.look()
    submit(page, "Continue")
    daniel.look("nothing chosen")
    page.get_by_label("There was no consent").check()
    submit(page, "Continue")
    daniel.look("a withdrawal")
    daniel.open(f"{record}involvements/withdrawn/")


@walks("own_home", "my_access")
def test_telling_ones_own_home(enter: Enter, inspect: Inspect) -> None:
    page = enter()
    priya = inspect(page)
    page.goto("/my-access/")
    page.get_by_role("link", name="Your home: tell us where you live").click()
    priya.look()
    submit(page, "Keep fingerprints of my home")
    priya.look("nothing entered")
    page.get_by_label("House number or name").fill("Flat 2, 33")
    page.get_by_label("Street").fill("Oak Road")
    page.get_by_label("Postcode").fill("M33 4AB")
    submit(page, "Keep fingerprints of my home")
    expect(page.get_by_role("main")).to_contain_text("have forgotten the address")
    priya.look("with a home told")
    page.get_by_role("link", name="Your home: tell us where you live").click()
    priya.look("told before")


@walks("record", "record_involvement")
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


@walks("asking", "askers", "read_out", "search", "results", "open_record", "record", "my_history")
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
    page.get_by_role("link", name=anna.name).click()
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
    with service_database(django_db_blocker), signing_in():
        Authenticator.objects.filter(user=other.id).delete()
    for person, state in ((anna, "who is stopped"), (other, "without a code")):
        page.goto("/call/")
        page.get_by_label("Their e-mail address, or their name").fill(person.email)
        submit(page, "Find this person")
        helen.look(state)
