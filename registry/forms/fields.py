"""Boxes for a name, a number, a house and a street: what is understood, and what is said of the rest."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages.form_fields import PARTS, DateField
from pages.shaped_fields import PlainField, ShapedField
from registry.rules import numbers
from registry.search import normalise

LONGEST_NAME = 100
NAME_MARKS = frozenset(" '-·.")
MOST_WORDS = 8  # of a name: whatever has more is no name, and would take as many tokens
HOUSE_NUMBER = re.compile(r"[0-9]{1,4}[a-z]?")
SHORTEST_STREET = 2
IN_EVERY_MONTH = "28"
LONGEST_AGE = 40  # characters
# What people say around an age that they guess: "about six", "5 or so", "7ish", "8 years old", "6 or 7".
ABOUT = re.compile(r"\b(?:about|around|roughly|approximately|approx|maybe|perhaps|circa|ca?|aged?|or so)\b\.?|[~?]")
YEARS = re.compile(r"(?:-?ish|(?:(?<=[0-9])|[ -])(?:years?|yrs?|yo?|y/o)(?:[ -]old)?)$")
OR_ANOTHER = re.compile(r"\s*(?:or|to|-|/)\s*")
NUMBERS_IN_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
IN_WORDS = {word: number for number, word in enumerate(NUMBERS_IN_WORDS.split())}
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
        if not is_lettered(name) or (name and not normalise.whole_name(name)):
            raise ValidationError(self.error_messages["letters"], code="letters")
        if sum(each in NAME_MARKS for each in name) >= MOST_WORDS:
            raise ValidationError(self.error_messages["words"], code="words")
        return name


@dataclass(frozen=True, slots=True)
class Partly:
    """As much of a date of birth as is known: its year, and perhaps its month."""

    year: int
    month: int | None


class BirthField(DateField):
    """A date of birth, or the year of it, or the month and the year, as a `Partly`."""

    def clean(self, value: Sequence[str] | None) -> date | Partly | None:  # type: ignore[override]
        """What was typed. Raises ValidationError naming the wrong boxes."""
        typed = self._parts(value)
        if typed["day"] or not any(typed.values()):
            return super().clean(value)
        if not typed["year"]:
            raise self._error(f"{self.label} must include a year", ["year"])
        first = self._real_date({**typed, "day": IN_EVERY_MONTH, "month": typed["month"] or "1"}).replace(day=1)
        if first > timezone.localdate():
            raise self._error(f"{self.label} must be today or in the past", PARTS)
        return Partly(first.year, first.month if typed["month"] else None)


class AgeField(forms.IntegerField):
    """An age in whole years, as a number or in words, with what people say around a guess: "about six" is 6.

    Of two ages it takes the first: a guess finds children who are a year older or younger too.
    """

    def to_python(self, value: Any) -> int | None:
        if not isinstance(value, str) or len(value) > LONGEST_AGE:
            return super().to_python(value)
        said = YEARS.sub("", " ".join(ABOUT.sub(" ", value.lower()).split())).rstrip()
        ages = [str(IN_WORDS.get(word, word)) for word in OR_ANOTHER.split(said)]
        if len(ages) > 1 and all(map(str.isdecimal, ages)) and int(ages[-1]) - int(ages[0]) == 1:
            return super().to_python(ages[0])
        return super().to_python(ages[0] if len(ages) == 1 and said else value)


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
        if street and not (is_lettered(street) and len(normalise.street(street)) >= SHORTEST_STREET):
            raise self.mistake()
        return street


def is_lettered(text: str) -> bool:
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
