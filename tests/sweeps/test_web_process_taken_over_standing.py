"""Whoever took over the web process, with its password and keys, lets nobody in and keeps nobody out.

Not while nobody is signed in; nor, what is a decision, in the session of an administrator who has not just confirmed.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.door.sessions import SessionStore
from access.models import Role, SystemPurpose
from access.systems.actions.systems import NewSystem, ask_for_system
from audit.events import EventKind
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import NO_SESSION, Place, confirm, confirmed, forged, placed, refusal, show_session

RECORD = "SELECT audit_record(%s, %s)"
# Everything that decides who may do what.
STANDING = """
    SELECT jsonb_build_array(
        (SELECT jsonb_agg((id, state, role, valid_until, organisation_id) ORDER BY id) FROM access_user),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_vettingitem AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_approval AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_grant AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_stop AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_accreditation AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_organisation AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_invitation AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_systemtoken AS each),
        (SELECT jsonb_agg(each ORDER BY id) FROM access_clientsystem AS each)
    )
"""
CHANGES = {
    "let in": "UPDATE access_user SET state = 'active' WHERE state = 'suspended'",
    "suspend all": "UPDATE access_user SET state = 'suspended'",
    "raise": "UPDATE access_user SET role = 'administrator'",
    "put off the day": "UPDATE access_user SET valid_until = '2099-01-01'",
    "move": "UPDATE access_user SET organisation_id = 1",
    "write to elsewhere": "UPDATE access_user SET email = name, row_version = row_version + 1",
    "add": "INSERT INTO access_user SELECT * FROM access_user LIMIT 1",
    "delete": "DELETE FROM access_user",
    "renew evidence": "UPDATE access_vettingitem SET expires_on = current_date + 300, checked_on = current_date",
    "lose evidence": "DELETE FROM access_vettingitem",
    "make evidence": """
        INSERT INTO access_vettingitem (user_id, kind, checked_on, expires_on, version, row_version)
        SELECT id, 'dbs', current_date, current_date + 300, '', 1 FROM access_user WHERE state = 'suspended'
    """,
    "approve": "UPDATE access_approval SET outcome = 'approved', decided_by_id = (SELECT min(id) FROM access_user)",
    "ask": """
        INSERT INTO access_approval (user_id, kind, role, outcome, asked_at, identity_check)
        SELECT id, 'reinstate', role, '', now(), '' FROM access_user
    """,
    "grant": """
        INSERT INTO access_grant (user_id, permission_id, organisation_id, expires_on)
        SELECT person.id, allowed.id, organisation_id, current_date + 9
        FROM access_user AS person, auth_permission AS allowed WHERE codename = 'administer_organisation'
    """,
    "renew grants": "UPDATE access_grant SET expires_on = '2099-01-01'",
    "take grants": "DELETE FROM access_grant",
    "lift stops": "UPDATE access_stop SET lifted_at = now()",
    "stop the service": "INSERT INTO access_stop (scope, reason, begun_at) VALUES ('service', 'incident', now())",
    "accredit": """
        INSERT INTO access_accreditation
            (organisation_id, sponsor_id, evidence, reference, granted_on, expires_on)
        SELECT id, responsible_authority_id, 'inspection', 'x', current_date, current_date + 300
        FROM access_organisation WHERE responsible_authority_id IS NOT NULL
    """,
    "accredit by hand": "UPDATE access_organisation SET accredited_until = '2099-01-01'",
    "close by hand": "UPDATE access_organisation SET closed_on = current_date",
    "lead rows elsewhere": "UPDATE access_organisation SET transfer_code = '3582001', telephone = '01614960000'",
    "add an organisation": """
        INSERT INTO access_organisation
            (name, kind, directory_code, telephone, town, postcode, responsible_authority_id, accredited_until)
        SELECT 'x', 'school', '900001', '', '', '', id, '2099-01-01' FROM access_organisation
        WHERE responsible_authority_id IS NULL LIMIT 1
    """,
    "invite": "INSERT INTO access_invitation (user_id, asked_at) SELECT id, now() FROM access_user",
    "make a link": """
        INSERT INTO access_invitation (user_id, invited_by_id, asked_at, token_fingerprint)
        SELECT id, id, now(), md5(id::text) FROM access_user
    """,
    "invite again": "UPDATE access_invitation SET sent_at = NULL",
    "make a token": """
        INSERT INTO access_systemtoken (token_fingerprint, system_id, given_at, expires_at)
        SELECT 'x', max(id), now(), now() + interval '9 days' FROM access_clientsystem
    """,
    "prolong tokens": "UPDATE access_systemtoken SET expires_at = now() + interval '9 days'",
    "end tokens": "DELETE FROM access_systemtoken",
    "find other work for a system": "UPDATE access_clientsystem SET purpose = 'leavers', addresses = '{}'",
    "deliver another feed": "UPDATE access_clientsystem SET feed = 1",
    "accredit a system": """
        UPDATE access_clientsystem SET accredited_at = now(), accredited_by_id = (
            SELECT max(id) FROM access_user WHERE id <> asked_by_id
        )
    """,
    "revoke systems": "UPDATE access_clientsystem SET revoked_at = now()",
    "ask for a system": """
        INSERT INTO access_clientsystem
            (client_id, name, row_version, organisation_id, addresses, keys, accredited_until, asked_by_id)
        SELECT 'x', name, 1, organisation_id, '{x}', '{}', current_date + 9, id FROM access_user LIMIT 1
    """,
}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def administrators(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture
def council(place: Place, administrators: Council) -> Council:
    return confirmed(place, administrators)


@pytest.fixture(scope="module", autouse=True)
def something_to_change(place: Place, administrators: Council) -> None:
    """Somebody suspended whom a stop holds as well and for whom another asked; an invitation, a token and a system."""
    council = confirmed(place, administrators)
    lives.invited(council)
    with transaction.atomic(), as_owner_here():
        personnel = factories.client_system(
            council.authority,
            asked_by=people.one(pk=council.first.user_id),
            accredited_by=people.one(pk=council.second.user_id),
            purpose=SystemPurpose.LEAVERS,
        )
    factories.client_token(personnel)
    address = "https://files.example.org/signed-in"
    ask_for_system(
        actor=council.first,
        new=NewSystem(council.authority.pk, "Case files", [address], {"keys": []}, timezone.localdate()),
    )
    person = place.newcomer()
    place.as_owner("UPDATE access_user SET state = 'suspended' WHERE id = %s", person.user_id)
    place.as_owner("DELETE FROM access_vettingitem WHERE user_id = %s AND kind = 'dbs'", person.user_id)
    place.as_owner(
        "INSERT INTO access_stop (scope, user_id, reason, begun_at) VALUES ('user', %s, 'misuse', now())",
        person.user_id,
    )
    place.as_owner(
        "INSERT INTO access_approval (user_id, kind, role, outcome, asked_at, identity_check)"
        " VALUES (%s, 'reinstate', 'practitioner', '', now(), '')",
        person.user_id,
    )


@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_nobodys_standing_changes(place: Place, council: Council, change: str, shown: bool) -> None:
    """Nor where an administrator's session is shown, by which people are seen, and nothing of it is recorded."""
    before = place.as_owner(STANDING)
    with place.connected() as web:
        if shown:
            show_session(web, council.second)
        assert changed_by(web, CHANGES[change]) == 0
        web.commit()
    assert place.as_owner(STANDING) == before


