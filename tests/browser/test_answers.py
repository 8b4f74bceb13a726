"""A parent asks who looked at a record: two auditors answer, and a letter comes out."""

import re

from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join
from tests.browser.database import opened_before
from tests.browser.people import COUNCIL
from tests.pdf import text_in

NUMBER = re.compile(r"^Number \d{5} \d{5} \d$")


def test_two_auditors_answer_a_parent(
    enter: Enter, page: Page, join: Join, children: Children, django_db_blocker: DjangoDbBlocker
) -> None:
    priya, known = join(name="Priya Nair-Shaw"), children.one(is_quiet)
    steps.sign_in(page, priya)
    steps.open_record(page, known)
    number = page.get_by_text(NUMBER).first.inner_text().removeprefix("Number ")
    opened_before(django_db_blocker, priya, 3)
    auditor = enter(Role.AUDITOR, COUNCIL)
    auditor.goto("/log/")
    auditor.get_by_role("link", name="Answers to families").click()
    auditor.get_by_role("link", name="Begin an answer").click()
    steps.begin_answer(auditor, number)
    expect(auditor.get_by_role("heading", level=3)).to_contain_text(priya.organisation)
    expect(auditor.get_by_role("main")).not_to_contain_text(known.family)
    assert number.replace(" ", "") not in auditor.url
    auditor.get_by_label("What the letter says of line 1").select_option(
        label="Tell it. Nothing speaks against telling it"
    )
    auditor.get_by_role("button", name="Confirm this answer").click()
    expect(auditor.get_by_role("main")).to_contain_text("You confirmed this answer, so another auditor checks")
    expect(auditor.get_by_role("link", name="Check and release")).to_have_count(0)
    colleague = enter(Role.AUDITOR, COUNCIL, which=2)
    colleague.goto(auditor.url)
    colleague.get_by_role("link", name="Check and release").click()
    expect(colleague.get_by_role("table")).to_contain_text(priya.organisation)
    colleague.get_by_role("button", name="Release the letter").click()
    with colleague.expect_download() as made:
        colleague.get_by_role("button", name="Make the letter (PDF)").click()
    letter = made.value.path().read_bytes()
    said = text_in(letter)
    for told in (priya.organisation, number, "Opened the record"):
        assert told in said
    for withheld in (priya.name, known.family, known.given):
        assert withheld not in said
