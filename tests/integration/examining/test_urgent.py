"""A case that becomes urgent is an alert at once, and once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from audit.events import Alert, EventKind
from review.examining.examiner import Examiner
from review.models import Case
from tests.integration.examining.history import AUTHORITY, SCHOOL, TEACHER, History

AT_HOME = 1002
HOUR = timedelta(hours=1)


def near(history: History) -> None:
    """Home and telephone: seventeen bits, which is urgent."""
    history.child(AT_HOME, homes=(5,), telephones=(8,))
    history.server.execute("DELETE FROM access_user WHERE id = %s", [TEACHER])
    history.person(TEACHER, homes=(5,), telephones=(8,))


def raised(history: History) -> list[tuple[Any, ...]]:
    return history.server.execute(
        "SELECT alert.what, alert.subject, alert.user_id, alert.authority_id, alert.times, event.kind, event.process,"
        " event.organisation_id, event.fields FROM audit_raisedalert AS alert"
        " JOIN audit_event AS event ON event.id = alert.event_id ORDER BY alert.id"
    ).fetchall()


def test_urgent_case_is_an_alert_in_the_transaction_in_which_it_becomes_one(log: str, history: History) -> None:
    near(history)
    history.event(child_id=AT_HOME)
    Examiner().examine()

    case = Case.objects.get()
    assert case.urgent_at is not None
    assert case.alerted_at is not None
    named = f"case.{case.pk}"
    assert raised(history) == [
        (
            *(Alert.URGENT_CASE.value, named, TEACHER, AUTHORITY, 1),
            *(EventKind.ALERT_RAISED.value, "examiner", SCHOOL, [named]),
        )
    ]


def test_case_that_falls_and_rises_again_is_no_second_alert(log: str, history: History) -> None:
    near(history)
    history.event(child_id=AT_HOME)
    Examiner().examine()
    history.event(EventKind.INVOLVEMENT_RECORDED, child_id=AT_HOME, after=HOUR)
    Examiner().examine()
    assert Case.objects.get().urgent_at is None
    for number in (1, 2):
        other = history.child(AT_HOME + number, homes=(5,), telephones=(8,))
        history.event(child_id=other, after=HOUR * (number + 1))
        Examiner().examine()

    assert Case.objects.get().urgent_at is not None
    assert [each[4] for each in raised(history)] == [1], "raised once, and not counted again either"


def test_case_that_can_wait_is_no_alert(log: str, history: History) -> None:
    history.child(AT_HOME, telephones=(8,), postcodes=(6,))
    history.server.execute("DELETE FROM access_user WHERE id = %s", [TEACHER])
    history.person(TEACHER, telephones=(8,), postcodes=(6,))
    history.event(child_id=AT_HOME)
    history.clock(after=timedelta(days=8))
    Examiner().examine()

    assert Case.objects.get().urgent_at is None
    assert raised(history) == []


def test_where_the_alert_is_not_recorded_there_is_no_urgent_case_either(log: str, history: History) -> None:
    """Nobody could say afterwards that it was told."""
    near(history)
    history.event(child_id=AT_HOME)
    history.server.execute("ALTER TABLE audit_raisedalert ADD CONSTRAINT never CHECK (what <> 'urgent_case') NOT VALID")
    with pytest.raises(IntegrityError, match="never"):
        Examiner().examine()
    assert not Case.objects.exists()
