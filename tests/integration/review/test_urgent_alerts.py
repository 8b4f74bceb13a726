"""The alert of an urgent case: it leads to the case, and whoever does not see the case does not see it."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from access.models import Organisation, Role, User
from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert, EventKind, Outcome
from audit.models import RaisedAlert
from contactpoint.roles import EXAMINER
from review.models import Case, Conflict, Nearness
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.alerting import ALERTS, TAKE, beside, inquiries, raised, take
from tests.integration.review.casework import bare_case, case_about, compare, page_of
from tests.integration.review.casework import take as take_case
from tests.integration.review.reading import LOG, asked, text_of
from tests.log import events, last_event


def alert_of(case: Case) -> RaisedAlert:
    """As the examiner raises it."""
    with acting_as(EXAMINER), transaction.atomic():
        raise_alert(
            Alert.URGENT_CASE,
            actor=Process("examiner", None, case.organisation_id, case.authority_id),
            subject=f"case.{case.pk}",
            user_id=case.person_id,
        )
    return raised()[-1]


def bar(auditor: User, person: User) -> None:
    """As the examiner does."""
    with as_owner_here():
        Conflict.objects.create(auditor_id=auditor.pk, person_id=person.pk, codes=[Nearness.HOME])


@pytest.fixture
def case(teacher: User) -> Case:
    return case_about(teacher, urgent=True)


def test_it_leads_to_the_case_and_is_taken_and_closed_as_any_other(visitor: Client, teacher: User, case: Case) -> None:
    alert = alert_of(case)

    listed = text_of(visitor.get(ALERTS))
    assert Alert.URGENT_CASE.label in listed
    assert f"Teacher of this authority, case {case.pk}" in listed
    page = visitor.get(reverse("alert", args=[alert.pk]))
    assert reverse("case", args=[case.pk]) in page.content.decode()
    assert "Alert" in text_of(page)
    take(visitor, alert)
    assert [each.alert_id for each in inquiries()] == [alert.pk]
    closing = {"times": str(alert.times), "result": "conduct"}
    assert "The alert is closed." in text_of(
        visitor.post(reverse("close_alert", args=[alert.pk]), closing, follow=True)
    )


def test_whoever_is_barred_sees_neither_it_nor_what_others_do_about_it(
    visitor: Client, auditor: User, other: Client, colleague: User, teacher: User, case: Case
) -> None:
    alert = alert_of(case)
    bar(auditor, teacher)
    take(other, alert)
    take_case(other, case)

    assert "There are none of these." in text_of(visitor.get(ALERTS))
    assert page_of(visitor, case).status_code == 404
    assert visitor.get(reverse("alert", args=[alert.pk])).status_code == 404
    assert visitor.post(reverse("take_alert", args=[alert.pk]), {"seen": ""}).status_code == 404
    assert last_event().outcome == Outcome.NOT_FOUND
    log = asked(visitor, readings="on", alerts="on").content.decode().partition("<tbody")[2]
    assert "Access log read" in log
    for words in ("Case taken", "Alert taken", Alert.URGENT_CASE.label, f"case {case.pk}"):
        assert words not in log
    for kind in (EventKind.ALERT_RAISED, EventKind.ALERT_TAKEN, EventKind.CASE_TAKEN):
        (event,) = events(kind=kind)
        assert visitor.get(reverse("event", args=[event.pk])).status_code == 404
        assert other.get(reverse("event", args=[event.pk])).status_code == 200
    assert "Case taken to work on" in text_of(other.get(LOG))


def test_whoever_is_barred_takes_it_not_at_the_database_either(
    auditor: User, colleague: User, teacher: User, case: Case
) -> None:
    alert = alert_of(case)
    bar(auditor, teacher)
    with pytest.raises(Exception, match="row-level security"):
        beside(factories.actor_for(auditor), EventKind.ALERT_TAKEN, alert, TAKE, alert.pk, auditor.pk)
    assert inquiries() == []
    beside(factories.actor_for(colleague), EventKind.ALERT_TAKEN, alert, TAKE, alert.pk, colleague.pk)


def test_where_nobody_there_can_work_the_case_auditors_elsewhere_see_and_take_it(
    visitor: Client, auditor: User, stranger: User, as_owner: OwnerContext
) -> None:
    case = case_about(stranger, urgent=True)
    alert = alert_of(case)
    assert visitor.get(reverse("alert", args=[alert.pk])).status_code == 404
    with as_owner():
        theirs = User.objects.get(role=Role.AUDITOR, organisation_id=stranger.organisation.authority_id)
    bar(theirs, stranger)

    assert "Teacher of another authority" in text_of(visitor.get(ALERTS))
    take(visitor, alert)
    assert [each.taken_by_id for each in inquiries()] == [auditor.pk]


def test_auditor_learns_nothing_of_the_alert_about_themself(
    visitor: Client, auditor: User, council: Organisation, as_owner: OwnerContext
) -> None:
    case = bare_case(auditor)
    alert = alert_of(case)
    with as_owner():
        elsewhere = factories.signed_in(factories.user(role=Role.AUDITOR))
        compare()

    assert "There are none of these." in text_of(visitor.get(ALERTS))
    assert visitor.get(reverse("alert", args=[alert.pk])).status_code == 404
    assert "Auditor of this authority" in text_of(elsewhere.get(reverse("alert", args=[alert.pk])))
