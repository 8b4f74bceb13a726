"""One letter that goes to nobody, or later, keeps no other waiting: of links, of notices and of reminders alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from structlog.testing import capture_logs

from access.models import Invitation, Notice, NoticeKind, Reminder, User, VettingItem
from access.people.actions.inviting import send_invitations
from access.people.actions.notifying import send_notices
from access.people.actions.reminding import remind
from access.people.letters import AddressChangedError
from encryption.errors import KeyMissingError, ValueDamagedError
from tests import factories
from tests.conftest import OwnerContext, as_owner_here, as_worker

FROM_ANOTHER_ROW = """
    UPDATE access_user SET email = (SELECT email FROM access_user WHERE id > %(person)s ORDER BY id LIMIT 1)
    WHERE id = %(person)s
"""
OF_A_KEY_THAT_IS_NOT = """
    UPDATE access_user SET email = set_byte(email::bytea, 1, get_byte(email::bytea, 1) # 255)::sealed
    WHERE id = %(person)s
"""
PUT_OFF, NEVER = 450, 550


@dataclass(frozen=True)
class Letters:
    """One kind of letters: how one comes to wait, how it is sent, and whether it waits no longer."""

    wait: Callable[[User], object]
    send: Callable[[], int]
    is_done: Callable[[User], bool]


def runs_out(person: User) -> None:
    VettingItem.objects.filter(user=person).update(expires_on=factories.today() + timedelta(days=7))


LETTERS = {
    "link": Letters(
        lambda person: Invitation.objects.create(user=person),
        send_invitations,
        lambda person: not Invitation.objects.filter(user=person, sent_at=None, refused_at=None).exists(),
    ),
    "notice": Letters(
        lambda person: Notice.objects.create(user=person, what=NoticeKind.CODES, happened_at=timezone.now()),
        send_notices,
        lambda person: not Notice.objects.filter(user=person, sent_at=None, refused_at=None).exists(),
    ),
    "reminder": Letters(runs_out, remind, lambda person: Reminder.objects.filter(user=person).exists()),
}
AT_EACH_ROUND = ("link", "notice")
ROUND = timedelta(seconds=5)


@pytest.fixture(params=LETTERS)
def letters(request: pytest.FixtureRequest) -> Letters:
    return LETTERS[request.param]


@pytest.fixture
def two(as_owner: OwnerContext) -> tuple[User, User]:
    """The first of them comes first."""
    with as_owner():
        return factories.user(), factories.user()


def wait(letters: Letters, *people: User) -> None:
    with as_owner_here():
        for person in people:
            letters.wait(person)


def run(letters: Letters) -> int:
    with as_worker():
        return letters.send()


def is_done(letters: Letters, person: User) -> bool:
    with as_owner_here():
        return letters.is_done(person)


def spoil(person: User, statement: str) -> None:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(statement, {"person": person.pk})


def seal_address(person: User, address: str) -> None:
    """As a web process that was taken over could, in the session of that person."""
    with as_owner_here():
        changed = User.objects.get(pk=person.pk)
        changed.email = address
        changed.save()


def refuse(monkeypatch: pytest.MonkeyPatch, person: User, error: Callable[[str], SMTPException]) -> None:
    """Have the mail server say that of letters to that person."""
    address, send = person.email.open(), EmailBackend.send_messages

    def answer(backend: EmailBackend, given: list[mail.EmailMessage]) -> int:
        if given[0].to == [address]:
            raise error(address)
        return int(send(backend, given))

    monkeypatch.setattr(EmailBackend, "send_messages", answer)


def recipient_refused(code: int) -> Callable[[str], SMTPException]:
    return lambda address: SMTPRecipientsRefused({address: (code, b"no")})


def text_refused(code: int) -> Callable[[str], SMTPException]:
    return lambda _: SMTPDataError(code, b"no")


def addresses() -> list[list[str]]:
    return [letter.to for letter in mail.outbox]


@pytest.mark.parametrize(
    ("statement", "error", "for_good"),
    [(FROM_ANOTHER_ROW, ValueDamagedError, True), (OF_A_KEY_THAT_IS_NOT, KeyMissingError, False)],
)
def test_address_that_does_not_open_keeps_nobody_else_waiting(
    letters: Letters, two: tuple[User, User], statement: str, error: type[Exception], for_good: bool
) -> None:
    """A key may only not be here yet: that letter is tried again."""
    broken, other = two
    wait(letters, broken, other)
    spoil(broken, statement)

    with capture_logs() as logs:
        assert run(letters) == 1

    assert addresses() == [[other.email.open()]]
    assert is_done(letters, other)
    assert is_done(letters, broken) == for_good
    assert [(line["event"], line["why"]) for line in logs] == [("letter.has_no_address", error.__name__)]
    for personal in (*broken.name.open().split(), broken.email.open(), other.email.open()):
        assert personal not in str(logs)


def test_address_in_the_place_of_theirs_gets_nothing_and_operators_are_told(
    letters: Letters, two: tuple[User, User]
) -> None:
    changed, other = two
    wait(letters, changed, other)
    seal_address(changed, "thief@example.org")

    with capture_logs() as logs:
        assert run(letters) == 1

    assert addresses() == [[other.email.open()]]
    assert is_done(letters, changed)
    assert [line["why"] for line in logs] == [AddressChangedError.__name__]
    assert "thief" not in str(logs)


def test_line_ends_beside_an_address_stop_no_letter(letters: Letters, two: tuple[User, User]) -> None:
    """It is the same address as far as the database knows, and no header of a letter holds a line end."""
    changed, other = two
    plain = changed.email.open()
    wait(letters, changed, other)
    seal_address(changed, f"\n{plain}\r\n")

    assert run(letters) == 2
    assert sorted(addresses()) == sorted([[plain], [other.email.open()]])


@pytest.mark.parametrize("refused", [recipient_refused, text_refused])
@pytest.mark.parametrize(("code", "for_good"), [(NEVER, True), (PUT_OFF, False)])
def test_one_that_is_put_off_is_tried_again_and_one_that_is_refused_is_not(
    letters: Letters,
    two: tuple[User, User],
    monkeypatch: pytest.MonkeyPatch,
    refused: Callable[[int], Callable[[str], SMTPException]],
    code: int,
    for_good: bool,
) -> None:
    """As by a mail server that wants to be asked twice."""
    first, other = two
    wait(letters, first, other)
    with monkeypatch.context() as strict:
        refuse(strict, first, refused(code))
        assert run(letters) == 1
    assert addresses() == [[other.email.open()]]
    assert is_done(letters, first) == for_good

    assert run(letters) == int(not for_good)


@pytest.mark.parametrize("kind", AT_EACH_ROUND)
def test_one_that_has_waited_for_long_has_one_turn_in_five_minutes(
    kind: str, two: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, slow, began, tried = LETTERS[kind], two[0], timezone.now(), list[int]()
    wait(letters, slow)
    refuse(monkeypatch, slow, recipient_refused(PUT_OFF))
    monkeypatch.setattr(EmailBackend, "open", lambda _: tried.append(1))

    def tries(*, after: timedelta, rounds: int) -> int:
        before = len(tried)
        for number in range(rounds):
            at = began + after + number * ROUND
            monkeypatch.setattr(timezone, "now", lambda at=at: at)
            run(letters)
        return len(tried) - before

    assert tries(after=timedelta(), rounds=10) == 10
    assert tries(after=timedelta(minutes=2), rounds=60) == 2
    assert tries(after=timedelta(days=4), rounds=60) == 2
    assert not is_done(letters, slow)


@pytest.mark.parametrize("kind", AT_EACH_ROUND)
def test_those_that_are_put_off_keep_none_waiting_that_comes_later(
    kind: str, two: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, (slow, other) = LETTERS[kind], two
    wait(letters, *[slow] * 300)
    refuse(monkeypatch, slow, recipient_refused(PUT_OFF))
    at = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: at)
    wait(letters, other)

    run(letters)

    assert addresses() == [[other.email.open()]]


@pytest.mark.parametrize("kind", AT_EACH_ROUND)
def test_one_that_is_put_off_for_days_is_given_up(
    kind: str, two: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, slow = LETTERS[kind], two[0]
    wait(letters, slow)
    refuse(monkeypatch, slow, recipient_refused(PUT_OFF))
    began = timezone.now()
    for number in range(30):
        at = began + timedelta(days=5, minutes=1, seconds=10 * number)
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        run(letters)

    assert is_done(letters, slow)


def test_nothing_to_send_asks_for_no_mail_server(
    letters: Letters, two: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once for all that there is to send."""
    opened: list[int] = []
    monkeypatch.setattr(BaseEmailBackend, "open", lambda _: opened.append(1))
    assert run(letters) == 0
    assert opened == []

    wait(letters, two[0])
    assert run(letters) == 1
    assert opened == [1]
