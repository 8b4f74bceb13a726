"""Links that were mailed: whose one is, and using it up. Whoever signs people in alone may ask."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import connection

from access.models import InvitationPurpose, User
from access.rules.errors import (
    LinkError,
    LinkExpiredError,
    LinkReplacedError,
    LinkUsedError,
    LinkWithdrawnError,
    NotFoundError,
)
from audit.actors import Process
from audit.errors import NotAllowedError
from audit.events import EventKind
from audit.recorder import About, record
from encryption.tokens import fingerprint

# What the database calls it when a link is good no longer.
LINK_ERRORS: dict[str, type[LinkError]] = {
    "used": LinkUsedError,
    "replaced": LinkReplacedError,
    "expired": LinkExpiredError,
    "withdrawn": LinkWithdrawnError,
}


def open_link(secret: str, purpose: InvitationPurpose) -> User:
    """Whose link it is that has that secret.

    Raises NotFoundError where there is no such link for that purpose, and the LinkError that says why it is good no
    longer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, purpose, standing FROM access_invitation_load(%s)", [link_fingerprint(secret)])
        row = cursor.fetchone()
    if row is None or row[1] != purpose:
        raise NotFoundError
    user_id, _, standing = row
    if standing:
        raise LINK_ERRORS[standing]
    user: User = User.objects.get(pk=user_id)
    return user


def use_link(
    actor: Process, secret: str, purpose: InvitationPurpose, kind: EventKind, *, fields: Sequence[str] = ()
) -> User:
    """Use up a link, by the event that says so. Returns whose it was, locked. Raises as `open_link`.

    `fields`: what was done besides, as the event is to say.
    """
    user: User = User.objects.select_for_update().get(pk=open_link(secret, purpose).pk)
    holder = replace(
        actor,
        name="invitation",
        organisation_id=user.organisation_id,
        authority_id=user.organisation.authority_id,
        token_key=link_fingerprint(secret),
    )
    try:
        record(kind, About(user_id=user.pk, fields=fields), actor=holder)
    except NotAllowedError:  # the same link in another tab, in this very moment
        raise LinkUsedError from None
    return user


def link_fingerprint(secret: str) -> str:
    """By which the database knows a link."""
    return fingerprint("invitation", secret).hex()
