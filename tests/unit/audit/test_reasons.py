"""Reasons in words."""

import pytest

from audit.reasons import Mistake, Reason, StopReason, reason_label


@pytest.mark.parametrize("reason", [*Reason, *StopReason, *Mistake])
def test_every_reason_has_words_on_the_log(reason: Reason | StopReason | Mistake) -> None:
    assert reason_label(reason.value) == reason.label


def test_no_two_reasons_share_a_code() -> None:
    codes = [*Reason.values, *StopReason.values, *Mistake.values]
    assert len(set(codes)) == len(codes)


def test_a_reason_that_is_on_no_list_any_more_shows_as_it_stands() -> None:
    assert reason_label("former") == "former"
    assert reason_label("") == ""
