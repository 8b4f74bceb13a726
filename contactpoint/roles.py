"""The database roles: who connects as which, and with which password. What each may do stands in grants.py.

owner      owns tables and functions, and migrates. Made outside, with the database; no process that serves is it
web        serves people
sign_in    checks who they are, and keeps their passwords and second factors
worker     loads, files and cleans up
sequencer  seals the access log
examiner   compares whoever looks with those who are looked at, by fingerprints
reader     reads the access log, where that is recorded; the web process takes its rights on for an auditor's query
"""

import os
from typing import Any

import dj_database_url
from django.db import connections, transaction
from psycopg import sql

OWNER = "contactpoint_owner"
WEB = "contactpoint_web"
SIGN_IN = "contactpoint_sign_in"
WORKER = "contactpoint_worker"
SEQUENCER = "contactpoint_sequencer"
EXAMINER = "contactpoint_examiner"
READER = "contactpoint_reader"
SERVING = (WEB, SIGN_IN, WORKER, SEQUENCER, EXAMINER, READER)

ADDRESSES = {
    WEB: "DATABASE_URL",
    SIGN_IN: "DATABASE_SIGN_IN_URL",
    WORKER: "DATABASE_WORKER_URL",
    SEQUENCER: "DATABASE_SEQUENCER_URL",
    EXAMINER: "DATABASE_EXAMINER_URL",
    READER: "DATABASE_READER_URL",
}


# Those of our roles that whoever migrates may change: it made them, or was made their administrator.
CHANGEABLE = """
    SELECT role.rolname FROM pg_roles role, pg_roles migrator
    WHERE role.rolname = ANY (%s) AND migrator.rolname = current_user AND migrator.rolcreaterole
        AND pg_has_role(role.oid, 'MEMBER WITH ADMIN OPTION')
"""


def set_passwords_after_migrating(using: str, **_: Any) -> None:
    """Receiver of post_migrate: a role whose address in the environment has a password gets that one.

    The server is told a SCRAM-SHA-256 verifier (RFC 5803) and never the password, so that none stands in a statement,
    a log or pg_stat_activity. Without a password in the address the role signs in by peer or certificate and is left as
    it is; so is one that an administrator made and that whoever migrates may not change.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(CHANGEABLE, [list(SERVING)])
        changeable = {role for (role,) in cursor.fetchall()}
        for role, password in _passwords().items():
            if role in changeable:
                name = sql.Identifier(role)
                # Roles belong to the server, and two changes of one role at once fail. A comment is what locks the
                # role until the transaction ends, also against a migration of another database.
                cursor.execute(sql.SQL("COMMENT ON ROLE {} IS 'See contactpoint/roles.py'").format(name))
                verifier = sql.Literal(_verifier(using, role, password))
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, verifier))


def _passwords() -> dict[str, str]:
    given = {role: dj_database_url.parse(os.environ[name]) for role, name in ADDRESSES.items() if name in os.environ}
    return {
        role: str(address["PASSWORD"])
        for role, address in given.items()
        if address.get("USER") == role and address.get("PASSWORD")
    }


def _verifier(using: str, role: str, password: str) -> str:
    session = connections[using].connection.pgconn
    verifier: bytes = session.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return verifier.decode()
