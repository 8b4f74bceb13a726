"""What is locked opens in its place, by whoever holds the key of the lock, and by nobody who holds the lock alone."""

from datetime import date
from pathlib import Path

import pytest

from encryption.distribution import Ring, complete
from encryption.errors import KeyMissingError, ValueDamagedError
from encryption.keys import LOCKS, Purpose
from encryption.locked import lock, unlock
from encryption.seal import Place
from tests.unit.encryption.keyrings import data_key, keyring_in, keyrings_in

PLACE = Place("a_table", "a_column", 7, 3)
VALUE = b"Wren Canary"
LOCK, KEY = Purpose.IDENTITY_LOCK, Purpose.IDENTITY


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    complete(tmp_path, today=date(2026, 11, 30))
    return tmp_path


@pytest.fixture
def locked(keys: Path) -> bytes:
    with keyring_in(keys / "web"):
        return lock(VALUE, PLACE, LOCK, pad_to=64)


def test_what_web_locks_the_worker_opens_and_web_does_not(keys: Path, locked: bytes) -> None:
    with keyring_in(keys / "worker"):
        assert unlock(locked, PLACE, KEY) == VALUE
    with keyring_in(keys / "web"), pytest.raises(KeyMissingError, match="identity"):
        unlock(locked, PLACE, KEY)
    with keyring_in(keys / "web"), pytest.raises(ValueDamagedError):
        unlock(locked, PLACE, LOCK)  # the lock taken for a key


def test_no_two_locked_values_are_alike_and_none_tells_how_long_it_is(keys: Path, locked: bytes) -> None:
    with keyring_in(keys / "web"):
        others = [lock(value, PLACE, LOCK, pad_to=64) for value in (VALUE, b"W", b"Wren Canary of the Willows")]
    assert len({locked, *others}) == 4
    assert len({len(each) for each in (locked, *others)}) == 1


@pytest.mark.parametrize(
    "place",
    [
        PLACE._replace(table="another_table"),
        PLACE._replace(column="another_column"),
        PLACE._replace(row=8),
        PLACE._replace(version=4),
    ],
)
def test_it_opens_nowhere_else(keys: Path, locked: bytes, place: Place) -> None:
    with keyring_in(keys / "worker"), pytest.raises(ValueDamagedError):
        unlock(locked, place, KEY)


@pytest.mark.parametrize("at", [0, 1, 40, -1])
def test_it_does_not_open_once_it_was_altered(keys: Path, locked: bytes, at: int) -> None:
    altered = bytearray(locked)
    altered[at] ^= 1
    for value in (bytes(altered), locked[:-1], locked[:20], b""):
        with keyring_in(keys / "worker"), pytest.raises(ValueDamagedError):
            unlock(value, PLACE, KEY)


def test_what_was_locked_before_a_key_was_rotated_opens_after_it(keys: Path, locked: bytes) -> None:
    assert complete(keys, today=date(2026, 11, 30), rotate=KEY).made == 2
    with keyring_in(keys / "web"):
        newer = lock(VALUE, PLACE, LOCK, pad_to=64)
    with keyring_in(keys / "worker"):
        assert [unlock(each, PLACE, KEY) for each in (locked, newer)] == [VALUE, VALUE]
    older = keyrings_in(keys)["worker"].keys_for(KEY)[0]
    assert keyrings_in(keys)["web"].sealing_key(LOCK).secret != older.public_half()


def test_each_key_that_opens_has_one_lock_and_nobody_holds_both_sides_who_should_not(keys: Path) -> None:
    rings = keyrings_in(keys)
    for lock_purpose, purpose in LOCKS.items():
        halves = {key.public_half() for ring in rings.values() for key in ring.keys_for(purpose)}
        locks = {key.secret for ring in rings.values() for key in ring.keys_for(lock_purpose)}
        assert len(halves) == 1
        assert halves == locks
    assert complete(keys, today=date(2026, 11, 30)).made == 0


def test_a_lock_whose_key_nobody_holds_is_taken_away_and_handed_to_nobody(keys: Path) -> None:
    web = Ring(keys / "web")
    web.hold([*web.keys, data_key(9, LOCK)])
    complete(keys, today=date(2026, 11, 30))
    assert [len(keyrings_in(keys)[process].keys_for(LOCK)) for process in ("web", "worker")] == [1, 1]
    assert 9 not in keyrings_in(keys)["web"].numbers()
