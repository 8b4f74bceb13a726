"""Alerts: counted where they go on, and shown to nobody but their own authority's auditors."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from access.models import Organisation, OrganisationKind, User
from audit.alerts import raise_alert
from audit.events import Alert, EventKind
from audit.models import RaisedAlert
from audit.outside import BUCKET, FOLDER, code_of, raise_at_once
from audit.recorder import About
from audit.watch import WATCH
from contactpoint.roles import WORKER
from review.selectors import alerts as selectors
from review.views import alerts, log
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.registry.visiting import timeless
from tests.integration.review.alerting import ALERTS, call, inquiries, over_budget, raised, unsealed
from tests.integration.review.reading import LOG, asked, ids, recorded, text_of
from tests.log import events, last_event
from tests.unit.transparency.logs import WITNESS_KEY

# ---------------------------------------------------------------------------------------------------------- raising


def test_flood_is_one_event_and_a_count(council: Organisation, teacher: User) -> None:
    told = [over_budget(teacher, council) for _ in range(300)]

    (first,) = events(kind=EventKind.ALERT_RAISED)
    assert told == [first.pk, *[None] * 299]
    (known,) = raised()
    assert (known.times, known.event_id, known.first_at) == (300, first.pk, first.at)
    assert known.last_at > known.first_at


def test_flood_of_one_stands_in_the_way_of_no_other(council: Organisation, teacher: User, stranger: User) -> None:
    for _ in range(10):
        over_budget(teacher, council)

    over_budget(teacher, council, subject="searches")
    over_budget(stranger, council)
    over_budget(teacher, stranger.organisation.responsible_authority)
    unsealed()

    assert [each.times for each in raised()] == [10, 1, 1, 1, 1]
    assert len(events(kind=EventKind.ALERT_RAISED)) == 5


def test_alert_that_tells_something_of_its_own_has_its_event_each_time(council: Organisation) -> None:
    for number in (3, 4):
        with acting_as(WORKER):
            raise_alert(
                Alert.REMOVED,
                actor=WATCH,
                subject="writer.x",
                fields=[f"numbers.{number}-{number}"],
                times=2,
                always_recorded=True,
            )

    assert [each.fields for each in events(kind=EventKind.ALERT_RAISED)] == [
        ["writer.x", "numbers.3-3"],
        ["writer.x", "numbers.4-4"],
    ]
    assert [each.times for each in raised()] == [4]


def test_after_a_day_of_quiet_the_same_is_another_alert(
    council: Organisation, teacher: User, alert: RaisedAlert
) -> None:
    with as_owner_here():
        day_ago = timezone.now() - timedelta(days=1)
        RaisedAlert.objects.filter(pk=alert.pk).update(first_at=day_ago, last_at=day_ago)

    assert over_budget(teacher, council) is not None

    assert [(each.times, each.growing) for each in raised()] == [(1, False), (1, True)]


def test_no_alert_begins_that_is_not_in_the_log(teacher: User) -> None:
    other = recorded(EventKind.PEOPLE_LISTED, actor=factories.actor_for(teacher))
    for event in (other, 10**9):
        with pytest.raises(DatabaseError, match="an alert is recorded before it begins"), transaction.atomic():
            call("select audit_alert_begin(%s, '', 1)", event)


@pytest.mark.parametrize("what", [what for what in Alert if what != Alert.OVER_BUDGET])
def test_web_role_raises_no_alert_but_that_a_budget_is_spent(council: Organisation, what: Alert) -> None:
    """It could count one up that the service raises by itself, or hold it up."""
    with pytest.raises(DatabaseError, match="no alert but over_budget"), transaction.atomic():
        call("select audit_alert_again(%s, '', null, null, 1)", what)
    with pytest.raises(DatabaseError, match="no alert but over_budget"), transaction.atomic():
        recorded(EventKind.ALERT_RAISED, About(reason=what), actor=WATCH)
    with transaction.atomic():
        with acting_as(WORKER):
            event = recorded(EventKind.ALERT_RAISED, About(reason=what), actor=WATCH)
        with pytest.raises(DatabaseError, match="no alert but over_budget"), transaction.atomic():
            call("select audit_alert_begin(%s, '', 1)", event)
    assert raised() == []


@pytest.mark.parametrize("what", ["nonsense", ""])
def test_no_alert_is_raised_that_is_on_no_list(council: Organisation, what: str, as_owner: OwnerContext) -> None:
    with pytest.raises(DatabaseError, match="audit_event_alert_is_known"), acting_as(WORKER):
        recorded(EventKind.ALERT_RAISED, About(reason=what), actor=WATCH)
    with pytest.raises(DatabaseError, match="audit_raisedalert_what_is_known"), as_owner():
        RaisedAlert.objects.create(
            what=what, event_id=1, first_at=timezone.now(), last_at=timezone.now(), times=1, growing=True
        )


def test_no_count_is_taken_back(council: Organisation, teacher: User, alert: RaisedAlert) -> None:
    call("select audit_alert_again('over_budget', 'records', %s, %s, -1)", teacher.pk, council.pk)
    assert raised()[-1].times == 1
    for statement in ("update audit_raisedalert set times = 1", "delete from audit_raisedalert"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            call(statement)


# ------------------------------------------------------------------------------------------------------------ pages


def test_page_shows_own_authoritys_and_everybodys_and_how_many_are_new(
    visitor: Client, council: Organisation, teacher: User, stranger: User
) -> None:
    over_budget(teacher, council)
    over_budget(teacher, council)
    over_budget(stranger, stranger.organisation.responsible_authority)
    unsealed()

    said = text_of(visitor.get(ALERTS))

    assert "2 new alerts. When the same" in said
    assert "Teacher of this authority, records opened Times 2 " in said
    assert Alert.UNSEALED.label in said
    assert "Teacher of another authority" not in said
    assert "2 new alerts" in text_of(visitor.get(LOG))


def test_alert_about_what_is_outside_says_which_place_or_witness(visitor: Client, settings: Settings) -> None:
    settings.WITNESS_KEYS = (WITNESS_KEY,)
    with acting_as(WORKER):
        raise_at_once(Alert.UNPUBLISHED, FOLDER, [])
        raise_at_once(Alert.UNPUBLISHED, BUCKET, ["bucket.refused"])
        raise_at_once(Alert.UNWITNESSED, code_of(WITNESS_KEY.name), ["seconds.601"])

    said = text_of(visitor.get(ALERTS))

    assert "The place where the log is published Times 1" in said
    assert "The bucket that keeps the log Times 1" in said
    assert f"{WITNESS_KEY.name} Times 1" in said
    assert Alert.UNWITNESSED.label in said


@pytest.mark.parametrize(("most", "words"), [(1, "More than 1 new alerts"), (2, "2 new alerts"), (9, "2 new alerts")])
def test_log_and_list_count_new_alerts_to_the_same_number(
    visitor: Client, council: Organisation, teacher: User, monkeypatch: pytest.MonkeyPatch, most: int, words: str
) -> None:
    over_budget(teacher, council)
    unsealed()
    for module in (selectors, alerts, log):
        monkeypatch.setattr(module, "MOST_COUNTED", most)

    for page in (LOG, ALERTS):
        assert words in text_of(visitor.get(page))


def test_log_shows_alerts_only_when_they_are_asked_for(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        elsewhere = factories.organisation(kind=OrganisationKind.AUTHORITY)
    ours, theirs, everybodys = (over_budget(teacher, authority) for authority in (council, elsewhere, None))

    for page in (asked(visitor, alerts="on"), asked(visitor, kind=EventKind.ALERT_RAISED.value)):
        assert {ours, everybodys} <= set(ids(page))
        assert theirs not in ids(page)
    assert {ours, everybodys}.isdisjoint(ids(visitor.get(LOG)))
    said = text_of(visitor.get(reverse("event", args=[ours])))
    assert f"Alert: {Alert.OVER_BUDGET.label}" in said
    assert "About Teacher of this authority" in said
    assert "The service, counting budgets" in said


@pytest.mark.parametrize("page", ["alert", "take_alert", "close_alert"])
def test_alert_of_another_authority_is_not_found_and_looks_like_none(
    visitor: Client, stranger: User, page: str
) -> None:
    over_budget(stranger, stranger.organisation.responsible_authority)
    theirs = raised()[-1].pk
    ask = visitor.get if page == "alert" else visitor.post

    hidden, missing, beyond = [ask(reverse(page, args=[number])) for number in (theirs, theirs + 1000, 10**30)]

    assert {hidden.status_code, missing.status_code, beyond.status_code} == {404}
    assert timeless(hidden) == timeless(missing)
    assert inquiries() == []


def test_reading_an_alert_is_recorded(visitor: Client, auditor: User, alert: RaisedAlert) -> None:
    page = visitor.get(reverse("alert", args=[alert.pk]))

    assert ids(page) == [alert.event_id]
    event = last_event()
    assert (event.kind, event.actor_id, event.fields) == (EventKind.LOG_READ, auditor.pk, [f"alert.{alert.pk}"])


@pytest.mark.parametrize("query", ["show=nonsense", "before=abc", f"before={'9' * 30}", "show=new&before=-1"])
def test_address_that_makes_no_sense_leads_to_the_open_ones_and_it_is_said(visitor: Client, query: str) -> None:
    page = visitor.get(f"{ALERTS}?{query}", follow=True)

    assert page.redirect_chain == [(ALERTS, 302)]
    assert "This address asks for alerts that there are none of." in page.content.decode()
