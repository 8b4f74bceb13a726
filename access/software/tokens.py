"""API tokens: what an organisation's own software shows, instead of a person who signs in.

A token is 256 random bits that only its holder knows; the database has a keyed fingerprint of it. Nobody can list
those, only ask for the one token whose fingerprint they bring, as with sessions.
"""

import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from audit.actors import Process
from encryption.tokens import fingerprint

PREFIX = "contactpoint_"  # so that whoever finds one in a file, or searches files for secrets, knows what it is
WRITTEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was shown. `standing` is empty while it is good, else why it is not (a code of the database)."""

    id: int
    organisation_id: int
    authority_id: int
    standing: str
    key: str = field(repr=False)

    def process(self, request_id: UUID) -> Process:
        """The software that showed it, as actions take it."""
        return Process(
            name=f"token.{self.id}",
            request_id=request_id,
            organisation_id=self.organisation_id,
            authority_id=self.authority_id,
            token_key=self.key,
        )


def new_secret() -> str:
    """A token that nobody ever had."""
    return PREFIX + secrets.token_urlsafe(32)


def token_fingerprint(secret: str) -> str:
    """What stands in the database for a token."""
    return fingerprint("api token", secret).hex()


def presented(secret: str) -> Token | None:
    """The token that `secret` is, good or not, as it stands now; None where there is none."""
    if not WRITTEN.fullmatch(secret):
        return None
    key = token_fingerprint(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, organisation_id, authority_id, standing FROM access_token_load(%s)", [key])
        row = cursor.fetchone()
    if row is None:
        return None
    token_id, organisation_id, authority_id, standing = row
    return Token(token_id, organisation_id, authority_id, standing, key)
