"""What people type and paste: any apostrophe, any dash, any width, anything unseen."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.typed import plain

DASHES = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Pd"]
UNSEEN = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]


@pytest.mark.parametrize("mark", [*"'`´ʹʻʼʽʾʿˈˊˋ˴΄՚՝׳ߴߵ᾽᾿῾‘’‛′‵Ꞌꞌ＇｀", "\u0374", "\u1fef", "\u1ffd"])
def test_any_apostrophe_is_the_one_of_the_keyboard(mark: str) -> None:
    assert plain(f"O{mark}Brien") == "O'Brien"


@pytest.mark.parametrize("mark", [*DASHES, *"˗⁃⁻₋−➖"])
def test_any_dash_is_the_hyphen_of_the_keyboard(mark: str) -> None:
    assert plain(f"Smith{mark}Jones") == "Smith-Jones"


@pytest.mark.parametrize("mark", [*UNSEEN, "\u034f", "\u115f", "\u1160", "\u2800", "\u3164", "\ufe0f", "\uffa0"])
def test_what_nobody_sees_is_left_out(mark: str) -> None:
    assert plain(f"{mark}Ami{mark}na{mark}") == "Amina"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Nu\u0301n\u0303ez", "Núñez"),
        ("Núñez", "Núñez"),
        ("Ｓｍｉｔｈ", "Smith"),
        ("９４３", "943"),
        ("\u00a0Amina\u2003 \tNoor\n", "Amina Noor"),
        ("محمد", "محمد"),
        ("小明", "小明"),
        ("L·L", "L·L"),
        ("", ""),
    ],
)
def test_letters_stay_and_are_composed(typed: str, said: str) -> None:
    assert plain(typed) == said


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
