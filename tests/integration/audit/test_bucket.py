"""What is published goes into a bucket with object lock, once, and what is not as it was put there is found."""

import socket
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from audit import bucket, tasks
from audit.models import Checkpoint
from tests.integration.audit.keeping import RETENTION, Place, looks
from tests.integration.audit.sealing import connected, keys
from tests.integration.audit.test_outside import House, age, watched
from transparency.bucket import Bucket, connect
from transparency.bucket_reader import BucketReader
from transparency.publication import Directory
from transparency.verify import verify


def test_what_is_published_is_kept_and_can_be_judged_from_there_alone(place: Place, told: dict[str, Any]) -> None:
    first = place.grow()
    place.keep()
    place.grow(300)
    last = place.grow()
    place.keep()
    assert place.kept() == [first, last], "a later checkpoint holds those before it"
    until = Checkpoint.objects.get(size=last).kept_until
    assert until is not None
    assert abs(until - timezone.now() - RETENTION) < timedelta(minutes=5)
    with connect(**told) as connected_to:
        report = verify([], BucketReader(connected_to), {}, keys(), part=True)
    assert report.whole
    assert f"2 signed checkpoints, up to size {last:,}" in report.proved[0]
    assert place.differences() == []
    assert place.alerts() == {}


def test_nothing_is_put_there_twice(place: Place) -> None:
    place.grow()
    place.keep()
    before = place.server.keys(place.name)
    place.keep()
    assert place.server.keys(place.name) == before


def test_without_a_bucket_nothing_is_kept_and_nobody_is_alarmed(place: Place, settings: Settings) -> None:
    settings.BUCKET = None
    place.grow()
    place.keep()
    age(place.cluster, place.log, settings.AUDIT_UNPUBLISHED_SECONDS + 1)
    assert place.kept() == []
    assert watched(place.cluster, place.log) == {}


def test_bucket_without_object_lock_is_told_of_at_once(
    place: Place, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BUCKET = place.server.make(lock=False) | {"retention": RETENTION}
    place.grow()
    place.keep()
    assert place.kept() == []
    assert place.server.keys(settings.BUCKET["name"]) == set()
    assert "has no object lock" in capsys.readouterr().out
    assert place.alerts() == {"unpublished": 1}


def test_address_that_is_none_is_told_of_at_once(place: Place, settings: Settings) -> None:
    settings.BUCKET = settings.BUCKET | {"endpoint": "http://no_host"}
    place.grow()
    place.keep()
    assert place.alerts() == {"unpublished": 1}
    with (
        connected(place.cluster.database_address("worker", place.log)),
        pytest.raises(CommandError, match="cannot be asked"),
    ):
        call_command("verify_bucket")


def test_bucket_that_does_not_answer_is_told_of_in_time_and_loses_nothing(
    place: Place, told: dict[str, Any], settings: Settings
) -> None:
    size = place.grow()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        away = {"endpoint": f"http://127.0.0.1:{taken.getsockname()[1]}", "retention": RETENTION}
        settings.BUCKET = told | away
        place.keep()
        assert watched(place.cluster, place.log) == {}
        age(place.cluster, place.log, settings.AUDIT_UNPUBLISHED_SECONDS + 1)
        place.keep()
        assert watched(place.cluster, place.log) == {"unpublished": 1}
    assert place.kept() == []

    settings.BUCKET = told | {"retention": RETENTION}
    place.keep()
    assert place.kept() == [size]
    assert place.differences() == []
    assert watched(place.cluster, place.log) == {"unpublished": 1}


def test_sealing_does_not_wait_for_the_bucket(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bucket, "publish", lambda *_: pytest.fail("the sequencer was at the bucket"))
    place.grow()
    tasks.seal()


@pytest.mark.parametrize("puts", range(6))
def test_killed_anywhere_it_goes_on(puts: int, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    really, done = Bucket.put_once, []

    def put_once(self: Bucket, key: str, *rest: Any) -> None:
        if len(done) == puts:
            raise KeyboardInterrupt
        really(self, key, *rest)
        done.append(key)

    place.grow(260)
    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "put_once", put_once)
        try:
            place.keep()
        except KeyboardInterrupt:
            assert place.kept() == []
    assert [each for each in place.differences() if "missing" not in each] == []
    last = place.grow(260)
    place.keep()
    assert place.kept()[-1] == last
    assert place.differences() == []


def test_killed_before_it_was_noted_it_goes_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    size = place.grow()
    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "publish", lambda *_: None)
        place.keep()
    assert any("missing" in each for each in place.differences())
    Checkpoint.objects.update(published_at=timezone.now())
    with psycopg.connect(place.cluster.postgresql.superuser_address, dbname=place.log) as superuser:
        superuser.execute("UPDATE audit_checkpoint SET kept_until = NULL")
    place.keep()
    with psycopg.connect(place.cluster.postgresql.superuser_address, dbname=place.log) as superuser:
        superuser.execute("UPDATE audit_checkpoint SET kept_until = NULL")
    place.keep()
    assert place.kept() == [size]
    assert place.differences() == []


def test_a_long_log_goes_there_in_steps(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "STEP", 20)
    sizes = [place.grow(8) for _ in range(4)]
    sizes.append(place.grow(50))
    place.keep()
    assert place.kept()[-1] == sizes[-1]
    assert len(place.kept()) == 3
    assert place.differences() == []


