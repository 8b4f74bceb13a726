"""Reasons in words."""

import pytest
from django.db.models import TextChoices

from audit.reasons import LABELS, LISTS, NOT_TOLD, ConnectionOutcome, reason_label


@pytest.mark.parametrize("reason", [reason for listed in LISTS for reason in listed if reason not in NOT_TOLD])
def test_every_reason_has_words_on_the_log(reason: TextChoices) -> None:
    assert reason_label(reason.value) == reason.label


def test_why_no_connection_was_made_is_neither_told_nor_looked_for() -> None:
    """It would tell of the services that work with a child."""
    assert set(ConnectionOutcome) - NOT_TOLD == {ConnectionOutcome.WILL_RING}
    assert {reason_label(each) for each in NOT_TOLD} == {"No connection was made"}
    assert not NOT_TOLD & set(LABELS), "the filter of the log offers them"


def test_no_two_reasons_share_a_code() -> None:
    codes = [code for listed in LISTS for code in listed.values]
    assert len(set(codes)) == len(codes)


def test_a_reason_that_is_on_no_list_any_more_shows_as_it_stands() -> None:
    assert reason_label("former") == "former"
    assert reason_label("") == ""
