"""What an auditor looks for is sealed in the event of their reading, and they try only so many numbers."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from access.models import Budget, Measure, Organisation, Usage, User
from audit.actors import Actor
from audit.errors import NoLiveSessionError, OverBudgetError
from audit.events import Alert, EventKind, Outcome
from audit.models import Event, RaisedAlert
from audit.reading import TookTooLongError, reading
from audit.recorder import About, open_criteria, record, record_first
from audit.tickets import Ticket
from registry.rules.numbers import number_fingerprint
from review.policies import about_number
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.review.reading import LOG, asked, next_page, opened, text_of
from tests.integration.review.test_record_numbers import LOOK_UP, NHS, ask, child_with
from tests.log import events, last_event

UNKNOWN = "9434765919"


@pytest.fixture
def reader(auditor: User) -> Actor:
    return factories.actor_for(auditor)


def criteria_of(event: Event) -> dict[str, str] | None:
    if event.criteria is None:
        return None
    return open_criteria(bytes(event.criteria), writer_id=event.writer, number=event.number)


def readings() -> list[Event]:
    return events(kind=EventKind.LOG_READ)


def allow(hourly: int) -> None:
    """Let auditors look up so many numbers."""
    with as_owner_here():
        assert Budget.objects.filter(role="auditor", measure=Measure.LOOKUPS).update(hourly=hourly)


def used(person: User) -> dict[str, int]:
    with as_owner_here():
        return dict(Usage.objects.filter(user=person).values_list("measure", "used"))


# ------------------------------------------------------------------------------------------------------ what was asked


@pytest.mark.parametrize("number", [NHS, UNKNOWN], ids=["found", "not found"])
def test_what_was_asked_for_is_sealed_in_both_events(
    visitor: Client, council: Organisation, teacher: User, number: str
) -> None:
    opened(teacher, child_id=child_with(council).pk)
    address = teacher.email.open()
    wanted = {"record": number, "person": address, "since_day": "1", "since_month": "2", "since_year": "2025"}

    asked(visitor, **wanted)

    looked_up, read = readings()[-2:]
    assert (looked_up.fields[0], criteria_of(looked_up)) == ("number.nhs", wanted)
    assert (read.fields, criteria_of(read)) == ([], wanted)
    for event in (looked_up, read):
        said = text_of(visitor.get(reverse("event", args=[event.pk])))
        assert number not in said.replace(" ", "")
        assert address not in said


def test_each_page_of_what_was_asked_for_says_so(visitor: Client, teacher: User) -> None:
    for _ in range(51):
        opened(teacher)
    first = asked(visitor, kind=EventKind.CHILD_OPENED.value)

    older = next_page(first, "Older")
    assert older is not None
    visitor.get(older)

    assert [criteria_of(event) for event in readings()[-2:]] == [{"kind": "child.opened"}] * 2


def test_where_nothing_was_asked_for_nothing_is_sealed(visitor: Client) -> None:
    visitor.get(LOG)
    visitor.post(LOG, {"record": "wrong"})
    asked(visitor)

    assert [criteria_of(event) for event in readings()[-3:]] == [None] * 3


# ------------------------------------------------------------------------------------------------------------- budgets


def test_numbers_looked_up_come_to_an_end(visitor: Client, auditor: User) -> None:
    allow(hourly=2)
    for _ in range(2):
        asked(visitor, record=UNKNOWN)
    before = len(readings())

    refused = visitor.post(LOG, {"record": UNKNOWN})

    assert refused.status_code == 429
    assert "numbers looked up in the access log, 2 an hour" in text_of(refused)
    assert len(readings()) == before
    event = last_event(kind=EventKind.ACCESS_REFUSED)
    assert (event.outcome, event.actor_id, event.fields) == (Outcome.OVER_BUDGET, auditor.pk, ["lookups"])
    with as_owner_here():
        assert RaisedAlert.objects.get(what=Alert.OVER_BUDGET).subject == Measure.LOOKUPS
    assert used(auditor) == {Measure.LOOKUPS: 2}
    assert visitor.get(LOG).status_code == 200, "the log itself can be read"


def test_each_number_is_charged_in_an_event_of_its_own(reader: Actor, auditor: User) -> None:
    """What injected SQL could have an auditor's session do."""
    allow(hourly=2)
    for number in (NHS, UNKNOWN):
        with reading(reader, about_number(reader, "nhs", number, {})):
            ask(LOOK_UP, "nhs", number_fingerprint("nhs", number))

    with pytest.raises(OverBudgetError, match="lookups: 2 an hour"):
        record_first(EventKind.LOG_READ, about_number(reader, "nhs", NHS, {}), actor=reader)
    assert used(auditor) == {Measure.LOOKUPS: 2}


def test_event_that_tells_of_several_numbers_leads_to_none(reader: Actor) -> None:
    """It would be charged once."""
    both = [name for number in (NHS, UNKNOWN) for name in about_number(reader, "nhs", number, {}).fields]
    for fields in (both, [both[0], both[1], both[3]], [both[0], both[3], both[1]]):
        with pytest.raises(DatabaseError, match="looking a number up"), reading(reader, About(fields=fields)):
            ask(LOOK_UP, "nhs", number_fingerprint("nhs", NHS))


@pytest.mark.parametrize("kind", ["nhs", "internal"])
def test_who_takes_the_charge_back_takes_back_what_allows_to_look(reader: Actor, auditor: User, kind: str) -> None:
    with transaction.atomic():
        point = transaction.savepoint()
        event = record(EventKind.LOG_READ, about_number(reader, kind, UNKNOWN, {}), actor=reader)
        transaction.savepoint_rollback(point)
    assert used(auditor) == {}
    with pytest.raises(NoLiveSessionError), Ticket(event, reader.session_key).shown():
        pass

    ticket = record_first(EventKind.LOG_READ, about_number(reader, kind, UNKNOWN, {}), actor=reader)
    with pytest.raises(TookTooLongError), ticket.shown():
        raise TookTooLongError
    assert used(auditor) == {Measure.LOOKUPS: 1}
