"""The desk says up to when accesses are examined: an empty queue may be that of an examiner who stands still."""

from django.test import Client
from pytest_django import Settings

from access.models import User
from tests.integration.review.casework import CASES, case_about
from tests.integration.review.reading import text_of


def test_desk_says_up_to_when_it_is_examined(visitor: Client, teacher: User, settings: Settings) -> None:
    case_about(teacher)
    assert "Examined up to" in text_of(visitor.get(CASES))
    settings.REVIEW_UNEXAMINED_SECONDS = -1  # what was written just now waits for too long
    said = text_of(visitor.get(CASES))
    assert "Nothing has been examined since" in said
    assert "Examined up to" not in said
