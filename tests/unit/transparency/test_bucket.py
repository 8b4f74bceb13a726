"""What is put into a bucket stays as it is, and a reader who trusts nobody is told where it did not."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from contactpoint.local.state import PROJECT
from tests.bucket import ACCOUNT, REGION, BucketServer, bucket_server
from tests.unit.transparency.logs import LOG_KEY, WITNESS, WITNESS_KEY, WITNESS_PRIVATE, Log, change, events
from transparency import note
from transparency.bucket import Bucket, connect
from transparency.bucket_reader import BucketReader
from transparency.cli import main
from transparency.errors import ForkError, PublicationError, UnreachableError
from transparency.findings import Kind, Report
from transparency.tiles import grown_tiles, tile_path
from transparency.tree import HASH_BYTES
from transparency.verify import verify

LINES = events(700)
DOCUMENT = PROJECT / "docs/access-log.md"
UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3653)


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with bucket_server() as running:
        yield running


@pytest.fixture
def bucket(server: BucketServer) -> Iterator[Bucket]:
    with connect(**server.make()) as connected:
        yield connected


def cosigned(log: Log, size: int) -> str:
    return note.cosign(log.published[size], WITNESS, WITNESS_KEY.public_key, WITNESS_PRIVATE.sign, time=1_790_000_000)


def tiles(log: Log, begin: int, end: int) -> dict[tuple[int, int], bytes]:
    return {
        (level, index): log.tiles[level, index][: width * HASH_BYTES] for level, index, width in grown_tiles(begin, end)
    }


def paths(tiles: dict[tuple[int, int], bytes]) -> dict[str, bytes]:
    return {tile_path(*place, len(hashes) // HASH_BYTES): hashes for place, hashes in tiles.items()}


def keep(bucket: Bucket, log: Log, *sizes: int, until: datetime = UNTIL) -> None:
    """Put the checkpoints of those sizes there, as they follow on each other, each cosigned."""
    before = 0
    for size in sizes:
        bucket.publish(log.published[size], tiles(log, before, size), {WITNESS: cosigned(log, size)}, until)
        before = size


@pytest.fixture
def log() -> Log:
    """One that grew in three steps."""
    made = Log()
    for start, end in ((0, 10), (10, 600), (600, 700)):
        made.seal(LINES[start:end])
    return made


@pytest.fixture
def kept(bucket: Bucket, log: Log) -> Bucket:
    keep(bucket, log, 10, 600, 700)
    return bucket


def judged(bucket: Bucket) -> tuple[Report, list[str]]:
    """What the verifier says without any export, and what the reader found of how objects are kept."""
    reader = BucketReader(bucket)
    report = verify([], reader, {}, [LOG_KEY, WITNESS_KEY], part=True)
    return report, [finding.text for finding in reader.findings]


def version_of(server: BucketServer, bucket: Bucket, key: str) -> str:
    return str(server.client.head_object(Bucket=bucket.name, Key=key)["VersionId"])


def versions(server: BucketServer, bucket: Bucket) -> dict[str, str]:
    return {key: version_of(server, bucket, key) for key in server.keys(bucket.name)}


def test_whole_log_is_there_and_can_be_judged_by_public_keys_alone(kept: Bucket, server: BucketServer) -> None:
    report, findings = judged(kept)

    assert (report.findings, findings) == ((), [])
    assert "700 leaves, which lead to 3 signed checkpoints" in report.proved[0]
    assert f"cosigned by {WITNESS}" in report.proved[1]
    assert server.keys(kept.name) == {
        "checkpoints/10", "checkpoints/600", "checkpoints/700",
        *(f"cosignatures/{size}/witness.example.org%2Fone" for size in (10, 600, 700)),
        "tile/0/000.p/10", "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/0/002.p/188", "tile/1/000.p/2",
    }  # fmt: skip


def test_every_object_is_locked_until_its_day(kept: Bucket, server: BucketServer) -> None:
    for key in server.keys(kept.name):
        told = server.client.head_object(Bucket=kept.name, Key=key)
        assert (told["ObjectLockMode"], told["ObjectLockRetainUntilDate"]) == ("COMPLIANCE", UNTIL)


@pytest.mark.parametrize("key", ["checkpoints/600", "tile/0/001"])
def test_nobody_deletes_what_is_there(kept: Bucket, server: BucketServer, key: str) -> None:
    version = version_of(server, kept, key)
    for more in ({}, {"BypassGovernanceRetention": True}):
        with pytest.raises(ClientError, match="AccessDenied"):
            server.client.delete_object(Bucket=kept.name, Key=key, VersionId=version, **more)
    at_once = server.client.delete_objects(Bucket=kept.name, Delete={"Objects": [{"Key": key, "VersionId": version}]})
    assert [each["Code"] for each in at_once["Errors"]] == ["AccessDenied"]
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        server.client.delete_bucket(Bucket=kept.name)
    report, findings = judged(kept)
    assert report.whole
    assert findings == []


def test_what_is_there_is_never_written_over(kept: Bucket, log: Log, server: BucketServer) -> None:
    other = Log()
    other.seal(change(line, child_id=1) for line in LINES[:10])
    before = versions(server, kept)

    with pytest.raises(ForkError, match="two logs pass for one"):
        keep(kept, other, 10)
    with pytest.raises(ForkError, match=r"checkpoints/10 in the bucket log-.* has other content"):
        kept.put_once("checkpoints/10", other.published[10].encode(), UNTIL)

    assert versions(server, kept) == before
    assert judged(kept)[0].whole


def test_doing_it_again_changes_nothing_but_the_day(kept: Bucket, log: Log, server: BucketServer) -> None:
    before = versions(server, kept)
    later = UNTIL + timedelta(days=1)
    keep(kept, log, 10, 600, 700, until=UNTIL - timedelta(days=9))
    keep(kept, log, 10, 600, until=later)
    assert versions(server, kept) == before
    days = {key: server.client.head_object(Bucket=kept.name, Key=key)["ObjectLockRetainUntilDate"] for key in before}
    assert days["checkpoints/600"] == later
    assert days["checkpoints/700"] == UNTIL


@pytest.mark.parametrize("puts", range(1, 11))
def test_killed_anywhere_it_goes_on(
    puts: int, bucket: Bucket, log: Log, server: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, done = Bucket.put_once, []

    def put_once(self: Bucket, key: str, content: bytes, until: datetime) -> None:
        if len(done) == puts:
            raise KeyboardInterrupt
        really(self, key, content, until)
        done.append(key)

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "put_once", put_once)
        with pytest.raises(KeyboardInterrupt):
            keep(bucket, log, 10, 600, 700)
    if sizes := BucketReader(bucket).sizes():  # no checkpoint before all that it stands on
        assert judged(bucket)[0].whole, sizes
    keep(bucket, log, 10, 600, 700)
    report, findings = judged(bucket)
    assert report.whole
    assert findings == []


def test_bucket_without_object_lock_is_refused_with_what_to_do(server: BucketServer) -> None:
    with connect(**server.make(lock=False)) as plain:
        with pytest.raises(PublicationError, match=r"no object lock.*Make another bucket"):
            plain.check_lock()
        with pytest.raises(PublicationError, match="refused PutObject"):
            plain.put_once("checkpoints/1", b"a", UNTIL)
    assert server.keys(plain.name) == set()


def test_bucket_that_is_not_there_is_named(server: BucketServer) -> None:
    with connect(**server.told("absent")) as absent, pytest.raises(PublicationError, match=r"absent.*NoSuchBucket"):
        absent.check_lock()


def test_a_server_that_does_not_keep_what_it_takes_is_found_out(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = bucket._client.put_object

    def without_lock(**told: object) -> object:
        kept = {name: value for name, value in told.items() if not name.startswith("ObjectLock")}
        return put(**kept)

    monkeypatch.setattr(bucket._client, "put_object", without_lock)
    monkeypatch.setattr(bucket._client, "put_object_retention", lambda **_: {})
    with pytest.raises(PublicationError, match="does not keep it until"):
        bucket.put_once("checkpoints/1", b"a", UNTIL)


def test_server_that_does_not_answer_is_no_fault_of_the_bucket() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with connect("log", endpoint=endpoint, region=REGION, **ACCOUNT) as away:
            with pytest.raises(UnreachableError, match="cannot be reached") as raised:
                away.check_lock()
            with pytest.raises(UnreachableError):
                list(away.versions())
    assert ACCOUNT["secret_access_key"] not in str(raised.value)


def test_reader_finds_what_was_hidden_and_judges_what_was_there_first(kept: Bucket, server: BucketServer) -> None:
    server.client.delete_object(Bucket=kept.name, Key="checkpoints/600")  # which lays a marker over it
    report, findings = judged(kept)
    assert findings == ["checkpoints/600 was hidden by somebody who tried to delete it"]
    assert report.whole
    assert "3 signed checkpoints" in report.proved[0]


def test_reader_finds_what_was_written_over(kept: Bucket, server: BucketServer) -> None:
    server.client.put_object(Bucket=kept.name, Key="tile/0/001", Body=bytes(8192))
    report, findings = judged(kept)
    assert findings == ["tile/0/001 was written over; what was there first is judged"]
    assert report.whole


def test_what_was_written_over_is_kept_on_all_the_same(kept: Bucket, log: Log, server: BucketServer) -> None:
    first, later = version_of(server, kept, "tile/0/001"), UNTIL + timedelta(days=1)
    server.client.put_object(Bucket=kept.name, Key="tile/0/001", Body=bytes(8192))
    keep(kept, log, 10, 600, 700, until=later)
    told = server.client.head_object(Bucket=kept.name, Key="tile/0/001", VersionId=first)
    assert told["ObjectLockRetainUntilDate"] == later


@pytest.mark.parametrize(
    "key",
    [
        "checkpoints/007",
        "checkpoints/\u0667",
        "checkpoints/0",
        f"checkpoints/{'9' * 900}",
        "cosignatures/010/a",
        "a\u2028b",
    ],
)
def test_names_that_are_none_of_ours_end_no_verification(key: str, kept: Bucket, server: BucketServer) -> None:
    server.client.put_object(Bucket=kept.name, Key=key, Body=b"strange")
    report, findings = judged(kept)
    assert (report.whole, findings) == (True, [])
    assert "3 signed checkpoints" in report.proved[0]


@pytest.mark.parametrize("key", ["checkpoints/20", "cosignatures/600/other"])
def test_an_object_that_cannot_be_read_is_a_finding_of_its_own(key: str, kept: Bucket, server: BucketServer) -> None:
    """Whoever has the account may put objects where they have to be fetched from an archive first."""
    server.client.put_object(Bucket=kept.name, Key=key, Body=b"strange", StorageClass="GLACIER")
    report, findings = judged(kept)
    assert [each.partition(" cannot be read: ")[0] for each in findings] == [key]
    assert "3 signed checkpoints" in report.proved[0], "all else is judged"


def test_a_word_that_is_none_leaves_its_checkpoint(kept: Bucket, server: BucketServer) -> None:
    server.client.put_object(Bucket=kept.name, Key="cosignatures/600/other", Body=b"strange")
    report, findings = judged(kept)
    assert any(each.startswith("cosignatures/600/other holds no cosignature") for each in findings)
    assert "3 signed checkpoints" in report.proved[0]


def test_reader_finds_what_nothing_keeps(bucket: Bucket, log: Log, server: BucketServer) -> None:
    keep(bucket, log, 10)
    server.client.put_object(Bucket=bucket.name, Key="checkpoints/600", Body=log.published[600].encode())
    assert judged(bucket)[1] == [
        "checkpoints/600 is not kept from being deleted, or this account may not see that it is"
    ]


@pytest.mark.parametrize(("key", "kind"), [("checkpoints/10", Kind.UNSIGNED), ("tile/0/000", Kind.ALTERED)])
def test_verifier_finds_what_was_changed(key: str, kind: Kind, bucket: Bucket, log: Log, server: BucketServer) -> None:
    """As it would be had somebody put it there first, with the account."""
    false = {"checkpoints/10": log.published[10].replace("\n10\n", "\n11\n").encode(), "tile/0/000": bytes(8192)}
    bucket.put_once(key, false[key], UNTIL)
    for path, content in {**paths(tiles(log, 0, 600)), "checkpoints/600": log.published[600].encode()}.items():
        if path != key:
            bucket.put_once(path, content, UNTIL)
    assert kind in judged(bucket)[0].kinds()


def test_verifier_finds_what_is_missing(bucket: Bucket, log: Log) -> None:
    bucket.publish(log.published[700], {}, {}, UNTIL)
    report, _ = judged(bucket)
    assert report.kinds() >= {Kind.DAMAGED}
    assert "tile/0/000 is missing in the bucket" in str(report)


def test_anybody_can_run_it_with_the_name_of_the_bucket_and_public_keys(
    kept: Bucket, server: BucketServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-reader")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-the-reader")
    (told,) = re.findall(r"^python -m transparency (verify .*--bucket .+)$", DOCUMENT.read_text(), re.MULTILINE)
    given = {"KEY": str(LOG_KEY), "WITNESS": str(WITNESS_KEY), "NAME": kept.name, "REGION": REGION}
    command = [(given | {"ENDPOINT": server.endpoint}).get(word, word) for word in told.split()]

    assert main(command) == 0
    said = capsys.readouterr().out
    assert said.startswith("WHOLE")
    assert "Proved: 0 events were held against 700 leaves, which lead to 3 signed checkpoints" in said
    assert f"cosigned by {WITNESS}" in said
    assert "known by hash alone" in said

    server.client.delete_object(Bucket=kept.name, Key="tile/0/001")
    assert main(command) == 1
    assert "unprotected: tile/0/001 was hidden" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["absent", "No Such Name"])
def test_a_bucket_that_cannot_be_read_is_told_in_a_line(
    name: str, server: BucketServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-reader")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-the-reader")
    for endpoint in (server.endpoint, "no address", "http://127.0.0.1:1"):
        assert main(["verify", "--bucket", name, endpoint, REGION, "--key", str(LOG_KEY)]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1, said


def test_the_verifier_needs_no_boto3_without_a_bucket(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['boto3'] = sys.modules['botocore'] = None;"
        " from transparency.cli import main; sys.exit(main(['witness', 'new-key', sys.argv[1], '--name', 'w']))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "key")], cwd=PROJECT, check=False)
    assert done.returncode == 0
