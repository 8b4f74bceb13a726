"""What came packed is unpacked no further than is right."""

import gzip
import io
import os
import tracemalloc
import zlib
from collections import deque
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.readers import Format
from feeds.readers.packed import FREE_BYTES, WITH_GZIP_HEADER, Unpacked
from feeds.rows import Fault, FeedRefusedError
from tests.unit.feeds.people import ANN, Dripping, as_lines, as_patient, read


def unpack(content: bytes, size: int = 65536) -> bytes:
    unpacked = Unpacked(Dripping(content, drop=1000))
    return b"".join(iter(lambda: unpacked.read(size), b""))


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=WITH_GZIP_HEADER)
    return b"".join([packer.compress(bytes(1024**2)) for _ in range(megabytes)]) + packer.flush()


@given(st.binary(max_size=2000), st.integers(1, 100))
def test_what_was_packed_comes_back(content: bytes, size: int) -> None:
    assert unpack(gzip.compress(content, mtime=0), size) == content


def test_reader_reads_from_it() -> None:
    packed = gzip.compress(as_lines([as_patient(ANN)] * 3))
    assert len(read(Format.DEMOGRAPHICS, Unpacked(io.BytesIO(packed)))) == 3


def test_small_file_of_equal_lines_is_honest() -> None:
    content = b"a" * FREE_BYTES
    assert unpack(gzip.compress(content, mtime=0)) == content


def test_bomb_is_refused_and_never_held() -> None:
    packed = bomb(128)
    tracemalloc.start()
    try:
        unpacked = Unpacked(io.BytesIO(packed))
        with pytest.raises(FeedRefusedError) as refused:
            deque(iter(lambda: unpacked.read(65536), b""), maxlen=0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.fault == Fault.TOO_LARGE
    assert peak < 1024**2


GOOD = gzip.compress(b"some rows\n" * 100, mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        GOOD[:-1],
        GOOD[:20],
        GOOD[:5],
        GOOD + b"more",
        GOOD + GOOD,  # a second file
        b"key,family\r\n",
        b"PK\x03\x04" + bytes(30),  # a zip
        GOOD[:-8] + bytes(8),  # another checksum
        zlib.compress(b"without the header"),
    ],
)
def test_what_is_no_whole_gzip_is_refused(content: bytes) -> None:
    with pytest.raises(FeedRefusedError) as refused:
        unpack(content)
    assert refused.value.fault == Fault.BROKEN


@given(st.binary(max_size=300))
def test_anything_is_unpacked_or_refused(content: bytes) -> None:
    for each in (content, GOOD[:10] + content):
        with suppress(FeedRefusedError):
            unpack(each)


def test_random_bytes_do_not_count_as_a_bomb() -> None:
    content = os.urandom(8 * 1024**2)
    assert unpack(gzip.compress(content, 1)) == content
