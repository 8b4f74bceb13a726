"""API tokens end with the migration that brings systems for software, which says whose; both ways lose nothing else."""

from typing import Any

from django.db import connection

from access.door.clients import presented
from access.models import OrganisationKind, Role, SystemPurpose
from access.systems import tokens
from tests import factories, servers
from tests.conftest import as_owner_here

BEFORE = ("access", "0036_systems")
ADD = """
    INSERT INTO access_apitoken
        (row_version, label, token_fingerprint, organisation_id, responsible_id, made_at, expires_at, revoked_at)
    SELECT 1, name, md5(name::text || %s), organisation_id, id, now() - interval '2 days', now() + %s, %s
    FROM access_user WHERE id = %s
"""


def migrate(database: str, *to: str) -> str:
    """As whoever migrates does, in a process of its own. Returns what it said."""
    environment = servers.login_environment(database, redis_database=0) | {"DATABASE_ROLE": "owner"}
    return servers.manage("migrate", *to, "--verbosity=0", environment=environment)


def ask(statement: str, *arguments: object) -> list[tuple[Any, ...]]:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall()) if cursor.description else []


def test_there_and_back_with_tokens_of_both_kinds(own_database: str) -> None:
    with as_owner_here():
        authority, other = (factories.organisation(kind=OrganisationKind.AUTHORITY) for _ in range(2))
        first, second = (factories.user(role=Role.ADMINISTRATOR, works_for=authority) for _ in range(2))
        stranger = factories.user(role=Role.ADMINISTRATOR, works_for=other)
        teacher = factories.user(works_for=factories.organisation(authority=authority))
        work = factories.client_system(authority, asked_by=first, accredited_by=second)
        personnel = factories.client_system(
            authority, asked_by=first, accredited_by=second, purpose=SystemPurpose.LEAVERS
        )
    at_work, own = factories.token_in(work, teacher), factories.client_token(personnel)
    assert presented(own)

    migrate(own_database, *BEFORE)

    assert ask("SELECT id FROM access_clientsystem") == [(work.pk,)], "others have no place there"
    assert ask("SELECT to_regclass('access_systemtoken')") == [(None,)]
    assert ask("SELECT count(*) FROM access_apitoken") == [(0,)]
    assert tokens.presented(at_work) is not None, "whoever is at work goes on"
    for person, number in ((first, "1"), (first, "2"), (stranger, "3")):
        ask(ADD, number, "9 days", None, person.pk)
    ask(ADD, "4", "-1 day", None, stranger.pk)

    said = migrate(own_database)

    assert "api_tokens.ended" in said
    assert {authority.directory_code, other.directory_code} == {
        each for each in (authority.directory_code, other.directory_code) if each in said
    }
    assert "3" in said.partition("tokens")[2], "those that were still good"
    assert ask("SELECT to_regclass('access_apitoken')") == [(None,)]
    assert ask("SELECT id, purpose, feed FROM access_clientsystem") == [(work.pk, "people", None)]
    assert tokens.presented(at_work) is not None
    assert presented(own) is None
    told = "SELECT count(*) FROM audit_event WHERE kind = 'system.token_given'"
    assert ask(told) == [(1,)], "what was done is never taken back"
    with as_owner_here():
        again = factories.client_system(authority, asked_by=first, accredited_by=second, purpose=SystemPurpose.LEAVERS)
    assert presented(factories.client_token(again))
