"""Somebody lets a system act for them, and it begins, renews and ends the session that they have in it.

Done where people sign in, and nowhere else: the web process can make none of these tokens.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from access.door import sessions
from access.models import ClientSystem, SystemCode, User
from access.systems.tokens import (
    actor_in_system,
    line_fingerprint,
    new_access_token,
    new_renewal,
    token_fingerprint,
)
from audit.actors import Actor, Process
from audit.errors import refusals
from audit.events import EventKind, Outcome
from audit.recorder import About, record
from encryption.tokens import fingerprint

# For so long after its time a code that is used twice ends what it began (access/sql/guards/access_systemcode.sql).
KEPT_FOR = timedelta(hours=1)
UNPROVED_NOTED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Issued:
    """What a system is given: once, since only fingerprints are kept."""

    access_token: str = field(repr=False)
    renewal: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for with a code: where its person goes back to, and the challenge of its verifier."""

    address: str
    challenge: str


def allow(*, actor: Actor, system: ClientSystem, address: str, challenge: str) -> str:
    """Let the system begin a session in the actor's name, within a minute, with the code that is returned.

    `address` is where they go back to, `challenge` the verifier's SHA-256 (RFC 7636, 4.2). Raises NoLiveSessionError
    where they or the system may not.
    """
    code = secrets.token_urlsafe(32)
    told = [str(system.organisation_id), str(system.pk)]
    with transaction.atomic(), refusals():
        record(EventKind.SYSTEM_ALLOWED, About(user_id=actor.user_id, fields=told), actor=actor)
        made = (actor.session_key, code_fingerprint(code), system.pk, address, challenge)
        _ask("access_code_make(%s, %s, %s, %s, %s)", *made)
    return code


def asked_with(*, system: ClientSystem, code: str) -> Asked | None:
    """What the code was made for, whether it can still be used or not; None where it is none of this system's."""
    row = _ask("access_code_load(%s, %s)", code_fingerprint(code), system.pk)
    return Asked(*row) if row else None


def begin(*, system: ClientSystem, code: str, in_words: str) -> Issued | None:
    """Begin the session that the code is for. None where it cannot be used, or was: then what it began has ended.

    `in_words` is how its person's list of sessions calls it.
    """
    token, renewal = new_access_token(), new_renewal()
    keys = (token_fingerprint(token), token_fingerprint(renewal), line_fingerprint(renewal))
    with transaction.atomic():
        row = _ask("access_code_redeem(%s, %s, %s, %s, %s)", code_fingerprint(code), system.pk, *keys)
        if row is None:
            return None
        session_id, user_id, expires_at = row
        user = User.objects.get(pk=user_id)
        if session_id is None:
            _note_used_twice(system, user)
            return None
        about = About(user_id=user_id, fields=["system", str(system.pk)])
        record(EventKind.SIGNED_IN, about, actor=actor_in_system(user, session_id, keys[0], None))
        sessions.name_device(session_id, keys[0], in_words)
    return Issued(token, renewal, expires_at)


@transaction.atomic
def renew(*, system: ClientSystem, renewal: str) -> Issued | None:
    """Go on with a session under other tokens; the ones before open nothing from then on.

    None where the refresh token is no longer good; where it was used before, its session has ended.
    """
    token, following = new_access_token(), new_renewal(after=renewal)
    presented = (token_fingerprint(renewal), line_fingerprint(renewal), system.pk)
    row = _ask(
        "access_system_renew(%s, %s, %s, %s, %s)", *presented, token_fingerprint(token), token_fingerprint(following)
    )
    if row is None:
        return None
    if row[0] is None:
        _note_used_twice(system, User.objects.get(pk=row[1]))
        return None
    return Issued(token, following, row[2])


@transaction.atomic
def leave(*, system: ClientSystem, token: str) -> None:
    """End the session that either of its tokens is of; nothing where it is none of this system's."""
    presented = (token_fingerprint(token), system.pk)
    row = _ask("access_system_session(%s, %s)", *presented)
    if row is not None:
        session_id, user_id, key = row
        actor = actor_in_system(User.objects.get(pk=user_id), session_id, key, None)
        record(EventKind.SIGNED_OUT, About(user_id=user_id), actor=actor)
        _ask("access_system_leave(%s, %s)", *presented)


def note_unproved(system: ClientSystem) -> None:
    """Record that somebody who could not prove it said that they are this system: once a minute at most."""
    if cache.add(f"unproved-system:{system.pk}", 1, UNPROVED_NOTED_SECONDS):
        organisation = system.organisation
        actor = Process("sign-in", None, organisation.pk, organisation.authority_id)
        about = About(fields=["system", str(system.pk), "unproved"])
        with transaction.atomic():
            record(EventKind.ACCESS_REFUSED, about, actor=actor, outcome=Outcome.NOT_PERMITTED)


def _note_used_twice(system: ClientSystem, user: User) -> None:
    """Record that a code or a refresh token of theirs came a second time: two have it, and the session has ended."""
    actor = Process("sign-in", None, user.organisation_id, user.organisation.authority_id)
    about = About(user_id=user.pk, fields=["system", str(system.pk), "used_twice"])
    record(EventKind.SIGN_IN_FAILED, about, actor=actor, outcome=Outcome.NOT_PERMITTED)


def clear_ended_codes() -> None:
    """Delete codes of which nobody asks any more whether they were used before. For the worker."""
    SystemCode.objects.filter(expires_at__lte=timezone.now() - KEPT_FOR).delete()


def code_fingerprint(code: str) -> str:
    """What stands in the database for a code."""
    return fingerprint("system code", code).hex()


def _ask(function: str, *arguments: str | int) -> tuple[Any, ...] | None:
    """The one row that the database's function answers with, if any."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}", arguments)  # noqa: S608 - the names stand above
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
