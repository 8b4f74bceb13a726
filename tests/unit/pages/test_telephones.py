"""Telephone numbers: one way of keeping them, one of reading them out, one of ringing them."""

import pytest

from pages import telephones
from pages.telephones import Mistake
from tests.unit.registry.typing_errors import LONG, RIGHT_TO_LEFT


@pytest.mark.parametrize(
    ("typed", "kept", "shown", "link"),
    [
        ("0161 496 0000", "+441614960000", "0161 496 0000", "tel:+44-161-496-0000"),
        ("(0161) 496-0000", "+441614960000", "0161 496 0000", "tel:+44-161-496-0000"),
        ("+44 (0)161 496 0000", "+441614960000", "0161 496 0000", "tel:+44-161-496-0000"),
        ("161 496 0000", "+441614960000", "0161 496 0000", "tel:+44-161-496-0000"),
        ("\u202a+44 161 496 0000\u202c", "+441614960000", "0161 496 0000", "tel:+44-161-496-0000"),  # as pasted
        ("+44 7700 900982", "+447700900982", "07700 900982", "tel:+44-7700-900982"),
        ("02079460000", "+442079460000", "020 7946 0000", "tel:+44-20-7946-0000"),
        ("01632 960001", "+441632960001", "01632 960001", "tel:+44-1632-960001"),
        ("0300 123 4567", "+443001234567", "0300 123 4567", "tel:+44-300-123-4567"),
        ("0800 1111", "+448001111", "0800 1111", "tel:+44-800-1111"),
        ("01697 73555", "+44169773555", "016977 3555", "tel:+44-16977-3555"),  # nine digits, as in Brampton
        # The Isle of Man, Jersey and Guernsey: countries of their own, dialled as from one town to the next.
        ("01624 685685", "+441624685685", "01624 685685", "tel:+44-1624-685685"),
        ("+44 7624 400000", "+447624400000", "07624 400000", "tel:+44-7624-400000"),
        ("01534 500000", "+441534500000", "01534 500000", "tel:+44-1534-500000"),
        ("01481 700000", "+441481700000", "01481 700000", "tel:+44-1481-700000"),
        # Of another country: with that country's code.
        ("+48 22 123 45 67", "+48221234567", "+48 22 123 45 67", "tel:+48-22-123-45-67"),
        ("0048 22 123 45 67", "+48221234567", "+48 22 123 45 67", "tel:+48-22-123-45-67"),
        ("+1 212 555 0100", "+12125550100", "+1 212-555-0100", "tel:+1-212-555-0100"),
        ("+353 1 234 5678", "+35312345678", "+353 1 234 5678", "tel:+353-1-234-5678"),
        ("+48 22 123 45 67 ext 5", "+48221234567;ext=5", "+48 22 123 45 67, extension 5", "tel:+48-22-123-45-67;ext=5"),
    ],
)
def test_number_is_kept_shown_and_rung(typed: str, kept: str, shown: str, link: str) -> None:
    assert telephones.normalise(typed) == kept
    assert telephones.normalise(kept) == kept
    assert telephones.shown(kept) == shown
    assert telephones.normalise(shown) == kept, "as when it is corrected"
    assert telephones.link(kept) == link


@pytest.mark.parametrize(
    "written",
    [
        *("ext 23", "ext. 23", ", ext. 23", "Ext: 23", "EXT23", "extn 23", "extension 23", ", extension 23"),
        *("x23", " x 23", "X23", "#23", " # 23", ";ext=23", " int 23"),
    ],
)
def test_extension_is_kept_shown_and_rung(written: str) -> None:
    kept = telephones.normalise(f"0161 496 0000 {written}")
    assert kept == "+441614960000;ext=23"
    assert telephones.shown(kept) == "0161 496 0000, extension 23"
    assert telephones.link(kept) == "tel:+44-161-496-0000;ext=23"
    assert telephones.normalise(telephones.shown(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        *((typed, Mistake.NO_AREA_CODE) for typed in ("496 0000", "4960000", "7946 0000", "685685", "4960000 ext 4")),
        *((typed, Mistake.SHORT) for typed in ("999", "112", "101", "111", "105", "116 123", "118 500", "+44 999")),
        *(
            (typed, Mistake.LETTERS)
            for typed in ("0800 FLOWERS", "0161 HELPME1", "0161 496 0000A", "Ring 0161 496 0000")
        ),
        *((typed, Mistake.EXTENSION) for typed in ("0161 496 0000 x", "0161 496 0000 ext", "0161 496 0000 x123456")),
        *(
            (typed, Mistake.SECOND)
            for typed in (
                *("0161 496 0000, 4960001", "0161 496 0000; 4960001", "0161 496 0000,23", "0161 496 0000, 4960"),
                *("0161 496 0000 / 0161 496 0001", "0161 496 0000, 0161 496 0001", "0161 496 0000 & 4960001"),
                *("0161 496 0000 ext 23, 4960001", "0161 496 0000 ~ 4960"),
            )
        ),
        *((typed, Mistake.NO_NUMBER) for typed in ("0161 496 000", "0161 496 0000 00")),
        *(
            (typed, Mistake.NO_NUMBER)
            for typed in ("", "Ring mother", LONG, "😀", "0161\x00", RIGHT_TO_LEFT, "9" * 500)
        ),
        *((typed, Mistake.NO_NUMBER) for typed in ("+48 22 123 45", "+1 212 555 01", "+999 1234567", "0461 496 0000")),
    ],
)
def test_what_cannot_be_rung_is_refused_without_being_repeated(typed: str, mistake: Mistake) -> None:
    with pytest.raises(telephones.InvalidTelephoneError) as refused:
        telephones.normalise(typed)
    assert refused.value.mistake == mistake
    assert str(refused.value) == ""


@pytest.mark.parametrize(
    ("kept", "shown", "link"),
    [
        ("0161 496 0123", "0161 496 0123", "tel:+44-161-496-0123"),  # as suppliers write them
        ("+444960000", "4960000", "tel:+44-4960000"),  # kept before an area code was asked for
        ("+448003569377", "0800 356 9377", "tel:+44-800-356-9377"),
    ],
)
def test_what_was_kept_before_is_shown_and_rung(kept: str, shown: str, link: str) -> None:
    assert telephones.shown(kept) == shown
    assert telephones.link(kept) == link


@pytest.mark.parametrize("text", ["", "Reception", "😀"])
def test_what_is_no_number_is_shown_as_it_is_and_not_rung(text: str) -> None:
    assert telephones.shown(text) == text
    assert telephones.link(text) == ""
