"""Nobody sits on an alert, closes one about themselves, or closes alone what concerns everybody."""

import re

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from access.models import Organisation, Role, User
from access.rules.errors import OwnCaseError
from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert, EventKind
from audit.models import RaisedAlert
from audit.reasons import AlertResult
from contactpoint.roles import WORKER
from review.actions.alerts import close_alert, take_alert
from review.models import Inquiry
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.alerting import ALERTS, CLOSE, TAKE, beside, call, inquiries, over_budget, raised, take
from tests.integration.review.reading import LOG, asked, ids, text_of
from tests.log import events, last_event

RESULT = {"result": AlertResult.EXPLAINED.value}


@pytest.fixture
def everybodys(db: None) -> RaisedAlert:
    """An alert that is of no authority."""
    raise_everybodys()
    return raised()[-1]


def raise_everybodys() -> None:
    with acting_as(WORKER):
        raise_alert(Alert.UNRECORDED, actor=Process("watch"))


@pytest.fixture
def elsewhere(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.AUDITOR, name="Auditor of another authority")


@pytest.fixture
def about_oneself(council: Organisation, auditor: User) -> RaisedAlert:
    """From the time before they became an auditor."""
    over_budget(auditor, council)
    return raised()[-1]


def close(visitor: Client, alert: RaisedAlert) -> str:
    """Say what came of it. Returns what the page says then."""
    answers = RESULT | {"times": raised(pk=alert.pk)[0].times}
    return text_of(visitor.post(reverse("close_alert", args=[alert.pk]), answers, follow=True))


def offered(visitor: Client, alert: RaisedAlert) -> list[str]:
    """The buttons of the alert's page."""
    page = visitor.get(reverse("alert", args=[alert.pk])).content.decode().partition("<main")[2].partition("</main>")[0]
    return [" ".join(button.split()) for button in re.findall(r"<button[^>]*>(.*?)</button>", page, re.DOTALL)]


# -------------------------------------------------------------------------------------------------------- raised again


def test_alert_that_is_raised_again_after_somebody_took_it_is_new_again(
    visitor: Client, elsewhere: User, everybodys: RaisedAlert
) -> None:
    other = factories.signed_in(elsewhere)
    take(other, everybodys)
    assert "No new alerts." in text_of(visitor.get(ALERTS))
    assert "There are none of these." in text_of(visitor.get(f"{ALERTS}?show=new"))

    raise_everybodys()

    for page in (ALERTS, f"{ALERTS}?show=new"):
        said = text_of(visitor.get(page))
        assert "1 new alert. When the same" in said
        assert "Raised again by Auditor of another authority" in said
    assert "1 new alert" in text_of(visitor.get(LOG))
    assert "There are none of these." in text_of(visitor.get(f"{ALERTS}?show=taken"))


def test_whoever_took_it_looks_again_and_it_is_new_no_more(
    visitor: Client, council: Organisation, teacher: User
) -> None:
    over_budget(teacher, council)
    (alert,) = raised()
    take(visitor, alert)
    over_budget(teacher, council)
    assert offered(visitor, alert) == ["Close this alert", "Look at it again"]

    take(visitor, alert)

    assert offered(visitor, alert) == ["Close this alert"]
    assert "No new alerts." in text_of(visitor.get(ALERTS))
    assert "The alert is closed." in close(visitor, alert)


# ------------------------------------------------------------------------------------------------- concerns everybody


def test_whoever_takes_what_concerns_everybody_does_not_close_it(
    visitor: Client, auditor: User, everybodys: RaisedAlert
) -> None:
    said = take(visitor, everybodys)
    assert "It concerns everybody: when you know what it was, another auditor closes it." in said
    assert offered(visitor, everybodys) == []

    assert "Somebody else must decide this" in close(visitor, everybodys)

    assert [each.closed_at for each in inquiries()] == [None]
    assert events(kind=EventKind.ALERT_CLOSED) == []


