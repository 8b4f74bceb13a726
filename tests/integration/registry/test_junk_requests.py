"""Requests that no page of ours makes: each gets a plain refusal, and none a page of somebody's record."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from audit.events import EventKind, Outcome
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.visiting import SEARCH, Visitor, assert_plain_refusal, text_of
from tests.log import events, last_event

PAGES = ("", "reason/", "involvements/new/", "involvements/1/correct/", "involvements/1/end/", "involvements/check/")
WRONG_METHODS = ("put", "patch", "delete", "options", "trace")


@pytest.fixture
def teacher(town: Town, add: AddChildren) -> Visitor:
    add(full_draft(town))
    return Visitor(town.teacher)


def address(reference: str, page: str) -> str:
    """A page's address, put together by hand as a stranger would."""
    return f"/record/{reference}/{page}"


def assert_leads_nowhere(visitor: Visitor, reference: str) -> None:
    for page in (*PAGES, "involvements/recorded/"):
        assert_plain_refusal(visitor.get(address(reference, page)), 404)
    for page in PAGES[1:]:
        assert_plain_refusal(visitor.post(address(reference, page), reason="s11"), 404)


@pytest.mark.parametrize(
    "junk",
    [
        "1",
        "0",
        "A" * 500,
        "%00",
        "a%00b",
        "%F0%9F%98%80",
        "%D9%85",
        "%ff%fe",
        "..%5c..",
        "%2525",
        "-",
        "null",
        "%E2%80%AEabc",
    ],
)
def test_made_up_reference_leads_nowhere(teacher: Visitor, junk: str) -> None:
    assert_leads_nowhere(teacher, junk)
    refusal = last_event(kind=EventKind.ACCESS_REFUSED)
    assert (refusal.outcome, refusal.child_id) == (Outcome.NOT_FOUND, None)


@pytest.mark.parametrize("junk", ["%2e%2e%2f%2e%2e", "a/b", ""])
def test_reference_with_a_slash_is_no_address(teacher: Visitor, junk: str) -> None:
    assert_plain_refusal(teacher.get(f"/record/{junk}/"), 404)


def test_altered_and_truncated_references_lead_nowhere(teacher: Visitor) -> None:
    reference = teacher.opened()
    assert teacher.get(address(reference, "")).status_code == 200
    for wrong in (reference[:-4], reference[4:], reference.swapcase(), reference + reference, reference + "A"):
        assert_plain_refusal(teacher.get(address(wrong, "")), 404)


def test_reference_of_another_user_leads_nowhere(teacher: Visitor, town: Town) -> None:
    reference = teacher.opened()
    colleague = Visitor(town.social_worker)
    colleague.opened()
    assert_leads_nowhere(colleague, reference)
    assert teacher.get(address(reference, "")).status_code == 200


def test_reference_of_an_earlier_session_leads_nowhere(teacher: Visitor, town: Town, as_owner: OwnerContext) -> None:
    reference = teacher.opened()
    teacher.sign_out()
    with signing_in():
        code, *_others = RecoveryCodes.activate(town.teacher).get_unused_codes()
    # A code of the authenticator app is good once in its half minute.
    factories.with_password(town.teacher, client=teacher.browser)
    teacher.post(reverse("mfa_authenticate"), code=code)
    assert teacher.opened() != reference
    assert_leads_nowhere(teacher, reference)


@pytest.mark.parametrize("method", WRONG_METHODS)
def test_wrong_method_is_told_on_a_page(teacher: Visitor, method: str) -> None:
    reference = teacher.opened()
    opened = len(events(kind=EventKind.CHILD_OPENED))
    for page in (reverse("search"), *(address(reference, page) for page in PAGES)):
        answer = getattr(teacher.browser, method)(page)
        assert_plain_refusal(answer, 405)
        assert "GET" in answer["Allow"]
    assert len(events(kind=EventKind.CHILD_OPENED)) == opened


def test_page_that_only_shows_cannot_be_posted_to(teacher: Visitor) -> None:
    reference = teacher.opened()
    trail = teacher.post(reverse("search"), **SEARCH).url
    for page in (trail, address(reference, ""), address(reference, "involvements/recorded/")):
        assert_plain_refusal(teacher.post(page), 405)


def test_head_has_no_body_and_is_recorded_like_get(teacher: Visitor) -> None:
    reference = teacher.opened()
    before = len(events(kind=EventKind.CHILD_OPENED))
    answer = teacher.browser.head(address(reference, ""))
    assert (answer.status_code, answer.content) == (200, b"")
    assert len(events(kind=EventKind.CHILD_OPENED)) == before + 1


@pytest.mark.parametrize(
    "path",
    ["/search/1/", "/search/not-a-uuid/", f"/search/{'9' * 500}/", "/search/%00/", "/record/", "/search/%F0%9F%98%80/"],
)
def test_address_that_does_not_exist_is_not_found(teacher: Visitor, path: str) -> None:
    assert_plain_refusal(teacher.get(path), 404)


def test_unknown_trail_goes_back_to_the_search(teacher: Visitor) -> None:
    answer = teacher.get("/search/00000000-0000-0000-0000-000000000000/")
    assert (answer.status_code, answer.url) == (302, reverse("search"))


@pytest.mark.parametrize("what", ["", "deleted", "recorded%00", "RECORDED"])
def test_done_page_of_anything_else_is_not_found(teacher: Visitor, what: str) -> None:
    reference = teacher.opened()
    assert_plain_refusal(teacher.get(address(reference, f"involvements/{what}/")), 404)


def test_form_without_its_token_is_refused_on_a_page(town: Town, add: AddChildren) -> None:
    add(full_draft(town))
    visitor = Visitor(town.teacher)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.browser.cookies
    answer = strict.post(reverse("search"), SEARCH)
    assert_plain_refusal(answer, 403)
    assert "Hussain" not in text_of(answer)


def test_too_large_a_form_is_refused_on_a_page(teacher: Visitor) -> None:
    assert_plain_refusal(teacher.post(reverse("search"), given_name="x" * 300_000), 400)
    assert_plain_refusal(teacher.post(reverse("search"), **{f"field_{number}": "x" for number in range(300)}), 400)


def test_pages_are_kept_by_no_browser(teacher: Visitor) -> None:
    reference = teacher.opened()
    for page in (reverse("search"), address(reference, ""), address("junk", "")):
        assert teacher.get(page)["Cache-Control"] == "no-store"
