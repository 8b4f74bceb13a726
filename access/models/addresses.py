"""One way of writing an e-mail address, so that one address is one person however it was typed, pasted or sent."""

import unicodedata

UNSEEN = "Cf"  # joiners and marks of direction, which come along when an address is pasted
FULL_STOPS = str.maketrans("\u3002", ".")  # which ends a label of a domain too: https://www.rfc-editor.org/rfc/rfc3490


def plain_address(typed: str) -> str:
    """The address with composed letters of ordinary width, nothing unseen, no blank at an end or beside the @.

    Its domain is in small letters and without a full stop at its end. What stands before the @ keeps its capitals,
    since a letter is sent to it as it was given. Whatever is no address comes back as text.
    """
    seen = "".join(character for character in typed if unicodedata.category(character) != UNSEEN)
    name, at, domain = unicodedata.normalize("NFKC", seen).strip().rpartition("@")
    if not at:
        return domain
    return (
        f"{name.rstrip()}@{unicodedata.normalize('NFKC', domain.casefold()).translate(FULL_STOPS).rstrip('.').strip()}"
    )


def is_address(typed: str) -> bool:
    """Whether somebody typed an e-mail address, and not the name of a person."""
    return "@" in plain_address(typed)
