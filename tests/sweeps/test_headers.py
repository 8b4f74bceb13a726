"""Every response, whatever it answers, is kept by nobody and may do nothing on the page but what we wrote."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Role
from tests import factories
from tests.conftest import OwnerContext
from tests.sweeps.routes import all_routes, undone

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
OUR_SCRIPT = re.compile(r'<script (type="module"|defer) src="/static/[^"]+">')
POLICY_FORBIDS = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:")


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: pages read after their events are committed."""


def lacking(response: HttpResponse) -> list[str]:
    return [name for name, part in HEADERS.items() if part not in response.headers.get(name, "")]


def answers(browser: Client) -> Iterator[tuple[str, HttpResponse]]:
    """What the browser gets from each route by each method, with nothing changed by it."""
    cookies = browser.cookies.output(header="", sep=";")
    for route in all_routes():
        for method in ("GET", "POST", "HEAD", "PUT"):
            visit = Client(raise_request_exception=False)
            visit.cookies.load(cookies)
            with undone(route):
                yield f"{method} {route.name}", visit.generic(method, route.path)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AUDITOR])
def test_every_page_for_the_signed_in_has_its_headers(as_owner: OwnerContext, role: Role) -> None:
    with as_owner():
        person = factories.user(role=role)

    assert {name: lacking(answer) for name, answer in answers(factories.signed_in(person)) if lacking(answer)} == {}


def test_every_page_for_a_stranger_has_its_headers(db: None) -> None:
    assert {name: lacking(answer) for name, answer in answers(Client()) if lacking(answer)} == {}


def test_there_are_four_cookies_of_which_three_end_with_the_browser(as_owner: OwnerContext) -> None:
    """As the privacy page says."""
    with as_owner():
        person = factories.user()
    browser = factories.signed_in(person)
    given = [*browser.cookies.values()]
    given += [cookie for _, answer in answers(Client()) for cookie in answer.cookies.values()]
    given += [cookie for _, answer in answers(browser) for cookie in answer.cookies.values()]

    lasting, ending = settings.DEVICE_COOKIE_NAME, {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert {cookie.key for cookie in given} == {*ending, settings.SIGN_IN_COOKIE_NAME, lasting}
    assert {cookie.key for cookie in given if cookie.value and (cookie["max-age"] or cookie["expires"])} == {lasting}


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/help", 301), ("/record/%00/", 302), ("/search/?q=%ff", 302)]
)
def test_answers_outside_every_route_have_their_headers(db: None, path: str, status: int) -> None:
    response = Client().get(path)

    assert response.status_code == status
    assert lacking(response) == []


def test_page_of_a_failure_has_its_headers(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contactpoint.start.render", None)

    response = Client(raise_request_exception=False).get(reverse("help"))

    assert response.status_code == 500
    assert lacking(response) == []


def test_refused_host_has_its_headers(db: None) -> None:
    response = Client().get(reverse("help"), headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert lacking(response) == []


def test_policy_lets_nothing_in_from_elsewhere_and_nothing_inline(db: None) -> None:
    policy = Client().get(reverse("help")).headers["Content-Security-Policy"]

    [sent_to] = [each for each in policy.split("; ") if each.startswith("form-action ")]
    assert {*sent_to.split()[1:]} == {"'self'", settings.SERVICE_ADDRESS, settings.SIGN_IN_ADDRESS}
    assert not [each for each in POLICY_FORBIDS if each in policy.replace(sent_to, "")]
    assert "frame-ancestors 'none'" in policy


def test_pages_hold_nothing_that_the_policy_would_stop(as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user()
    inline = {}
    for name, answer in answers(factories.signed_in(person)):
        page = answer.content.decode(errors="replace")
        found = [each for each in (" style=", " onclick=", " onload=", "<style", "javascript:") if each in page]
        found += [script for script in re.findall("<script[^>]*>", page) if not OUR_SCRIPT.fullmatch(script)]
        if found:
            inline[name] = found

    assert inline == {}
