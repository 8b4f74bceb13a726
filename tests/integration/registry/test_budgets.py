"""How much one person may see: held to by the database, told on a page, and known to the auditors once an hour."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from access.models import Budget, Measure, Usage, User
from audit.errors import OverBudgetError
from audit.events import Alert, EventKind, Outcome
from audit.models import Event, RaisedAlert
from audit.reasons import Reason
from registry.actions.finding import introduce, open_record, search
from registry.models import Child
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, criteria, draft, full_draft
from tests.integration.registry.test_search import BY_NAME_AND_DATE, TRAIL
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, text_of
from tests.log import events, last_event

HOUR = timedelta(hours=1)
# Auditors, administrators, and what test_reports.py tries.
OF_OTHERS = (Measure.LOOKUPS, Measure.UNPLACED, Measure.COMPARED, Measure.REPORTS)
OF_PRACTITIONERS = [measure for measure in Measure if measure not in OF_OTHERS]


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    return add(full_draft(town))[0]


@pytest.fixture
def teacher(town: Town, child: Child) -> Visitor:
    return Visitor(town.teacher)


def allow(measure: Measure, hourly: int, daily: int = 1_000) -> None:
    """Make the budget of practitioners so small."""
    with as_owner_here():
        assert Budget.objects.filter(role="practitioner", measure=measure).update(hourly=hourly, daily=daily)


def used(person: User) -> dict[str, int]:
    with as_owner_here():
        return dict(Usage.objects.filter(user=person).values_list("measure", "used"))


def spend(person: User, measure: Measure, amount: int, *, ago: timedelta = timedelta(0)) -> None:
    """Let the person have used so much of a budget."""
    hour = (timezone.now() - ago).replace(minute=0, second=0, microsecond=0)
    with as_owner_here():
        Usage.objects.create(user=person, measure=measure, hour=hour, used=amount)


def test_budgets_of_the_database_are_those_of_the_settings(db: None) -> None:
    with as_owner_here():
        kept = {(each.role, each.measure): (each.hourly, each.daily) for each in Budget.objects.all()}

    assert kept == {
        (role, measure): limits for role, measures in settings.BUDGETS.items() for measure, limits in measures.items()
    }
    assert {measure for _role, measure in kept} == set(Measure)


def test_what_is_shown_is_charged_to_whom_it_is_shown(town: Town, add: AddChildren, child: Child) -> None:
    add(draft(town, given="Amima"))
    found = search(actor=town.actor(), criteria=criteria(**BY_NAME_AND_DATE), trail=TRAIL)
    introduce(actor=town.actor(), child_id=child.pk)
    open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)

    assert len(found.matches) == 2
    assert used(town.teacher) == {
        Measure.SEARCHES: 1,
        Measure.CANDIDATES: found.examined,
        Measure.IDENTITIES: 3,
        Measure.RECORDS: 1,
    }
    assert used(town.colleague) == {}


def test_what_is_not_shown_is_not_charged(town: Town, child: Child) -> None:
    allow(Measure.RECORDS, hourly=1)
    open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)
    for _ in range(3):
        with pytest.raises(OverBudgetError):
            open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)

    assert used(town.teacher) == {Measure.RECORDS: 1}
    assert len(events(kind=EventKind.CHILD_OPENED)) == 1


@pytest.mark.parametrize("measure", OF_PRACTITIONERS)
def test_search_and_record_end_at_each_budget(town: Town, child: Child, measure: Measure) -> None:
    """The error names the budget and its limit; the page shows both."""
    allow(measure, hourly=0)

    def work() -> None:
        search(actor=town.actor(), criteria=criteria(**BY_NAME_AND_DATE), trail=TRAIL)
        open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)

    with pytest.raises(OverBudgetError, match=rf"^{measure}: 0 an hour$"):
        work()


@pytest.mark.parametrize(("ago", "ends"), [(HOUR, True), (23 * HOUR, True), (24 * HOUR, False)])
def test_budget_of_the_day_frees_itself_hour_by_hour(town: Town, child: Child, ago: timedelta, ends: bool) -> None:
    allow(Measure.RECORDS, hourly=2, daily=5)
    spend(town.teacher, Measure.RECORDS, 5, ago=ago)
    if ends:
        with pytest.raises(OverBudgetError, match=r"^records: 5 a day$"):
            open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)
    else:
        open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)


# ---------------------------------------------------------------------------------------------------- on the page


def test_record_above_the_budget_is_a_page_that_says_what_to_do(town: Town, teacher: Visitor) -> None:
    allow(Measure.RECORDS, hourly=1)
    reference = teacher.opened()

    refused = teacher.get(reverse("record", args=[reference]))

    assert_plain_refusal(refused, 429)
    page = text_of(refused)
    assert "records opened, 1 an hour" in page
    assert "ask the management team of your organisation" in page
    for hidden in ("Amina", "Hussain", "Sam Okoro", "M33"):
        assert hidden not in page
    (event,) = events(kind=EventKind.ACCESS_REFUSED)
    assert (event.outcome, event.actor_id, event.fields) == (Outcome.OVER_BUDGET, town.teacher.pk, ["records"])
    assert len(events(kind=EventKind.CHILD_OPENED)) == 1


@pytest.mark.parametrize("measure", [Measure.SEARCHES, Measure.CANDIDATES, Measure.IDENTITIES])
def test_search_above_a_budget_shows_nobody(teacher: Visitor, measure: Measure) -> None:
    allow(measure, hourly=0)

    refused = teacher.search()

    assert_plain_refusal(refused, 429)
    assert measure.label in text_of(refused)
    assert "Amina" not in text_of(refused)
    assert (last_event().kind, last_event().reason) == (EventKind.ALERT_RAISED, Alert.OVER_BUDGET)
    assert events(kind=EventKind.CHILD_LISTED) == []


def test_every_attempt_is_recorded_and_counted_in_one_alert(town: Town, teacher: Visitor) -> None:
    allow(Measure.RECORDS, hourly=1)
    reference = teacher.opened()
    for _ in range(3):
        assert teacher.get(reverse("record", args=[reference])).status_code == 429

    assert len(events(kind=EventKind.ACCESS_REFUSED, outcome=Outcome.OVER_BUDGET)) == 3
    (alert,) = alerts()
    assert (alert.process, alert.actor_id, alert.user_id) == ("budgets", None, town.teacher.pk)
    assert (alert.reason, alert.fields) == (Alert.OVER_BUDGET, ["records"])
    assert alert.authority_id == town.authority.pk

    an_hour_later(town.teacher)
    assert teacher.get(reverse("record", args=[reference])).status_code == 200
    assert teacher.get(reverse("record", args=[reference])).status_code == 429
    assert len(alerts()) == 1
    with as_owner_here():
        assert [each.times for each in RaisedAlert.objects.filter(event_id=alert.pk)] == [4]


def alerts() -> list[Event]:
    return events(kind=EventKind.ALERT_RAISED)


def an_hour_later(person: User) -> None:
    with as_owner_here():
        Usage.objects.filter(user=person).update(hour=F("hour") - HOUR)


def test_another_budget_alerts_again(teacher: Visitor) -> None:
    allow(Measure.RECORDS, hourly=1)
    reference = teacher.opened()
    assert teacher.get(reverse("record", args=[reference])).status_code == 429
    allow(Measure.SEARCHES, hourly=0)
    assert teacher.search().status_code == 429

    assert [alert.fields for alert in alerts()] == [["records"], ["searches"]]


def test_budget_of_one_person_is_not_a_colleagues(town: Town, teacher: Visitor) -> None:
    allow(Measure.RECORDS, hourly=1)
    reference = teacher.opened()
    assert teacher.get(reverse("record", args=[reference])).status_code == 429

    assert Visitor(town.colleague).opened()
    assert len(alerts()) == 1
