"""An alert is taken by somebody and closed with a result, in the pages and at the database."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, Role, User
from audit.events import Alert, EventKind
from audit.models import RaisedAlert
from audit.reasons import AlertResult
from review.actions.alerts import AlertChangedError, close_alert, take_alert
from review.models import Inquiry
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.alerting import ALERTS, CLOSE, TAKE, beside, call, inquiries, over_budget, raised, take
from tests.integration.review.reading import text_of
from tests.log import events, last_event

# -------------------------------------------------------------------------------------------------- taking, closing


def test_auditor_takes_an_alert_and_closes_it(
    visitor: Client, auditor: User, teacher: User, alert: RaisedAlert
) -> None:
    said = take(visitor, alert)
    assert "You have taken this alert." in said
    assert "State Being looked at You took it" in said
    taken = last_event(kind=EventKind.ALERT_TAKEN)
    assert (taken.actor_id, taken.fields) == (auditor.pk, [f"alert.{alert.pk}"])

    assert 'name="times" value="1"' in visitor.get(reverse("alert", args=[alert.pk])).content.decode()
    result = {"result": AlertResult.CONDUCT.value, "times": "1"}
    said = text_of(visitor.post(reverse("close_alert", args=[alert.pk]), result, follow=True))

    assert AlertResult.CONDUCT.label in said
    closed = last_event(kind=EventKind.ALERT_CLOSED)
    assert (closed.actor_id, closed.user_id, closed.reason) == (auditor.pk, teacher.pk, "conduct")
    (inquiry,) = inquiries()
    assert (inquiry.taken_by_id, inquiry.result) == (auditor.pk, "conduct")
    assert inquiry.closed_at >= inquiry.taken_at
    assert "There are none of these." in text_of(visitor.get(ALERTS))
    assert Alert.OVER_BUDGET.label in text_of(visitor.get(f"{ALERTS}?show=closed"))


@pytest.mark.parametrize("times", [{"times": "1"}, {}, {"times": "x"}])
def test_what_was_raised_while_somebody_looked_is_not_closed_unseen(
    visitor: Client, council: Organisation, teacher: User, alert: RaisedAlert, times: dict[str, str]
) -> None:
    take(visitor, alert)
    over_budget(teacher, council)

    page = visitor.post(reverse("close_alert", args=[alert.pk]), {"result": "explained", **times}, follow=True)

    assert [each.closed_at for each in inquiries()] == [None]
    if times != {"times": "x"}:
        assert "raised again" in text_of(page)


def test_what_is_raised_after_an_alert_was_closed_is_a_new_one(
    visitor: Client, council: Organisation, teacher: User, alert: RaisedAlert
) -> None:
    take(visitor, alert)
    over_budget(teacher, council)
    visitor.post(reverse("close_alert", args=[alert.pk]), {"result": "explained", "times": "2"})

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

    said = text_of(
        visitor.post(reverse("close_alert", args=[alert.pk]), {"result": "fault", "times": "1"}, follow=True)
    )

    assert "Somebody else took or closed this alert while you looked at it, or it was raised again." in said
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
    close_alert(actor=actor, alert_id=alert.pk, result=AlertResult.FAULT, seen=1)
    (inquiry,) = inquiries()

    for again in (
        lambda: take_alert(actor=actor, alert_id=alert.pk, seen=inquiry.taken_at),
        lambda: close_alert(actor=actor, alert_id=alert.pk, result=AlertResult.BREACH, seen=1),
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


def test_database_lets_nobody_take_an_alert_without_its_event(auditor: User, alert: RaisedAlert) -> None:
    actor = factories.actor_for(auditor)
    with pytest.raises(DatabaseError, match="row-level security"):
        call(TAKE, alert.pk, auditor.pk)
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(actor, EventKind.ALERT_CLOSED, alert, TAKE, alert.pk, auditor.pk)


def test_database_lets_nobody_take_it_for_another(auditor: User, colleague: User, alert: RaisedAlert) -> None:
    actor = factories.actor_for(auditor)
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(actor, EventKind.ALERT_TAKEN, alert, TAKE, alert.pk, colleague.pk)
    assert beside(actor, EventKind.ALERT_TAKEN, alert, TAKE, alert.pk, auditor.pk) == 1


@pytest.mark.parametrize("who", ["teacher", "stranger"])
def test_database_lets_only_auditors_of_the_authority_take_it(
    who: str, teacher: User, as_owner: OwnerContext, alert: RaisedAlert
) -> None:
    with as_owner():
        person = teacher if who == "teacher" else factories.user(role=Role.AUDITOR)
    actor = factories.actor_for(person)
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(actor, EventKind.ALERT_TAKEN, alert, TAKE, alert.pk, person.pk)


def test_database_closes_with_the_result_that_is_in_the_log(auditor: User, alert: RaisedAlert) -> None:
    actor = factories.actor_for(auditor)
    take_alert(actor=actor, alert_id=alert.pk, seen=None)
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(actor, EventKind.ALERT_CLOSED, alert, CLOSE, "explained", alert.pk, reason="breach")
    assert beside(actor, EventKind.ALERT_CLOSED, alert, CLOSE, "breach", alert.pk, reason="breach") == 1
    assert beside(actor, EventKind.ALERT_CLOSED, alert, CLOSE, "breach", alert.pk, reason="breach") == 0, "it is closed"


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
    "change",
    [
        {"closed_at": timezone.now()},
        {"result": "fault"},
        {"closed_at": timezone.now(), "result": "words"},
    ],
)
def test_inquiry_is_closed_with_a_result_of_the_list_or_not_at_all(
    auditor: User, alert: RaisedAlert, change: dict[str, object]
) -> None:
    take_alert(actor=factories.actor_for(auditor), alert_id=alert.pk, seen=None)
    with pytest.raises(DatabaseError, match="closed_with_a_result"), as_owner_here():
        Inquiry.objects.update(**change)
