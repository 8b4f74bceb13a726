"""Links to join: made and mailed by the worker alone, good once, for a while, and only the newest."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from access.models import Invitation, User, UserState
from access.people.actions.deciding import leave, rejoin
from access.people.actions.inviting import (
    invite,
    invite_again,
    invite_each,
    send_invitations,
    withdraw,
)
from access.rules.errors import (
    EmailTakenError,
    LinkError,
    LinkExpiredError,
    LinkReplacedError,
    LinkUsedError,
    LinkWithdrawnError,
    NotAdministeredError,
    NotFoundError,
)
from audit.events import EventKind
from audit.recorder import About, record
from tests import factories, people
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_worker
from tests.integration.access import lives
from tests.integration.access.lives import AT_THE_DOOR, PASSWORD, Council
from tests.log import events

A_DAY = timezone.now() + timedelta(days=1)


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        return lives.council()


def expire(_: Council, user: User) -> None:
    begun = timezone.now() - timedelta(days=20)
    Invitation.objects.filter(user=user).update(sent_at=begun, expires_at=begun + timedelta(days=14))


def replace(council: Council, user: User) -> None:
    invite_again(actor=council.first, user_id=user.pk)


def take_back(council: Council, user: User) -> None:
    withdraw(actor=council.first, user_id=user.pk)


def test_the_letter_names_the_organisation_and_nobody(council: Council) -> None:
    user = lives.invited(council)
    secret = lives.mailed_secret()

    (letter,) = mail.outbox
    assert letter.to == [user.email.open()]
    assert council.school.name in letter.body
    assert not any(word in f"{letter.subject} {letter.body}" for word in user.name.open().split())
    assert lives.open_invitation(secret).pk == user.pk


def test_nobody_at_the_web_role_holds_or_makes_a_link(council: Council) -> None:
    lives.invited(council)
    lives.mailed_secret()

    for statement in (
        "SELECT token_fingerprint FROM access_invitation",
        "UPDATE access_invitation SET token_fingerprint = repeat('0', 32)",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def ask_for(council: Council, link: Invitation) -> None:
    """As the first administrator's session could, beside its event."""
    with transaction.atomic():
        record(EventKind.USER_INVITED, About(user_id=link.user_id), actor=council.first)
        link.save()


@pytest.mark.parametrize("made", [{"token_fingerprint": "0" * 32}, {"expires_at": A_DAY}, {"used_at": A_DAY}])
def test_the_web_role_asks_for_no_link_that_is_made_already(council: Council, made: dict[str, object]) -> None:
    """Beside the event of an administrator who may invite them: the link would be the web process's own."""
    user = lives.invited(council)
    beside = {"user": user, "invited_by_id": council.first.user_id}
    with pytest.raises(DatabaseError, match="row-level security"):
        ask_for(council, Invitation(**beside, **made))
    ask_for(council, Invitation(**beside))


def test_nobody_who_is_in_already_is_sent_a_link_to_join(council: Council) -> None:
    """It would take the place of one to a new sign-in."""
    user = lives.brought(council)
    with pytest.raises(DatabaseError, match="row-level security"):
        ask_for(council, Invitation(user=user, invited_by_id=council.first.user_id))


def test_mailed_once(council: Council) -> None:
    lives.invited(council)
    with as_worker():
        assert (send_invitations(), send_invitations()) == (1, 0)
    assert len(mail.outbox) == 1


