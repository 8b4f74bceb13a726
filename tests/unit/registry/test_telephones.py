"""Telephone numbers: one way of keeping them, one of reading them out, one of ringing them."""

import pytest

from registry import telephones
from tests.unit.registry.typing_errors import LONG, RIGHT_TO_LEFT


@pytest.mark.parametrize(
    ("typed", "kept", "shown", "link"),
    [
        ("0161 496 0000", "+441614960000", "0161 496 0000", "tel:+44-161-496-0000"),
        ("(0161) 496-0000", "+441614960000", "0161 496 0000", "tel:+44-161-496-0000"),
        ("+44 7700 900982", "+447700900982", "07700 900982", "tel:+44-7700-900982"),
        ("02079460000", "+442079460000", "020 7946 0000", "tel:+44-20-7946-0000"),
    ],
)
def test_number_is_kept_shown_and_rung(typed: str, kept: str, shown: str, link: str) -> None:
    assert telephones.normalise(typed) == kept
    assert telephones.normalise(kept) == kept
    assert telephones.shown(kept) == shown
    assert telephones.link(kept) == link


@pytest.mark.parametrize(
    "typed", ["", "999", "123456", "Ring mother", LONG, "😀", "0161\x00", RIGHT_TO_LEFT, "9" * 500]
)
def test_what_cannot_be_rung_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(telephones.InvalidTelephoneError) as refused:
        telephones.normalise(typed)
    assert str(refused.value) == ""


@pytest.mark.parametrize("text", ["", "Reception", "😀"])
def test_what_is_no_number_is_shown_as_it_is_and_not_rung(text: str) -> None:
    assert telephones.shown(text) == text
    assert telephones.link(text) == ""
