"""Raising alerts, and working on them as an auditor does or as the web role could."""

import re

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from access.models import Organisation, User
from audit.actors import Actor, Process
from audit.alerts import raise_alert
from audit.events import Alert, EventKind
from audit.models import RaisedAlert
from audit.recorder import About, record
from audit.watch import WATCH
from contactpoint.roles import WORKER
from review.models import Inquiry
from tests.acting import acting_as
from tests.conftest import as_owner_here
from tests.integration.review.reading import text_of

ALERTS = reverse("alerts")
TAKE = "insert into review_inquiry (alert_id, taken_by_id, taken_at, result) values (%s, %s, now(), '')"
CLOSE = "update review_inquiry set closed_at = now(), result = %s where alert_id = %s"


def budgets(authority: Organisation | None) -> Process:
    place = authority.pk if authority else None
    return Process("budgets", None, place, place)


def over_budget(person: User, authority: Organisation | None, subject: str = "records") -> int | None:
    with transaction.atomic():
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


def take(visitor: Client, alert: RaisedAlert) -> str:
    """Press the button of the alert's page. Returns what the page says then."""
    address = reverse("alert", args=[alert.pk])
    found = re.search(r'name="seen"\s+value="([^"]*)"', visitor.get(address).content.decode())
    seen = {"seen": found[1]} if found else {}
    return text_of(visitor.post(reverse("take_alert", args=[alert.pk]), seen, follow=True))


def call(statement: str, *arguments: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return int(cursor.rowcount)


def beside(
    actor: Actor, kind: EventKind, alert: RaisedAlert, statement: str, *arguments: object, reason: str = ""
) -> int:
    """Do it in the transaction of an event that says so."""
    with transaction.atomic():
        record(kind, About(fields=[f"alert.{alert.pk}"], reason=reason), actor=actor)
        return call(statement, *arguments)
