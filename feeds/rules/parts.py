"""What is counted of the rows of a batch: which parts each of them says, and how old what it says is."""

from datetime import date
from enum import StrEnum
from typing import Self

from feeds.rules.precedence import Field, may_say
from registry.vocabulary import Source


class Part(StrEnum):
    """What a row may say beside a name and a date of birth, which every row has."""

    NHS_NUMBER = "nhs_number", "NHS number", Field.NHS_NUMBER
    PUPIL_NUMBER = "pupil_number", "Pupil number", Field.PUPIL_NUMBER
    GENDER = "gender", "Gender", Field.GENDER
    POSTCODE = "postcode", "Address with a postcode", Field.ADDRESS
    GUARDIANS = "guardians", "Parents and carers", Field.GUARDIANS
    SCHOOL = "school", "School", Field.EDUCATION
    PRACTICE = "practice", "GP practice", Field.GP
    FORMER_NAMES = "former_names", "Former names", Field.FORMER_NAMES

    def __new__(cls, value: str, words: str, said_as: Field) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        member.said_as = said_as
        return member

    words: str
    said_as: Field


class Age(StrEnum):
    """How long before the batch came in its supplier knew it to be so."""

    WEEK = "week", "Up to 7 days"
    MONTH = "month", "8 to 31 days"
    HALF = "half", "32 to 183 days"
    YEAR = "year", "184 to 365 days"
    OLDER = "older", "More than 365 days"
    UNSAID = "unsaid", "No day is said"

    def __new__(cls, value: str, words: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    words: str


# The most days of each, the youngest first.
MOST_DAYS = {Age.WEEK: 7, Age.MONTH: 31, Age.HALF: 183, Age.YEAR: 365}


def parts_of(source: Source) -> list[Part]:
    """Those of which that source's word is taken. What it writes elsewhere does not count."""
    return [part for part in Part if may_say(source, part.said_as)]


def age_of(confirmed_on: date | None, received_on: date) -> Age:
    """How old it was as it came in. A day that was yet to come is as young as can be."""
    if confirmed_on is None:
        return Age.UNSAID
    days = (received_on - confirmed_on).days
    return next((age for age, most in MOST_DAYS.items() if days <= most), Age.OLDER)
