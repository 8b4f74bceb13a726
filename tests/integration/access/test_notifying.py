"""Letters about one's own ways in: to whoever they are about, each once, none lost, with nothing personal in them."""

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access.models import Notice, NoticeKind, User
from access.people.actions.notifying import send_notices
from access.tasks import tell_of_changes
from pages.wording import long_moment
from tests import factories
from tests.conftest import OwnerContext, as_owner_here, as_worker

TO_DO = {
    NoticeKind.QUESTION: "ring the management team",
    NoticeKind.QUESTION_LATE: "ring the management team",
    NoticeKind.OVERRIDDEN: "ring them, and find out whether the family must be told",
}
AT = datetime(2025, 3, 4, 14, 32, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture(autouse=True)
def just_after(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is new: it is sent at each round."""
    monkeypatch.setattr(timezone, "now", lambda: AT + timedelta(seconds=10))


def to_be_told(person: User, what: NoticeKind = NoticeKind.PASSWORD) -> int:
    with as_owner_here():
        return Notice.objects.create(user=person, what=what, happened_at=AT).pk


def run() -> int:
    with as_worker():
        return send_notices()


def kept(notice_id: int) -> Notice:
    with as_owner_here():
        return Notice.objects.get(pk=notice_id)


@pytest.mark.parametrize("what", NoticeKind)
def test_person_is_told_what_and_when_and_nothing_personal(person: User, what: NoticeKind) -> None:
    notice = to_be_told(person, what)

    assert run() == 1

    (letter,) = mail.outbox
    assert letter.to == [person.email.open()]
    text = f"{letter.subject}\n{letter.body}"
    assert long_moment(AT) in text
    assert "4 March 2025 at 14:32" in text
    to_do = TO_DO.get(what, "ring your administrator at once")
    assert to_do in " ".join(text.lower().split())
    assert max(map(len, text.splitlines())) <= 160
    for personal in (person.name.open(), person.organisation.name, person.email.open()):
        assert personal not in text
    assert kept(notice).sent_at is not None


def test_each_letter_is_its_own(person: User) -> None:
    for what in NoticeKind:
        to_be_told(person, what)

    run()

    assert len({letter.body for letter in mail.outbox}) == len(NoticeKind)


def test_each_is_told_once(person: User) -> None:
    to_be_told(person)

    assert [run(), run()] == [1, 0]


def test_task_tells(person: User) -> None:
    to_be_told(person)

    with as_worker():
        tell_of_changes()

    assert len(mail.outbox) == 1


def test_what_a_mail_server_does_not_take_waits(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = to_be_told(person)

    def gone(*_: object) -> int:
        raise SMTPServerDisconnected

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", gone)
        with pytest.raises(SMTPServerDisconnected):
            run()

    assert (kept(notice).sent_at, kept(notice).refused_at) == (None, None)
    assert run() == 1


@pytest.mark.parametrize(("code", "for_good"), [(550, True), (450, False)])
def test_refused_address_is_marked_and_keeps_nobody_else_waiting(
    person: User, as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch, code: int, for_good: bool
) -> None:
    """One that is only put off, as by a mail server that wants to be asked twice, is tried again."""
    with as_owner():
        other = factories.user()
    first, second = to_be_told(person), to_be_told(other)
    address, send = person.email.open(), EmailBackend.send_messages

    def refusing(backend: EmailBackend, letters: list[mail.EmailMessage]) -> int:
        if letters[0].to == [address]:
            raise SMTPRecipientsRefused({address: (code, b"no")})
        return send(backend, letters)

    monkeypatch.setattr(EmailBackend, "send_messages", refusing)

    assert run() == 1
    assert [letter.to for letter in mail.outbox] == [[other.email.open()]]
    assert kept(second).sent_at is not None
    assert (kept(first).sent_at, kept(first).refused_at is not None) == (None, for_good)


@pytest.mark.parametrize(
    "statement",
    [
        "update access_notice set what = 'codes'",
        "update access_notice set happened_at = now()",
        "delete from access_notice",
        "insert into access_notice (user_id, what, happened_at) select id, 'codes', now() from access_user",
    ],
)
def test_worker_changes_nothing_but_that_it_was_sent(person: User, statement: str) -> None:
    to_be_told(person)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        as_worker(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_what_was_sent_is_not_made_to_be_sent_again(person: User) -> None:
    notice = to_be_told(person)
    run()

    with as_worker():
        assert Notice.objects.filter(pk=notice).update(sent_at=None) == 0
