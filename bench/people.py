"""Whom a benchmark searches as, and how it looks at the truth: the web role sees no child that is not recorded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from django.db import transaction

from access.models import User, UserState
from access.roles import Role
from access.sessions import SessionStore
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record

UNLIMITED = 2_000_000_000


def address(role: str) -> str:
    """The address of PostgreSQL for `role`, as settings.local puts it into the environment."""
    return os.environ["DATABASE_URL" if role == "web" else f"DATABASE_{role.upper()}_URL"]


@contextmanager
def practitioner() -> Iterator[Actor]:
    """A practitioner of the demonstration, signed in, whose budgets do not run out within.

    The budgets of the role are put back afterwards.
    """
    person = User.objects.filter(role=Role.PRACTITIONER, state=UserState.ACTIVE).order_by("pk")[0]
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
    with psycopg.connect(address("owner"), autocommit=True) as owner:
        before = owner.execute("SELECT hourly, daily, role, measure FROM access_budget").fetchall()
        owner.execute("UPDATE access_budget SET hourly = %s, daily = %s", [UNLIMITED, UNLIMITED])
        try:
            yield actor
        finally:
            owner.cursor().executemany(
                "UPDATE access_budget SET hourly = %s, daily = %s WHERE role = %s AND measure = %s", before
            )
            session.delete()
