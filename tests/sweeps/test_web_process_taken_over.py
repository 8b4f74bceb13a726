"""Whoever took over the web process, with its password and keys, while nobody is signed in: they are nobody.

No session, no event of a person, no child, no way in of anybody; that nobody's standing changes either is in
test_web_process_taken_over_standing.py, and what they can do while somebody is at work in
test_web_process_taken_over_sessions.py. Where the process that signs people in may do what
the web process may not, it is seen to: that it is refused here is no accident of the set-up.
"""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.door.sessions import SessionStore
from access.models import Role
from access.sign_in.adapters import SecondFactorAdapter
from audit.actors import Actor
from audit.events import EventKind, Outcome
from audit.leaves import leaves
from contactpoint.local.servers import Servers
from contactpoint.roles import READER
from encryption.errors import KeyMissingError
from encryption.signing import newest_signer, public_keys
from tests.acting_servers import signing_in
from tests.conftest import as_owner_here
from tests.sweeps.attacking import CHILD_TABLES, NO_SESSION, OPENED, Place, Web, commit_event, forged, placed, refusal

RECORD, RECORD_PROCESS = "SELECT audit_record(%s, %s)", "SELECT audit_record_process(%s)"
SAID_BY_NOBODY = {"access.refused", "alert.raised", "log.closed", "log.heartbeat"}
FAILURES = {
    EventKind.SIGN_IN_FAILED: Outcome.WRONG_PASSWORD,
    EventKind.SIGN_IN_LOCKED: Outcome.NOT_PERMITTED,
    EventKind.SECOND_FACTOR_FAILED: Outcome.WRONG_CODE,
}

# Each with a change of one's own that whoever has the right could make.
SECRETS = {
    "access_password": "hash = (SELECT max(hash) FROM access_password)",
    "access_signinsession": "session_id = NULL",
    "mfa_authenticator": "data = (SELECT a.data FROM mfa_authenticator AS a LIMIT 1)",
}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def victims(place: Place) -> dict[Role, Actor]:
    """One of each role, with what is known of them and without the key of their session."""
    return {role: replace(place.newcomer(role), session_key="") for role in Role}


# Sessions


def test_no_session_is_begun_made_somebodys_or_confirmed(place: Place) -> None:
    """One statement after the other, as the process that signs people in does it for whoever showed who they are."""
    victim, key = place.newcomer(Role.ADMINISTRATOR), secrets.token_hex(16)
    with place.connected("sign_in") as sign_in, place.connected() as web:
        ((contents,),) = sign_in.execute(
            "SELECT contents FROM access_session_load(%s)", [victim.session_key]
        ).fetchall()
        begin = "SELECT access_session_begin(%s, %s, now() + interval '1 hour')", key, contents
        assert isinstance(refusal(web, *begin), InsufficientPrivilege)
        ((number,),) = sign_in.execute(begin[0], begin[1:]).fetchall()
        sign_in.commit()
        made_up = replace(victim, session_id=number, session_key=key)
        for statement, *arguments in (
            ("SELECT access_sign_in(%s, %s)", key, forged(made_up, kind="sign_in.succeeded")),
            ("SELECT access_session_confirm(%s)", key),
            ("SELECT access_session_note_device(%s, %s)", key, contents),
        ):
            assert isinstance(refusal(web, statement, *arguments), InsufficientPrivilege), statement
            sign_in.execute(statement, arguments)
            sign_in.commit()
    assert place.as_owner("SELECT user_id, confirmed_at IS NULL FROM access_session WHERE id = %s", number) == [
        (victim.user_id, False)
    ]


def test_contents_of_a_session_make_it_nobody_elses(place: Place, victims: dict[Role, Actor]) -> None:
    """The web process seals them, and may say there what it likes."""
    own, victim = place.newcomer(), victims[Role.AUDITOR]
    said = {"_auth_user_id": str(victim.user_id), "user_id": victim.user_id, "started_at": "2001-01-01T00:00:00+00:00"}
    session = SessionStore("made up")
    with place.connected() as web:
        web.execute(
            "SELECT access_session_save(%s, %s, %s)",
            [own.session_key, session._sealed(said), timezone.now() + timedelta(days=9)],
        )
        web.commit()
        whose = web.execute("SELECT user_id FROM access_session_load(%s)", [own.session_key]).fetchall()
        assert whose == [(own.user_id,)]
        for claimed in (victim, replace(victim, session_id=own.session_id)):
            claims = forged(claimed, kind="log.read")
            assert refusal(web, RECORD, own.session_key, claims).sqlstate == NO_SESSION
    ((lasts,),) = place.as_owner("SELECT expires_at - started_at FROM access_session WHERE id = %s", own.session_id)
    assert lasts <= timedelta(seconds=settings.SESSION_COOKIE_AGE)