def test_an_address_that_the_mail_server_refuses_is_marked_and_the_others_are_mailed(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, known = invite_each(
        actor=council.first, people=[lives.new_person(council.school), lives.new_person(council.school)]
    )
    address = refused.email.open()
    sending = EmailBackend.send_messages

    def send(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == [address]:
            raise SMTPRecipientsRefused({address: (550, b"no such mailbox")})
        return int(sending(self, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    with as_worker():
        assert (send_invitations(), send_invitations()) == (1, 0)
    assert [letter.to for letter in mail.outbox] == [[known.email.open()]]
    assert Invitation.objects.only("refused_at").get(user=refused).refused_at


def test_no_link_goes_to_an_address_that_was_put_in_the_place_of_theirs(
    council: Council, as_owner: OwnerContext
) -> None:
    """As a web process that was taken over could, which seals what people give of themselves."""
    user = lives.invited(council)
    with as_owner():
        changed = User.objects.get(pk=user.pk)
        changed.email = "thief@example.org"
        changed.save()

    with as_worker():
        assert send_invitations() == 0
    assert mail.outbox == []
    assert Invitation.objects.only("refused_at").get(user=user).refused_at


def test_a_mail_server_that_is_away_loses_nothing(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    lives.invited(council)
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(ConnectionRefusedError))
        with pytest.raises(ConnectionRefusedError), transaction.atomic(), as_worker():
            send_invitations()
    assert lives.open_invitation(lives.mailed_secret())


@pytest.mark.parametrize(
    ("spoil", "says"), [(expire, LinkExpiredError), (replace, LinkReplacedError), (take_back, LinkWithdrawnError)]
)
def test_a_link_that_is_over_says_so(
    council: Council, as_owner: OwnerContext, spoil: Callable[[Council, User], None], says: type[LinkError]
) -> None:
    user = lives.invited(council)
    secret = lives.mailed_secret()
    if spoil is expire:
        with as_owner():
            spoil(council, user)
    else:
        spoil(council, user)

    with pytest.raises(says):
        lives.open_invitation(secret)
    with pytest.raises(says):
        lives.accept(actor=AT_THE_DOOR, secret=secret, password=PASSWORD)
    assert lives.again(user).state in (UserState.INVITED, UserState.LEFT)


def test_a_link_works_once(council: Council) -> None:
    lives.invited(council)
    secret = lives.mailed_secret()
    user = lives.accept(actor=AT_THE_DOOR, secret=secret, password=PASSWORD)

    with pytest.raises(LinkUsedError):
        lives.accept(actor=AT_THE_DOOR, secret=secret, password="another password entirely")
    with signing_in():
        assert lives.again(user).check_password(PASSWORD)


def test_a_link_that_was_never_made_leads_nowhere(council: Council) -> None:
    with pytest.raises(NotFoundError):
        lives.open_invitation("a-link-that-never-was")


def test_whoever_left_comes_back_by_a_new_link_and_not_by_the_old(council: Council) -> None:
    lives.invited(council)
    old = lives.mailed_secret()
    user = lives.accept(actor=AT_THE_DOOR, secret=old, password=PASSWORD)
    leave(actor=council.first, user_id=user.pk)
    rejoin(actor=council.first, user_id=user.pk)
    new = lives.mailed_secret()

    with pytest.raises(LinkError):
        lives.accept(actor=AT_THE_DOOR, secret=old, password=PASSWORD)
    assert lives.accept(actor=AT_THE_DOOR, secret=new, password=PASSWORD).state == UserState.JOINING


def test_an_address_in_use_is_named_and_nobody_of_the_others_is_invited(council: Council) -> None:
    known = lives.new_person(council.school)
    invite(actor=council.first, new=known)
    others = [lives.new_person(council.school) for _ in range(2)]
    before = len(events(kind=EventKind.USER_INVITED))

    with pytest.raises(EmailTakenError) as raised, transaction.atomic():
        invite_each(actor=council.first, people=[others[0], known, others[1]])
    assert raised.value.emails == [known.email]
    assert len(events(kind=EventKind.USER_INVITED)) == before
    assert len(people.everybody(state=UserState.INVITED)) == 1


def test_the_same_address_in_other_letters_is_the_same(council: Council) -> None:
    known = lives.new_person(council.school)
    invite(actor=council.first, new=known)
    again = lives.new_person(council.school)
    object.__setattr__(again, "email", f" {known.email.upper()} ")
    with pytest.raises(EmailTakenError):
        invite(actor=council.first, new=again)


def test_nobody_is_invited_to_somebody_elses_organisation(council: Council, as_owner: OwnerContext) -> None:
    with as_owner():
        elsewhere = factories.organisation()
    with pytest.raises(NotAdministeredError):
        invite(actor=council.first, new=lives.new_person(elsewhere))


def test_a_link_is_over_by_the_databases_clock(
    council: Council, as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far behind the clock of the web process is."""
    user = lives.invited(council)
    secret = lives.mailed_secret()
    with as_owner():
        expire(council, user)
    long_ago = timezone.now() - timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: long_ago)
    with pytest.raises(LinkExpiredError):
        lives.accept(actor=AT_THE_DOOR, secret=secret, password=PASSWORD)
