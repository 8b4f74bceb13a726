"""Administrators at work on the pages about people."""

import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Role, User
from access.rules import grants
from access.rules.lifecycle import Step
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.integration.access.lives import Council

PEOPLE, INVITE, APPROVALS, EXPIRING = (reverse(name) for name in ("people", "invite_person", "approvals", "expiring"))


@dataclass
class Desk:
    """A council, and the browsers of its administrators and of one of its school's who may only apply."""

    council: Council
    first: Client
    second: Client
    applying: Client


def at_desk(as_owner: OwnerContext) -> Desk:
    """A council's administrators, signed in."""
    with as_owner():
        council = lives.council()
        first, second = (User.objects.get(pk=actor.user_id) for actor in (council.first, council.second))
        head = factories.user(role=Role.ADMINISTRATOR, works_for=council.school, name="Sam Whitfield")
        grants.grant(head, grants.APPLY, council.school, given_by=first.pk)
    return Desk(council, factories.signed_in(first), factories.signed_in(second), factories.signed_in(head))


def words(response: HttpResponse) -> str:
    text = re.sub(r"<[^>]*>", " ", response.content.decode().partition("<main")[2])
    return " ".join(text.replace("&#39;", "'").split())


def page_of(browser: Client, name: str) -> str:
    """The address of somebody's page, found as an administrator does."""
    found = browser.post(PEOPLE, {"text": name}, follow=True).content.decode()
    match = re.search(rf'href="(/people/[^"/]+/)">\s*{re.escape(name)}', found)
    assert match, "not in the list"
    return match[1]


def seen(browser: Client, address: str) -> str:
    match = re.search(r'name="seen"\s+value="(\d+)"', browser.get(address).content.decode())
    assert match
    return match[1]


def press(browser: Client, page: str, step: Step, **told: str) -> HttpResponse:
    address = f"{page}{step}/"
    return browser.post(address, {"seen": seen(browser, address), **told}, follow=True)


def invitation(**changes: str) -> dict[str, str]:
    """What the page that invites somebody is given, with these answers instead."""
    return {"name": "Mary O'Neill", "email": factories.new_email(), "role": "practitioner", **changes}
