"""Alerts: counted where they go on, taken by somebody, closed with a result; nobody's but their own authority's."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, OrganisationKind, Role, User
from audit.actors import Actor, Process
from audit.alerts import raise_alert
from audit.events import Alert, EventKind
from audit.models import RaisedAlert
from audit.reasons import AlertResult
from audit.recorder import About, record
from audit.watch import WATCH
from contactpoint.roles import WORKER
from review.actions.alerts import AlertChangedError, close_alert, take_alert
from review.models import Inquiry
from review.selectors import alerts as selectors
from review.views import alerts, log
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.acting import acting_as
from tests.integration.registry.visiting import timeless
from tests.integration.review.reading import LOG, asked, ids, text_of
from tests.log import events, last_event

ALERTS = reverse("alerts")


def budgets(authority: Organisation | None) -> Process:
    place = authority.pk if authority else None
    return Process("budgets", None, place, place)


def over_budget(person: User, authority: Organisation | None, subject: str = "records") -> int | None:
    return raise_alert(
        Alert.OVER_BUDGET, actor=budgets(authority), subject=subject, user_id=person.pk, fields=[subject]
    )


def unsealed() -> int | None:
    """An alert that concerns everybody."""
    with acting_as(WORKER):
        return raise_alert(Alert.UNSEALED, actor=WATCH)


def raised(**wanted: object) -> list[RaisedAlert]:
    with as_owner_here():
        return list(RaisedAlert.objects.filter(**wanted).order_by("pk"))


def inquiries() -> list[Inquiry]:
    with as_owner_here():
        return list(Inquiry.objects.order_by("pk"))


@pytest.fixture
def alert(council: Organisation, teacher: User) -> RaisedAlert:
    over_budget(teacher, council)
    return raised()[-1]


@pytest.fixture
def colleague(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.AUDITOR, works_for=council, name="Second auditor")


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
    other = record(EventKind.PEOPLE_LISTED, actor=factories.actor_for(teacher))
    for event in (other, 10**9):
        with pytest.raises(DatabaseError, match="an alert is recorded before it begins"), transaction.atomic():
            call("select audit_alert_begin(%s, '', 1)", event)


@pytest.mark.parametrize("what", [what for what in Alert if what != Alert.OVER_BUDGET])
def test_web_role_raises_no_alert_but_that_a_budget_is_spent(council: Organisation, what: Alert) -> None:
    """It could count one up that the service raises by itself, or hold it up."""
    with pytest.raises(DatabaseError, match="no alert but over_budget"), transaction.atomic():
        call("select audit_alert_again(%s, '', null, null, 1)", what)
    with pytest.raises(DatabaseError, match="no alert but over_budget"), transaction.atomic():
        record(EventKind.ALERT_RAISED, About(reason=what), actor=WATCH)
    with acting_as(WORKER):
        event = record(EventKind.ALERT_RAISED, About(reason=what), actor=WATCH)
    with pytest.raises(DatabaseError, match="no alert but over_budget"), transaction.atomic():
        call("select audit_alert_begin(%s, '', 1)", event)
    assert raised() == []


@pytest.mark.parametrize("what", ["nonsense", ""])
def test_no_alert_is_raised_that_is_on_no_list(council: Organisation, what: str, as_owner: OwnerContext) -> None:
    with pytest.raises(DatabaseError, match="audit_event_alert_is_known"), acting_as(WORKER):
        record(EventKind.ALERT_RAISED, About(reason=what), actor=WATCH)
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


def call(statement: str, *arguments: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return int(cursor.rowcount)


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


# -------------------------------------------------------------------------------------------------- taking, closing


def take(visitor: Client, alert: RaisedAlert) -> str:
    """Press the button of the alert's page. Returns what the page says then."""
    address = reverse("alert", args=[alert.pk])
    found = re.search(r'name="seen"\s+value="([^"]*)"', visitor.get(address).content.decode())
    seen = {"seen": found[1]} if found else {}
    return text_of(visitor.post(reverse("take_alert", args=[alert.pk]), seen, follow=True))


