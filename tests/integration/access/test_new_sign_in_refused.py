"""A new sign-in is given to nobody by one alone, and a link to one is good once, for whom it was asked."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import (
    Approval,
    ApprovalOutcome,
    Invitation,
    Role,
    Session,
    StopReason,
    StopScope,
    User,
    UserState,
)
from access.organisations.actions.stopping import stop
from access.people.actions.deciding import leave, suspend
from access.people.actions.inviting import send_invitations
from access.people.actions.recovering import ask_new_sign_in, decide_new_sign_in
from access.rules.errors import NotAdministeredError, NotFoundError, NotPermittedError, OwnCaseError, WrongStateError
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext, as_owner_here, as_worker
from tests.integration.access import lives
from tests.integration.access.at_desk import Desk, page_of, words
from tests.integration.access.conftest import Wait
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
)
from tests.integration.access.signing_in import CODE, is_signed_in
from tests.log import events, last_event

ENROL = reverse("mfa_activate_totp")
NAME = "Zainab Okonkwo-Hughes"


@pytest.fixture
def council(at: Desk) -> Council:
    return at.council


@pytest.fixture
def teacher(council: Council) -> User:
    """Active, and without what they sign in with."""
    with as_owner_here():
        return factories.user(works_for=council.school, name=NAME)


@pytest.mark.usefixtures("own_database")
def test_one_administrator_alone_gives_none(at: Desk, council: Council, teacher: User) -> None:
    """Not from a second session of theirs either."""
    approval = asked(council, teacher)
    with as_owner_here():
        first = User.objects.get(pk=council.first.user_id)
    page = page_of(at.first, NAME)
    assert "Another administrator asks" not in words(at.first.get(page))

    assert at.first.post(f"{page}sign-in/decide/", {"answer": "yes"}).status_code == 403
    for answer in (True, False):
        with pytest.raises(OwnCaseError):
            decide_new_sign_in(actor=factories.actor_for(first), approval_id=approval.pk, agreed=answer)
    assert links(teacher) == []


def test_nobody_asks_or_decides_for_themselves(council: Council) -> None:
    with pytest.raises(OwnCaseError):
        ask_new_sign_in(actor=council.first, user_id=council.first.user_id, identity_check=CHECK)
    approval = ask_new_sign_in(actor=council.second, user_id=council.first.user_id, identity_check=CHECK)
    with pytest.raises(OwnCaseError):
        decide_new_sign_in(actor=council.first, approval_id=approval.pk, agreed=True)


@pytest.mark.usefixtures("own_database")
def test_other_council_auditor_and_school_give_none(at: Desk, council: Council, teacher: User) -> None:
    with as_owner_here():
        stranger = factories.actor_for(factories.user(role=Role.ADMINISTRATOR))
        auditor = factories.actor_for(factories.user(role=Role.AUDITOR, works_for=council.authority))
    approval = asked(council, teacher)
    for actor, refusal in ((stranger, NotAdministeredError), (auditor, NotPermittedError)):
        with pytest.raises(refusal):
            ask_new_sign_in(actor=actor, user_id=teacher.pk, identity_check=CHECK)
        with pytest.raises(refusal):
            decide_new_sign_in(actor=actor, approval_id=approval.pk, agreed=True)

    page = page_of(at.applying, NAME)
    assert "ask for a new sign-in" not in words(at.applying.get(page))
    for address, answer in (("sign-in/", {"identity_check": CHECK}), ("sign-in/decide/", {"answer": "yes"})):
        assert at.applying.post(f"{page}{address}", answer).status_code == 403


def test_confirmed_just_now_or_asked_again(at: Desk, teacher: User, wait: Wait) -> None:
    page = page_of(at.first, NAME)
    wait(timedelta(minutes=6))

    answer = at.first.post(f"{page}sign-in/", {"identity_check": CHECK})

    assert answer.url.startswith(reverse("confirm"))
    assert events(kind=EventKind.USER_SIGN_IN_ASKED) == []


@pytest.mark.parametrize("state", [state for state in UserState if state != UserState.ACTIVE])
def test_only_the_active_get_one(council: Council, teacher: User, state: UserState) -> None:
    approval = asked(council, teacher)
    with as_owner_here():
        User.objects.filter(pk=teacher.pk).update(state=state)

    with pytest.raises(WrongStateError):
        ask_new_sign_in(actor=council.first, user_id=teacher.pk, identity_check=CHECK)
    with pytest.raises(WrongStateError):
        decide_new_sign_in(actor=council.second, approval_id=approval.pk, agreed=True)


@pytest.mark.parametrize("ending", ["suspended", "left", "stopped"])
def test_link_of_somebody_whose_access_has_ended_opens_nothing(council: Council, teacher: User, ending: str) -> None:
    agreed(council, teacher)
    address = mailed()
    if ending == "suspended":
        suspend(actor=council.first, user_id=teacher.pk, reason=StopReason.MISUSE)
    elif ending == "left":
        leave(actor=council.first, user_id=teacher.pk)
    else:
        stop(actor=council.first, scope=StopScope.USER, target=teacher.pk, reason=StopReason.MISUSE)

    assert choose(address).status_code == 410
    assert has_password(teacher, factories.PASSWORD)
    assert kinds_of(teacher) == {"totp"}


def test_link_works_once(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    address = mailed()
    choose(address)

    again = Client().post(address, {"password1": "another good password", "password2": "another good password"})

    assert again.status_code == 410
    assert "ring your administrator at once" in words(again)
    assert has_password(teacher, CHOSEN)


def test_newer_link_replaces_the_one_before(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    first = mailed()
    agreed(council, teacher)
    second = mailed()

    assert choose(first).status_code == 410
    assert choose(second).status_code == 302


def test_link_to_join_sets_up_no_new_sign_in_and_the_other_way_round(council: Council, teacher: User) -> None:
    agreed(council, teacher)
    address = mailed()

    assert choose(address.replace("/join/new-sign-in/", "/join/")).status_code == 404
    lives.invited(council)
    joining = reverse("new_sign_in", args=[lives.mailed_secret()])
    assert choose(joining).status_code == 404
    assert choose(address).status_code == 302


def test_declined_one_sends_nothing(council: Council, teacher: User) -> None:
    approval = asked(council, teacher)

    decide_new_sign_in(actor=council.second, approval_id=approval.pk, agreed=False)

    assert last_event().kind == EventKind.USER_DECLINED
    assert links(teacher) == []
    assert is_signed_in(factories.signed_in(teacher))
    with pytest.raises(WrongStateError):
        decide_new_sign_in(actor=council.third, approval_id=approval.pk, agreed=True)


def test_asked_again_the_question_before_is_withdrawn(council: Council, teacher: User) -> None:
    first, second = asked(council, teacher), asked(council, teacher)

    with pytest.raises(WrongStateError):
        decide_new_sign_in(actor=council.second, approval_id=first.pk, agreed=True)
    decide_new_sign_in(actor=council.second, approval_id=second.pk, agreed=True)
    with as_owner_here():
        assert Approval.objects.get(pk=first.pk).outcome == ApprovalOutcome.WITHDRAWN


def test_approval_of_another_kind_is_no_such_question(council: Council, teacher: User) -> None:
    with as_owner_here():
        other = Approval.objects.create(
            user=teacher, kind="role", role=Role.MEDIATOR, asked_by_id=council.first.user_id, asked_at=timezone.now()
        )
    with pytest.raises(NotFoundError):
        decide_new_sign_in(actor=council.second, approval_id=other.pk, agreed=True)


def test_how_it_was_checked_must_be_said(at: Desk, teacher: User) -> None:
    page = page_of(at.first, NAME)

    answer = at.first.post(f"{page}sign-in/", {})

    assert "Select how you made sure that it is them" in answer.content.decode()
    assert events(kind=EventKind.USER_SIGN_IN_ASKED) == []


@pytest.mark.usefixtures("own_database")
def test_address_that_is_refused_is_said_on_the_page(
    at: Desk, council: Council, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(council, teacher)

    def refuse(_: EmailBackend, letters: list[mail.EmailMessage]) -> int:
        raise SMTPRecipientsRefused({letters[0].to[0]: (550, b"no")})

    with monkeypatch.context() as away, as_worker():
        away.setattr(EmailBackend, "send_messages", refuse)
        send_invitations()

    assert "The mail server refused their address" in words(at.first.get(page_of(at.first, NAME)))


def test_who_leaves_and_joins_again_waits_for_no_link_of_before(
    council: Council, teacher: User, as_owner: OwnerContext
) -> None:
    agreed(council, teacher)
    with as_owner():
        Invitation.objects.create(
            user=teacher,
            token_fingerprint="made up",
            sent_at=timezone.now(),
            expires_at=timezone.now() + timedelta(days=1),
            used_at=timezone.now(),
        )

    assert is_signed_in(factories.signed_in(teacher))


def test_factor_that_was_shown_before_counts_for_nothing_after(council: Council, teacher: User) -> None:
    """In the very browser in which they tried what they had: the password that they choose is no second step."""
    agreed(council, teacher)
    browser = factories.with_password(teacher)
    tried = browser.post(CODE, {"code": factories.code_for(teacher)})
    assert tried.status_code == 403

    choose(mailed(), browser=browser)

    assert not is_signed_in(browser)
    assert browser.get(reverse("home"), follow=True).redirect_chain[-1][0].startswith(ENROL)
    with as_owner_here():
        (session,) = Session.objects.filter(user=teacher)
        assert (session.second_factor_at, session.confirmed_at) == (None, None)


def test_database_confirms_nobody_who_has_no_second_factor(as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user(authenticator=False)
    actor = factories.actor_for(person)  # which confirms

    with as_owner_here():
        assert Session.objects.get(pk=actor.session_id).confirmed_at is None
