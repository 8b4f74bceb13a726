"""Letters about what runs out: to the right people, once at each step, with nothing personal in them."""

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from access.models import Grant, Organisation, OrganisationKind, Reminder, Role, User, UserState, VettingItem
from access.people.actions.reminding import remind
from access.tasks import send_reminders
from audit.events import EventKind
from contactpoint.jinja import as_date
from tests import factories
from tests.conftest import OwnerContext, as_worker
from tests.log import events, last_event


class Calendar:
    """Moves the days on which things run out, as if days went by."""

    def __init__(self, as_owner: OwnerContext, person: User) -> None:
        self.as_owner, self.person = as_owner, person

    def vetting_ends_in(self, days: int) -> date:
        day = factories.today() + timedelta(days=days)
        with self.as_owner():
            VettingItem.objects.filter(user=self.person).update(expires_on=day)
        return day

    def days_pass(self, days: int) -> None:
        """The same last day, that much nearer; so are those of which people were told."""
        with self.as_owner():
            user = User.objects.get(pk=self.person.pk)
            nearer = user.valid_until - timedelta(days=days)
            VettingItem.objects.filter(user=user).update(expires_on=nearer)
            Reminder.objects.filter(user=user).update(runs_out_on=nearer)


@pytest.fixture
def calendar(person: User, as_owner: OwnerContext) -> Calendar:
    return Calendar(as_owner, person)


@pytest.fixture
def administrator(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.ADMINISTRATOR)


def run() -> int:
    with as_worker():
        return remind()


def accredited_for(organisation: Organisation, days: int, as_owner: OwnerContext) -> date:
    day = factories.today() + timedelta(days=days)
    with as_owner():
        Organisation.objects.filter(pk=organisation.pk).update(accredited_until=day)
    return day


def test_person_is_told_when_and_nothing_personal(person: User, calendar: Calendar) -> None:
    day = calendar.vetting_ends_in(60)

    assert run() == 1

    (letter,) = mail.outbox
    assert letter.to == [person.email.open()]
    text = f"{letter.subject}\n{letter.body}"
    assert f"runs out on {as_date(day)}" in text
    assert "http://testserver/my-access/" in text
    for personal in (person.name.open(), person.organisation.name, person.email.open(), "DBS"):
        assert personal not in text
    event = last_event(kind=EventKind.USER_REMINDED)
    assert (event.user_id, event.process, event.fields) == (person.pk, "reminders", ["vetting", "60"])
    assert event.authority_id == person.organisation.authority_id


def test_each_step_once(calendar: Calendar) -> None:
    calendar.vetting_ends_in(61)
    letters = []
    for _ in range(62):
        letters.append(run() + run())
        calendar.days_pass(1)

    assert {60 - at + 1: sent for at, sent in enumerate(letters) if sent} == {60: 1, 30: 1, 7: 1}


def test_late_run_catches_up_with_one_letter(calendar: Calendar) -> None:
    calendar.vetting_ends_in(5)

    assert [run(), run()] == [1, 0]
    assert [reminder.days for reminder in _kept()] == [7]


def test_day_that_was_moved_is_another_day(calendar: Calendar) -> None:
    calendar.vetting_ends_in(20)
    run()
    calendar.vetting_ends_in(25)

    assert run() == 1


@pytest.mark.parametrize("state", [UserState.LEFT, UserState.SUSPENDED, UserState.REVOKED, UserState.JOINING])
def test_only_the_active_are_told(person: User, calendar: Calendar, as_owner: OwnerContext, state: UserState) -> None:
    calendar.vetting_ends_in(7)
    with as_owner():
        User.objects.filter(pk=person.pk).update(state=state)

    assert run() == 0


@pytest.mark.parametrize("days", [-1, 61, 400])
def test_what_ran_out_or_holds_long_is_not_told(calendar: Calendar, days: int) -> None:
    calendar.vetting_ends_in(days)

    assert run() == 0


def test_administrator_gets_one_letter_for_all_organisations(administrator: User, as_owner: OwnerContext) -> None:
    with as_owner():
        schools = [factories.organisation(authority=administrator.organisation) for _ in range(3)]
    first = accredited_for(schools[0], 22, as_owner)
    accredited_for(schools[1], 25, as_owner)

    assert [run(), run()] == [1, 0]

    (letter,) = mail.outbox
    assert letter.to == [administrator.email.open()]
    assert f"The accreditation of 2 of them runs out soon; the first on {as_date(first)}" in letter.body
    assert schools[0].name not in letter.body
    accredited_for(schools[2], 28, as_owner)
    assert run() == 1
    assert "The accreditation of 1 of them" in mail.outbox[-1].body


def test_administrators_of_others_and_grants_that_ended_get_none(administrator: User, as_owner: OwnerContext) -> None:
    with as_owner():
        factories.user(role=Role.ADMINISTRATOR)
        school = factories.organisation(authority=administrator.organisation)
        Grant.objects.filter(user=administrator).update(expires_on=factories.today() - timedelta(days=1))
    accredited_for(school, 7, as_owner)

    assert run() == 0


def test_own_authority_that_runs_out_is_told_too(as_owner: OwnerContext) -> None:
    with as_owner():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        factories.user(role=Role.ADMINISTRATOR, works_for=authority)
    accredited_for(authority, 30, as_owner)

    assert run() == 1


def test_whoever_could_not_be_written_to_is_the_next_time(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar.vetting_ends_in(7)
    _mail_server_raises(monkeypatch, SMTPServerDisconnected("away"))
    with pytest.raises(SMTPServerDisconnected):
        run()
    assert not events(kind=EventKind.USER_REMINDED)
    monkeypatch.undo()

    assert run() == 1


def test_refused_address_is_not_tried_again_at_that_step(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar.vetting_ends_in(7)
    _mail_server_raises(monkeypatch, SMTPRecipientsRefused({}))
    assert run() == 0
    monkeypatch.undo()

    assert run() == 0


def test_task_reminds(calendar: Calendar) -> None:
    calendar.vetting_ends_in(7)

    with as_worker():
        send_reminders()

    assert len(mail.outbox) == 1


def _kept() -> list[Reminder]:
    with as_worker():
        return list(Reminder.objects.all())


def _mail_server_raises(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
