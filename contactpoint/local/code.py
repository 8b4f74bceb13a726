"""`python -m contactpoint.local.code <role or e-mail>`: the code that user's authenticator shows now."""

import base64
import hmac
import struct
import sys
import time

from contactpoint.local import facts, state
from contactpoint.local.errors import LocalError

STEP_SECONDS = 30
DIGITS = 6


def current(secret: str, now: float) -> str:
    """The one-time code for `secret` (base32) at `now` (seconds since 1970), by RFC 6238's defaults."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(now) // STEP_SECONDS), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def seconds_left(now: float) -> int:
    """How long the code of `now` stays valid."""
    return STEP_SECONDS - int(now) % STEP_SECONDS


def find_user(users: list[dict[str, str]], wanted: str) -> dict[str, str]:
    """The user with the e-mail `wanted`, else the first in the role `wanted`, else LocalError."""
    for key in ("email", "role"):
        for user in users:
            if user[key].casefold() == wanted.casefold():
                return user
    choices = ", ".join(dict.fromkeys(user["role"] for user in users))
    raise LocalError(f"No demonstration user is {wanted or 'given'}. Use AS=<role or e-mail>; roles are: {choices}.")


def main(wanted: str) -> None:
    """Print the code of the user `wanted`."""
    user = find_user(facts.read(state.directory()).users, wanted)
    now = time.time()
    print(f"{current(user['totp_secret'], now)}   {user['email']}, valid for {seconds_left(now)} seconds")


if __name__ == "__main__":
    try:
        main(" ".join(sys.argv[1:]))
    except LocalError as error:
        sys.exit(str(error))
