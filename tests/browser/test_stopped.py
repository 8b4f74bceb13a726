"""Stopped by the database itself: above one's budget, and where the session ended half-way. Nothing is shown then."""

import re

from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import end_session_half_way
from tests.browser.people import COUNCIL, Change, use_up


def test_person_at_their_limit_is_told_so_and_the_auditors_too(
    page: Page, join: Join, enter: Enter, change: Change, children: Children
) -> None:
    priya, known = join(name="Priya Nair-Lowther"), children.one(is_quiet)
    steps.sign_in(page, priya)
    change(use_up, priya)
    for _ in range(2):
        steps.find(page, known).get_by_role("link").click()
        page.get_by_label(steps.CONCERN).check()
        page.get_by_role("button", name="Open the record").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You have reached your limit")
        expect(page.get_by_role("main")).to_contain_text(re.compile("records opened, (60 an hour|200 a day)"))
        expect(page.get_by_role("main")).to_contain_text("If a child is in danger, do not wait")
        expect(page.get_by_role("main")).not_to_contain_text(known.family)
    auditor = enter(Role.AUDITOR, COUNCIL)
    steps.filter_log(auditor, Person=priya.email)
    rows = auditor.get_by_role("table").get_by_role("row")
    expect(rows.filter(has_text="Refused: above the budget, 2 times")).to_have_count(1)
    expect(rows.filter(has_text="Record opened")).to_have_count(0)
    auditor.get_by_role("navigation", name="Service").get_by_role("link", name="Alerts").click()
    alert = rows.filter(has_text="more than their budget").filter(has_text=priya.name)
    expect(alert.get_by_role("cell", name="2", exact=True)).to_be_visible()


def test_session_that_ends_half_way_shows_and_changes_nothing(
    page: Page, join: Join, children: Children, django_db_blocker: DjangoDbBlocker
) -> None:
    priya, known = join(), children.one(is_quiet)
    steps.sign_in(page, priya)
    steps.open_record(page, known)
    link = page.get_by_role("link", name="Record your organisation’s involvement")
    end_session_half_way(django_db_blocker, priya, link)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are no longer signed in")
    expect(page.locator("body")).not_to_contain_text(known.family)
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
