"""The keyring loads whole and right, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from encryption import keyring
from encryption.backends import configured_backend
from encryption.backends.file import FileBackend
from encryption.errors import KeyMissingError, KeyWrongError
from encryption.keys import DataKey, Purpose
from tests.unit.encryption.keyrings import data_key, keyring_in, mode_of, write_keyring
from tests.unit.encryption.telling import assert_tells_nothing

Document = dict[str, Any]


@pytest.fixture
def keys() -> list[DataKey]:
    return [
        data_key(0xC0FFEE, Purpose.USER),
        data_key(0xBADCAFE, Purpose.AUDIT),
        data_key(1, Purpose.CHILD, "2041-03"),
        data_key(2, Purpose.CHILD, "2041-04"),
    ]


@pytest.fixture
def directory(tmp_path: Path, keys: list[DataKey]) -> Path:
    """The keys, wrapped and in place."""
    write_keyring(tmp_path / "web", *keys)
    return tmp_path / "web"


def load(directory: Path) -> keyring.Keyring:
    return keyring.load(directory, FileBackend(directory))


def swap(name: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        first, second = document["keys"][:2]
        first[name], second[name] = second[name], first[name]

    return change


def set_entry(name: str, value: object) -> Callable[[Document], None]:
    return lambda document: document["keys"][0].update({name: value})


WRONG: dict[str, Callable[[Document], object]] = {
    "wrapped keys swapped": swap("wrapped"),
    "numbers swapped": swap("number"),
    "purposes swapped": swap("purpose"),
    "commitments swapped": swap("commitment"),
    "cohort given": set_entry("cohort", "2041-03"),
    "cohort not text": set_entry("cohort", 5),
    "number not hexadecimal": set_entry("number", "xyz"),
    "number missing": lambda document: document["keys"][0].pop("number"),
    "number not text": set_entry("number", 5),
    "purpose unknown": set_entry("purpose", "chlid"),
    "wrapped key empty": set_entry("wrapped", ""),
    "wrapped key not base64": set_entry("wrapped", "?"),
    "wrapped key null": set_entry("wrapped", None),
    "wrapped key a nonce alone": set_entry("wrapped", "A" * 16),
    "commitment empty": set_entry("commitment", ""),
    "commitment cut": lambda document: document["keys"][0].update(commitment=document["keys"][0]["commitment"][:40]),
    "format of the future": lambda document: document.update(format=2),
    "format missing": lambda document: document.pop("format"),
    "keys missing": lambda document: document.pop("keys"),
    "keys null": lambda document: document.update(keys=None),
    "entries are text": lambda document: document.update(keys=["a", "b"]),
}


def test_keyring_gives_each_key_by_number_and_by_purpose(directory: Path, keys: list[DataKey]) -> None:
    loaded = load(directory)

    assert loaded.numbers() == {key.number for key in keys}
    for key in keys:
        assert loaded.opening_key(key.number) == key
        assert loaded.sealing_key(key.purpose, key.cohort) == key
        assert loaded.has(key.purpose, key.cohort)


def test_of_several_keys_the_last_seals_and_all_open(tmp_path: Path) -> None:
    old, new = data_key(1, Purpose.USER), data_key(2, Purpose.USER)
    write_keyring(tmp_path / "web", old, new)
    loaded = load(tmp_path / "web")

    assert loaded.sealing_key(Purpose.USER) == new
    assert loaded.opening_key(1) == old


def test_key_that_is_not_there_is_missing_by_name(directory: Path) -> None:
    loaded = load(directory)

    with pytest.raises(KeyMissingError, match="0000beef"):
        loaded.opening_key(0xBEEF)
    with pytest.raises(KeyMissingError, match="session"):
        loaded.sealing_key(Purpose.SESSION)
    with pytest.raises(KeyMissingError, match="child of cohort 2041-05"):
        loaded.sealing_key(Purpose.CHILD, "2041-05")
    assert not loaded.has(Purpose.CHILD, None)


def test_child_key_without_cohort_is_never_any_cohorts_key(directory: Path) -> None:
    with pytest.raises(KeyMissingError, match="child"):
        load(directory).sealing_key(Purpose.CHILD)


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_keyring_file_that_is_wrong_is_refused(
    change: Callable[[Document], object], directory: Path, keys: list[DataKey]
) -> None:
    path = directory / "keys.json"
    document = json.loads(path.read_text())
    assert load(directory).numbers() == {key.number for key in keys}
    change(document)
    path.write_text(json.dumps(document))

    with pytest.raises(KeyWrongError) as refusal:
        load(directory)
    assert_tells_nothing(refusal.value, *(key.secret for key in keys), (directory / "root.key").read_bytes())


def test_keyring_file_truncated_anywhere_is_refused(directory: Path) -> None:
    path = directory / "keys.json"
    whole = path.read_bytes()
    for length in [*range(0, len(whole) - 1, 7), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(KeyWrongError, match="damaged or truncated"):
            load(directory)


def test_keyring_file_of_other_bytes_is_refused(directory: Path) -> None:
    for other in (b"\xff\xfe", b"[]", b"null", b'"keys"', b"{}", b"7"):
        (directory / "keys.json").write_bytes(other)
        with pytest.raises(KeyWrongError):
            load(directory)


def test_keyring_file_missing_says_how_to_make_it(directory: Path) -> None:
    (directory / "keys.json").unlink()

    with pytest.raises(KeyMissingError, match="make_keys"):
        load(directory)


def test_key_that_unwraps_to_another_than_committed_is_refused(directory: Path, keys: list[DataKey]) -> None:
    """Whoever holds the root key still cannot put another key in another's place unnoticed."""
    backend = FileBackend(directory)
    entries = keyring.read(directory)
    other = data_key(keys[0].number, keys[0].purpose)
    forged = keyring.WrappedKey(
        keys[0].number, keys[0].purpose, None, backend.wrap(other.secret, other.context), entries[0].commitment
    )
    assert entries[0].unwrap(backend) == keys[0]

    with pytest.raises(KeyWrongError, match="00c0ffee") as refusal:
        forged.unwrap(backend)
    assert_tells_nothing(refusal.value, other.secret, keys[0].secret)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_wrapped_key_of_another_length_is_refused(length: int, directory: Path, keys: list[DataKey]) -> None:
    backend = FileBackend(directory)
    [entry, *_] = keyring.read(directory)
    wrapped = backend.wrap(keys[0].secret[:length].ljust(length, b"\0"), keys[0].context)
    forged = keyring.WrappedKey(entry.number, entry.purpose, entry.cohort, wrapped, entry.commitment)

    with pytest.raises(KeyWrongError):
        forged.unwrap(backend)


