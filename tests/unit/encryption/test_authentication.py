"""A tag tells events of ours from others', also while a new key for tags comes into use."""

from hashlib import blake2b
from pathlib import Path

import pytest

from encryption import keyring
from encryption.authentication import authenticate, is_authentic
from encryption.errors import KeyMissingError
from encryption.keys import Purpose
from tests.unit.encryption.keyrings import data_key, keyring_in, write_keyring

MESSAGE = b"an event"


def test_tag_is_keyed_blake2b_and_fits_its_message_alone(tmp_path: Path) -> None:
    old, new = data_key(1, Purpose.TAG), data_key(2, Purpose.TAG)
    write_keyring(tmp_path / "web", old, new)

    with keyring_in(tmp_path / "web"):
        assert authenticate(MESSAGE) == blake2b(MESSAGE, key=new.secret, digest_size=16).digest()
        assert is_authentic(MESSAGE, authenticate(MESSAGE))
        assert is_authentic(MESSAGE, blake2b(MESSAGE, key=old.secret, digest_size=16).digest())
        assert not is_authentic(MESSAGE + b".", authenticate(MESSAGE))
        assert not is_authentic(MESSAGE, bytes(16))


def test_tag_under_a_key_made_since_is_known_without_a_new_start(tmp_path: Path) -> None:
    old, new = data_key(1, Purpose.TAG), data_key(2, Purpose.TAG)
    write_keyring(tmp_path / "sequencer", old)
    write_keyring(tmp_path / "web", old, new)
    with keyring_in(tmp_path / "web"):
        tag = authenticate(MESSAGE)

    with keyring_in(tmp_path / "sequencer"):
        assert not is_authentic(MESSAGE, tag)
        keyring.write(tmp_path / "sequencer", keyring.read(tmp_path / "sequencer"))
        assert not is_authentic(MESSAGE, tag)
        write_keyring(tmp_path / "sequencer", old, new)
        assert is_authentic(MESSAGE, tag)


def test_without_a_key_for_tags_there_is_none(tmp_path: Path) -> None:
    write_keyring(tmp_path / "web", data_key(1, Purpose.AUDIT))

    with keyring_in(tmp_path / "web"), pytest.raises(KeyMissingError, match="tag"):
        authenticate(MESSAGE)
