"""The database roles: who connects as which, and with which password. What each may do stands in grants.py.

owner      owns tables and functions, and migrates. Made outside, with the database; no process that serves is it
web        serves people
worker     loads, files and cleans up
sequencer  seals the access log
reader     reads the access log, where that is recorded; the web process takes its rights on for an auditor's query
"""

import os
from typing import Any

import dj_database_url
from django.db import connections, transaction
from psycopg import sql

OWNER = "contactpoint_owner"
WEB = "contactpoint_web"
WORKER = "contactpoint_worker"
SEQUENCER = "contactpoint_sequencer"
READER = "contactpoint_reader"
SERVING = (WEB, WORKER, SEQUENCER, READER)

ADDRESSES = {
    WEB: "DATABASE_URL",
    WORKER: "DATABASE_WORKER_URL",
    SEQUENCER: "DATABASE_SEQUENCER_URL",
    READER: "DATABASE_READER_URL",
}


def set_passwords_after_migrating(using: str, **_: Any) -> None:
    """Receiver of post_migrate: a role whose address in the environment has a password gets that one.

    The server is told a SCRAM-SHA-256 verifier (RFC 5803) and never the password, so that none stands in a statement,
    a log or pg_stat_activity. Without a password in the address the role signs in by peer or certificate and is left as
    it is; so are all roles where the one that migrates may not make any.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return
        session = connections[using].connection.pgconn
        for role, name in ADDRESSES.items():
            address = dj_database_url.parse(os.environ[name]) if name in os.environ else {}
            if address.get("USER") == role and address.get("PASSWORD"):
                password = str(address["PASSWORD"])
                verifier = session.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))
