"""What is learnt so late that the key of the right month is gone, or soon is: the record goes, and nothing sticks."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from structlog.testing import capture_logs

from encryption import keyring
from encryption.keys import cohort_of
from registry.models import Child, Involvement
from registry.policies.records import child_to_keep
from registry.vocabulary import Service
from registry.worker import retention
from registry.worker.resealing import seal_for_term
from registry.worker.retention import Kept
from tests import factories
from tests.conftest import as_worker
from tests.integration.registry.keeping import cohorts, night, years_ago
from tests.integration.registry.people import AddChildren, Town, full_draft, involvement
from tests.unit.encryption.keyrings import keyring_in

THIS_MONTH = cohort_of(factories.today())


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Path]:
    """Keyrings for this test alone, since some of their keys are destroyed."""
    copied = tmp_path / "keys"
    shutil.copytree(settings.KEYRING_DIR, copied)
    with keyring_in(copied / "web"):
        yield copied


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town, date_of_birth=years_ago(12)))
    return made


def learn(child: Child, died: date) -> None:
    """As a feed does."""
    with as_worker():
        known = Child.objects.get(pk=child.pk)
        known.date_of_death = died
        known.save()
        seal_for_term(child.pk)


@pytest.mark.parametrize("years", [8, 10])
def test_a_death_of_years_ago_is_written_and_the_record_is_gone_the_next_night(child: Child, years: int) -> None:
    learn(child, years_ago(years))
    assert cohorts(child.pk) == {THIS_MONTH}
    with capture_logs() as logs:
        assert night() == Kept(archived=1, destroyed=1)
    assert [each for each in logs if each["log_level"] != "info"] == []
    with as_worker():
        assert not Child.objects.filter(pk=child.pk).exists()


def test_a_death_that_leaves_some_of_the_archive_is_archived_at_once(child: Child) -> None:
    learn(child, years_ago(4))
    assert night() == Kept(archived=1)
    assert cohorts(child.pk) == {cohort_of(years_ago(-3))}


def test_one_in_the_archive_is_destroyed_the_next_night(child: Child) -> None:
    learn(child, years_ago(2))
    assert night() == Kept(archived=1)
    learn(child, years_ago(9))
    assert night() == Kept(destroyed=1)


def test_until_the_night_people_work_with_the_record_as_before(town: Town, child: Child) -> None:
    learn(child, years_ago(9))
    with child_to_keep(town.actor(), child.pk) as shown:
        row = Involvement(child=shown.child, details=involvement(town.school, Service.SCHOOL))
        assert row.sealing_cohort() == THIS_MONTH


def test_a_record_that_is_added_too_late_is_destroyed_the_next_night(town: Town, add: AddChildren) -> None:
    (added,) = add(replace(full_draft(town), date_of_birth=years_ago(30)))
    assert cohorts(added.pk) == {THIS_MONTH}
    assert night() == Kept(archived=1, destroyed=1)


def test_where_the_worker_was_away_until_that_key_is_gone_too(child: Child, keys: Path) -> None:
    learn(child, years_ago(9))
    next_month = factories.today().replace(day=1) + timedelta(days=32)
    with mock.patch.object(timezone, "localdate", return_value=next_month), override_settings(KEYRING_DIR=keys):
        call_command("destroy_keys", "--however-many", stdout=io.StringIO())
    with override_settings(KEYRING_HOLDER="worker"):
        keyring.current().renew()  # as it does within a second
    with as_worker():
        assert retention.keep_to_terms(next_month) == Kept(unopened=1)
        assert retention.certify() >= 1
        assert retention.keep_to_terms(next_month) == Kept(archived=1, destroyed=1)
