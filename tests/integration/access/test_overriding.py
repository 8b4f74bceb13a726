"""Who may open protected records in an emergency: two administrators let them, and one alone stops them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from access.models import Approval, Grant, OrganisationKind, Role, StopReason, User
from access.people.actions.deciding import ask_role, decide_role, revoke, suspend
from access.people.actions.overriding import NOT_FOR_THEM, ask_override, decide_override, take_override
from access.rules import grants
from access.rules.errors import OwnCaseError, WrongStateError
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.log import last_event


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        return lives.council()


@pytest.fixture
def officer(council: Council, as_owner: OwnerContext) -> User:
    with as_owner():
        force = factories.organisation(kind=OrganisationKind.POLICE, authority=council.authority)
        return factories.user(works_for=force, name="Officer of this authority")


def allowed(council: Council, person: User) -> None:
    asked = ask_override(actor=council.first, user_id=person.pk)
    decide_override(actor=council.second, approval_id=asked.pk, approved=True)


def may(person: User) -> bool:
    with as_owner_here():
        return grants.may_override(person.pk)


def test_two_give_it_for_26_weeks_and_one_takes_it(council: Council, officer: User) -> None:
    asked = ask_override(actor=council.first, user_id=officer.pk)
    with pytest.raises(OwnCaseError):
        decide_override(actor=council.first, approval_id=asked.pk, approved=True)
    assert not may(officer)
    decide_override(actor=council.second, approval_id=asked.pk, approved=True)
    assert may(officer)
    given = last_event(kind=EventKind.GRANT_GIVEN)
    assert (given.user_id, given.fields) == (officer.pk, [grants.OVERRIDE])
    with as_owner_here():
        (held,) = Grant.objects.filter(user=officer)
        assert held.expires_on == factories.today() + grants.OVERRIDE_FOR
    take_override(actor=council.third, user_id=officer.pk)
    take_override(actor=council.third, user_id=officer.pk)
    assert not may(officer)


def test_refused_it_is_not_given_and_can_be_asked_for_again(council: Council, officer: User) -> None:
    asked = ask_override(actor=council.first, user_id=officer.pk)
    decide_override(actor=council.second, approval_id=asked.pk, approved=False)
    assert not may(officer)
    with pytest.raises(WrongStateError):
        decide_override(actor=council.second, approval_id=asked.pk, approved=True)
    allowed(council, officer)
    assert may(officer)


def test_it_is_for_practitioners_of_the_police_and_of_councils(council: Council, as_owner: OwnerContext) -> None:
    with as_owner():
        others = [
            factories.user(works_for=council.school),
            factories.user(works_for=council.authority, role=Role.MEDIATOR),
        ]
        worker = factories.user(works_for=council.authority)
    for person in others:
        with pytest.raises(WrongStateError) as refused:
            ask_override(actor=council.first, user_id=person.pk)
        assert refused.value.sentence == NOT_FOR_THEM
    allowed(council, worker)
    assert may(worker)


def test_it_goes_with_the_role_and_with_the_access(council: Council, officer: User) -> None:
    allowed(council, officer)
    asked = ask_role(actor=council.first, user_id=officer.pk, role=Role.MEDIATOR)
    decide_role(actor=council.second, approval_id=asked.pk, approved=True)
    assert not may(officer)
    asked = ask_role(actor=council.first, user_id=officer.pk, role=Role.PRACTITIONER)
    decide_role(actor=council.second, approval_id=asked.pk, approved=True)
    assert not may(officer)
    allowed(council, officer)
    revoke(actor=council.first, user_id=officer.pk, reason=StopReason.MISUSE)
    assert not may(officer)


@pytest.mark.parametrize("what", ["suspended", "another role"])
def test_what_was_asked_for_ends_with_what_is_decided_about_the_person(
    council: Council, officer: User, what: str
) -> None:
    asked = ask_override(actor=council.first, user_id=officer.pk)
    if what == "suspended":
        suspend(actor=council.third, user_id=officer.pk, reason=StopReason.MISUSE)
    else:
        role = ask_role(actor=council.first, user_id=officer.pk, role=Role.MEDIATOR)
        decide_role(actor=council.second, approval_id=role.pk, approved=True)
    with as_owner_here():
        assert Approval.objects.get(pk=asked.pk).outcome == "withdrawn"
    with pytest.raises(WrongStateError):
        decide_override(actor=council.second, approval_id=asked.pk, approved=True)
    assert not may(officer)


def test_asked_for_given_and_taken_by_the_pages(council: Council, officer: User) -> None:
    with as_owner_here():
        people = User.objects.in_bulk([council.first.user_id, council.second.user_id])
    first, second = (factories.signed_in(people[one.user_id]) for one in (council.first, council.second))

    def page_of(browser: Client) -> str:
        listed = browser.get(reverse("people")).content.decode()
        return re.findall(r'href="(/people/[^"]+/)"[^>]*>\s*Officer of this authority', listed)[0]

    mine, theirs = page_of(first), page_of(second)
    ask = re.findall(rf'href="({mine}emergency/)"', first.get(mine).content.decode())[0]
    assert "Another administrator decides, not you" in first.get(ask).content.decode()
    assert "Until then nothing changes" in first.post(ask, follow=True).content.decode()
    assert "waits for another administrator" in first.get(mine).content.decode()
    decide = re.findall(rf'href="({theirs}emergency/decide/)"', second.get(theirs).content.decode())[0]
    assert "Select whether you agree" in second.post(decide, {}).content.decode()
    assert "for 26 weeks" in second.post(decide, {"answer": "yes"}, follow=True).content.decode()
    assert "Opens protected records in an emergency" in second.get(theirs).content.decode()
    assert "Nothing of this kind waits" in second.get(decide, follow=True).content.decode()
    taken = first.post(f"{mine}emergency/take/", follow=True).content.decode()
    assert "can no longer open protected records" in taken
    assert not may(officer)
