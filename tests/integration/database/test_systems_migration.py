"""Systems leave with the migration that brought them, people's other sessions stay, and systems may come again."""

from typing import Any

from django.db import connection

from access.models import OrganisationKind, Role
from access.systems import tokens
from tests import factories, servers
from tests.conftest import as_owner_here

BEFORE = ("access", "0035_directories")
NOW = ()  # everything there is


def migrate(database: str, to: tuple[str, ...]) -> None:
    """As whoever migrates does, in a process of its own."""
    environment = servers.login_environment(database, redis_database=0) | {"DATABASE_ROLE": "owner"}
    servers.manage("migrate", *to, "--verbosity=0", environment=environment)


def ask(statement: str) -> list[tuple[Any, ...]]:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def contents_may_be_missing() -> bool:
    ((nullable,),) = ask(
        "SELECT NOT attnotnull FROM pg_attribute WHERE attrelid = 'access_session'::regclass AND attname = 'contents'"
    )
    return bool(nullable)


def test_there_and_back_with_systems_and_sessions_in_them(own_database: str) -> None:
    with as_owner_here():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        first, second = (factories.user(role=Role.ADMINISTRATOR, works_for=authority) for _ in range(2))
        teacher = factories.user(works_for=factories.organisation(authority=authority))
        system = factories.client_system(authority, asked_by=first, accredited_by=second)
    at_work = factories.actor_for(teacher)
    secret = factories.token_in(system, teacher)
    assert contents_may_be_missing()

    migrate(own_database, BEFORE)

    # That of the browser in which the system was let act is there as well.
    left = ask("SELECT id, user_id, contents IS NULL FROM access_session ORDER BY id")
    assert (at_work.session_id, teacher.pk, False) in left
    assert [row for row in left if row[2]] == []
    assert not contents_may_be_missing()
    assert ask("SELECT to_regclass('access_clientsystem'), to_regclass('access_systemcode')") == [(None, None)]
    assert ask("SELECT proname FROM pg_proc WHERE proname ~ '^access_(system|code)_' OR proname ~ 'guard_system'") == []
    told = "SELECT count(*) FROM audit_event WHERE kind = 'system.allowed'"
    assert ask(told) == [(1,)], "what was done is never taken back"
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM access_session_load(%s)", [at_work.session_key])
        assert cursor.fetchall() == [(teacher.pk,)]

    migrate(own_database, NOW)

    assert contents_may_be_missing()
    assert tokens.presented(secret) is None
    with as_owner_here():
        again = factories.client_system(authority, asked_by=first, accredited_by=second)
    bearer = tokens.presented(factories.token_in(again, teacher))
    assert bearer is not None
    assert (bearer.user, bearer.standing) == (teacher, "")
