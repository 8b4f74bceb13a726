"""What was sent comes back as it was, a part at a time, and no part in another's place."""

import io
from collections.abc import Iterator

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from encryption.errors import KeyMissingError, ValueDamagedError
from feeds.sealed_stream import PART_BYTES, Checksum, SealedStream, parts_of, seal_part

BATCH = 5


def sealed(content: bytes) -> list[tuple[int, bytes]]:
    with override_settings(KEYRING_HOLDER="web"):
        parts = parts_of(io.BytesIO(content))
        return [(place, seal_part(part, batch_id=BATCH, place=place)) for place, part in enumerate(parts)]


def stream(parts: list[tuple[int, bytes]]) -> SealedStream:
    return SealedStream(BATCH, iter(parts))


@pytest.fixture(autouse=True)
def as_the_worker() -> Iterator[None]:
    with override_settings(KEYRING_HOLDER="worker"):
        yield


@given(st.binary(max_size=3000), st.integers(1, 700))
def test_it_comes_back_as_it_was(content: bytes, at_once: int) -> None:
    read = stream(sealed(content))
    assert b"".join(iter(lambda: read.read(at_once), b"")) == content


def test_a_large_one_comes_in_parts() -> None:
    content = bytes(range(256)) * 4000
    parts = sealed(content)
    assert len(parts) == -(-len(content) // PART_BYTES)
    assert io.BufferedReader(stream(parts)).read() == content
    assert all(content[:64] not in part for _place, part in parts)


def test_no_part_opens_in_anothers_place() -> None:
    parts = sealed(bytes(3 * PART_BYTES))
    for moved in ([parts[1], parts[0], parts[2]], [parts[0], parts[2]]):
        with pytest.raises(ValueDamagedError):
            io.BufferedReader(stream(moved)).read()


def test_who_takes_it_in_cannot_read_it_again() -> None:
    parts = sealed(b"Amina Hussain")
    with override_settings(KEYRING_HOLDER="web"), pytest.raises(KeyMissingError):
        stream(parts).read(10)


def test_the_checksum_is_of_all_of_it_and_not_of_its_parts() -> None:
    def checksum(*parts: bytes) -> bytes:
        made = Checksum()
        for part in parts:
            made.add(part)
        return made.made()

    assert checksum(b"one", b"two") == checksum(b"onetwo") != checksum(b"two", b"one")
