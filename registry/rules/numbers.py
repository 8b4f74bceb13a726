"""Numbers that identify a child, and their check digits (python-stdnum does the arithmetic)."""

import re
import secrets

from stdnum.exceptions import ValidationError
from stdnum.gb import nhs, upn
from stdnum.iso7064 import mod_11_10

from encryption.tokens import fingerprint
from pages.typed import plain
from registry.vocabulary import NumberKind

OWN = "own"  # the kind of the registry's own number, among those of NumberKind
NHS_DIGITS = 10
OWN_DIGITS = 11
PUPIL_CHARACTERS = 13


class InvalidNumberError(ValueError):
    """The number's length, characters or check digit are wrong. Does not hold the number."""


def make_own_number() -> str:
    """A new registry number: ten random digits and a check digit (ISO 7064 MOD 11,10).

    Random, so that it tells nothing of when or where a record was made; sparse, so that guessing finds nobody.
    """
    length = OWN_DIGITS - 1
    digits = f"{secrets.randbelow(10**length):0{length}d}"
    return digits + mod_11_10.calc_check_digit(digits)


def own_number(text: str) -> str:
    """The registry number in one way of writing it. Raises InvalidNumberError."""
    number = compact(text)
    # The library also takes the digits of other scripts, which would be another way of writing the number.
    if len(number) != OWN_DIGITS or not number.isascii() or not mod_11_10.is_valid(number):
        raise InvalidNumberError
    return number


def is_own(number: str) -> bool:
    """Whether a number that was read here is a registry number, rather than an NHS number or a unique pupil number."""
    return len(number) == OWN_DIGITS


def nhs_number(text: str) -> str:
    """The NHS number (NHS Data Dictionary, modulus 11) in one way of writing it. Raises InvalidNumberError."""
    try:
        return str(nhs.validate(compact(text)))
    except ValidationError:
        raise InvalidNumberError from None


def pupil_number(text: str) -> str:
    """The unique pupil number (Department for Education, modulus 23 check letter). Raises InvalidNumberError."""
    try:
        return str(upn.validate(compact(text).upper()))
    except ValidationError:
        raise InvalidNumberError from None


def shown(number: str) -> str:
    """A registry number in groups, to be read out: 12345 67890 1."""
    return f"{number[:5]} {number[5:10]} {number[10:]}"


def shown_nhs(number: str) -> str:
    """An NHS number in groups, to be read out: 999 173 6115."""
    return str(nhs.format(number))


def kind(number: str) -> str:
    """The kind of a number that was read here: a NumberKind, or OWN. They differ in length."""
    if is_own(number):
        return OWN
    return NumberKind.NHS if len(number) == NHS_DIGITS else NumberKind.UPN


def label(number: str) -> str:
    """What a number that was read here is called."""
    return "Registry number" if is_own(number) else str(NumberKind(kind(number)).label)


def compact(text: str) -> str:
    """The number without what people put between its digits."""
    return re.sub(r"[\s\-.]+", "", plain(text))


def number_fingerprint(kind: str, value: str) -> bytes:
    """What a number is unique by in the database."""
    return fingerprint(f"child number {kind}", value)
