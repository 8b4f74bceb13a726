"""A system that speaks for its organisation fetches tokens for itself, and gives them back.

Done where people sign in, and nowhere else: the web process can make and prolong none.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from access.door.clients import client_fingerprint, new_client_token, system_itself
from access.models import ClientSystem, SystemToken
from audit.errors import NoLiveSessionError
from audit.events import EventKind
from audit.recorder import About, record

GOOD_FOR = timedelta(minutes=15)  # access/sql/functions/access_token_give.sql


@transaction.atomic
def fetch(*, system: ClientSystem) -> str:
    """A token for the system, which has proved that it is itself. The database makes it as it records that.

    Raises NoLiveSessionError where it is given none: it is not good now, or people work in it.
    """
    secret = new_client_token()
    _record(EventKind.SYSTEM_TOKEN_GIVEN, system, secret)
    return secret


def give_back(*, system: ClientSystem, token: str) -> None:
    """End the token; nothing where it is none of this system's, or is over."""
    try:
        with transaction.atomic():
            _record(EventKind.SYSTEM_TOKEN_ENDED, system, token)
    except NoLiveSessionError:
        return


def clear_ended_tokens() -> None:
    """Delete tokens that are over. For the worker."""
    SystemToken.objects.filter(expires_at__lte=timezone.now()).delete()


def _record(kind: EventKind, system: ClientSystem, secret: str) -> None:
    about = About(fields=[str(system.organisation_id), str(system.pk)])
    record(kind, about, actor=system_itself(system, client_fingerprint(secret)))
