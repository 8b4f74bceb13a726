"""Telephone numbers: kept in one way of writing (E.164), shown as people in England read them out."""

import phonenumbers

REGION = "GB"


class InvalidTelephoneError(ValueError):
    """Not a number that can be rung. Does not hold what was typed."""


def normalise(text: str) -> str:
    """The number as E.164, such as "+441614960000". Raises InvalidTelephoneError."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise InvalidTelephoneError from None
    # `is_possible_number` would also take numbers that can be rung only from the same town.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidTelephoneError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(text: str) -> str:
    """The number in groups, such as "0161 496 0000"; what is not a number comes back as it was."""
    return _formatted(text, phonenumbers.PhoneNumberFormat.NATIONAL) or text


def link(text: str) -> str:
    """The `tel:` address that rings the number (RFC 3966); nothing where it is not one."""
    return _formatted(text, phonenumbers.PhoneNumberFormat.RFC3966)


def _formatted(text: str, style: int) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(text, REGION), style)
    except phonenumbers.NumberParseException:
        return ""
