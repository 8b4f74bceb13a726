"""What people and programs type that they should not, and what they should be told."""

from django import forms

LONG = "abcde" * 100
RIGHT_TO_LEFT = "\u202eelo\u202c"
BAD_NAMES = [
    LONG,
    "Amina😀",
    "😀",
    "Am\x00ina",
    "\x00\x00\x00\x00",
    "Am%",
    "Am*na",
    "Am_na",
    "Am?na",
    "Amina7",
    "2017",
    "<script>",
    "Amina; drop table",
    "---",
    "...",
    "\ud800",
]
# What nobody should be told in: the words of a programmer.
TECHNICAL = ("null", "ensure this value", "invalid", "regex", "required.", "none", "value")


def assert_plain(form: forms.Form, field: str, typed: str = "") -> None:
    """One message or more stands at `field` alone, in plain words, and repeats nothing that was typed."""
    assert list(form.errors) == [field]
    for message in map(str, form.errors[field]):
        assert message[0].isupper()
        assert "\0" not in message
        assert not any(word in message.lower() for word in TECHNICAL), message
        assert len(typed) < 4 or typed.strip().lower() not in message.lower()