# Events


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("role", Role)
def test_no_event_of_a_person_is_written(place: Place, victims: dict[Role, Actor], role: Role, kind: EventKind) -> None:
    """With all that is known of them, a tag that fits, and anything for the key of their session."""
    victim = victims[role]
    claims = forged(victim, kind=kind, child_id=place.child, user_id=victim.user_id, reason="safeguarding")
    with place.connected() as web:
        for presented in ("", None, "0" * 32, str(victim.session_id)):
            assert refusal(web, RECORD, presented, claims).sqlstate == NO_SESSION
        # Nor as what a process did or a token: it would name the person as whoever did it.
        assert refusal(web, RECORD_PROCESS, claims).sqlstate == NO_SESSION
        assert refusal(web, "SELECT audit_record_token(%s, %s)", "0" * 32, claims).sqlstate == NO_SESSION


@pytest.mark.parametrize("kind", EventKind)
def test_nothing_is_said_of_somebody_as_a_process(place: Place, victims: dict[Role, Actor], kind: EventKind) -> None:
    """Neither that they tried to sign in, nor anything else that only they or whoever checked them can know.

    What is left is that a budget of theirs is spent, which the web process says after the database has.
    """
    victim = victims[Role.PRACTITIONER]
    nobody: dict[str, Any] = {"actor_id": None, "role": "", "session_id": None, "process": "sign-in"}
    claims = nobody | {"kind": kind, "user_id": victim.user_id, "child_id": place.child, "reason": "over_budget"}
    if kind in FAILURES:
        claims |= {"outcome": FAILURES[kind], "reason": "", "child_id": None}
    with place.connected() as web:
        if kind == EventKind.ALERT_RAISED:
            refused = refusal(web, RECORD_PROCESS, forged(victim, **claims | {"reason": "not_ours"}))
            assert isinstance(refused, InsufficientPrivilege)
        elif kind not in SAID_BY_NOBODY - {"access.refused"}:
            assert refusal(web, RECORD_PROCESS, forged(victim, **claims)).sqlstate == NO_SESSION
    if kind in FAILURES:
        with place.connected("sign_in") as sign_in:
            assert sign_in.execute(RECORD_PROCESS, [forged(victim, **claims)]).fetchall()


def test_what_is_forged_here_has_a_tag_that_fits(place: Place) -> None:
    """Else these would be refused, or found, for another reason than they are meant to be."""
    someone = place.newcomer()
    with place.connected() as web:
        ((event,),) = web.execute(RECORD, [someone.session_key, forged(someone, child_id=place.child)]).fetchall()
        web.commit()
    with as_owner_here():
        assert [leaf.is_ours() for leaf in leaves("id = %s", [event])] == [True]


# Children and the log


def test_no_child_is_read_by_what_others_recorded(place: Place) -> None:
    at_work, auditor = place.newcomer(), place.newcomer(Role.AUDITOR)
    with place.connected() as web:
        opened = commit_event(web, at_work, child_id=place.child, **OPENED)
        searched = commit_event(web, at_work, kind="child.searched")
        read = commit_event(web, auditor, kind="log.read")
    with place.connected() as web:
        for presented in ("", None, "0" * 32, str(at_work.session_id)):
            for statement, *arguments in (
                ("SELECT registry_read(%s, %s)", opened, presented),
                ("SELECT search.ask(%s, %s, %s)", searched, presented, place.tokens(30)),
                ("SELECT access_show_ticket(%s, %s)", opened, presented),
                ("SELECT access_show_ticket(%s, %s)", read, presented),
            ):
                assert refusal(web, statement, *arguments).sqlstate == NO_SESSION, statement
        for function in ("registry_opened_lately()", "registry_recalled()", "access_history_of(%s, 100)"):
            statement = f"SELECT * FROM {function}"
            arguments = [10**12] if "%s" in statement else []
            assert refusal(web, statement, *arguments).sqlstate == NO_SESSION, statement
        for table in CHILD_TABLES:
            assert seen(web, f"SELECT count(*) FROM {table}") == 0
    with place.connected("sign_in") as sign_in:
        for table in CHILD_TABLES:
            assert isinstance(refusal(sign_in, f"SELECT FROM {table}"), InsufficientPrivilege)
        claims = forged(at_work, child_id=place.child, **OPENED)
        assert refusal(sign_in, RECORD, at_work.session_key, claims).sqlstate == NO_SESSION
        assert isinstance(
            refusal(sign_in, "SELECT registry_read(%s, %s)", opened, at_work.session_key), InsufficientPrivilege
        )


