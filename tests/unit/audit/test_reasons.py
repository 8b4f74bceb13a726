"""Reasons in words."""

import pytest
from django.db.models import TextChoices

from audit.reasons import LISTS, reason_label


@pytest.mark.parametrize("reason", [reason for listed in LISTS for reason in listed])
def test_every_reason_has_words_on_the_log(reason: TextChoices) -> None:
    assert reason_label(reason.value) == reason.label


def test_no_two_reasons_share_a_code() -> None:
    codes = [code for listed in LISTS for code in listed.values]
    assert len(set(codes)) == len(codes)


def test_a_reason_that_is_on_no_list_any_more_shows_as_it_stands() -> None:
    assert reason_label("former") == "former"
    assert reason_label("") == ""
