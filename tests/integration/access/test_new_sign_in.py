"""A new sign-in for whoever lost theirs: two administrators, a link to the person alone, nothing of the old left."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import (
    Approval,
    ApprovalOutcome,
    IdentityCheck,
    Invitation,
    InvitationPurpose,
    Notice,
    NoticeKind,
    Role,
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
from access.sign_in.selectors import awaits_new_sign_in
from audit.events import EventKind, Outcome
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here, as_worker
from tests.integration.access import lives
from tests.integration.access.at_desk import APPROVALS, Desk, page_of, words
from tests.integration.access.conftest import Wait
from tests.integration.access.lives import Council
from tests.integration.access.signing_in import CODE, LOGIN, is_signed_in
from tests.log import events, last_event

CHOSEN = "orchard teapot lantern"
CHECK = IdentityCheck.IN_PERSON
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


def asked(council: Council, teacher: User) -> Approval:
    return ask_new_sign_in(actor=council.first, user_id=teacher.pk, identity_check=CHECK)


def agreed(council: Council, teacher: User) -> None:
    decide_new_sign_in(actor=council.second, approval_id=asked(council, teacher).pk, agreed=True)


def mailed() -> str:
    """The address of the link that the worker mails."""
    with as_worker():
        send_invitations()
    found = re.search(r"http://[^/]+(/join/new-sign-in/[\w-]+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def choose(address: str, *, browser: Client | None = None) -> HttpResponse:
    return (browser or Client()).post(address, {"password1": CHOSEN, "password2": CHOSEN})


def kinds_of(person: User) -> set[str]:
    with as_owner_here():
        return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def has_password(person: User, password: str) -> bool:
    with signing_in():
        return bool(User.objects.get(pk=person.pk).check_password(password))


def told(person: User) -> list[str]:
    with as_owner_here():
        return list(Notice.objects.filter(user=person).order_by("pk").values_list("what", flat=True))


def links(person: User) -> list[Invitation]:
    with as_owner_here():
        return list(Invitation.objects.filter(user=person, purpose=InvitationPurpose.RESET))


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


# ------------------------------------------------------------------------------------------------------------ attacks


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
