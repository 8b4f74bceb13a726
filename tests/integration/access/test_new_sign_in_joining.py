"""Whoever is joining has no other way in than a new sign-in; whoever leaves and joins again keeps nothing of before."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from access.models import Approval, ApprovalKind, ApprovalOutcome, NoticeKind, User, UserState
from access.people.actions.deciding import decline, leave, rejoin
from access.people.actions.inviting import withdraw
from access.people.actions.recovering import ask_new_sign_in
from access.sign_in.selectors import awaits_new_sign_in
from audit.events import EventKind
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.at_desk import APPROVALS, Desk, page_of, words
from tests.integration.access.lives import Council
from tests.integration.access.new_sign_ins import (
    CHECK,
    CHOSEN,
    agreed,
    asked,
    choose,
    has_password,
    kinds_of,
    mailed,
    told,
)
from tests.integration.access.test_joining import MY_ACCESS, enrol
from tests.log import last_event

NAME = "Zainab Okonkwo-Hughes"

pytestmark = pytest.mark.usefixtures("own_database")  # no event of an earlier step speaks for a later one


@pytest.fixture
def council(at: Desk) -> Council:
    return at.council


@pytest.fixture
def joining(council: Council) -> User:
    """Has accepted and set up a second step, which is lost."""
    user = lives.joining(council)
    factories.give_second_step(user)
    return user


def outcome_of(approval: Approval) -> str:
    with as_owner_here():
        return Approval.objects.get(pk=approval.pk).outcome


# ---------------------------------------------------------------------------------------------- whoever is joining


def test_who_is_joining_gets_one_through_the_pages(at: Desk, joining: User) -> None:
    page = page_of(at.first, NAME)
    assert "ask for a new sign-in" in words(at.first.get(page))
    at.first.post(f"{page}sign-in/", {"identity_check": CHECK})
    assert "A new sign-in" in words(at.second.get(APPROVALS))
    page = page_of(at.second, NAME)

    at.second.post(f"{page}sign-in/decide/", {"answer": "yes"})

    assert "Gets a new sign-in" in words(at.second.get(page))
    browser, address = Client(), mailed()
    assert "can then sign in again" in words(browser.get(address))
    assert choose(address, browser=browser).status_code == 302
    assert kinds_of(joining) == set()
    assert enrol(browser).url == reverse("mfa_view_recovery_codes")
    assert "You cannot use the service yet" in browser.get(MY_ACCESS).content.decode()
    assert lives.again(joining).state == UserState.JOINING


def test_invited_ones_page_offers_none(at: Desk) -> None:
    lives.invited(at.council)

    assert "ask for a new sign-in" not in words(at.first.get(page_of(at.first, NAME)))


def test_what_they_had_signs_in_no_longer(council: Council, joining: User) -> None:
    agreed(council, joining)

    browser = factories.with_password(joining, password=lives.PASSWORD)

    assert browser.post(reverse("mfa_authenticate"), {"code": factories.code_for(joining)}).status_code == 403


def test_withdrawn_from_the_service_nothing_of_it_waits(council: Council, joining: User) -> None:
    question = asked(council, joining)

    withdraw(actor=council.first, user_id=joining.pk)

    assert outcome_of(question) == ApprovalOutcome.WITHDRAWN


def test_whoever_asked_for_it_may_decline_to_let_them_in(council: Council, joining: User) -> None:
    """Their own question is taken back with it, which is no answer to it."""
    question = ask_new_sign_in(actor=council.second, user_id=joining.pk, identity_check=CHECK)

    decline(actor=council.second, user_id=joining.pk)

    assert lives.again(joining).state == UserState.LEFT
    assert outcome_of(question) == ApprovalOutcome.WITHDRAWN
    with as_owner_here():
        assert Approval.objects.get(user=joining, kind=ApprovalKind.JOIN).outcome == ApprovalOutcome.DECLINED


# ------------------------------------------------------------------------------------- whoever left and joins again


def left_and_joins_again(council: Council, person: User) -> str:
    """Two agreed, and the link was never used. Returns the secret of the link to join."""
    agreed(council, person)
    mailed()
    leave(actor=council.first, user_id=person.pk)
    rejoin(actor=council.first, user_id=person.pk)
    return lives.mailed_secret()


def test_link_to_join_leaves_nothing_of_what_may_be_in_other_hands(council: Council) -> None:
    person = lives.brought(council)
    secret = left_and_joins_again(council, person)
    assert kinds_of(person) == {"totp"}

    lives.accept(actor=lives.AT_THE_DOOR, secret=secret, password=CHOSEN)

    assert kinds_of(person) == set()
    assert has_password(person, CHOSEN)
    with signing_in():
        assert not awaits_new_sign_in(person.pk)
    assert told(person)[-1] == NoticeKind.PASSWORD
    assert (last_event().kind, last_event().fields) == (EventKind.USER_JOINED, ["sign_in"])


def test_they_set_up_a_second_step_before_anything_else(council: Council) -> None:
    person = lives.brought(council)
    secret = left_and_joins_again(council, person)
    browser = Client()

    choose(reverse("join", args=[secret]), browser=browser)

    assert browser.get(MY_ACCESS, follow=True).request["PATH_INFO"] == reverse("mfa_activate_totp")
    assert mail.outbox[-1].to == [person.email.open()]


def test_who_waits_for_none_keeps_their_second_step(council: Council) -> None:
    person = lives.brought(council)
    leave(actor=council.first, user_id=person.pk)
    rejoin(actor=council.first, user_id=person.pk)

    lives.accept(actor=lives.AT_THE_DOOR, secret=lives.mailed_secret(), password=CHOSEN)

    assert kinds_of(person) == {"totp"}
    assert last_event().fields == []
