"""Whom a benchmark searches as, and how it looks at the truth: the web role sees no child that is not recorded."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from access.door.sessions import SessionStore
from access.models import Role, User, UserState
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record
from contactpoint.local import code

UNLIMITED = 2_000_000_000
SECONDS_TO_TYPE = 3


def address(role: str) -> str:
    """The address of PostgreSQL for `role`, as settings.local puts it into the environment."""
    return os.environ["DATABASE_URL" if role == "web" else f"DATABASE_{role.upper()}_URL"]


@contextmanager
def unlimited() -> Iterator[None]:
    """Nobody's budget runs out within. The budgets are put back afterwards."""
    with psycopg.connect(address("owner"), autocommit=True) as owner:
        before = owner.execute("SELECT hourly, daily, role, measure FROM access_budget").fetchall()
        owner.execute("UPDATE access_budget SET hourly = %s, daily = %s", [UNLIMITED, UNLIMITED])
        try:
            yield
        finally:
            owner.cursor().executemany(
                "UPDATE access_budget SET hourly = %s, daily = %s WHERE role = %s AND measure = %s", before
            )


@contextmanager
def practitioner(place: int = 0) -> Iterator[Actor]:
    """The place-th practitioner as actions take them, outside any request, with a session of their own."""
    person = User.objects.filter(role=Role.PRACTITIONER, state=UserState.ACTIVE).order_by("pk")[place]
    session = SessionStore()
    session.create()
    actor = Actor(
        user_id=person.pk,
        role=person.role,
        organisation_id=person.organisation_id,
        authority_id=person.organisation.authority_id,
        session_id=session.row_id or 0,
        request_id=uuid4(),
        session_key=session.key_fingerprint,
    )
    with transaction.atomic():
        record(EventKind.SIGNED_IN, About(user_id=person.pk), actor=actor)
    try:
        yield actor
    finally:
        session.delete()


@contextmanager
def browser(users_file: Path, place: int = 0) -> Iterator[Client]:
    """A browser in which the place-th practitioner of the file has signed in with both factors. Signed out afterwards.

    Forged forms are refused, as ever: a form is sent with the token of `forgery_token`.
    """
    practitioners = [each for each in json.loads(users_file.read_text()) if each["role"] == Role.PRACTITIONER]
    one = practitioners[place]
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    _send(client, reverse("account_login"), login=one["email"], password=one["password"])
    home = reverse(settings.LOGIN_REDIRECT_URL)
    # A code is taken once: after a run within the same half minute the next one has to be waited for.
    for _ in range(2):
        while code.seconds_left(time.time()) < SECONDS_TO_TYPE:
            time.sleep(0.1)
        now = code.current(one["totp_secret"], time.time())
        if _send(client, reverse("mfa_authenticate"), code=now) == home:
            break
        time.sleep(code.seconds_left(time.time()))
    else:
        raise SystemExit(f"{one['email']} could not sign in. {users_file} must be of this registry's users.")
    try:
        yield client
    finally:
        _send(client, reverse("account_logout"))


def forgery_token(client: Client) -> str:
    """What a form must carry to be believed. It is made once a session."""
    return client.cookies[settings.CSRF_COOKIE_NAME].value


def _send(client: Client, page: str, **typed: str) -> str:
    """Fill in the form of a page; where it leads, or empty."""
    client.get(page)
    answer = client.post(page, {**typed, "csrfmiddlewaretoken": forgery_token(client)})
    return answer.headers.get("Location", "")