def changed_by(web: psycopg.Connection[Any], statement: str) -> int:
    """How many rows; none where the database refuses because it may not be. Any other error is one of the test's."""
    try:
        with web.transaction():
            return web.execute(statement).rowcount
    except psycopg.DatabaseError as error:
        if error.sqlstate not in {InsufficientPrivilege.sqlstate, NO_SESSION}:
            raise
        return 0


# In the session of an administrator

DECISIONS = {
    "answer.released": "lets a letter out of the house",
    "grant.given": "lets somebody decide about others",
    "organisation.accredited": "lets everybody in who works there",
    "stop.begun": "keeps many out",
    "stop.lifted": "lets many in",
    "system.accredited": "lets a system act for those who let it",
    "system.revoked": "keeps a system out",
    "user.approved": "lets somebody in",
    "user.reinstated": "lets somebody in again",
    "user.rejoined": "lets somebody begin again",
    "user.revoked": "keeps somebody out for good",
    "user.role_changed": "lets somebody do what they could not",
    "user.sign_in_asked": "asks for somebody's new password and second factors",
    "user.sign_in_reset": "takes somebody's password and second factors away",
    "user.vetted": "says of somebody what lets them in",
}
# Of oneself, where people sign in.
OWN_DECISIONS = {
    "second_factor.removed": "takes away what keeps others out",
    "user.password_changed": "keeps everybody out who knew the old one",
}

