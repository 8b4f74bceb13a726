"""One person: evidence, steps in their life, decisions, who may do none of it; by HTTP."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from access.models import Organisation, Role, StopReason, UserState
from access.people.actions.deciding import ask_role, decide_role, suspend
from access.people.forms import EVIDENCE_FORMS
from access.people.views.person import PAGES
from access.rules.lifecycle import Step
from audit.events import EventKind, Outcome
from tests import factories, people
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_worker
from tests.integration.access import lives
from tests.integration.access.at_desk import (
    APPROVALS,
    EXPIRING,
    INVITE,
    PEOPLE,
    Desk,
    invitation,
    page_of,
    press,
    seen,
    words,
)
from tests.log import events, last_event

pytestmark = pytest.mark.usefixtures("own_database")  # what an event allows is read once it is committed

SECRET = "JBSWY3DPEHPK3PXP"
HOME = reverse("home")


def test_one_administrator_vets_and_another_lets_in(at: Desk) -> None:
    user = lives.joining(at.council)
    page = page_of(at.first, "Zainab Okonkwo-Hughes")
    day = {
        "day_0": str(factories.today().day),
        "day_1": str(factories.today().month),
        "day_2": str(factories.today().year),
    }
    for kind in EVIDENCE_FORMS:
        address = f"{page}evidence/{kind}/"
        day = date_typed(at.first, address)
        told = {"document": "passport", "number": "0012 3456 7890", "on_update_service": "yes", **day}
        assert "is recorded" in words(at.first.post(address, told, follow=True))
    lives.sign(user)
    asked = words(at.first.get(page))
    assert "Certificate 001234567890" in asked
    assert "You asked for this, so another administrator decides" in asked
    assert f"{page}approve/" not in at.first.get(page).content.decode()

    theirs = page_of(at.second, "Zainab Okonkwo-Hughes")
    assert "can use the service now" in words(press(at.second, theirs, Step.APPROVE))
    assert "Can use the service until" in words(at.second.get(theirs))
    assert lives.again(user).state == UserState.ACTIVE


def date_typed(browser: Client, address: str, days_ago: int = 0) -> dict[str, str]:
    """A day, in the names of the three boxes on the page."""
    day = factories.today() - timedelta(days=days_ago)
    names = re.findall(r'name="(day_[^"]+)"', browser.get(address).content.decode())
    return dict(zip(names, (str(day.day), str(day.month), str(day.year)), strict=True))


@pytest.mark.parametrize(
    ("kind", "days_ago", "changed", "says"),
    [
        ("dbs", 3, {"number": "12345"}, "must be 12 digits"),
        ("dbs", 3, {"on_update_service": ""}, "Select whether it is on the update service"),
        ("dbs", 1200, {}, "This ran out on"),
        ("dbs", -5, {}, "must be today or in the past"),
        ("identity", 3, {"document": "library card"}, "Select what they showed"),
        ("training_use", 500, {}, "This ran out on"),
    ],
)
def test_wrong_evidence_is_said_beside_the_box(
    at: Desk, kind: str, days_ago: int, changed: dict[str, str], says: str
) -> None:
    user = lives.joining(at.council)
    address = f"{page_of(at.first, 'Zainab Okonkwo-Hughes')}evidence/{kind}/"
    told = {"number": "001234567890", "document": "passport", "on_update_service": "no"}
    response = at.first.post(address, told | date_typed(at.first, address, days_ago) | changed)
    assert says in words(response)
    assert not events(kind=EventKind.USER_VETTED, user_id=user.pk)


@pytest.mark.parametrize("kind", ["agreement", "accreditation", "nonsense"])
def test_no_administrator_records_what_is_not_theirs_to_record(at: Desk, kind: str) -> None:
    lives.joining(at.council)
    page = page_of(at.first, "Zainab Okonkwo-Hughes")
    assert at.first.get(f"{page}evidence/{kind}/").status_code == 404


def test_whoever_is_not_complete_is_not_let_in_and_the_page_says_why(at: Desk) -> None:
    lives.joining(at.council)
    page = page_of(at.second, "Zainab Okonkwo-Hughes")
    assert "They can be let in when this is there" in words(at.second.get(page))
    response = press(at.second, page, Step.APPROVE)
    assert "enhanced dbs check" in words(response)


def test_nobody_is_let_in_to_an_organisation_that_is_not_accredited(at: Desk, as_owner: OwnerContext) -> None:
    """The number on the start page, the list, the person's page and the step itself all say the same."""
    user, school = lives.complete(at.council), at.council.school
    page = page_of(at.second, user.name.open())

    def offered() -> tuple[bool, ...]:
        return (
            "1 decision waits for you" in words(at.second.get(HOME)),
            "You can" in words(at.second.get(APPROVALS)),
            f"{page}approve/" in at.second.get(page).content.decode(),
        )

    assert offered() == (True, True, True)
    with as_owner():
        Organisation.objects.filter(pk=school.pk).update(accredited_until=factories.today() - timedelta(days=1))
    assert offered() == (False, False, False)
    assert "Not complete" in words(at.second.get(APPROVALS))
    said = words(press(at.second, page, Step.APPROVE))
    assert "They can be let in when this is there: accreditation of your organisation" in said
    assert lives.again(user).state == UserState.JOINING