def seen(web: Web, statement: str) -> int:
    """How many rows a count shows; none where it is refused."""
    try:
        with web.transaction():
            row = web.execute(statement).fetchone()
    except InsufficientPrivilege:
        return 0
    assert row is not None
    return int(row[0])


def test_log_shows_nothing_to_whoever_takes_the_readers_role(place: Place, victims: dict[Role, Actor]) -> None:
    """A forged reading of an auditor's, then the reader's rights, with whatever stands in the setting for a ticket."""
    auditor = victims[Role.AUDITOR]
    with place.connected() as web:
        for presented in ("", None, str(auditor.session_id)):
            assert refusal(web, RECORD, presented, forged(auditor, kind="log.read")).sqlstate == NO_SESSION
        web.execute(f"SET ROLE {READER}")
        for ticket in ("", "1 99999999999 " + "0" * 64):
            web.execute("SELECT set_config('contactpoint.ticket', %s, false)", [ticket])
            for table in ("audit_event", "audit_raisedalert", "review_inquiry"):
                assert seen(web, f"SELECT count(*) FROM {table}") == 0
            for function in ("review_events_of_record(1)", "review_numbers_of('{1}')"):
                assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_SESSION, function


# Ways in


@pytest.mark.parametrize("table", SECRETS)
@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "examiner", "reader"])
def test_nobodys_password_or_second_factor_is_read_or_written(place: Place, role: str, table: str) -> None:
    """All of them deleted, one person's copied to another, one more put in: accepted once, and of no event."""
    statements = (
        f"SELECT * FROM {table}",
        f"UPDATE {table} SET {SECRETS[table]}",
        f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
        f"DELETE FROM {table}",
        f"COPY {table} TO STDOUT",
        f"LOCK TABLE {table} IN ACCESS SHARE MODE",
    )
    with place.connected(role) as connection, place.connected("sign_in") as sign_in:
        for statement in statements:
            if role == "worker" and table == "access_signinsession" and statement.startswith(("DELETE", "LOCK")):
                continue  # it clears away those that are over, and sees no other (test_database_promises_sessions.py)
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement
        sign_in.execute(statements[0])
        sign_in.execute(statements[1])


def test_second_factor_is_not_opened_with_the_web_processs_keys(place: Place) -> None:
    """As it stands in a backup of the database."""
    someone = place.newcomer()
    with as_owner_here():
        kept = Authenticator.objects.get(user_id=someone.user_id, type=Authenticator.Type.TOTP)
    with pytest.raises(KeyMissingError):
        SecondFactorAdapter().decrypt(kept.data["secret"])
    with signing_in():
        assert SecondFactorAdapter().decrypt(kept.data["secret"])


# The log's signature


def test_log_is_not_signed_with_the_web_processs_keys(place: Place) -> None:
    with pytest.raises(KeyMissingError):
        newest_signer()
    assert public_keys() == []
    with place.connected() as web:
        for statement in (
            "SELECT FROM audit_checkpoint",
            "INSERT INTO audit_checkpoint SELECT * FROM audit_checkpoint WHERE false",
            "UPDATE audit_checkpoint SET published_at = NULL",
            "INSERT INTO audit_tile SELECT * FROM audit_tile WHERE false",
        ):
            assert isinstance(refusal(web, statement), InsufficientPrivilege), statement
    with override_settings(KEYRING_HOLDER="sequencer"):
        assert newest_signer().sign(b"a checkpoint")
