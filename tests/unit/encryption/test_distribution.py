"""Each process is given its own keys; the one keyring of before is split; and no key is ever lost on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import blake2b
from pathlib import Path
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from encryption import distribution, keyring
from encryption.authentication import is_authentic
from encryption.distribution import complete
from encryption.errors import KeyWrongError
from encryption.holders import HOLDERS, held_by
from encryption.keys import LOCKS, DataKey, Purpose
from tests.unit.encryption.keyrings import (
    contents,
    data_key,
    keyring_in,
    keyrings_in,
    said_by_make_keys,
    write_keyring,
)

TODAY = date(2026, 11, 30)
SINCE = {Purpose.TRAIT, Purpose.TAG, *LOCKS, *LOCKS.values()}
BEFORE = [purpose for purpose in Purpose if purpose not in {Purpose.CHILD, *SINCE}]


class KilledError(Exception):
    """Stands for the end of the process at that point."""


@pytest.fixture
def old() -> list[DataKey]:
    """The keys of an installation of before, two of which had been rotated once."""
    single = [data_key(number, purpose) for number, purpose in enumerate(BEFORE, start=100)]
    rotated = [data_key(200, Purpose.AUDIT), data_key(201, Purpose.CHECKPOINT)]
    return [*single, data_key(1, Purpose.CHILD, "2030-01"), data_key(2, Purpose.CHILD, "2041-04"), *rotated]


def numbers(old: list[DataKey], process: str) -> dict[Purpose, list[int]]:
    """Which of the old keys the process may hold, older ones before newer ones."""
    return {purpose: [key.number for key in old if key.purpose == purpose] for purpose in held_by(process)}


def numbers_of(keys: keyring.Keyring, old: list[DataKey]) -> dict[Purpose, list[int]]:
    """Which of the old keys a keyring holds."""
    held = {key.purpose for key in keys.all_keys()}
    return {purpose: [key.number for key in keys.keys_for(purpose) if key in old] for purpose in held}


def old_tag(message: bytes, audit: DataKey) -> bytes:
    """As events were tagged before: under a key derived from the one that sealed criteria."""
    key = HKDFExpand(hashes.SHA256(), 32, b"event authentication").derive(audit.secret)
    return blake2b(message, key=key, digest_size=16).digest()


def test_every_purpose_is_held_by_somebody() -> None:
    assert {purpose for held in HOLDERS.values() for purpose in held} == set(Purpose)


def test_each_process_is_given_its_own_keys_and_no_others(tmp_path: Path) -> None:
    complete(tmp_path, today=TODAY)
    loaded = keyrings_in(tmp_path)

    for process, keys in loaded.items():
        assert {key.purpose for key in keys.all_keys()} == held_by(process)
    assert loaded["web"].keys_for(Purpose.CHILD) == loaded["worker"].keys_for(Purpose.CHILD)


def test_no_root_key_opens_another_keyring(tmp_path: Path) -> None:
    complete(tmp_path, today=TODAY)
    roots = {process: (tmp_path / process / "root.key").read_bytes() for process in HOLDERS}

    assert len(set(roots.values())) == len(HOLDERS)
    for process, other in ((one, two) for one in HOLDERS for two in HOLDERS if one != two):
        (tmp_path / process / "root.key").write_bytes(roots[other])
        with pytest.raises(KeyWrongError):
            keyrings_in(tmp_path)
        (tmp_path / process / "root.key").write_bytes(roots[process])


def test_the_one_keyring_of_before_is_split_once_and_taken_away(tmp_path: Path, old: list[DataKey]) -> None:
    write_keyring(tmp_path / "keys", *old)

    said = said_by_make_keys(tmp_path / "keys")

    assert "was split" in said
    assert "--rotate checkpoint" in said
    assert {name.split("/")[0] for name in contents(tmp_path / "keys")} == set(HOLDERS)
    for process, keys in keyrings_in(tmp_path / "keys").items():
        assert numbers_of(keys, old) == numbers(old, process)
    assert said_by_make_keys(tmp_path / "keys") == "All keys are there.\n"


def test_events_that_were_tagged_before_the_split_still_fit(tmp_path: Path, old: list[DataKey]) -> None:
    write_keyring(tmp_path / "keys", *old)
    tags = [old_tag(b"an event", key) for key in old if key.purpose == Purpose.AUDIT]
    assert len(tags) == 2

    complete(tmp_path / "keys", today=TODAY)

    for process in HOLDERS:
        with keyring_in(tmp_path / "keys" / process):
            assert all(is_authentic(b"an event", tag) for tag in tags)
            newest = keyring.current().sealing_key(Purpose.TAG)
            assert blake2b(b"an event", key=newest.secret, digest_size=16).digest() == tags[-1]


@contextmanager
def killed_at(step: int) -> Iterator[None]:
    """The process ends before the keyring number `step` is written."""
    written = 0
    really_write = keyring.write

    def write(directory: Path, keys: list[keyring.WrappedKey]) -> None:
        nonlocal written
        written += 1
        if written > step:
            raise KilledError
        really_write(directory, keys)

    with patch.object(keyring, "write", write):
        yield


@pytest.mark.parametrize("step", range(len(HOLDERS)))
def test_split_that_is_killed_goes_on(step: int, tmp_path: Path, old: list[DataKey]) -> None:
    write_keyring(tmp_path, *old)
    with pytest.raises(KilledError), killed_at(step):
        complete(tmp_path, today=TODAY)
    assert (tmp_path / "keys.json").exists()

    done = complete(tmp_path, today=TODAY)

    assert done.split
    assert not (tmp_path / "keys.json").exists()
    loaded = keyrings_in(tmp_path)
    for process, keys in loaded.items():
        assert numbers_of(keys, old) == numbers(old, process)
        assert {key.purpose for key in keys.all_keys()} == held_by(process)
    [tag_keys] = {tuple(key.number for key in keys.keys_for(Purpose.TAG)) for keys in loaded.values()}
    assert len(tag_keys) == 2


@pytest.mark.parametrize("left", ["keys.json", "root.key"])
def test_split_that_is_killed_while_the_old_is_taken_away_goes_on(
    left: str, tmp_path: Path, old: list[DataKey]
) -> None:
    write_keyring(tmp_path / "old", *old)
    write_keyring(tmp_path / "keys", *old)
    complete(tmp_path / "keys", today=TODAY)
    before = contents(tmp_path / "keys")
    for name in {left, "root.key"}:
        (tmp_path / "old" / name).rename(tmp_path / "keys" / name)

    assert complete(tmp_path / "keys", today=TODAY).made == 0
    assert contents(tmp_path / "keys") == before


def test_old_keyring_with_a_key_that_nobody_has_stops_everything(tmp_path: Path, old: list[DataKey]) -> None:
    """Such as one that an older version made anew after the split: values may be sealed with it."""
    complete(tmp_path, today=TODAY)
    write_keyring(tmp_path, data_key(7, Purpose.USER))
    before = contents(tmp_path)

    with pytest.raises(KeyWrongError, match=r"00000007 \(user\)"):
        complete(tmp_path, today=TODAY)
    assert contents(tmp_path) == before


def plant(directory: Path, *keys: DataKey) -> None:
    """Add keys to a keyring, as somebody who has its root key and may write could."""
    found = keyring.load(directory, distribution.configured_backend(directory)).all_keys()
    write_keyring(directory, *found, *keys)


@pytest.mark.parametrize("process", ["web", "worker"])
def test_nobody_gives_the_sequencer_a_key_to_sign_with(process: str, tmp_path: Path) -> None:
    complete(tmp_path, today=TODAY)
    plant(tmp_path / process, data_key(7, Purpose.CHECKPOINT))
    before = contents(tmp_path)

    with pytest.raises(KeyWrongError, match=r"00000007 \(checkpoint\)"):
        complete(tmp_path, today=TODAY)
    assert contents(tmp_path) == before


def test_one_number_for_two_keys_stops_everything(tmp_path: Path) -> None:
    complete(tmp_path, today=TODAY)
    number = keyrings_in(tmp_path)["web"].sealing_key(Purpose.USER).number
    others = [key for key in keyrings_in(tmp_path)["worker"].all_keys() if key.number != number]
    write_keyring(tmp_path / "worker", *others, data_key(number, Purpose.USER))
    before = contents(tmp_path)

    with pytest.raises(KeyWrongError, match=f"{number:08x}"):
        complete(tmp_path, today=TODAY)
    assert contents(tmp_path) == before


def without(process: str, purpose: Purpose) -> dict[str, dict[Purpose, str]]:
    return {
        name: {each: why for each, why in held.items() if (name, each) != (process, purpose)}
        for name, held in HOLDERS.items()
    }


def test_one_more_process_gets_its_keyring_and_what_passes_to_it_leaves_the_other(tmp_path: Path) -> None:
    complete(tmp_path, today=TODAY)
    before = keyrings_in(tmp_path)
    more = without("web", Purpose.SESSION) | {"sign-in": {Purpose.SESSION: "begins", Purpose.TAG: "tags"}}

    with patch.dict("encryption.holders.HOLDERS", more):
        assert complete(tmp_path, today=TODAY).new_keyrings == ["sign-in"]
        after = keyrings_in(tmp_path)

    assert after["sign-in"].keys_for(Purpose.SESSION) == before["web"].keys_for(Purpose.SESSION)
    assert after["sign-in"].keys_for(Purpose.TAG) == before["web"].keys_for(Purpose.TAG)
    assert after["web"].keys_for(Purpose.SESSION) == []
    assert after["worker"].all_keys() == before["worker"].all_keys()


def test_key_that_passes_to_another_process_is_never_in_neither(tmp_path: Path) -> None:
    """Killed in between, it is still with the one who had it."""
    complete(tmp_path, today=TODAY)
    session = keyrings_in(tmp_path)["web"].keys_for(Purpose.SESSION)
    more = without("web", Purpose.SESSION) | {"sign-in": {Purpose.SESSION: "begins"}}

    with patch.dict("encryption.holders.HOLDERS", more):
        for step in (0, 1):
            with pytest.raises(KilledError), killed_at(step):
                complete(tmp_path, today=TODAY)
            assert keyrings_in_those_there(tmp_path)["web"].keys_for(Purpose.SESSION) == session
        complete(tmp_path, today=TODAY)
        assert keyrings_in(tmp_path)["sign-in"].keys_for(Purpose.SESSION) == session


def keyrings_in_those_there(directory: Path) -> dict[str, keyring.Keyring]:
    return {
        path.parent.name: keyring.load(path.parent, distribution.configured_backend(path.parent))
        for path in directory.glob("*/keys.json")
    }
