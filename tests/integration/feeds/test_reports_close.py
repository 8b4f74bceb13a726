"""What somebody reported as wrong closes by itself once a supplier sends something else of it, and by nothing less."""

import pytest

from audit.events import EventKind
from audit.reported import ReportedPart
from registry.models import Child, Report
from registry.models.report import CHANGED_SINCE
from registry.selectors.reports import HowFar
from registry.vocabulary import Source
from tests.conftest import as_owner_here
from tests.integration.feeds.sending import AMINA, supplier, take, take_back
from tests.integration.registry.merging import amina
from tests.integration.registry.people import AddChildren, Town
from tests.integration.registry.reporting import Counter, build_counter, counter_of, newest
from tests.log import events

ADDRESS, NAME, BIRTH, GENDER = ReportedPart.ADDRESS, ReportedPart.NAME, ReportedPart.BIRTH, ReportedPart.GENDER
MOVED = AMINA | {"address_1": "7 New Road", "postcode": "M33 5CD"}


@pytest.fixture
def counter(town: Town, add: AddChildren) -> Counter:
    return counter_of(town, add)


def test_a_part_that_changed_closes_and_no_other(counter: Counter) -> None:
    for part in (ADDRESS, NAME, BIRTH, ReportedPart.TWO_CHILDREN):
        counter.report(part)
    counter.report(by="teacher")
    feed = supplier(counter.town.authority, Source.LOCAL_AUTHORITY)
    take(feed, MOVED)
    assert dict(counter.how_far()) == {
        ADDRESS: HowFar.CHANGED_SINCE,
        NAME: HowFar.WAITING,
        BIRTH: HowFar.WAITING,
        ReportedPart.TWO_CHILDREN: HowFar.WAITING,
    }
    assert counter.how_far("teacher") == [(ADDRESS, HowFar.CHANGED_SINCE)]
    with as_owner_here():
        closed = Report.objects.get(outcome=CHANGED_SINCE)
    (event,) = events(kind=EventKind.REPORT_CLOSED)
    assert (event.child_id, event.reason, event.fields, event.process) == (
        counter.child.pk,
        ADDRESS,
        [f"reported.{closed.pk}"],
        "feeds",
    )
    assert closed.closed_by_id is None
    # What is reported of it from now on is another report.
    assert counter.report() is False
    assert newest().pk != closed.pk


def test_the_same_confirmed_anew_closes_nothing(counter: Counter) -> None:
    counter.report()
    feed = supplier(counter.town.authority, Source.LOCAL_AUTHORITY)
    take(feed, AMINA)
    take(feed, AMINA | {"confirmed_on": "2026-10-01"})
    assert events(kind=EventKind.CHILD_CHANGED), "the day of confirmation has changed"
    assert counter.how_far() == [(ADDRESS, HowFar.WAITING)]
    assert not events(kind=EventKind.REPORT_CLOSED)


def test_a_batch_that_is_taken_back_changes_it_again(counter: Counter) -> None:
    feed = supplier(counter.town.authority, Source.LOCAL_AUTHORITY)
    batch = take(feed, MOVED)
    counter.report()
    take_back(batch)
    assert counter.how_far() == [(ADDRESS, HowFar.CHANGED_SINCE)]


def test_what_was_reported_of_a_record_under_another_closes_with_that_one(town: Town, add: AddChildren) -> None:
    bureau = amina(town, add)
    with as_owner_here():
        counter = build_counter(town, Child.objects.get(pk=bureau.two.stays))
    counter.report(child=bureau.two.under)
    bureau.put_together()
    take(supplier(town.authority, Source.LOCAL_AUTHORITY), MOVED)
    assert counter.how_far(child=bureau.two.stays) == [(ADDRESS, HowFar.CHANGED_SINCE)]
    (event,) = events(kind=EventKind.REPORT_CLOSED)
    assert event.child_id == bureau.two.stays