# Of auditors: tests/integration/review/test_case_guards.py.
AUDITORS_DECISIONS = {"case.agreed": "says, as the second, that somebody misused the service"}
# About shields, identities, hand-overs and how long a record lives: test_database_promises_shields.py, _leave.py,
# _override.py, _identity.py, _handover.py, _keeping.py and _archive.py.
OF_SHIELDS = {
    "archive.given": "lets somebody read a record in the archive",
    "child.kept": "keeps a record beyond the 18th birthday",
    "child.kept_no_more": "has a record of somebody over 18 pass into the archive",
    "escrow.opened": "shows two people which record goes on with a closed one",
    "handover.accepted": "has another authority answer for a record",
    "identity.approved": "closes a record for a new identity",
    "merge.approved": "puts two records under one",
    "merge.part_approved": "parts two records again",
    "shield.approved": "brings a shield into force, or refuses one",
    "shield.granted": "shows a protected record to somebody by name",
    "shield.lifted": "shows a protected record to everybody",
    "shield.overridden": "shows a protected record once, and each time wants a factor shown for it alone",
}


# Of what suppliers send: test_database_promises_feeds.py. Suppliers are added and stopped by a command.
OF_FEEDS = {
    "batch.committed": "lets in what a supplier sent",
    "batch.undone": "takes it back",
    "supplier.added": "lets somebody say something of children",
    "supplier.changed": "stops that, or lets it go on",
}


@pytest.fixture(scope="module")
def ready(place: Place, administrators: Council) -> int:
    """Somebody of whom nothing is missing but the second administrator's approval."""
    return lives.complete(confirmed(place, administrators)).pk


def test_decisions_are_those_listed(place: Place) -> None:
    """A new kind of event fails here until somebody decides whether it wants a second factor of this very moment."""
    kinds = [kind.value for kind in EventKind]
    rows = place.as_owner("SELECT kind FROM unnest(%s::text[]) AS kind WHERE access_is_decision(kind)", kinds)
    assert {kind for (kind,) in rows} == {*DECISIONS, *OWN_DECISIONS, *AUDITORS_DECISIONS, *OF_SHIELDS, *OF_FEEDS}


@pytest.mark.parametrize("kind", [*DECISIONS, *OWN_DECISIONS])
def test_nothing_is_decided_in_a_session_that_was_not_just_confirmed(
    place: Place, council: Council, ready: int, kind: str
) -> None:
    own = kind in OWN_DECISIONS
    actor = place.newcomer(Role.AUDITOR) if kind.startswith("answer.") else council.second
    claims: dict[str, Any] = {"kind": kind, "user_id": council.second.user_id if own else ready}
    if kind.startswith(("organisation.", "system.")):
        claims |= {"user_id": None, "fields": [str(council.school.pk), "1"]}
    event = forged(actor, **claims)
    with place.connected("sign_in" if own else "web") as connection:
        for ago, decides in ((None, False), ("7 minutes", False), ("5 minutes", True)):
            confirm(place, actor, ago)
            if decides:
                assert connection.execute(RECORD, [actor.session_key, event]).fetchall()
                connection.rollback()
            else:
                assert refusal(connection, RECORD, actor.session_key, event).sqlstate == NO_SESSION


def test_confirmation_is_not_made_up(place: Place, council: Council) -> None:
    """Neither by hand, nor by what the web process keeps of the session, nor by what it says in the event."""
    actor = council.third
    confirm(place, actor, "1 hour")
    confirmed = "SELECT confirmed_at, second_factor_at FROM access_session WHERE id = %s"
    before = place.as_owner(confirmed, actor.session_id)
    now = timezone.now()
    kept = SessionStore("made up")._sealed({"confirmed_at": now.isoformat(), "second_factor_at": now.isoformat()})
    with place.connected() as web:
        for statement in (
            "UPDATE access_session SET confirmed_at = now()",
            "SELECT access_session_confirm(%s)",
            "SELECT access_sign_in(%s, '{}')",
        ):
            arguments = [actor.session_key] if "%s" in statement else []
            assert isinstance(refusal(web, statement, *arguments), InsufficientPrivilege), statement
        web.execute("SELECT access_session_save(%s, %s, now() + interval '1 hour')", [actor.session_key, kept])
        web.commit()
        claims = forged(actor, kind="stop.begun", fields=["service"], confirmed_at=str(now), second_factor_at=str(now))
        assert refusal(web, RECORD, actor.session_key, claims).sqlstate == NO_SESSION
    assert place.as_owner(confirmed, actor.session_id) == before


def test_steps_are_taken_beside_their_own_event_alone(place: Place, council: Council, ready: int) -> None:
    """With a confirmed administrator's session, and whichever event that names the person but for the step's own."""
    with place.connected() as web:
        show_session(web, council.second)
        for kind in ("user.read", "user.asked", "user.reminded", "grant.given", "user.revoked"):
            with web.transaction(force_rollback=True):
                web.execute(RECORD, [council.second.session_key, forged(council.second, kind=kind, user_id=ready)])
                for step in ("let in", "raise", "put off the day", "make evidence", "lift stops", "accredit"):
                    assert changed_by(web, CHANGES[step].replace("'suspended'", "'joining'")) == 0, (kind, step)
