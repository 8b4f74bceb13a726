"""Telephone numbers: kept in one way of writing (E.164, and any extension), shown as people in England say them."""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

REGION, COUNTRY = "GB", 44
DIGITS_WITH_AREA_CODE = 10
BEGINS_AN_AREA_CODE = "1235789"  # after the 0 (Ofcom, National Telephone Numbering Plan)
LONGEST_EXTENSION = 5
DIGITS_OF_A_NUMBER = 6  # the shortest that is dialled inside a town; two runs as long are two numbers
LETTERS = re.compile(r"[^\W\d_]+")
# The only words that a number may have about it; any other letters would be dialled as keys, or lost.
BEFORE_EXTENSION = frozenset({"x", "ext", "extn", "extension", "int"})
WORDS = BEFORE_EXTENSION | {"tel"}
BETWEEN_NUMBERS = re.compile(r"[,;/&|]")
NOT_DIGITS = re.compile(r"\D")


class Mistake(StrEnum):
    """What is wrong with what was typed, so that the person can be told what to do."""

    NO_NUMBER = "no_number"
    NO_AREA_CODE = "no_area_code"
    LETTERS = "letters"
    EXTENSION = "extension"
    SECOND = "second"
    # Answered near whoever rings, and so by somebody else than the service that is recorded.
    SHORT = "short"


class InvalidTelephoneError(ValueError):
    """Not a number that can be rung. Says what is wrong, and does not hold what was typed."""

    def __init__(self, mistake: Mistake = Mistake.NO_NUMBER) -> None:
        super().__init__()
        self.mistake = mistake


def normalise(text: str) -> str:
    """The number as E.164, with its extension as in RFC 3966: "+441614960000", or "+441614960000;ext=23".

    What another country writes begins with + or 00. Raises InvalidTelephoneError.
    """
    if _are_two(text):
        raise InvalidTelephoneError(Mistake.SECOND)
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise InvalidTelephoneError from None
    mistake = _mistake_in(text, number)
    if mistake:
        raise InvalidTelephoneError(mistake)
    kept = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{kept};ext={number.extension}" if number.extension else kept


def shown(text: str) -> str:
    """The number in groups, such as "0161 496 0000, extension 23"; one of another country with that country's code.

    What is not a number comes back as it was.
    """
    number = _read(text)
    if number is None:
        return text
    extension, number.extension = number.extension, None
    at_home = number.country_code == COUNTRY
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    grouped: str = phonenumbers.format_number(number, style)
    return f"{grouped}, extension {extension}" if extension else grouped


def link(text: str) -> str:
    """The `tel:` address that rings the number (RFC 3966); nothing where it is not one."""
    number = _read(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.RFC3966) if number else ""


def _read(kept: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(kept, REGION)
    except phonenumbers.NumberParseException:
        return None


def _mistake_in(text: str, number: PhoneNumber) -> Mistake | None:
    """The first thing that is wrong. Short numbers first: to whoever typed one, a missing area code says nothing."""
    words = {word.casefold() for word in LETTERS.findall(text)}
    if phonenumbers.is_valid_short_number(number):
        return Mistake.SHORT
    if words - WORDS:
        return Mistake.LETTERS
    # The library takes what follows a comma for an extension.
    if number.extension and not (words & BEFORE_EXTENSION or "#" in text):
        return Mistake.SECOND
    if (words & BEFORE_EXTENSION and not number.extension) or len(number.extension or "") > LONGEST_EXTENSION:
        return Mistake.EXTENSION
    if _can_be_rung(number):
        return None
    return Mistake.NO_AREA_CODE if _is_local(text, number) else Mistake.NO_NUMBER


def _are_two(text: str) -> bool:
    """Whether a whole second number follows, behind a comma or a stroke."""
    digits = [len(NOT_DIGITS.sub("", run)) for run in BETWEEN_NUMBERS.split(text)]
    return len([count for count in digits if count >= DIGITS_OF_A_NUMBER]) > 1


def _can_be_rung(number: PhoneNumber) -> bool:
    """Whether it rings from everywhere in England, as far as anybody can tell without ringing.

    The library knows which numbers are given out, but not those that Ofcom keeps for drama, nor the newest.
    """
    if phonenumbers.is_valid_number(number):
        return True
    digits = phonenumbers.national_significant_number(number)
    whole = len(digits) == DIGITS_WITH_AREA_CODE and digits[0] in BEGINS_AN_AREA_CODE
    return number.country_code == COUNTRY and whole


def _is_local(text: str, number: PhoneNumber) -> bool:
    """Whether it may be what people dial inside one town: too few digits, and neither 0 nor + before them."""
    typed = LETTERS.sub("", text).strip(" :(\u202a\u202d")
    few = len(phonenumbers.national_significant_number(number)) < DIGITS_WITH_AREA_CODE
    return number.country_code == COUNTRY and few and not typed.startswith(("0", "+"))
