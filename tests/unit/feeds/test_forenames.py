"""Whether two forenames that are alike are one, or two that twins may bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.matching.forenames import are_one

words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [("katherine", "catherine"), ("mohammed", "muhammad"), ("frederick", "frederik"), ("elizabeth", "elizabteh")],
)
def test_spellings_and_slips_of_one_name_are_one(one: str, other: str) -> None:
    assert are_one(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hassan", "hussain"), ("ellie", "allie"), ("jack", "john"), ("xyvandra", "xyvondra"), ("harry", "henry")],
)
def test_two_names_that_there_are_and_two_that_nobody_knows_are_two(one: str, other: str) -> None:
    assert not are_one(one, other)


def test_slip_that_may_be_of_a_third_name_is_not_of_one() -> None:
    """One letter from Ellie, and one from Allie."""
    assert not are_one("llie", "ellie")


@given(words, words)
def test_whichever_is_named_first(one: str, other: str) -> None:
    assert are_one(one, other) == are_one(other, one)
    assert are_one(one, one)
