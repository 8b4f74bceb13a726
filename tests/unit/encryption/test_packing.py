"""Packed structures open in their row at its version, by whoever holds their key, and nowhere else."""

from pathlib import Path

import msgspec
import pytest

from encryption.errors import KeyMissingError, ValueDamagedError
from encryption.keys import Purpose
from encryption.packing import Packing
from tests.unit.encryption.keyrings import data_key, keyring_in, write_keyring


class Thing(msgspec.Struct, frozen=True, array_like=True):
    numbers: tuple[int, ...]


class OtherThing(msgspec.Struct, frozen=True, array_like=True):
    name: str


KEPT = Packing(Thing, table="a_table", column="a_column", purpose=Purpose.TRAIT, pad_to=64)
ELSEWHERE = (
    Packing(Thing, table="another_table", column="a_column", purpose=Purpose.TRAIT, pad_to=64),
    Packing(Thing, table="a_table", column="another_column", purpose=Purpose.TRAIT, pad_to=64),
    Packing(OtherThing, table="a_table", column="a_column", purpose=Purpose.TRAIT, pad_to=64),
    Packing(Thing, table="a_table", column="a_column", purpose=Purpose.TAG, pad_to=64),
)
THING = Thing((2**40 - 1, 0, 7))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    trait, tag = data_key(1, Purpose.TRAIT), data_key(2, Purpose.TAG)
    write_keyring(tmp_path / "worker", trait, tag, data_key(3, Purpose.KEY_ID))
    write_keyring(tmp_path / "examiner", trait, tag)
    write_keyring(tmp_path / "sequencer", tag)
    return tmp_path


def test_what_the_worker_seals_the_examiner_opens(keys: Path) -> None:
    with keyring_in(keys / "worker"):
        stored = KEPT.seal(THING, KEPT.key(), row=7, version=3)
    with keyring_in(keys / "examiner"):
        assert KEPT.open(stored, row=7, version=3) == THING
    with keyring_in(keys / "sequencer"), pytest.raises(KeyMissingError):
        KEPT.open(stored, row=7, version=3)


def test_it_opens_in_no_other_row_version_column_or_shape(keys: Path) -> None:
    with keyring_in(keys / "worker"):
        stored = KEPT.seal(THING, KEPT.key(), row=7, version=3)
        for row, version in ((8, 3), (7, 2), (7, 4)):
            with pytest.raises(ValueDamagedError):
                KEPT.open(stored, row=row, version=version)
        for other in ELSEWHERE:
            with pytest.raises((ValueDamagedError, KeyMissingError)):
                other.open(stored, row=7, version=3)


def test_length_tells_nothing_of_how_much_there_is(keys: Path) -> None:
    with keyring_in(keys / "worker"):
        lengths = {len(KEPT.seal(Thing((2**40,) * many), KEPT.key(), row=1, version=1)) for many in range(6)}
    assert len(lengths) == 1
