"""The database gives nobody a new sign-in unless two administrators said so, whatever a web process does."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access.models import Approval, ApprovalKind, IdentityCheck, Role, User
from access.people.actions.recovering import ask_new_sign_in, decide_new_sign_in
from access.sign_in.selectors import awaits_new_sign_in
from audit.actors import Actor, Process
from audit.errors import NoLiveSessionError, NotAllowedError
from audit.events import EventKind
from audit.recorder import About, record
from contactpoint.local.servers import Servers
from encryption.tokens import fingerprint
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.integration.access.test_deciding_at_once import Press, wait_for_a_lock

ASK = """
    insert into access_approval (user_id, kind, role, identity_check, asked_by_id, asked_at, outcome)
    values (%s, 'sign_in', 'practitioner', 'rung_back', %s, now(), '')
"""
DECIDE = "update access_approval set outcome = 'approved', decided_by_id = %s where user_id = %s and kind = 'sign_in'"
LINK = "insert into access_invitation (user_id, purpose, invited_by_id, asked_at) values (%s, 'reset', %s, now())"
ROWS = "row-level security"


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        return lives.council()


@pytest.fixture
def teacher(council: Council) -> User:
    return lives.brought(council)


def run(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


@contextmanager
def refused(match: str | None = ROWS, error: type[Exception] = DatabaseError) -> Iterator[None]:
    with pytest.raises(error, match=match), transaction.atomic():
        yield


def tell(kind: EventKind, actor: Actor, person: User) -> None:
    record(kind, About(user_id=person.pk, reason=IdentityCheck.RUNG_BACK), actor=actor)


def asked(council: Council, teacher: User) -> None:
    ask_new_sign_in(actor=council.first, user_id=teacher.pk, identity_check=IdentityCheck.RUNG_BACK)


def awaits(person: User) -> bool:
    with signing_in():
        return awaits_new_sign_in(person.pk)


def test_question_wants_its_own_event(council: Council, teacher: User) -> None:
    with refused():
        run(ASK, teacher.pk, council.first.user_id)
    with refused():
        record(EventKind.USER_ASKED, About(user_id=teacher.pk), actor=council.first)
        run(ASK, teacher.pk, council.first.user_id)
    with refused():
        tell(EventKind.USER_SIGN_IN_ASKED, council.first, teacher)
        run(ASK, teacher.pk, council.second.user_id)


def test_answer_wants_its_own_event(council: Council, teacher: User) -> None:
    asked(council, teacher)
    for kind in (EventKind.USER_ROLE_CHANGED, EventKind.USER_SIGN_IN_ASKED):
        with refused():
            tell(kind, council.second, teacher)
            run(DECIDE, council.second.user_id, teacher.pk)
    with refused():
        tell(EventKind.USER_SIGN_IN_RESET, council.second, teacher)
        run(DECIDE, council.third.user_id, teacher.pk)
    with refused("decided_by_another"):
        tell(EventKind.USER_SIGN_IN_RESET, council.first, teacher)
        run(DECIDE, council.first.user_id, teacher.pk)


def test_link_wants_a_question_of_one_and_the_answer_of_another(council: Council, teacher: User) -> None:
    second = council.second
    with refused():
        run(LINK, teacher.pk, second.user_id)
    with refused():
        tell(EventKind.USER_SIGN_IN_RESET, second, teacher)
        run(LINK, teacher.pk, second.user_id)
    asked(council, teacher)
    with refused():
        tell(EventKind.USER_SIGN_IN_RESET, second, teacher)
        run(LINK, teacher.pk, second.user_id)
    with refused():
        tell(EventKind.USER_SIGN_IN_RESET, second, teacher)
        run(DECIDE, second.user_id, teacher.pk)
        run(LINK, teacher.pk, council.third.user_id)
    assert not awaits(teacher)


def test_question_without_a_person_counts_for_nobody(council: Council, teacher: User) -> None:
    tell(EventKind.USER_SIGN_IN_ASKED, council.first, teacher)
    with as_owner_here():
        Approval.objects.create(
            user=teacher,
            kind=ApprovalKind.SIGN_IN,
            role=Role.PRACTITIONER,
            identity_check=IdentityCheck.VIDEO_CALL,
            asked_by=None,
            asked_at=timezone.now(),
        )
    with refused():
        tell(EventKind.USER_SIGN_IN_RESET, council.second, teacher)
        run(DECIDE, council.second.user_id, teacher.pk)
        run(LINK, teacher.pk, council.second.user_id)


def test_what_was_agreed_once_sends_no_second_link(own_database: str) -> None:
    with as_owner_here():
        council = lives.council()
    teacher = lives.brought(council)
    asked(council, teacher)
    approval = Approval.objects.get(user=teacher)
    decide_new_sign_in(actor=council.second, approval_id=approval.pk, agreed=True)

    with refused():
        tell(EventKind.USER_SIGN_IN_RESET, council.second, teacher)
        run(LINK, teacher.pk, council.second.user_id)


@pytest.mark.parametrize("kind", [EventKind.USER_SIGN_IN_ASKED, EventKind.USER_SIGN_IN_RESET])
def test_both_want_a_factor_shown_just_now(council: Council, teacher: User, kind: EventKind) -> None:
    with as_owner_here():
        run("update access_session set confirmed_at = now() - interval '7 minutes'")

    with refused(None, NoLiveSessionError):
        tell(kind, council.first, teacher)


@pytest.mark.parametrize("kind", [EventKind.USER_SIGN_IN_ASKED, EventKind.USER_SIGN_IN_RESET])
def test_nobody_else_says_so(council: Council, teacher: User, kind: EventKind) -> None:
    with as_owner_here():
        stranger = factories.actor_for(factories.user(role=Role.ADMINISTRATOR))
        auditor = factories.actor_for(factories.user(role=Role.AUDITOR, works_for=council.authority))
        first = User.objects.get(pk=council.first.user_id)
    for actor, about in ((stranger, teacher), (auditor, teacher), (council.first, first)):
        with refused(None, NotAllowedError):
            tell(kind, actor, about)
    with refused(None, NoLiveSessionError):
        record(kind, About(user_id=teacher.pk), actor=Process("made up"))


def test_web_process_sets_nothing_up(council: Council, teacher: User) -> None:
    with refused(None, NotAllowedError):
        tell(EventKind.USER_SIGN_IN_RENEWED, council.first, teacher)
    for statement in (
        "delete from mfa_authenticator",
        "update access_password set hash = 'known'",
        "select access_invitation_accept('made up', '{}')",
        "select access_awaits_new_sign_in(1)",
    ):
        with refused("permission denied"):
            run(statement)


def test_link_cannot_be_asked_for_by_whoever_invites(council: Council, teacher: User) -> None:
    with refused():
        record(EventKind.USER_INVITED, About(user_id=teacher.pk), actor=council.first)
        run(LINK, teacher.pk, council.first.user_id)


def test_one_administrator_brings_the_old_sign_in_back_by_no_other_link(council: Council, teacher: User) -> None:
    """As a web process that was taken over could, with the session of one of them."""
    asked(council, teacher)
    decide_new_sign_in(actor=council.second, approval_id=Approval.objects.get(user=teacher).pk, agreed=True)
    with refused():
        record(EventKind.USER_INVITED, About(user_id=teacher.pk), actor=council.first)
        run(LINK.replace("reset", "join"), teacher.pk, council.first.user_id)

    assert awaits(teacher)


def test_link_is_for_what_it_was_sent_for(council: Council, teacher: User) -> None:
    """Whoever signs people in is held to it by the database as well."""
    invited = lives.invited(council)
    secret = lives.mailed_secret()
    holder = Process("invitation", token_key=fingerprint("invitation", secret).hex())

    with refused(None, NotAllowedError), signing_in():
        record(EventKind.USER_SIGN_IN_RENEWED, About(user_id=invited.pk), actor=holder)
    with transaction.atomic(), signing_in():
        record(EventKind.USER_JOINED, About(user_id=invited.pk), actor=holder)


def test_who_signs_in_while_it_is_agreed_is_waited_for_and_gets_no_session(
    own_database: str, running_servers: Servers
) -> None:
    """Both at once: the sign-in waits for the agreement, and finds it."""
    with as_owner_here():
        council = lives.council()
        teacher = factories.user(works_for=council.school)
    superuser = running_servers.postgresql.superuser_address
    with psycopg.connect(superuser, dbname=own_database) as agreeing:
        agreeing.execute("select from access_user where id = %s for update", [teacher.pk])
        agreeing.execute(LINK, [teacher.pk, council.second.user_id])
        signing = Press(lambda: factories.actor_for(teacher))
        wait_for_a_lock(running_servers, own_database)
        agreeing.commit()

    assert isinstance(signing.wait(), NoLiveSessionError)
