"""E-mail addresses that somebody gives for somebody else. Only such as cannot be mistaken for another one."""

from email_validator import EmailNotValidError, validate_email

SHAPE = "This is not an e-mail address. Write it like name@example.com."
LOOKALIKE = (
    "There are letters in it that only look like English ones, so that it may be somebody else’s address. "
    "Type it again by hand."
)


def problem_with(address: str) -> str | None:
    """What is wrong with a plain address, and what to do; None where nothing is. Nobody is asked whether it exists.

    Letters beyond the English ones are refused, also in a domain's coded form: by them one address can be made to look
    like another (https://www.unicode.org/reports/tr39/), and no public body in England uses them.
    """
    if not address.isascii() or "xn--" in address.casefold():
        return LOOKALIKE
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return SHAPE
    return None