def test_auditor_takes_an_alert_and_closes_it(
    visitor: Client, auditor: User, teacher: User, alert: RaisedAlert
) -> None:
    said = take(visitor, alert)
    assert "You have taken this alert." in said
    assert "State Being looked at You took it" in said
    taken = last_event(kind=EventKind.ALERT_TAKEN)
    assert (taken.actor_id, taken.fields) == (auditor.pk, [f"alert.{alert.pk}"])

    result = {"result": AlertResult.CONDUCT.value}
    said = text_of(visitor.post(reverse("close_alert", args=[alert.pk]), result, follow=True))

    assert AlertResult.CONDUCT.label in said
    closed = last_event(kind=EventKind.ALERT_CLOSED)
    assert (closed.actor_id, closed.user_id, closed.reason) == (auditor.pk, teacher.pk, "conduct")
    (inquiry,) = inquiries()
    assert (inquiry.taken_by_id, inquiry.result) == (auditor.pk, "conduct")
    assert inquiry.closed_at >= inquiry.taken_at
    assert "There are none of these." in text_of(visitor.get(ALERTS))
    assert Alert.OVER_BUDGET.label in text_of(visitor.get(f"{ALERTS}?show=closed"))


def test_what_is_raised_after_an_alert_was_closed_is_a_new_one(
    visitor: Client, council: Organisation, teacher: User, alert: RaisedAlert
) -> None:
    take(visitor, alert)
    over_budget(teacher, council)
    visitor.post(reverse("close_alert", args=[alert.pk]), {"result": "explained"})

    event = over_budget(teacher, council)

    assert event is not None
    assert [(each.times, each.growing) for each in raised()] == [(2, False), (1, True)]
    assert "1 new alert. When the same" in text_of(visitor.get(ALERTS))


def test_colleague_takes_it_over_and_the_first_closes_it_no_more(
    visitor: Client, auditor: User, colleague: User, alert: RaisedAlert
) -> None:
    take(visitor, alert)
    other = factories.signed_in(colleague)
    assert "Auditor of this authority is looking at it. Agree with them before you take it over." in text_of(
        other.get(reverse("alert", args=[alert.pk]))
    )
    take(other, alert)

    said = text_of(visitor.post(reverse("close_alert", args=[alert.pk]), {"result": "fault"}, follow=True))

    assert "Somebody else took or closed this alert while you looked at it." in said
    assert [(each.taken_by_id, each.closed_at) for each in inquiries()] == [(colleague.pk, None)]
    assert events(kind=EventKind.ALERT_CLOSED) == []


@pytest.mark.parametrize("seen", ["", "nonsense", "2020-01-01T00:00:00+00:00"])
def test_page_that_is_out_of_date_takes_nothing(
    visitor: Client, auditor: User, colleague: User, alert: RaisedAlert, seen: str
) -> None:
    take_alert(actor=factories.actor_for(colleague), alert_id=alert.pk, seen=None)

    said = text_of(visitor.post(reverse("take_alert", args=[alert.pk]), {"seen": seen}, follow=True))

    assert "Somebody else took or closed this alert" in said
    assert [each.taken_by_id for each in inquiries()] == [colleague.pk]


@pytest.mark.parametrize(
    ("answers", "message"),
    [({}, "Choose what came of it"), ({"result": "nonsense"}, "Choose from the list what came of it")],
)
def test_closing_without_a_result_says_what_to_do(
    visitor: Client, alert: RaisedAlert, answers: dict[str, str], message: str
) -> None:
    take(visitor, alert)

    page = visitor.post(reverse("close_alert", args=[alert.pk]), answers)

    assert page.status_code == 200
    assert message in text_of(page)
    assert [each.closed_at for each in inquiries()] == [None]


