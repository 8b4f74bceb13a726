"""The bucket over years, with slow servers and late witnesses: locks are moved on, words follow, runs end in time."""

import time
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone
from pytest_django import Settings

from audit import bucket, outside
from audit.models import Checkpoint, Cosignature
from tests.integration.audit.keeping import RETENTION, Place, looks
from tests.integration.audit.sealing import connected, keys
from tests.integration.audit.test_outside import House, age, watched
from transparency.bucket import connect
from transparency.bucket_reader import BucketReader
from transparency.publication import Directory
from transparency.verify import verify


def retain(settings: Settings, time: timedelta) -> None:
    settings.BUCKET = settings.BUCKET | {"retention": time}


def locks(place: Place) -> dict[str, datetime]:
    """Until when each object is kept."""
    head = place.server.client.head_object
    return {key: head(Bucket=place.name, Key=key)["ObjectLockRetainUntilDate"] for key in place.server.keys(place.name)}


def test_what_was_let_go_is_told_of_and_kept_once_more(
    place: Place, house: House, publication: Directory, settings: Settings
) -> None:
    retain(settings, timedelta(seconds=2))
    first = place.grow()
    looks(house, publication)
    place.keep()
    last = place.grow(260)
    looks(house, publication)
    place.keep()
    assert outside.locked_size() == last
    time.sleep(2.1)
    assert outside.locked_size() == 0, "no auditor is told that it is kept"
    assert {each.partition(" ")[2] for each in place.differences()} == {
        "is not kept from being deleted, or this account may not see that it is"
    }
    assert watched(place.cluster, place.log) == {"unpublished": 1}

    retain(settings, RETENTION)
    place.keep()
    assert place.kept() == [first, last]
    assert place.differences() == []
    assert outside.locked_size() == last
    assert watched(place.cluster, place.log) == {"unpublished": 1}
    assert min(locks(place).values()) > timezone.now() + RETENTION - timedelta(minutes=5)
    assert set(Cosignature.objects.values_list("kept_until", flat=True)) == set(locks(place).values())


def test_locks_are_moved_on_at_half_time(place: Place, settings: Settings) -> None:
    retain(settings, timedelta(days=40))
    place.grow()
    place.keep()
    before = locks(place)
    retain(settings, timedelta(days=79))
    place.keep()
    assert locks(place) == before
    retain(settings, timedelta(days=81))
    place.keep()
    assert set(locks(place).values()) == {Checkpoint.objects.get().kept_until}
    assert min(locks(place).values()) > timezone.now() + timedelta(days=80)


def test_a_lock_that_nobody_moves_on_is_told_of_before_it_ends(place: Place, settings: Settings) -> None:
    retain(settings, timedelta(days=40))
    place.grow()
    place.keep()
    assert watched(place.cluster, place.log) == {}
    for days, times in ((8, 0), (6, 1)):
        with psycopg.connect(place.cluster.postgresql.superuser_address, dbname=place.log) as superuser:
            superuser.execute("UPDATE audit_checkpoint SET kept_until = now() + %s * interval '1 day'", [days])
        assert watched(place.cluster, place.log).get("unpublished", 0) == times


def test_words_that_come_later_go_there_too(
    place: Place, publication: Directory, house: House, tmp_path: Path, told: dict[str, Any], settings: Settings
) -> None:
    other = House(tmp_path / "other", "witness.example.org/two")
    settings.WITNESS_KEYS = (house.key.verifier, other.key.verifier)
    size = place.grow()
    looks(house, publication)
    place.keep()
    assert place.vouched_for() == {house.key.verifier.name: size}

    looks(other, publication)
    place.keep()
    assert place.vouched_for() == {house.key.verifier.name: size, other.key.verifier.name: size}

    behind = place.grow()
    looks(other, publication)
    newest = place.grow()
    looks(house, publication)
    place.keep()
    assert place.kept() == [size, behind, newest], "the other witness vouched for one that would have been left out"
    assert place.vouched_for() == {house.key.verifier.name: newest, other.key.verifier.name: behind}
    with connect(**told) as connected_to:
        report = verify([], BucketReader(connected_to), {}, [*keys(), other.key.verifier], part=True)
    assert f"checkpoints/{behind}, cosigned by {other.key.verifier.name}" in str(report)
    assert report.whole
    before = locks(place)
    place.keep()
    assert locks(place) == before


def test_a_word_after_patience_goes_there_too(place: Place, publication: Directory, house: House) -> None:
    size = place.grow()
    age(place.cluster, place.log, int(bucket.PATIENCE.total_seconds()) + 1)
    place.keep()
    assert place.vouched_for() == {}
    looks(house, publication)
    place.keep()
    assert place.vouched_for() == {house.key.verifier.name: size}


def test_a_word_that_is_missing_there_is_found(place: Place, publication: Directory, house: House) -> None:
    size = place.grow()
    age(place.cluster, place.log, int(bucket.PATIENCE.total_seconds()) + 1)
    place.keep()
    looks(house, publication)
    with connected(place.cluster.database_address("worker", place.log)):
        Cosignature.objects.update(kept_until=timezone.now())
    assert place.differences() == [f"cosignatures/{size}/witness.example.org%2Fone is missing"]


def test_a_forged_row_is_neither_put_there_nor_counted(place: Place, publication: Directory, house: House) -> None:
    first = place.grow()
    looks(house, publication)
    place.keep()
    last = place.grow()
    with psycopg.connect(place.cluster.postgresql.superuser_address, dbname=place.log) as superuser:
        superuser.execute(
            "INSERT INTO audit_cosignature (checkpoint_id, witness, line, at)"
            " SELECT %s, witness, line, now() FROM audit_cosignature",
            [last],
        )
    place.keep()
    assert place.kept() == [first, last]
    assert place.vouched_for() == {house.key.verifier.name: first}
    assert not [key for key in place.server.keys(place.name) if key.startswith(f"cosignatures/{last}/")]


def test_one_run_at_a_time(place: Place) -> None:
    size = place.grow()
    address = place.cluster.database_address("worker", place.log)
    with psycopg.connect(address) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [bucket.LOCK])
        place.keep()
        assert place.kept() == []
        assert place.server.keys(place.name) == set()
    with connected(address):
        bucket.keep()
        with psycopg.connect(address) as other:
            (free,) = other.execute("SELECT pg_try_advisory_lock(%s)", [bucket.LOCK]).fetchone() or (False,)
    assert place.kept() == [size]
    assert free, "the lock is given back, and not with the connection"


def test_a_run_ends_in_time_and_the_next_goes_on_where_it_was(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock by which each request takes three seconds: seven of a run, and all take twenty at least."""
    clock = count(step=3)
    monkeypatch.setattr("transparency.bucket.monotonic", lambda: float(next(clock)))
    size = place.grow(600)
    before, runs = 0, 0
    while not place.kept():
        begun = next(clock)
        place.keep()
        assert next(clock) - begun <= bucket.LONGEST.total_seconds() + 3 * 3
        there = len(place.server.keys(place.name))
        assert there > before or place.kept(), "each run gets further"
        before, runs = there, runs + 1
    assert runs > 2
    assert place.kept() == [size]
    assert place.alerts() == {}
    monkeypatch.undo()
    assert place.differences() == []