@pytest.mark.parametrize(
    ("step", "state"), [(Step.SUSPEND, "suspended"), (Step.REVOKE, "revoked"), (Step.LEAVE, "left")]
)
def test_access_ends_from_the_page(at: Desk, as_owner: OwnerContext, step: Step, state: str) -> None:
    with as_owner():
        teacher = factories.user(works_for=at.council.school, name="Tom Hadley")
    browser = factories.signed_in(teacher)
    page = page_of(at.first, "Tom Hadley")
    assert "Tom Hadley" in words(press(at.first, page, step, reason=StopReason.MISUSE))
    assert lives.again(teacher).state == state
    assert browser.get("/").status_code != 200


def test_a_reason_is_asked_for(at: Desk, as_owner: OwnerContext) -> None:
    with as_owner():
        teacher = factories.user(works_for=at.council.school, name="Tom Hadley")
    assert "Select why" in words(press(at.first, page_of(at.first, "Tom Hadley"), Step.SUSPEND))
    assert lives.again(teacher).state == UserState.ACTIVE


def test_whoever_suspended_does_not_let_in_again(at: Desk, as_owner: OwnerContext) -> None:
    with as_owner():
        teacher = factories.user(works_for=at.council.school, name="Tom Hadley")
    page = page_of(at.first, "Tom Hadley")
    press(at.first, page, Step.SUSPEND, reason=StopReason.MISUSE)
    assert "You asked for this, so another administrator decides" in words(at.first.get(page))
    assert press(at.first, page, Step.REINSTATE).status_code == 403
    press(at.second, page_of(at.second, "Tom Hadley"), Step.REINSTATE)
    assert lives.again(teacher).state == UserState.ACTIVE


def test_whoever_alone_recorded_everything_is_told_who_lets_in_instead(at: Desk) -> None:
    user = lives.asked_by_the_service(at.council)
    lives.vet(at.council.first, user)
    lives.sign(user)
    with signing_in():
        TOTP.activate(user, SECRET)
    others = (at.council.second, at.council.third)
    second, third = sorted(people.one(pk=each.user_id).name.open() for each in others)
    page = page_of(at.first, "Zainab Okonkwo-Hughes")
    shown = at.first.get(page)
    assert f"{page}approve/" not in shown.content.decode()
    assert f"You alone recorded checks since then, so another administrator lets them in: {second} or {third}." in (
        words(shown)
    )
    assert "Somebody else" in words(at.first.get(APPROVALS))
    refused = press(at.first, page, Step.APPROVE)
    assert refused.status_code == 403
    assert "nobody but you has one here" in words(refused)

    assert "You can" in words(at.second.get(APPROVALS))
    theirs = page_of(at.second, "Zainab Okonkwo-Hughes")
    assert f"{theirs}approve/" in at.second.get(theirs).content.decode()
    press(at.second, theirs, Step.APPROVE)
    assert lives.again(user).state == UserState.ACTIVE


def test_where_only_the_service_recorded_anything_the_page_says_what_to_do(at: Desk) -> None:
    user = lives.brought(at.council)
    with as_worker():
        suspend(actor=factories.SETTING_UP, user_id=user.pk, reason=StopReason.EMPLOYER)
    name = user.name.open()
    for browser in (at.first, at.second):
        page = page_of(browser, name)
        shown = browser.get(page)
        assert f"{page}reinstate/" not in shown.content.decode()
        assert "and no administrator has recorded a check since then." in words(shown)
        assert "Record or renew one of the checks. Another administrator can then let them in." in words(shown)


def test_the_second_of_two_is_told_who_was_first(at: Desk) -> None:
    user = lives.complete(at.council)
    page = page_of(at.second, "Zainab Okonkwo-Hughes")
    opened = {"seen": seen(at.second, f"{page}approve/")}
    suspend(actor=at.council.third, user_id=user.pk, reason=StopReason.EMPLOYER)
    response = at.second.post(f"{page}approve/", opened, follow=True)
    assert response.redirect_chain == [(page, 302)], "where one sees how they stand, and what can be done now"
    assert "This person is suspended now" in words(response)
    assert people.one(pk=at.council.third.user_id).name.open() in words(response)
    assert last_event(kind=EventKind.ACCESS_REFUSED).outcome == Outcome.WRONG_STATE


def test_somebody_else_decided_about_a_role_already(at: Desk, as_owner: OwnerContext) -> None:
    user = lives.brought(at.council)
    page = page_of(at.second, user.name.open())
    asked = ask_role(actor=at.council.first, user_id=user.pk, role=Role.AUDITOR)
    at.second.get(f"{page}role/decide/")
    decide_role(actor=at.council.third, approval_id=asked.pk, approved=False)

    response = at.second.post(f"{page}role/decide/", {"answer": "yes"}, follow=True)

    assert response.redirect_chain == [(page, 302)]


