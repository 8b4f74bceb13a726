"""Numbers that identify a child, and their check digits (python-stdnum does the arithmetic)."""

import secrets
import unicodedata
from collections.abc import Callable

from stdnum.exceptions import ValidationError
from stdnum.gb import nhs, upn
from stdnum.iso7064 import mod_11_10

from registry.vocabulary import NumberKind

OWN = "own"  # the kind of the registry's own number
OWN_DIGITS = 10


class InvalidNumberError(ValueError):
    """The number's length, characters or check digit are wrong. Does not hold the number."""


def make_own_number() -> str:
    """A new registry number: ten random digits and a check digit (ISO 7064 MOD 11,10).

    Random, so that it tells nothing of when or where a record was made; sparse, so that guessing finds nobody.
    """
    digits = f"{secrets.randbelow(10**OWN_DIGITS):0{OWN_DIGITS}d}"
    return digits + mod_11_10.calc_check_digit(digits)


def own_number(text: str) -> str:
    """The registry number in one way of writing it. Raises InvalidNumberError."""
    digits = compact(text)
    # The library also takes the digits of other scripts, which would be another way of writing the number.
    if len(digits) != OWN_DIGITS + 1 or not digits.isascii() or not mod_11_10.is_valid(digits):
        raise InvalidNumberError
    return digits


def is_own(number: str) -> bool:
    """Whether a number that was read here is a registry number, rather than an NHS number or a unique pupil number."""
    return len(number) == OWN_DIGITS + 1


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


def recognised(text: str) -> tuple[str, str]:
    """The kind of a number that a person has in hand ("own", or a NumberKind), and it in one way of writing.

    Raises InvalidNumberError where it is none of the three: they differ in length.
    """
    for kind, read in READERS.items():
        try:
            return kind, read(text)
        except InvalidNumberError:
            continue
    raise InvalidNumberError


READERS: dict[str, Callable[[str], str]] = {
    NumberKind.NHS: nhs_number,
    OWN: own_number,
    NumberKind.UPN: pupil_number,
}


def compact(text: str) -> str:
    """Without the spaces and dashes of any script that were typed or pasted, nor marks that nobody sees."""
    return "".join(each for each in text if not each.isspace() and unicodedata.category(each) not in ("Pd", "Cf"))
