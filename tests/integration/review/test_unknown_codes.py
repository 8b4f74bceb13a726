"""A row with a code that is on no list hides nothing from auditors: every page shows the code."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, User
from audit.events import EventKind
from audit.models import RaisedAlert
from tests.conftest import as_owner_here
from tests.integration.review.reading import LOG, asked, happened, ids, opened, text_of


@pytest.mark.parametrize(
    "changes",
    [{"outcome": "a.nonsense"}, {"kind": "a.nonsense"}, {"reason": "a.nonsense"}, {"role": "a.nonsense"}],
    ids=lambda changes: next(iter(changes)),
)
def test_event_is_shown_with_the_code(visitor: Client, teacher: User, changes: dict[str, str]) -> None:
    strange = happened(timezone.now(), opened(teacher), **changes)

    for page in (visitor.get(LOG), asked(visitor, apart="on"), visitor.get(reverse("visit", args=[strange]))):
        assert ids(page)[0] == strange
    assert "a.nonsense" in text_of(visitor.get(reverse("event", args=[strange])))


def test_alert_is_shown_with_the_code(visitor: Client, council: Organisation) -> None:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("alter table audit_raisedalert drop constraint audit_raisedalert_what_is_known")
        alert = RaisedAlert.objects.create(
            what="a.nonsense", event_id=1, first_at=timezone.now(), last_at=timezone.now(), times=1
        )

    for page in (reverse("alerts"), reverse("alert", args=[alert.pk])):
        assert "a.nonsense" in text_of(visitor.get(page))


def test_number_that_no_organisation_can_have_stops_no_page(visitor: Client, teacher: User) -> None:
    event = happened(timezone.now(), opened(teacher), kind=EventKind.ORGANISATION_READ.value, fields=["9" * 40])

    assert event in ids(visitor.get(LOG))