def test_closed_alert_stays_closed(auditor: User, alert: RaisedAlert) -> None:
    actor = factories.actor_for(auditor)
    take_alert(actor=actor, alert_id=alert.pk, seen=None)
    close_alert(actor=actor, alert_id=alert.pk, result=AlertResult.FAULT)
    (inquiry,) = inquiries()

    for again in (
        lambda: take_alert(actor=actor, alert_id=alert.pk, seen=inquiry.taken_at),
        lambda: close_alert(actor=actor, alert_id=alert.pk, result=AlertResult.BREACH),
    ):
        with pytest.raises(AlertChangedError):
            again()
    assert [each.result for each in inquiries()] == ["fault"]


def test_what_cannot_be_recorded_is_not_done(visitor: Client, alert: RaisedAlert) -> None:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("alter table audit_event add constraint full_up check (kind <> 'alert.taken') not valid")
    visitor.raise_request_exception = False

    assert visitor.post(reverse("take_alert", args=[alert.pk]), {"seen": ""}).status_code == 500
    assert inquiries() == []


# -------------------------------------------------------------------------------------------------- at the database

TAKE = "insert into review_inquiry (alert_id, taken_by_id, taken_at, result) values (%s, %s, now(), '')"
CLOSE = "update review_inquiry set closed_at = now(), result = %s where alert_id = %s"


def told(actor: Actor, kind: EventKind, alert: RaisedAlert, reason: str = "") -> None:
    record(kind, About(fields=[f"alert.{alert.pk}"], reason=reason), actor=actor)


def test_database_lets_nobody_take_an_alert_without_its_event(auditor: User, alert: RaisedAlert) -> None:
    actor = factories.actor_for(auditor)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        call(TAKE, alert.pk, auditor.pk)
    told(actor, EventKind.ALERT_CLOSED, alert)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        call(TAKE, alert.pk, auditor.pk)


def test_database_lets_nobody_take_it_for_another(auditor: User, colleague: User, alert: RaisedAlert) -> None:
    told(factories.actor_for(auditor), EventKind.ALERT_TAKEN, alert)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        call(TAKE, alert.pk, colleague.pk)


@pytest.mark.parametrize("who", ["teacher", "stranger"])
def test_database_lets_only_auditors_of_the_authority_take_it(
    who: str, teacher: User, as_owner: OwnerContext, alert: RaisedAlert
) -> None:
    with as_owner():
        person = teacher if who == "teacher" else factories.user(role=Role.AUDITOR)
    told(factories.actor_for(person), EventKind.ALERT_TAKEN, alert)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        call(TAKE, alert.pk, person.pk)


def test_database_closes_with_the_result_that_is_in_the_log(auditor: User, alert: RaisedAlert) -> None:
    actor = factories.actor_for(auditor)
    take_alert(actor=actor, alert_id=alert.pk, seen=None)
    told(actor, EventKind.ALERT_CLOSED, alert, reason="breach")
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        call(CLOSE, "explained", alert.pk)
    assert call(CLOSE, "breach", alert.pk) == 1
    assert call(CLOSE, "breach", alert.pk) == 0, "closed is closed"


@pytest.mark.parametrize("statement", ["delete from review_inquiry", "update review_inquiry set alert_id = alert_id"])
def test_web_role_takes_no_inquiry_away(auditor: User, alert: RaisedAlert, statement: str) -> None:
    take_alert(actor=factories.actor_for(auditor), alert_id=alert.pk, seen=None)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        call(statement)


def test_reader_sees_alerts_only_where_reading_is_recorded(alert: RaisedAlert) -> None:
    with acting_as("contactpoint_reader"):
        assert RaisedAlert.objects.count() == 0
        assert Inquiry.objects.count() == 0


@pytest.mark.parametrize(
    "change", [{"closed_at": timezone.now()}, {"result": "fault"}, {"closed_at": timezone.now(), "result": "words"}]
)
def test_inquiry_is_closed_with_a_result_of_the_list_or_not_at_all(
    auditor: User, alert: RaisedAlert, change: dict[str, object]
) -> None:
    take_alert(actor=factories.actor_for(auditor), alert_id=alert.pk, seen=None)
    with pytest.raises(DatabaseError, match="closed_with_a_result"), as_owner_here():
        Inquiry.objects.update(**change)
