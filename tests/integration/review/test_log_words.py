"""What an auditor reads of events whose kind alone does not say what they were about."""

import pytest
from django.test import Client
from django.utils import timezone

from access.models import ApprovalKind, User
from audit.events import EventKind
from tests.integration.review.reading import LOG, happened, opened, text_of


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
