"""A log of a test's own, on a PostgreSQL of its own.

Only settled transactions are sealed, and those of any database of the cluster hold the seal up: beside other tests,
whose transactions last as long as they do, nothing would settle.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from contactpoint.local import servers as local_servers
from encryption.holders import HOLDERS
from encryption.signing import public_keys
from transparency.note import VerifierKey

WORKER = Process("tests")


@contextmanager
def connected(address: str) -> Iterator[None]:
    """Django connected to `address` instead, within, with the keys of the process that serves as its role.

    Who sets up as the owner, whose process has none, has those of web.
    """
    before = dict(connection.settings_dict)
    connection.close()
    told = dj_database_url.parse(address)
    connection.settings_dict.update({"OPTIONS": {}, **told})
    process = str(told["USER"]).removeprefix("contactpoint_")
    try:
        with override_settings(KEYRING_HOLDER=process if process in HOLDERS else "web"):
            yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def acting_as(cluster: local_servers.Servers, log: str, role: str) -> str:
    """The address of somebody who acts as `role` and may take on any other, as people's pages are served in tests."""
    superuser, _, _ = cluster.postgresql.superuser_address.rpartition("/")
    return f"{superuser}/{log}?options=-c%20role%3Dcontactpoint_{role}"


def write(number: int, *, in_one: int = 1) -> list[int]:
    """Record `number` events, `in_one` in each transaction. Returns their ids."""
    written: list[int] = []
    while len(written) < number:
        with transaction.atomic():
            for _ in range(min(in_one, number - len(written))):
                written.append(record(EventKind.CHILD_ADDED, About(child_id=len(written) + 1), actor=WORKER))
    return written


def keys() -> list[VerifierKey]:
    """The log's public keys."""
    with override_settings(KEYRING_HOLDER="sequencer"):
        return [VerifierKey(settings.LOG_ORIGIN, key) for key in public_keys()]


def raised(cluster: local_servers.Servers, log: str) -> dict[str, int]:
    """How often each alert was raised, which nobody who writes events may ask."""
    with psycopg.connect(cluster.postgresql.superuser_address, dbname=log) as superuser:
        return dict(superuser.execute("SELECT what, sum(times)::int FROM audit_raisedalert GROUP BY what").fetchall())
