"""Where a system's people come back to (RFC 6749, 3.1.2), and where it is told something: what is taken of the
addresses that were typed."""

import re
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MOST_ADDRESSES = 10
MOST_LETTERS = 200
# What an address is made of (RFC 3986, 2), but for "#", where a fragment begins, and "*", which some take for "any".
WRITTEN = re.compile(r"[A-Za-z0-9._~:/?@!$&'()+,;=%\[\]-]+")
# A name in lower case, as browsers send it, so that the two are the same letter by letter.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])")
# A program on the person's own machine (RFC 8252, 7.3): by number, since what "localhost" is, a machine may be told.
# By IPv4: the policy of our pages, by which a form leads on to it, has no word for the other (CSP 3, 2.3.1).
OWN_MACHINE = ("127.0.0.1",)
NOT_ONE = "Enter an address that begins with https:// and the full name of a host, in small letters"


class AddressError(Exception):
    """An address cannot be taken. Its text says which, and what to do."""


def read_addresses(text: str) -> list[str]:
    """The addresses, one in a line, in their order and each once. Raises AddressError."""
    addresses = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(addresses) > MOST_ADDRESSES:
        raise AddressError(f"Enter at most {MOST_ADDRESSES} addresses")
    for number, address in enumerate(addresses, 1):
        if problem := _problem(address):
            raise AddressError(problem if len(addresses) == 1 else f"Address {number}: {problem}")
    return addresses


def read_telling_address(text: str) -> str:
    """The address at which a system is told something, or nothing where none was typed. Raises AddressError.

    Over https alone: a machine of ours is no place for it, but where somebody tries all of this on their own.
    """
    address = text.strip()
    if not address:
        return ""
    problem = _problem(address)
    here = settings.TELLING_ON_THIS_MACHINE and address.startswith("http://127.0.0.1:")
    if not problem and not (here or address.startswith("https://")):
        problem = NOT_ONE
    if problem:
        raise AddressError(problem)
    return address


def _problem(address: str) -> str:
    """What is wrong with it, and what to do; nothing where it can be taken."""
    if len(address) > MOST_LETTERS:
        return f"Enter at most {MOST_LETTERS} characters"
    if not WRITTEN.fullmatch(address):
        return "Enter it whole and without spaces, “#” or “*”"
    try:
        split = urlsplit(address)
        host = split.netloc.removesuffix(f":{split.port}")
    except ValueError:
        return NOT_ONE
    if "@" in split.netloc:
        return "Leave out the user name before “@”"
    return "" if _leads_somewhere(split, host, address) else NOT_ONE


def _leads_somewhere(split: SplitResult, host: str, address: str) -> bool:
    if address.startswith("https://"):
        return bool(HOST.fullmatch(host))
    return address.startswith("http://") and host in OWN_MACHINE and split.path.startswith("/")
