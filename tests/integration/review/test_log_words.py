"""What an auditor reads of events whose kind alone does not say what they were about."""

import pytest
from django.test import Client
from django.utils import timezone

from access.models import ApprovalKind, User
from audit.events import EventKind
from audit.reported import ReportAnswer, ReportedPart
from tests.integration.review.reading import LOG, happened, ids, opened, text_of


@pytest.mark.parametrize(
    ("kind", "about", "says"),
    [
        (EventKind.USER_DECLINED, ApprovalKind.ROLE, "change of role"),
        (EventKind.USER_DECLINED, ApprovalKind.SIGN_IN, "a new sign-in"),
        (EventKind.USER_JOINED, ApprovalKind.SIGN_IN, "with a new sign-in, as two administrators had agreed"),
    ],
)
def test_what_was_asked_is_said(visitor: Client, teacher: User, kind: EventKind, about: str, says: str) -> None:
    happened(timezone.now(), opened(teacher), kind=kind, child_id=None, reason="", fields=[about])

    page = text_of(visitor.get(LOG))

    assert kind.label in page
    assert says in page


@pytest.mark.parametrize(
    ("kind", "reason", "fields", "says"),
    [
        (EventKind.REPORT_MADE, ReportedPart.ADDRESS, [], ReportedPart.ADDRESS.label),
        (EventKind.REPORT_READ, "", ["reported.12"], "report 12 of something wrong"),
        (EventKind.REPORT_ANSWERED, ReportAnswer.RIGHT, ["reported.12"], ReportAnswer.RIGHT.label),
        (EventKind.REPORT_CLOSED, ReportedPart.SCHOOL, ["reported.12"], "report 12 of something wrong"),
    ],
)
def test_what_was_reported_as_wrong_is_said(
    visitor: Client, teacher: User, kind: EventKind, reason: str, fields: list[str], says: str
) -> None:
    told = happened(timezone.now(), opened(teacher), kind=kind, child_id=4711, reason=reason, fields=fields)

    page = text_of(visitor.get(f"{LOG}{told}/"))

    assert kind.label in page
    assert says in page


def test_what_was_reported_stands_in_the_history_of_the_record(visitor: Client, teacher: User) -> None:
    like = opened(teacher)
    reported = happened(timezone.now(), like, kind=EventKind.REPORT_MADE, reason=ReportedPart.ADDRESS)
    happened(timezone.now(), like, kind=EventKind.REPORT_READ, reason="", fields=["reported.12"])

    listed = visitor.post(LOG, {"record": "(4711)", "apart": "on"}, follow=True)

    # What administrators do with it is theirs, as of a shield.
    assert ids(listed) == [reported, like]
