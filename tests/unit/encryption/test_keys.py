"""Data keys: what is derived from one, and what tells it from another."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encryption.keys import Purpose, cohort_of
from tests.unit.encryption.keyrings import data_key

SECRET = bytes(range(32))
KEY = data_key(7, Purpose.CHILD, "2041-03", SECRET)
OTHERS = {
    "number": data_key(8, Purpose.CHILD, "2041-03", SECRET),
    "purpose": data_key(7, Purpose.USER, "2041-03", SECRET),
    "cohort": data_key(7, Purpose.CHILD, "2041-04", SECRET),
    "no cohort": data_key(7, Purpose.CHILD, None, SECRET),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_context_and_commitment_differ_by_all_that_a_key_is(other: object) -> None:
    assert other.context != KEY.context  # type: ignore[attr-defined]
    assert other.commitment() != KEY.commitment()  # type: ignore[attr-defined]


def test_commitment_differs_by_secret() -> None:
    other = data_key(7, Purpose.CHILD, "2041-03", bytes(32))

    assert other.context == KEY.context
    assert other.commitment() != KEY.commitment()


@settings(deadline=None)
@given(label=st.text(max_size=20), other=st.text(max_size=20))
def test_derived_keys_differ_by_label_and_are_not_the_key(label: str, other: str) -> None:
    assert (KEY.derive(label) == KEY.derive(other)) == (label == other)
    assert KEY.derive(label) not in (KEY.secret, KEY.commitment())


def test_key_prints_without_its_secret() -> None:
    key = data_key(7, Purpose.CHILD, "2041-03", b"a secret of thirty-two bytes, yes")

    assert "secret" not in f"{key} {key!r} {[key]}"


@pytest.mark.parametrize(
    ("day", "cohort"),
    [(date(2041, 3, 1), "2041-03"), (date(2041, 3, 31), "2041-03"), (date(2041, 12, 31), "2041-12")],
)
def test_cohort_is_the_month_of_destruction(day: date, cohort: str) -> None:
    assert cohort_of(day) == cohort
