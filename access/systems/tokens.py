"""What a system shows for one person: an access token, which is the key of that person's session in it.

A token is 256 random bits that only its holder knows; the database has a keyed fingerprint of it. Nobody can list
those, only ask for the one session whose fingerprint they bring, as with browsers.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from access.door.clients import ACCESS, RENEWAL, WRITTEN_OF_PEOPLE
from access.models import Standing, User
from audit.actors import Actor
from encryption.tokens import fingerprint

# The end of a refresh token, which is another each time; what stands before it is its line, and stays (RFC 9700, 4.14).
CHANGING = 22


@dataclass(frozen=True, slots=True)
class Bearer:
    """In whose name a system asks, by which session, and whether the system is good for them."""

    user: User
    session_id: int
    system_id: int
    standing: Standing
    expires_at: datetime
    key: str = field(repr=False)

    def actor(self, request_id: UUID) -> Actor:
        """The person, as actions take them."""
        return actor_in_system(self.user, self.session_id, self.key, request_id)


def actor_in_system(user: User, session_id: int, key: str, request_id: UUID | None) -> Actor:
    """Somebody at work in a system, by the fingerprint of its access token."""
    return Actor(
        user_id=user.pk,
        role=user.role,
        organisation_id=user.organisation_id,
        authority_id=user.organisation.authority_id,
        session_id=session_id,
        request_id=request_id or UUID(int=0),
        session_key=key,
    )


def new_access_token() -> str:
    """An access token that nobody ever had."""
    return ACCESS + secrets.token_urlsafe(32)


def new_renewal(after: str = "") -> str:
    """A refresh token that nobody ever had: of a line of its own, or of that of the one which it comes after."""
    return (after[:-CHANGING] or RENEWAL + secrets.token_urlsafe(16)) + secrets.token_urlsafe(16)


def line_fingerprint(renewal: str) -> str:
    """What stands in the database for all refresh tokens of one session."""
    return token_fingerprint(renewal[:-CHANGING])


def token_fingerprint(secret: str) -> str:
    """What stands in the database for a token of either kind."""
    return fingerprint("system token", secret).hex()


def presented(secret: str) -> Bearer | None:
    """In whose name the access token asks, as it stands now; None where it opens nothing."""
    if not (WRITTEN_OF_PEOPLE.fullmatch(secret) and secret.startswith(ACCESS)):
        return None
    key = token_fingerprint(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, user_id, system_id, standing, expires_at FROM access_system_load(%s)", [key])
        row = cursor.fetchone()
    if row is None:
        return None
    session_id, user_id, system_id, standing, expires_at = row
    user = User.objects.select_related("organisation").filter(pk=user_id).first()
    return Bearer(user, session_id, system_id, Standing(standing), expires_at, key) if user else None
