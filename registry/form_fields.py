"""Boxes for a name, a number, a house and a street: what is understood, and what is said of the rest."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError

from pages.shaped_fields import PlainField, ShapedField
from registry import numbers
from registry.search import normalise

LONGEST_NAME = 100
NAME_MARKS = frozenset(" '-·.")
MOST_WORDS = 8  # of a name: whatever has more is no name, and would take as many tokens
HOUSE_NUMBER = re.compile(r"[0-9]{1,4}[a-z]?")
SHORTEST_STREET = 2
TO_DO = "Check it against the letter or card that it stands on, or search by name and date of birth instead"
WRONG = f"At least one {{what}} of this {{number}} is wrong, or two are the wrong way round. {TO_DO}"


class NameField(PlainField):
    """A person's name in any script: letters, their accents, spaces, hyphens, apostrophes and full stops."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", LONGEST_NAME)
        super().__init__(**options)
        letters = f"{self.label} must only include letters, spaces, hyphens and apostrophes"
        self.error_messages |= {
            "letters": letters,
            "null_characters_not_allowed": letters,
            "max_length": f"{self.label} must be {LONGEST_NAME} characters or fewer",
            "words": f"{self.label} must be {MOST_WORDS} words or fewer. Leave out titles and middle names",
        }

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if not _is_lettered(name) or (name and not normalise.whole_name(name)):
            raise ValidationError(self.error_messages["letters"], code="letters")
        if sum(each in NAME_MARKS for each in name) >= MOST_WORDS:
            raise ValidationError(self.error_messages["words"], code="words")
        return name


class NumberField(ShapedField):
    """A registry number, NHS number or unique pupil number, with its check digit checked."""

    wanted = (
        "Check the number: an NHS number has 10 digits, a registry number 11, "
        "a unique pupil number a letter and 12 characters"
    )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if not typed:
            return ""
        for read in (numbers.nhs_number, numbers.own_number, numbers.pupil_number):
            try:
                return read(typed)
            except numbers.InvalidNumberError:
                continue
        raise ValidationError(_what_is_wrong(numbers.compact(typed)) or self.wanted, code="shape")


class HouseField(ShapedField):
    """The number of a house, with its letter."""

    wanted = "Enter the number of the house alone, like 33 or 33A"

    def clean(self, value: Any) -> str:
        number = normalise.house_number(super().clean(value))
        if number and not HOUSE_NUMBER.fullmatch(number):
            raise self.mistake()
        return number


class StreetField(ShapedField):
    """The name of a street."""

    wanted = "Enter the name of the street, like Oak Road, without the number of the house"

    def clean(self, value: Any) -> str:
        street = str(super().clean(value))
        if street and not (_is_lettered(street) and len(normalise.street(street)) >= SHORTEST_STREET):
            raise self.mistake()
        return street


def _is_lettered(text: str) -> bool:
    """Whether it is of letters, their accents and the marks of names alone."""
    return all(unicodedata.category(each)[0] in "LM" or each in NAME_MARKS for each in text)


def _what_is_wrong(compact: str) -> str:
    """What is wrong with a number that none of ours is, and what to do; "" where it has the shape of none."""
    typed = len(compact)
    if re.fullmatch(r"[0-9]+", compact):
        if typed == numbers.NHS_DIGITS:
            return WRONG.format(what="digit", number="NHS number")
        if typed == numbers.OWN_DIGITS:
            return WRONG.format(what="digit", number="registry number") + ". An NHS number has 10 digits, not 11"
        digits = "1 digit" if typed == 1 else f"{typed} digits"
        return f"You entered {digits}. An NHS number has 10 and a registry number 11. {TO_DO}"
    if re.fullmatch(r"[A-Za-z][0-9]{2,}[A-Za-z]?", compact):
        if typed == numbers.PUPIL_CHARACTERS:
            return WRONG.format(what="character", number="unique pupil number")
        return f"You entered {typed} characters. A unique pupil number has 13: a letter, then 12 more. {TO_DO}"
    return ""
