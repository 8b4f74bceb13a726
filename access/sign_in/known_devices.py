"""The browsers in which somebody has signed in before, known again by a cookie ("device cookies" of OWASP).

A browser gets a voucher for the person who signed in with both factors: a random name for the browser and the day,
sealed for that person's account. So nobody makes one up, and one person's is nobody else's. It opens nothing and signs
nobody in; it buys a budget of guesses of its own (access/sign_in/guessing.py). No row is kept of it, and the cookie
does not tell whose it is. Several people may share a computer: the cookie holds a voucher for each of the last ones.
"""

import base64
import binascii
import secrets
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from encryption import keyring, seal
from encryption.errors import EncryptionError
from encryption.keys import Purpose

PURPOSE = Purpose.SIGN_IN
MOST_PEOPLE = 8
LONGEST_READ = 200  # longer than any voucher
BETWEEN = "."
_NAME_BYTES = 11  # with the day behind it, one step of padding
_VOUCHER = struct.Struct(f">{_NAME_BYTES}sI")


def device_of(request: HttpRequest, account: str) -> str | None:
    """The name of this browser, if whoever has that account (by its fingerprint) signed in here not too long ago."""
    return next((name for name in (_name(given, account) for given in _vouchers(request)) if name), None)


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Let the browser be known for that account from this answer on, under the name that it had, if any."""
    mine, others = device_of(request, account), [each for each in _vouchers(request) if not _name(each, account)]
    voucher = _made(mine or secrets.token_hex(_NAME_BYTES), account)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        BETWEEN.join([voucher, *others][:MOST_PEOPLE]),
        max_age=settings.DEVICE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _vouchers(request: HttpRequest) -> Iterator[str]:
    for given in request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(BETWEEN)[:MOST_PEOPLE]:
        if 0 < len(given) <= LONGEST_READ:
            yield given


def _made(name: str, account: str) -> str:
    days = (timezone.now() - datetime.fromtimestamp(0, tz=UTC)).days
    key = keyring.current().sealing_key(PURPOSE)
    sealed = seal.seal(_VOUCHER.pack(bytes.fromhex(name), days), _place(account), key)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _name(voucher: str, account: str) -> str | None:
    """The browser's name in a voucher of that account; None in one that is somebody else's, made up or too old."""
    try:
        sealed = base64.b64decode(voucher + "=" * (-len(voucher) % 4), altchars=b"-_", validate=True)
        name, days = _VOUCHER.unpack(seal.open_sealed(sealed, _place(account), PURPOSE))
    except (binascii.Error, ValueError, EncryptionError, struct.error):
        return None
    age = timezone.now() - datetime.fromtimestamp(0, tz=UTC) - timedelta(days=days)
    return str(name.hex()) if age < timedelta(seconds=settings.DEVICE_COOKIE_AGE) else None


def _place(account: str) -> seal.Place:
    return seal.Place("device", "voucher", int(account, 16), 0)