def test_another_root_key_opens_nothing(directory: Path, tmp_path: Path, keys: list[DataKey]) -> None:
    write_keyring(tmp_path / "other" / "web")
    (directory / "root.key").write_bytes((tmp_path / "other" / "web" / "root.key").read_bytes())

    with pytest.raises(KeyWrongError, match="another root key") as refusal:
        load(directory)
    assert_tells_nothing(refusal.value, *(key.secret for key in keys), (directory / "root.key").read_bytes())


def test_wrapped_key_hides_the_key(directory: Path, keys: list[DataKey]) -> None:
    on_disc = (directory / "keys.json").read_bytes()
    for entry, key in zip(keyring.read(directory), keys, strict=True):
        assert key.secret not in entry.wrapped
        assert key.secret.hex().encode() not in on_disc
    again = keyring.WrappedKey.of(keys[0], FileBackend(directory))
    assert again.wrapped != keyring.read(directory)[0].wrapped


def test_root_key_itself_is_no_data_key_of_any_context(directory: Path, keys: list[DataKey]) -> None:
    """The wrapping is bound to its context: under no other does it unwrap, not even under none."""
    [entry, *_] = keyring.read(directory)
    root = AESGCMSIV((directory / "root.key").read_bytes())
    assert root.decrypt(entry.wrapped[:12], entry.wrapped[12:], keys[0].context) == keys[0].secret

    for context in (b"", keys[1].context, keys[0].context + b"|"):
        with pytest.raises(KeyWrongError):
            FileBackend(directory).unwrap(entry.wrapped, context)


