"""A protected record opened in an emergency, as an officer walks through it: each time anew, and one view."""

import re
import time
from itertools import count

import pytest
from allauth.mfa import app_settings as second_factor
from django.http import HttpResponse
from django.urls import reverse

from access.models import User
from audit.events import EventKind
from registry.models import Override
from registry.views.emergency import BEGIN_AGAIN, NOT_PROTECTED
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.emergencies import Refuge, build_refuge
from tests.integration.registry.people import HOME, Town, address, draft
from tests.integration.registry.shielding import file_shielded
from tests.integration.registry.visiting import SEARCH, Visitor, assert_plain_refusal, main_of, text_of
from tests.log import events

CLOSED = "Nothing more is shown here, to keep the child safe"
WHY = {"reason": "danger_to_life"}


@pytest.fixture
def refuge(town: Town) -> Refuge:
    with as_owner_here():
        made = build_refuge(town)
    made.allows(made.officer)
    file_shielded()
    return made


@pytest.fixture(autouse=True)
def next_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time that it is asked for, the app shows another code: one is good once."""
    real, codes = time.time, count(1)
    real_code_for = factories.code_for

    def code_for(person: User) -> str:
        ahead = second_factor.TOTP_PERIOD * next(codes)
        monkeypatch.setattr(time, "time", lambda: real() + ahead)
        return real_code_for(person)

    monkeypatch.setattr(factories, "code_for", code_for)


@pytest.fixture
def officer(refuge: Refuge) -> Visitor:
    return Visitor(refuge.officer)


def confirms(visitor: Visitor, sent: HttpResponse) -> HttpResponse:
    """Show the second factor where the answer leads, and come back to the page."""
    assert sent.url.startswith(reverse("confirm")), sent.url
    code_page = visitor.get(sent.url).url
    back = visitor.post(code_page, code=factories.code_for(visitor.person))
    return visitor.get(back.url)


def emergency_of(visitor: Visitor, reference: str) -> str:
    """The address that the protected record's page links to."""
    page = text_of(visitor.give_reason(reference))
    assert CLOSED in page
    return re.findall(r'href="(/record/[^"]+/emergency/)"', page)[0]


def test_from_the_warning_to_one_view_that_ends_by_itself(refuge: Refuge, officer: Visitor) -> None:
    address = emergency_of(officer, officer.reference())
    warning = main_of(officer.get(address))
    for words in ("Auditors look into it from that moment", "once, for two minutes", "Amina Hussain"):
        assert words in warning
    assert HOME not in warning
    assert "Choose why it cannot wait" in main_of(officer.post(address))
    back = confirms(officer, officer.post(address, **WHY))
    assert HOME not in text_of(back)
    assert 'value="danger_to_life" checked' in re.sub(r"\s+", " ", text_of(back))
    shown = officer.post(address, **WHY)
    assert shown.status_code == 200
    page = main_of(shown)
    for words in (HOME, "Farah Hussain", "You see this once. It closes at", refuge.town.authority.name):
        assert words in page
    assert "Wanda Secret" not in text_of(shown)
    assert shown["Cache-Control"] == "no-store"
    assert shown["Refresh"] == f"120; url={reverse('emergency_over')}"
    assert "The view is closed" in main_of(officer.get(reverse("emergency_over")))


def test_what_is_shown_leads_to_no_page_that_would_show_more(refuge: Refuge, officer: Visitor) -> None:
    address = emergency_of(officer, officer.reference())
    confirms(officer, officer.post(address, **WHY))
    page = main_of(officer.post(address, **WHY))
    assert HOME in page
    assert {link.split(":")[0] for link in re.findall(r'<a [^>]*href="([^"]+)"', page)} <= {"tel"}
    assert "<form" not in page


def test_sent_again_or_loaded_again_it_begins_anew(refuge: Refuge, officer: Visitor) -> None:
    reference = officer.reference()
    address = emergency_of(officer, reference)
    confirms(officer, officer.post(address, **WHY))
    assert HOME in text_of(officer.post(address, **WHY))
    again = officer.post(address, **WHY)
    assert again.status_code == 302
    assert HOME not in text_of(confirms(officer, again))
    assert HOME in text_of(officer.post(address, **WHY))
    assert CLOSED in text_of(officer.get(reverse("record", args=[reference])))
    with as_owner_here():
        assert Override.objects.count() == 2
    assert len(events(kind=EventKind.SHIELD_OVERRIDDEN)) == 2


def test_in_two_tabs_one_showing_of_the_factor_serves_for_one(
    refuge: Refuge, officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = emergency_of(officer, officer.reference())
    confirms(officer, officer.post(address, **WHY))
    assert HOME in text_of(officer.post(address, **WHY))
    # The other tab had asked whether it was confirmed before this one was done.
    monkeypatch.setattr("registry.views.emergency.has_confirmed_for", lambda _child: True)
    late = officer.browser.post(address, WHY, follow=True)
    assert BEGIN_AGAIN in main_of(late)
    assert HOME not in text_of(late)


def test_the_link_and_the_page_are_for_whoever_holds_the_right(refuge: Refuge) -> None:
    for person in (refuge.town.social_worker, refuge.town.teacher):
        visitor = Visitor(person)
        reference = visitor.reference()
        page = text_of(visitor.give_reason(reference))
        assert CLOSED in page
        assert "emergency" not in page
        assert_plain_refusal(visitor.get(reverse("emergency", args=[reference])), 403)
        assert_plain_refusal(visitor.post(reverse("emergency", args=[reference]), **WHY), 403)


def test_a_child_who_is_not_protected_and_an_unknown_reference_are_told_plainly(
    refuge: Refuge, officer: Visitor
) -> None:
    with as_owner_here():
        factories.children(draft(refuge.town, "Zora", addresses=(address("OL1 2CD"),)))
    found = text_of(officer.search(**(SEARCH | {"given_name": "Zora", "postcode": "OL1 2CD"})))
    reference = re.findall(r"/record/([^/]+)/reason/", found)[0]
    officer.give_reason(reference)
    assert NOT_PROTECTED in text_of(officer.browser.get(reverse("emergency", args=[reference]), follow=True))
    assert_plain_refusal(officer.get(reverse("emergency", args=["made-up"])), 404)
