"""A bucket that forgets nothing (S3, object lock), with the names of `transparency.publication` in it.

Each object is written once and never over another, and the bucket keeps it in compliance mode: until its day nobody
deletes that version, neither our account nor the bucket's owner. It needs `boto3`, which nothing else here does.
"""

import base64
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Any, NamedTuple

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from transparency.errors import ForkError, OutOfTimeError, PublicationError, UnreachableError
from transparency.publication import file_name, size_of
from transparency.tiles import tile_path
from transparency.tree import HASH_BYTES

MODE = "COMPLIANCE"
# Somebody waits for neither, and what is not put now is put the next time.
CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 10, 2
ALREADY_THERE = "PreconditionFailed"
AT_THE_SAME_TIME = "ConditionalRequestConflict"  # somebody else puts it just now
FAILED = 500  # and above: the fault is the server's, and may pass
BUSY = {"RequestTimeout", "RequestTimeTooSkewed", "SlowDown", "Throttling", "TooManyRequests", AT_THE_SAME_TIME}
NO_LOCK = (
    "The bucket {} has no object lock: whoever has its account could delete what is published. Make another bucket "
    "with object lock switched on, which most servers can do only when a bucket is made, and name that one."
)


class Stored(NamedTuple):
    """An object as it lies there: its bytes, how it is kept, and until when."""

    content: bytes
    mode: str
    until: datetime | None


class Version(NamedTuple):
    """One version of an object, or a marker that hides those before it."""

    key: str
    id: str
    digest: str
    is_marker: bool


