"""What an organisation's own software shows, for nobody in particular: a token that its system fetched for itself.

Tokens of one system are 256 random bits each that only their holder knows, good for a quarter of an hour; the database
has keyed fingerprints of them. Nobody can list those, only ask for the one token whose fingerprint they bring, as with
sessions. It says each time whether the system is good, and takes of it what it is there for and no more.
"""

import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import unquote
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest

from access.door.refusals import note_of
from access.models import ClientSystem, Standing, SystemPurpose
from access.rules.errors import RefusedError
from audit.actors import Process
from encryption.tokens import fingerprint

# So that whoever finds one in a file, or searches files for secrets, knows what it is. The other two are of somebody
# who lets a system act (access/systems/tokens.py).
CLIENT, ACCESS, RENEWAL = "contactpoint_client_", "contactpoint_access_", "contactpoint_refresh_"
WRITTEN = re.compile(rf"{CLIENT}[A-Za-z0-9_-]{{43}}")
WRITTEN_OF_PEOPLE = re.compile(rf"{ACCESS}[A-Za-z0-9_-]{{43}}|{RENEWAL}[A-Za-z0-9_-]{{44}}")
REFUSAL_NOTED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Client:
    """A system that showed a token, as it stands now: what it is there for, for whom, and whether it is good."""

    system_id: int
    organisation_id: int
    authority_id: int
    purpose: SystemPurpose
    feed: int | None
    standing: Standing
    key: str = field(repr=False)

    def process(self, request_id: UUID) -> Process:
        """The system, as actions take it."""
        return process_of(self.system_id, self.organisation_id, self.authority_id, self.key, request_id)


def process_of(
    system_id: int, organisation_id: int, authority_id: int, key: str, request_id: UUID | None = None
) -> Process:
    """A system that acts for its organisation, by the fingerprint of its token."""
    return Process(
        name=f"system.{system_id}",
        request_id=request_id,
        organisation_id=organisation_id,
        authority_id=authority_id,
        token_key=key,
    )


def system_itself(system: ClientSystem, key: str) -> Process:
    """The system, where it fetches a token or gives it back."""
    return process_of(system.pk, system.organisation_id, system.organisation.authority_id, key)


def new_client_token() -> str:
    """A token that nobody ever had."""
    return CLIENT + secrets.token_urlsafe(32)


def client_fingerprint(secret: str) -> str:
    """What stands in the database for one."""
    return fingerprint("client token", secret).hex()


def note_refusal(client: Client, refused: RefusedError, request_id: UUID) -> None:
    """Record that it was refused, at most once a minute: what goes on asking must not fill the log.

    Raises NoLiveSessionError where its token is over by now.
    """
    if cache.add(f"refused-client:{client.system_id}:{refused.outcome}", 1, REFUSAL_NOTED_SECONDS):
        note_of(client.process(request_id), refused)


def bearer_in(request: HttpRequest) -> str:
    """What was shown in the header, whatever it is; nothing where nothing was (RFC 6750, 2.1)."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.casefold() == "bearer" else ""


def stands_in_address(request: HttpRequest) -> bool:
    """Whether a token of any kind stands in the address, where everybody between us keeps it."""
    address = unquote(request.get_full_path())
    return bool(WRITTEN.search(address) or WRITTEN_OF_PEOPLE.search(address))


def presented(secret: str) -> Client | None:
    """The system whose token `secret` is, good or not, as it stands now; None where it opens nothing."""
    if not WRITTEN.fullmatch(secret):
        return None
    key = client_fingerprint(secret)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_id, organisation_id, authority_id, purpose, feed, standing FROM access_token_load(%s)",
            [key],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    system_id, organisation_id, authority_id, purpose, feed, standing = row
    whose = organisation_id, authority_id
    return Client(system_id, *whose, SystemPurpose(purpose), feed, Standing(standing), key)
