"""A new sign-in for whoever lost theirs: two administrators, a link to the person alone, nothing of the old left."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import (
    Invitation,
    NoticeKind,
    Role,
    User,
    UserState,
)
from access.sign_in.selectors import awaits_new_sign_in
from audit.events import EventKind, Outcome
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
    links,
    mailed,
    told,
)
from tests.integration.access.signing_in import CODE, LOGIN, is_signed_in
from tests.log import events, last_event

ENROL = reverse("mfa_activate_totp")
NAME = "Zainab Okonkwo-Hughes"
STEPS = (EventKind.USER_SIGN_IN_ASKED, EventKind.USER_SIGN_IN_RESET, EventKind.USER_SIGN_IN_RENEWED)


@pytest.fixture
def council(at: Desk) -> Council:
    return at.council


@pytest.fixture
def teacher(council: Council) -> User:
    """Active, and without what they sign in with."""
    with as_owner_here():
        return factories.user(works_for=council.school, name=NAME)


# ------------------------------------------------------------------------------------------------- from start to end


@pytest.mark.usefixtures("own_database")
def test_two_administrators_a_link_a_password_and_a_second_step(at: Desk, teacher: User) -> None:
    page = page_of(at.first, NAME)
    assert "ask for a new sign-in" in words(at.first.get(page))

    form = f"{page}sign-in/"
    assert teacher.email.open() in words(at.first.get(form))
    after = at.first.post(form, {"identity_check": CHECK}, follow=True)
    assert "Another administrator decides" in after.content.decode()
    assert "A new sign-in for them waits for another administrator" in words(after)
    assert "Somebody else" in words(at.first.get(APPROVALS))

    assert "A new sign-in" in words(at.second.get(APPROVALS))
    assert "You can" in words(at.second.get(APPROVALS))
    page = page_of(at.second, NAME)
    assert "Another administrator asks for a new sign-in for them" in words(at.second.get(page))
    decision = words(at.second.get(f"{page}sign-in/decide/"))
    assert CHECK.label in decision
    after = at.second.post(f"{page}sign-in/decide/", {"answer": "yes"}, follow=True)
    assert "the e-mail with the link is on its way" in words(after)

    address = mailed()
    assert mail.outbox[-1].to == [teacher.email.open()]
    assert "waits for them to open the link" in words(at.second.get(page))
    browser = Client()
    assert "Two administrators agreed" in words(browser.get(address))
    assert kinds_of(teacher) == {"totp"}, "what they had is removed with the link, and not before"
    assert choose(address, browser=browser).status_code == 302

    assert kinds_of(teacher) == set()
    assert has_password(teacher, CHOSEN)
    for anywhere in ("home", "my_access", "search", "account_change_password"):
        answer = browser.get(reverse(anywhere), follow=True)
        assert answer.request["PATH_INFO"] == ENROL, anywhere
    assert "Can use the service" in words(at.second.get(page))
    assert lives.again(teacher).state == UserState.ACTIVE


def test_each_step_is_recorded_and_the_person_told(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    assert told(teacher) == [NoticeKind.RESET_ASKED]
    choose(mailed())

    assert told(teacher) == [NoticeKind.RESET_ASKED, NoticeKind.RESET_DONE]
    happened = events(kind__in=STEPS)
    assert [(event.kind, event.actor_id, event.user_id, event.reason) for event in happened] == [
        (EventKind.USER_SIGN_IN_ASKED, council.first.user_id, teacher.pk, CHECK),
        (EventKind.USER_SIGN_IN_RESET, council.second.user_id, teacher.pk, CHECK),
        (EventKind.USER_SIGN_IN_RENEWED, None, teacher.pk, ""),
    ]
    assert happened[2].authority_id == council.authority.pk


def test_letter_tells_nothing_personal(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    mailed()

    letter = mail.outbox[-1]
    for personal in (NAME, council.school.name, teacher.email.open()):
        assert personal not in f"{letter.subject}\n{letter.body}"


# --------------------------------------------------------------------------------- what they had, from the agreement


def test_nothing_changes_until_another_agrees(council: Council, teacher: User) -> None:
    browser = factories.signed_in(teacher)

    asked(council, teacher)

    assert is_signed_in(browser)
    with signing_in():
        assert not awaits_new_sign_in(teacher.pk)


def test_sessions_end_when_it_is_agreed_and_say_why(council: Council, teacher: User) -> None:
    browser = factories.signed_in(teacher)

    agreed(council, teacher)

    assert not is_signed_in(browser)
    assert "You were signed out because you get a new sign-in" in browser.get(LOGIN).content.decode()


def test_what_they_had_signs_in_no_longer(council: Council, teacher: User) -> None:
    agreed(council, teacher)

    browser = factories.with_password(teacher)
    answer = browser.post(CODE, {"code": factories.code_for(teacher)})

    assert answer.status_code == 403
    assert "You get a new sign-in" in answer.content.decode()
    assert not is_signed_in(browser)
    assert last_event().kind == EventKind.SIGN_IN_FAILED
    assert last_event().outcome == Outcome.NOT_PERMITTED


def test_who_was_between_password_and_code_gets_no_further(council: Council, teacher: User) -> None:
    browser = factories.with_password(teacher)
    agreed(council, teacher)

    assert browser.post(CODE, {"code": factories.code_for(teacher)}).status_code == 403
    assert not is_signed_in(browser)


def test_link_that_ran_out_brings_nothing_back(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    address = mailed()
    with as_owner_here():
        now = timezone.now()
        Invitation.objects.filter(user=teacher).update(sent_at=now - timedelta(days=2), expires_at=now)

    answer = Client().get(address)

    assert answer.status_code == 410
    assert "A link works for 24 hours" in words(answer)
    assert choose(address).status_code == 410
    assert has_password(teacher, factories.PASSWORD)
    browser = factories.with_password(teacher)
    assert browser.post(CODE, {"code": factories.code_for(teacher)}).status_code == 403


def test_link_lasts_a_day(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    mailed()

    (link,) = links(teacher)
    assert link.sent_at is not None
    assert link.expires_at is not None
    assert link.expires_at - link.sent_at == timedelta(hours=24)


def test_new_one_signs_in(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    choose(mailed())

    browser = factories.with_password(teacher, password=CHOSEN)

    assert browser.get(reverse("home"), follow=True).request["PATH_INFO"] in {ENROL, reverse("account_reauthenticate")}
    assert not is_signed_in(factories.with_password(teacher))


def test_mediator_takes_no_code_of_theirs(council: Council, teacher: User) -> None:
    with as_owner_here():
        mediator = factories.user(role=Role.MEDIATOR, works_for=council.authority)
    agreed(council, teacher)
    browser = factories.signed_in(mediator)

    found = browser.post(reverse("asking"), {"asked": teacher.email.open()})
    browser.post(found.url, {"code": factories.code_for(teacher)})

    assert events(kind=EventKind.MEDIATION_BEGUN) == []