class Bucket:
    """The bucket `name`. Raises UnreachableError where it does not answer, PublicationError where it refuses.

    `ends` is when, by time.monotonic, the last request may begin: whoever asks later gets an OutOfTimeError.
    """

    def __init__(self, client: Any, name: str, ends: float = math.inf) -> None:
        self._client = client
        self._ends = ends
        self.name = name

    def check_lock(self) -> None:
        """Raise PublicationError, which says what to do, unless objects in it can be kept."""
        try:
            with self._asking():
                told = self._client.get_object_lock_configuration(Bucket=self.name)
        except PublicationError as error:
            if isinstance(error.__cause__, ClientError) and _code(error.__cause__).startswith("ObjectLock"):
                raise PublicationError(NO_LOCK.format(self.name)) from None
            raise
        if told.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
            raise PublicationError(NO_LOCK.format(self.name))

    def publish(
        self,
        note: str,
        tiles: Mapping[tuple[int, int], bytes],
        cosignatures: Mapping[str, str],
        until: datetime,
        done: set[str] | None = None,
    ) -> None:
        """Put a signed checkpoint there, with the tiles that grew and the cosignature lines by their witness.

        The checkpoint comes behind its tiles. Doing it again after a crash changes nothing. Raises ForkError where
        something else is there already. What is named in `done` is taken to be there, and what was put is added to it:
        with that, whoever runs out of time goes on from where they were.
        """
        done = set() if done is None else done
        for key, content in _objects(note, tiles, cosignatures):
            if key not in done:
                self.put_once(key, content, until)
                done.add(key)

    def put_once(self, key: str, content: bytes, until: datetime) -> None:
        """Put an object there. When this returns, that very content is there and kept `until` then or for longer."""
        version = self._put(key, content, until) or self._same(key, content)
        if self._is_kept(key, version, until):
            return
        # Put there before, for less long. In this mode a day can be moved away and never nearer.
        with self._asking():
            self._client.put_object_retention(
                Bucket=self.name, Key=key, VersionId=version, Retention={"Mode": MODE, "RetainUntilDate": until}
            )
        if not self._is_kept(key, version, until):
            raise PublicationError(
                f"The bucket {self.name} took {key} and does not keep it until {until:%Y-%m-%d}, as it was asked to: "
                "whoever has its account could delete it. Use a server that knows object lock in compliance mode."
            )

    def versions(self, beginning: str = "") -> Iterator[Version]:
        """All that lies in it under names of that beginning, hidden or not; of one object the newest first."""
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=beginning)
        with self._asking():
            for page in pages:
                for each in page.get("Versions", ()):
                    yield Version(each["Key"], each["VersionId"], each["ETag"], is_marker=False)
                for each in page.get("DeleteMarkers", ()):
                    yield Version(each["Key"], each["VersionId"], "", is_marker=True)

    def read(self, key: str, version: str | None = None) -> Stored:
        """An object, in the version that is given or else the newest."""
        wanted = {"VersionId": version} if version else {}
        with self._asking():
            told = self._client.get_object(Bucket=self.name, Key=key, **wanted)
            content = told["Body"].read()
        return Stored(content, told.get("ObjectLockMode", ""), told.get("ObjectLockRetainUntilDate"))

    def _put(self, key: str, content: bytes, until: datetime) -> str:
        """Returns the version that was made, and nothing where an object is there."""
        digest = base64.b64encode(sha256(content).digest()).decode()
        try:
            with self._asking():
                made = self._client.put_object(
                    Bucket=self.name,
                    Key=key,
                    Body=content,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=digest,
                    IfNoneMatch="*",
                    ObjectLockMode=MODE,
                    ObjectLockRetainUntilDate=until,
                )
        except PublicationError as error:
            if isinstance(error.__cause__, ClientError) and _code(error.__cause__) == ALREADY_THERE:
                return ""
            raise
        return str(made["VersionId"])

    def _same(self, key: str, content: bytes) -> str:
        """The version of the object that was there first, where it has that content.

        What somebody laid over it since is no reason to let go of it: readers find that, and judge the first.
        """
        version = self._first(key)
        if self.read(key, version).content != content:
            raise ForkError(
                f"{key} in the bucket {self.name} has other content. Stop the sequencer: two logs pass for one."
            )
        return version

    def _first(self, key: str) -> str:
        found = [each for each in self.versions(key) if each.key == key and not each.is_marker]
        if not found:
            raise UnreachableError(f"The bucket {self.name} has {key} and does not show it.")
        return found[-1].id

    def _is_kept(self, key: str, version: str, until: datetime) -> bool:
        with self._asking():
            told = self._client.head_object(Bucket=self.name, Key=key, VersionId=version)
        kept = told.get("ObjectLockRetainUntilDate")
        return told.get("ObjectLockMode") == MODE and kept is not None and kept >= until

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What the library raises as errors of ours. They name the bucket, and no secret."""
        if monotonic() >= self._ends:
            raise OutOfTimeError(f"The bucket {self.name} is not done with in time. The rest goes there the next time.")
        try:
            yield
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if status >= FAILED or _code(error) in BUSY:
                raise UnreachableError(f"The bucket {self.name} is not available ({_code(error)}).") from error
            raise PublicationError(
                f"The bucket {self.name} refused {error.operation_name} ({_code(error)}). docs/access-log.md says what "
                "its account must be allowed."
            ) from error
        except BotoCoreError as error:
            raise UnreachableError(f"The bucket {self.name} cannot be reached ({type(error).__name__}).") from error


@contextmanager
def connect(
    name: str,
    *,
    endpoint: str,
    region: str,
    access_key_id: str = "",
    secret_access_key: str = "",
    seconds: float = math.inf,
) -> Iterator[Bucket]:
    """The bucket `name` of the server at `endpoint`, for so many seconds.

    Without an account, with that of boto3's usual places or none. Raises PublicationError where the address is none.
    """
    ends = monotonic() + seconds
    session = boto3.Session(
        aws_access_key_id=access_key_id or None, aws_secret_access_key=secret_access_key or None, region_name=region
    )
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
        "retries": {"total_max_attempts": TRIES, "mode": "standard"},
        "s3": {"addressing_style": "path"},
        # The digest that object lock asks for stands in the request's head; servers other than Amazon's know no other.
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
    }
    if session.get_credentials() is None:
        options["signature_version"] = UNSIGNED  # a bucket that everybody may read
    try:
        client = session.client("s3", endpoint_url=endpoint, config=Config(**options))
    except ValueError as error:  # for an address that is none
        raise PublicationError(f"The server of the bucket {name} cannot be asked: {error}") from None
    try:
        yield Bucket(client, name, ends)
    finally:
        client.close()


def _objects(
    note: str, tiles: Mapping[tuple[int, int], bytes], cosignatures: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """All that is put there with a checkpoint, by name, in order."""
    for (level, index), hashes in tiles.items():
        yield tile_path(level, index, len(hashes) // HASH_BYTES), hashes
    size = size_of(note)
    yield f"checkpoints/{size}", note.encode()
    for witness, line in cosignatures.items():
        yield f"cosignatures/{size}/{file_name(witness)}", line.encode()


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