def test_another_log_in_the_bucket_is_told_of_at_once(place: Place) -> None:
    size = place.grow()
    client = place.server.client
    client.put_object(Bucket=place.name, Key=f"checkpoints/{size}", Body=b"another log")
    place.keep()
    assert place.kept() == []
    assert place.alerts() == {"unpublished": 1}
    assert any(each.startswith(f"checkpoints/{size} is not what the database has") for each in place.differences())


def test_what_was_changed_hidden_added_or_is_missing_is_found(place: Place, told: dict[str, Any]) -> None:
    first = place.grow()
    place.keep()
    last = place.grow(260)
    place.keep()
    client = place.server.client
    client.delete_object(Bucket=place.name, Key=f"checkpoints/{first}")
    client.put_object(Bucket=place.name, Key="tile/0/000", Body=b"other")
    client.put_object(Bucket=place.name, Key="tile/0/001.p/99", Body=bytes(99 * 32))
    client.put_object(Bucket=place.name, Key="notes.txt", Body=b"hello")
    with psycopg.connect(place.cluster.postgresql.superuser_address, dbname=place.log) as superuser:
        superuser.execute("UPDATE audit_tile SET hashes = hashes || hashes WHERE level = 1")
        superuser.execute("UPDATE audit_checkpoint SET note = note || 'x' WHERE size = %s", [last])
        superuser.execute(
            "INSERT INTO audit_checkpoint (size, root, before_transaction, note, at, published_at, kept_until)"
            " SELECT size + 1, root, before_transaction, note, at, published_at, kept_until FROM audit_checkpoint"
            " WHERE size = %s", [last],
        )  # fmt: skip
    found = set(place.differences())
    assert found >= {
        f"checkpoints/{first} was hidden by somebody who tried to delete it",
        f"checkpoints/{last} is not what the database has",
        f"checkpoints/{last + 1} is missing",
        "notes.txt is nothing that we put there",
        "notes.txt is not kept from being deleted, or this account may not see that it is",
        "tile/0/000 was written over; what was there first is judged",
        "tile/0/001.p/99 is not what the database has",
    }


def test_what_cannot_be_read_hides_nothing_else(place: Place) -> None:
    size = place.grow()
    place.keep()
    client = place.server.client
    client.put_object(Bucket=place.name, Key="checkpoints/007", Body=b"strange\n")
    client.put_object(Bucket=place.name, Key="checkpoints/1", Body=b"strange", StorageClass="GLACIER")
    client.put_object(Bucket=place.name, Key="notes\u2028all is well", Body=b"hello")
    client.delete_object(Bucket=place.name, Key=f"checkpoints/{size}")
    found = place.differences()
    assert "checkpoints/007 is nothing that we put there" in found
    assert any(each.startswith("checkpoints/1 cannot be read") for each in found)
    assert "notes\N{REPLACEMENT CHARACTER}all is well is nothing that we put there" in found
    assert f"checkpoints/{size} was hidden by somebody who tried to delete it" in found


def test_command_says_how_it_stands(place: Place) -> None:
    place.grow()
    place.keep()
    with connected(place.cluster.database_address("worker", place.log)):
        said = StringIO()
        call_command("verify_bucket", stdout=said)
        assert said.getvalue() == "The bucket holds what the database has, and nobody can delete it.\n"
        place.server.client.put_object(Bucket=place.name, Key="notes.txt", Body=b"hello")
        with pytest.raises(CommandError, match="NOT what was put there"):
            call_command("verify_bucket", stdout=said)
    assert "notes.txt is nothing that we put there" in said.getvalue()


def test_command_says_that_no_bucket_is_set_up(place: Place, settings: Settings) -> None:
    settings.BUCKET = None
    with pytest.raises(CommandError, match="No bucket is set up"):
        call_command("verify_bucket")


def test_a_checkpoint_goes_there_with_the_word_of_the_witness(
    place: Place, publication: Directory, house: House, told: dict[str, Any]
) -> None:
    place.grow()
    vouched = looks(house, publication)
    newer = place.grow()
    place.keep()
    assert place.kept() == [vouched], "the newer one waits for its word"

    with connect(**told) as connected_to:
        report = verify([], BucketReader(connected_to), {}, [*keys(), house.key.verifier], part=True)
    assert f"cosigned by {house.key.verifier.name}" in str(report)
    assert "rewritten as a whole" not in str(report)
    assert place.differences() == []
    assert place.vouched_for() == {house.key.verifier.name: vouched}

    age(place.cluster, place.log, int(bucket.PATIENCE.total_seconds()) + 1)
    place.keep()
    assert place.kept() == [vouched, newer], "but not for ever"


def test_a_word_that_is_not_the_witness_s_is_found(
    place: Place, publication: Directory, house: House, tmp_path: Path, settings: Settings
) -> None:
    place.grow()
    looks(house, publication)
    place.keep()
    settings.WITNESS_KEYS = (House(tmp_path / "other").key.verifier,)
    [wrong] = place.differences()
    assert wrong.endswith("is not that witness's word for this checkpoint")
    settings.WITNESS_KEYS = ()
    [wrong] = place.differences()
    assert "by nobody in WITNESS_KEYS" in wrong


def test_no_secret_of_the_account_is_said(
    place: Place, told: dict[str, Any], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    place.grow()
    settings.BUCKET = told | {"name": "absent", "retention": RETENTION}
    place.keep()
    settings.BUCKET = told | {"endpoint": "http://127.0.0.1:1", "retention": RETENTION}
    place.keep()
    said = "".join(capsys.readouterr())
    assert "NoSuchBucket" in said
    assert "cannot be reached" in said
    assert told["secret_access_key"] not in said
