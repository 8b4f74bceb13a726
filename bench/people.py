"""Whom a benchmark searches as, and how it looks at the truth: the web role sees no child that is not recorded."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.test import Client
from django.urls import reverse

from access.door.sessions import SessionStore
from access.models import Role
from bench import signed_in
from bench.signed_in import SignedIn
from contactpoint.local import state

UNLIMITED = 2_000_000_000


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
def practitioner(users_file: Path, place: int = 0) -> Iterator[SignedIn]:
    """The place-th practitioner of the file, with a session of their own, which the process began that may."""
    practitioners = [each for each in json.loads(users_file.read_text()) if each["role"] == Role.PRACTITIONER]
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.signing_in", practitioners[place]["email"]],
        env=os.environ | {"DATABASE_ROLE": "sign_in"},
        cwd=state.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    (one,) = signed_in.read(done.stdout)
    try:
        yield one
    finally:
        SessionStore(one.cookie).delete()


@contextmanager
def browser(users_file: Path, place: int = 0) -> Iterator[Client]:
    """A browser in which that practitioner is signed in, at the search. Forged forms are refused, as ever."""
    with practitioner(users_file, place) as one:
        client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
        client.cookies[settings.SESSION_COOKIE_NAME] = one.cookie
        client.get(reverse("search"))
        yield client


def forgery_token(client: Client) -> str:
    """What a form must carry to be believed. It is made once a session."""
    return client.cookies[settings.CSRF_COOKIE_NAME].value
