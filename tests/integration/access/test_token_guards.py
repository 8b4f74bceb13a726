"""Somebody who has taken the web process over makes no token and brings none back. Here everything is committed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.utils import timezone

from access.models import ApiToken, Role, User
from access.software.actions.tokens import revoke_token
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record
from tests import factories, people
from tests.conftest import as_owner_here
from tests.integration.access.feeding import Place, place

REFUSED = "row-level security"


@pytest.fixture
def here(own_database: str) -> Place:
    return place(as_owner_here)


@pytest.fixture
def stranger(here: Place) -> Actor:
    """An administrator of another authority."""
    with as_owner_here():
        other = factories.user(role=Role.ADMINISTRATOR)
    return factories.actor_for(other)


@transaction.atomic
def insert(here: Place, responsible: User, *, said_by: Actor | None = None) -> None:
    """Put a token into the table, in a transaction whose event `said_by` recorded."""
    if said_by:
        record(EventKind.TOKEN_MADE, About(user_id=responsible.pk), actor=said_by)
    ApiToken(
        organisation=here.authority,
        responsible=responsible,
        label="x",
        token_fingerprint="0" * 32,
        expires_at=timezone.now() + timedelta(days=1),
    ).save()


@transaction.atomic
def change(here: Place, what: str, *, said_by: Actor | None = None) -> int:
    """Change all tokens, in a transaction whose event `said_by` recorded. Returns how many were changed."""
    if said_by:
        record(EventKind.TOKEN_REVOKED, About(user_id=here.administrator.pk), actor=said_by)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE access_apitoken SET {what}")
        return int(cursor.rowcount)


def test_no_token_without_its_event(here: Place) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        insert(here, here.administrator)


def test_event_makes_no_token_of_another_organisation(here: Place, stranger: Actor) -> None:
    for responsible in (here.administrator, people.one(pk=stranger.user_id)):
        with pytest.raises(DatabaseError, match=REFUSED):
            insert(here, responsible, said_by=stranger)


def test_event_makes_no_token_for_which_another_answers(here: Place) -> None:
    with as_owner_here():
        colleague = factories.user(role=Role.ADMINISTRATOR, works_for=here.authority)
    actor = factories.actor_for(colleague)
    with pytest.raises(DatabaseError, match=REFUSED):
        insert(here, here.administrator, said_by=actor)


def test_no_token_is_revoked_without_its_event(here: Place, stranger: Actor) -> None:
    assert change(here, "revoked_at = now()") == 0
    assert change(here, "revoked_at = now()", said_by=stranger) == 0


def test_no_token_comes_back(here: Place) -> None:
    actor = factories.actor_for(here.administrator)
    revoke_token(actor=actor, token_id=here.software.token_id)

    assert change(here, "revoked_at = NULL") == 0
    with pytest.raises(DatabaseError, match=REFUSED):
        change(here, "revoked_at = NULL", said_by=actor)
    for column in ("expires_at", "token_fingerprint", "organisation_id", "responsible_id"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            change(here, f"{column} = {column}")