def test_the_way_back_leads_to_the_list_that_one_came_from(at: Desk) -> None:
    user = lives.complete(at.council)
    soon = f"{EXPIRING}?days=60"
    page = page_of(at.second, user.name.open())
    for address, text in ((PEOPLE, "People"), (APPROVALS, "Waiting for a decision"), (soon, "Running out soon")):
        at.second.get(address)
        for _ in range(2):
            shown = at.second.get(page).content.decode()
            assert f'<a href="{address}" class="govuk-back-link">{text}</a>' in shown

    at.second.get(APPROVALS)
    led = press(at.second, page, Step.DECLINE).content.decode()
    assert f'<a href="{APPROVALS}" class="govuk-back-link">' in led, "after a step, too"


def test_a_role_is_changed_by_two(at: Desk, as_owner: OwnerContext) -> None:
    with as_owner():
        teacher = factories.user(works_for=at.council.school, name="Tom Hadley")
    page = page_of(at.first, "Tom Hadley")
    assert "Another administrator decides" in words(at.first.post(f"{page}role/", {"role": "mediator"}, follow=True))
    assert "waits for another administrator" in words(at.first.get(page))
    theirs = page_of(at.second, "Tom Hadley")
    assert "asks to make them mediator" in words(at.second.get(theirs))
    at.second.post(f"{theirs}role/decide/", {"answer": "yes"})
    assert lives.again(teacher).role == Role.MEDIATOR
    assert "No change of role waits" in words(at.second.get(f"{theirs}role/decide/", follow=True))


def test_what_waits_is_listed_with_who_decides(at: Desk, as_owner: OwnerContext) -> None:
    lives.invited(at.council)
    assert "Nothing waits" in words(at.second.get(APPROVALS))
    lives.complete(at.council)
    with as_owner():
        teacher = factories.user(works_for=at.council.school, name="Tom Hadley")
    ask_role(actor=at.council.second, user_id=teacher.pk, role=Role.MEDIATOR)
    listed = words(at.second.get(APPROVALS))
    assert re.search(
        "Zainab.*To join as practitioner.*You can.*Tom Hadley.*Change of role to mediator.*Somebody else", listed
    )


def test_history_says_who_did_what(at: Desk) -> None:
    lives.active(at.council)
    told = words(at.first.get(page_of(at.first, "Zainab Okonkwo-Hughes"))).partition("What was done")[2]
    for done in (
        "Invitation asked for",
        "E-mail with the link sent",
        "Link used",
        "asked for",
        "approved",
        "Signed agreement",
    ):
        assert done in told
    assert people.one(pk=at.council.second.user_id).name.open() in told


def test_whoever_may_only_apply_invites_and_vets_and_decides_nothing(at: Desk) -> None:
    assert "is invited" in words(at.applying.post(INVITE, invitation(organisation=at.council.school.name), follow=True))
    lives.joining(at.council)
    page = page_of(at.applying, "Zainab Okonkwo-Hughes")
    shown = at.applying.get(page).content.decode()
    assert "Your authority decides about them" in shown
    assert f"{page}evidence/dbs/" in shown
    assert f"{page}approve/" not in shown
    for step in PAGES:
        if step != Step.WITHDRAW:
            assert press(at.applying, page, step, reason=StopReason.LEFT).status_code == 403


def test_a_page_of_somebody_else_or_another_session_leads_nowhere(at: Desk, as_owner: OwnerContext) -> None:
    with as_owner():
        factories.user(works_for=at.council.school, name="Tom Hadley")
    page = page_of(at.first, "Tom Hadley")
    for browser in (at.second, at.applying):
        for address in (page, f"{page}suspend/", f"{page}role/", f"{page}evidence/dbs/"):
            assert browser.get(address).status_code == 404


def test_nobody_has_a_button_for_themselves(at: Desk) -> None:
    name = people.one(pk=at.council.first.user_id).name.open()
    page = page_of(at.first, name)
    assert "This is you" in words(at.first.get(page))
    assert press(at.first, page, Step.SUSPEND, reason=StopReason.MISUSE).status_code == 403
    assert at.first.post(f"{page}role/", {"role": "auditor"}).status_code == 403


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MEDIATOR, Role.AUDITOR])
def test_other_roles_see_none_of_it(at: Desk, as_owner: OwnerContext, role: Role) -> None:
    page = page_of(at.first, people.one(pk=at.council.second.user_id).name.open())
    with as_owner():
        stranger = factories.user(role=role, works_for=at.council.authority)
    browser = factories.signed_in(stranger)
    assert {browser.get(address).status_code for address in (PEOPLE, INVITE, APPROVALS, EXPIRING, page)} == {403}


def test_opening_the_same_person_is_recorded_each_time(at: Desk) -> None:
    user = lives.invited(at.council)
    page = page_of(at.first, "Zainab Okonkwo-Hughes")
    before = len(events(kind=EventKind.USER_READ, user_id=user.pk))
    at.first.get(page)
    assert len(events(kind=EventKind.USER_READ, user_id=user.pk)) == before + 1