def test_another_closes_it_and_every_auditor_can_read_who_did(
    visitor: Client, auditor: User, elsewhere: User, everybodys: RaisedAlert, as_owner: OwnerContext
) -> None:
    take(visitor, everybodys)
    other = factories.signed_in(elsewhere)
    assert offered(other, everybodys) == ["Close this alert", "Take it over"]

    said = close(other, everybodys)

    assert "The alert is closed." in said
    (inquiry,) = inquiries()
    assert (inquiry.taken_by_id, inquiry.result) == (auditor.pk, "explained")
    taken, closed = last_event(kind=EventKind.ALERT_TAKEN).pk, last_event(kind=EventKind.ALERT_CLOSED).pk
    with as_owner():
        third = factories.user(role=Role.AUDITOR, name="Auditor of a third authority")
    reader = factories.signed_in(third)
    assert ids(reader.get(reverse("alert", args=[everybodys.pk]))) == [closed, taken, everybodys.event_id]
    said = text_of(reader.get(reverse("event", args=[closed])))
    assert "Auditor of another authority" in said
    assert AlertResult.EXPLAINED.label in said
    assert closed in ids(asked(reader, kind=EventKind.ALERT_CLOSED.value))
    assert {closed, taken} <= set(ids(asked(reader, alerts="on")))
    assert {closed, taken}.isdisjoint(ids(reader.get(LOG)))
    assert ids(asked(reader, person=elsewhere.email.open())) == []
    assert closed in ids(asked(reader, person=elsewhere.email.open(), alerts="on"))


def test_closing_of_an_authoritys_own_alert_is_for_its_auditors_alone(
    visitor: Client, elsewhere: User, council: Organisation, teacher: User
) -> None:
    over_budget(teacher, council)
    (alert,) = raised()
    take(visitor, alert)
    close(visitor, alert)
    closed = last_event(kind=EventKind.ALERT_CLOSED).pk
    reader = factories.signed_in(elsewhere)

    assert reader.get(reverse("event", args=[closed])).status_code == 404
    assert closed not in ids(asked(reader, kind=EventKind.ALERT_CLOSED.value))
    assert ids(visitor.get(reverse("alert", args=[alert.pk])))[0] == closed


# -------------------------------------------------------------------------------------------------------- about oneself


def test_nobody_takes_or_closes_an_alert_about_themselves(
    visitor: Client, auditor: User, about_oneself: RaisedAlert
) -> None:
    said = text_of(visitor.get(reverse("alert", args=[about_oneself.pk])))
    assert "This alert is about you, so another auditor looks into it." in said
    assert offered(visitor, about_oneself) == []

    for act in (
        lambda actor: take_alert(actor=actor, alert_id=about_oneself.pk, seen=None),
        lambda actor: close_alert(actor=actor, alert_id=about_oneself.pk, result=AlertResult.EXPLAINED, seen=1),
    ):
        with pytest.raises(OwnCaseError):
            act(factories.actor_for(auditor))
    assert inquiries() == []


# ----------------------------------------------------------------------------------------------------- at the database


def test_database_lets_nobody_take_an_alert_about_themselves(auditor: User, about_oneself: RaisedAlert) -> None:
    actor = factories.actor_for(auditor)
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(actor, EventKind.ALERT_TAKEN, about_oneself, TAKE, about_oneself.pk, auditor.pk)


def test_database_lets_nobody_close_an_alert_about_themselves(auditor: User, about_oneself: RaisedAlert) -> None:
    with as_owner_here():
        call(TAKE, about_oneself.pk, auditor.pk)
    closing = (factories.actor_for(auditor), EventKind.ALERT_CLOSED, about_oneself)
    assert beside(*closing, CLOSE, "explained", about_oneself.pk, reason="explained") == 0


def test_database_closes_what_concerns_everybody_by_another_than_looks_at_it(
    auditor: User, elsewhere: User, everybodys: RaisedAlert
) -> None:
    actor = factories.actor_for(auditor)
    take_alert(actor=actor, alert_id=everybodys.pk, seen=None)
    close = (EventKind.ALERT_CLOSED, everybodys, CLOSE, "explained", everybodys.pk)
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(actor, *close, reason="explained")

    assert beside(factories.actor_for(elsewhere), *close, reason="explained") == 1
    with as_owner_here():
        assert Inquiry.objects.get().taken_by_id == auditor.pk


@pytest.mark.parametrize("whose", ["everybodys", "authoritys"])
def test_database_lets_nobody_change_who_looks_at_it_while_closing_it(
    auditor: User, elsewhere: User, council: Organisation, teacher: User, whose: str
) -> None:
    """Else one auditor would close alone what concerns everybody, and another what the first looks at."""
    if whose == "everybodys":
        raise_everybodys()
    else:
        over_budget(teacher, council)
    (alert,) = raised()
    with as_owner_here():
        colleague = factories.user(role=Role.AUDITOR, works_for=council)
    take_alert(actor=factories.actor_for(auditor), alert_id=alert.pk, seen=None)
    closing, named = (auditor, elsewhere) if whose == "everybodys" else (colleague, colleague)

    change = (CLOSE.replace("set ", "set taken_by_id = %s, "), named.pk, "explained", alert.pk)
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(factories.actor_for(closing), EventKind.ALERT_CLOSED, alert, *change, reason="explained")