def test_keyring_file_is_its_owners_alone(directory: Path) -> None:
    assert mode_of(directory / "keys.json") == 0o600
    assert sorted(path.name for path in directory.iterdir()) == ["keys.json", "root.key"]


def test_new_keys_have_numbers_and_secrets_of_their_own() -> None:
    made = [keyring.make_key(Purpose.USER, None, taken=set()) for _ in range(100)]

    assert len({key.number for key in made}) == len({key.secret for key in made}) == 100
    assert all(0 < key.number < 2**32 and len(key.secret) == 32 for key in made)


def test_process_uses_the_keyring_that_settings_name(directory: Path, keys: list[DataKey]) -> None:
    with keyring_in(directory):
        assert keyring.current().numbers() == {key.number for key in keys}
        assert keyring.current() is keyring.current()
    assert keyring.current().numbers() != {key.number for key in keys}


def test_process_without_keys_is_refused_and_not_remembered(directory: Path, tmp_path: Path) -> None:
    with keyring_in(tmp_path / "none" / "web"):
        for _ in range(2):
            with pytest.raises(KeyMissingError, match="root key"):
                keyring.current()
        write_keyring(tmp_path / "none" / "web", data_key(5, Purpose.USER))
        assert keyring.current().numbers() == {5}


def test_configured_back_end_is_the_file(directory: Path) -> None:
    assert isinstance(configured_backend(directory), FileBackend)


def test_key_made_since_is_found_without_a_new_start(directory: Path, keys: list[DataKey]) -> None:
    newer, next_cohort = data_key(6, Purpose.USER), data_key(7, Purpose.CHILD, "2041-05")
    with keyring_in(directory):
        installed = keyring.current()
        with pytest.raises(KeyMissingError, match="00000006"):
            installed.opening_key(6)
        with pytest.raises(KeyMissingError, match="child of cohort 2041-05"):
            installed.sealing_key(Purpose.CHILD, "2041-05")

        write_keyring(directory, *keys, newer, next_cohort)

        assert installed.opening_key(6) == newer
        assert installed.sealing_key(Purpose.CHILD, "2041-05") == next_cohort
        assert installed.sealing_key(Purpose.USER) == newer
        assert not installed.renew()


def test_cohort_made_since_is_found_by_whoever_seals(directory: Path, keys: list[DataKey]) -> None:
    next_cohort = data_key(7, Purpose.CHILD, "2041-05")
    with keyring_in(directory):
        installed = keyring.current()
        write_keyring(directory, *keys, next_cohort)

        assert installed.sealing_key(Purpose.CHILD, "2041-05") == next_cohort


def test_keyring_that_went_wrong_or_away_since_leaves_the_process_with_what_it_has(
    directory: Path, keys: list[DataKey]
) -> None:
    with keyring_in(directory):
        installed = keyring.current()
        (directory / "keys.json").write_bytes(b"{}")
        with pytest.raises(KeyWrongError, match="damaged"):
            installed.opening_key(6)
        assert installed.opening_key(keys[0].number) == keys[0]

        (directory / "keys.json").unlink()
        with pytest.raises(KeyMissingError, match="00000006"):
            installed.opening_key(6)
        assert installed.opening_key(keys[0].number) == keys[0]


def test_process_with_a_key_that_it_may_not_have_is_refused(directory: Path, keys: list[DataKey]) -> None:
    write_keyring(directory, *keys, data_key(6, Purpose.CHECKPOINT))

    with keyring_in(directory), pytest.raises(KeyWrongError, match=r"keyring of web holds keys for checkpoint.*make_"):
        keyring.current()


def test_process_that_no_keys_are_made_for_is_told_so(directory: Path, tmp_path: Path) -> None:
    directory.rename(tmp_path / "owner")

    with keyring_in(tmp_path / "owner"), pytest.raises(KeyMissingError, match="No keys are made for the process owner"):
        keyring.current()
