"""PostgreSQL and Redis are spoken to over TLS, where they show whose servers they are. Anything less stops a process.

Both servers' certificates hang on one root (TLS_ROOT_CERTIFICATE), and hold the name by which the address calls them.
A socket in the file system leaves no machine: PostgreSQL knows no TLS there.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from contactpoint.redis_accounts import ACCOUNTS
from contactpoint.settings.base import database, database_variable
from contactpoint.settings.redis import address_variable, redis

VERIFY = "verify-full"


def check(role: str) -> None:
    """Raise ImproperlyConfigured, with all that is wrong, where an address of this process asks for less than TLS."""
    wrong = [*_wrong_with_database(role), *_wrong_with_redis(role)]
    if wrong:
        raise ImproperlyConfigured("\n  ".join(["These environment variables are not safe to use.", *wrong]))


def over_tls(role: str, root_certificate: Path) -> dict[str, Any]:
    """The settings of PostgreSQL and of Redis for a process, each with its server's certificate checked."""
    parsed = database(role)
    options = {"sslmode": VERIFY, "sslrootcert": str(root_certificate)} | parsed.get("OPTIONS", {})
    return {"DATABASES": {"default": {**parsed, "OPTIONS": options}}} | redis(role, root_certificate=root_certificate)


def _wrong_with_database(role: str) -> list[str]:
    (name,) = database_variable(role)
    if database(role).get("OPTIONS", {}).get("sslmode", VERIFY) == VERIFY:
        return []
    return [f"{name}: leave sslmode out of the address, or set it to {VERIFY}."]


def _wrong_with_redis(role: str) -> list[str]:
    if role not in ACCOUNTS:
        return []
    name = address_variable(role)
    address = urlsplit(os.environ[name])
    wrong = []
    if address.scheme != "rediss":
        wrong.append(f"{name}: it must begin with rediss://, which is Redis over TLS.")
    if address.query:  # where the library would take less from, such as ssl_cert_reqs=none
        wrong.append(f"{name}: leave out what comes after the question mark.")
    if address.username != role:
        wrong.append(f"{name}: it must be the address of the account {role}, as in rediss://{role}:<password>@host.")
    return wrong
