"""What an auditor looks for is sealed in the event of their reading, and they try only so many numbers."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from access.models import Budget, Measure, Organisation, Usage, User
from audit.actors import Actor
from audit.events import Alert, EventKind, Outcome
from audit.models import Event, RaisedAlert
from audit.reading import reading
from audit.recorder import About, open_criteria
from registry.actions.children import number_fingerprint
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
    assert (looked_up.fields, criteria_of(looked_up)) == (["number.nhs"], wanted)
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


def test_each_number_is_charged_also_where_one_event_tells_of_several(reader: Actor, auditor: User) -> None:
    """What injected SQL could have an auditor's session do."""
    allow(hourly=2)
    with pytest.raises(DatabaseError, match="lookups: 2 an hour"), reading(reader, About(fields=["number.nhs"])):
        ask(f"{LOOK_UP} from generate_series(1, 3)", "nhs", number_fingerprint("nhs", UNKNOWN))


def test_no_savepoint_gives_the_charge_back(reader: Actor, auditor: User) -> None:
    message = "in the savepoint in which that is recorded"
    recorded = reading(reader, About(fields=["number.nhs"]))
    with recorded, pytest.raises(DatabaseError, match=message), transaction.atomic():
        ask(LOOK_UP, "nhs", number_fingerprint("nhs", UNKNOWN))
