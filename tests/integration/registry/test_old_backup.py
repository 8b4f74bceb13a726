"""Gone means gone: a backup from when the record lived is put back, and does not open."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from audit.events import EventKind
from contactpoint.local.postgresql import program
from contactpoint.local.servers import Servers
from encryption import keyring
from encryption.errors import KeyMissingError
from registry.models import Child, ChildName, DestroyedCohort, Shield
from registry.worker import retention
from registry.worker.retention import Kept
from tests import factories, servers
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.merging import build_bureau
from tests.integration.registry.people import BORN, build_town, draft, full_draft
from tests.log import events
from tests.unit.encryption.keyrings import keyring_in

DESTROYED = date(BORN.year + 24, BORN.month + 1, 1)
COHORT = f"{BORN.year + 24}-{BORN.month:02}"


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    """Keyrings for this test alone, since some of their keys are destroyed."""
    copied = tmp_path / "keys"
    shutil.copytree(settings.KEYRING_DIR, copied)
    with keyring_in(copied / "web"):
        yield copied


def test_a_backup_that_is_put_back_does_not_open(
    own_database: str, keys: Path, tmp_path: Path, running_servers: Servers
) -> None:
    with as_owner_here():
        town = build_town()
        grown_up, other = factories.children(
            full_draft(town), draft(town, "Bo", date_of_birth=BORN.replace(month=BORN.month + 2))
        )
    backup = tmp_path / "backup"
    _run("pg_dump", running_servers, own_database, f"--file={backup}", "--format=custom")

    with as_worker():
        assert retention.keep_to_terms(DESTROYED).destroyed == 1
        assert retention.certify() == 0, "the key is there still"
    _destroy_keys(keys)
    with as_worker():
        certified = retention.certify()
        assert retention.certify() == 0
        told = DestroyedCohort.objects.get(month=f"{COHORT}-01")
        assert certified == DestroyedCohort.objects.count()
    (event,) = events(kind=EventKind.COHORT_DESTROYED, fields__contains=[f"cohort.{COHORT}"])
    assert event.fields[1:] == [f"key.{told.key_number:08x}", f"commitment.{bytes(told.commitment).hex()}"]

    _run("psql", running_servers, "postgres", "--quiet", f"--command=CREATE DATABASE {own_database}_restored")
    try:
        _run("pg_restore", running_servers, f"{own_database}_restored", str(backup), "--exit-on-error")
        with _connected_to(f"{own_database}_restored"), as_worker():
            restored = Child.objects.get(pk=grown_up.pk)
            for value in (
                restored.date_of_birth,
                restored.summary,
                ChildName.objects.filter(child=grown_up)[0].details,
            ):
                with pytest.raises(KeyMissingError, match="destroyed"):
                    value.open()
            assert Child.objects.get(pk=other.pk).date_of_birth.open() == BORN.replace(month=BORN.month + 2)
    finally:
        servers.drop(f"{own_database}_restored")


def test_what_was_put_back_after_its_key_is_gone_is_destroyed_the_next_night(own_database: str, keys: Path) -> None:
    """Of a worker that was away, or a backup that was put back: nobody knows any more whose record it is."""
    with as_owner_here():
        (child,) = factories.children(full_draft(build_town()))
    _destroy_keys(keys)
    with as_worker():
        retention.certify()
        assert retention.keep_to_terms(DESTROYED) == Kept(archived=1, destroyed=1)
        assert not Child.objects.filter(pk=child.pk).exists()


@pytest.mark.parametrize("first_stays", [True, False])
def test_two_that_were_put_back_together_are_destroyed_whichever_is_met_first(
    own_database: str, keys: Path, first_stays: bool
) -> None:
    """In blocks of their own: neither opens, nor what would have to be filed or sealed anew with it."""
    with as_owner_here():
        town = build_town()
        older = BORN.replace(year=BORN.year - 1)
        made = factories.children(full_draft(town), draft(town, "Aminah", numbers=[], date_of_birth=older))
    stays, under = made if first_stays else reversed(made)
    build_bureau(town, stays, under).put_together()
    _destroy_keys(keys)
    with as_worker(), mock.patch.object(retention, "RECORDS_IN_A_BLOCK", 1):
        retention.certify()
        nights = [retention.keep_to_terms(DESTROYED) for _ in range(2)]
        assert not Child.objects.exists()
    assert [each.failed for each in nights] == [0, 0]
    assert sum(each.archived for each in nights) == sum(each.destroyed for each in nights) == 2


def test_what_was_put_back_keeps_nobody_from_being_added(own_database: str, keys: Path) -> None:
    """Whoever is added is held against everybody who is shielded, until the night also those who do not open."""
    with as_owner_here():
        town = build_town()
        factories.children(replace(full_draft(town), shielded_since=BORN))
    _destroy_keys(keys)
    with as_owner_here():
        (added,) = factories.children(draft(town, "Bo", date_of_birth=BORN.replace(month=BORN.month + 2)))
        assert not Shield.objects.filter(child=added).exists()


def _destroy_keys(keys: Path) -> None:
    with mock.patch.object(timezone, "localdate", return_value=DESTROYED), override_settings(KEYRING_DIR=keys):
        call_command("destroy_keys", "--however-many", stdout=io.StringIO())
    with override_settings(KEYRING_HOLDER="worker"):
        keyring.current().renew()  # as it does within a second


def _run(name: str, running: Servers, database: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, as a superuser."""
    address = make_conninfo(running.postgresql.superuser_address, dbname=database)
    subprocess.run(
        [str(program(name)), f"--dbname={address}", *arguments], check=True, capture_output=True, timeout=300
    )


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Django, within, is connected to the database `name`."""
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
