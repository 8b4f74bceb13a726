"""The root key in a file: there, whole, and readable by its owner alone, or refused."""

from pathlib import Path

import pytest

from encryption.backends.file import FileBackend
from encryption.errors import KeyMissingError, KeyWrongError
from tests.unit.encryption.keyrings import mode_of
from tests.unit.encryption.telling import assert_tells_nothing

CONTEXT = b"contactpoint data key 1|00000001|user|"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with a root key."""
    FileBackend.create(tmp_path)
    return tmp_path


def test_wrapped_key_unwraps(directory: Path) -> None:
    wrapped = FileBackend(directory).wrap(bytes(32), CONTEXT)

    assert FileBackend(directory).unwrap(wrapped, CONTEXT) == bytes(32)
    assert FileBackend(directory).wrap(bytes(32), CONTEXT) != wrapped


def test_wrapped_key_damaged_anywhere_is_refused(directory: Path) -> None:
    backend = FileBackend(directory)
    wrapped = backend.wrap(bytes(range(32)), CONTEXT)
    damaged = [wrapped[:length] for length in range(len(wrapped))]
    damaged += [wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :] for at in range(len(wrapped))]
    damaged += [wrapped + b"\0", b"\0" + wrapped]

    for other in damaged:
        with pytest.raises(KeyWrongError) as refusal:
            backend.unwrap(other, CONTEXT)
        assert_tells_nothing(refusal.value, bytes(range(32)), (directory / "root.key").read_bytes())


def test_wrapped_key_under_another_context_is_refused(directory: Path) -> None:
    wrapped = FileBackend(directory).wrap(bytes(32), CONTEXT)

    with pytest.raises(KeyWrongError):
        FileBackend(directory).unwrap(wrapped, CONTEXT.replace(b"user", b"audit"))


def test_root_key_missing_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(KeyMissingError, match="make_keys"):
        FileBackend(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o620, 0o602, 0o610, 0o666, 0o777])
def test_root_key_that_others_can_reach_is_refused(mode: int, directory: Path) -> None:
    assert FileBackend(directory)
    (directory / "root.key").chmod(mode)

    with pytest.raises(KeyWrongError, match=f"mode {mode:o}") as refusal:
        FileBackend(directory)
    assert_tells_nothing(refusal.value, (directory / "root.key").read_bytes())


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33, 64])
def test_root_key_of_another_length_is_refused(length: int, directory: Path) -> None:
    assert FileBackend(directory)
    (directory / "root.key").write_bytes(b"k" * length)

    with pytest.raises(KeyWrongError, match=f"holds {length} bytes"):
        FileBackend(directory)


def test_root_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    FileBackend.create(tmp_path)
    made = (tmp_path / "root.key").read_bytes()
    FileBackend.create(tmp_path)

    assert (tmp_path / "root.key").read_bytes() == made
    assert len(made) == 32
    assert mode_of(tmp_path / "root.key") == 0o600


def test_back_end_prints_without_its_key(directory: Path) -> None:
    backend = FileBackend(directory)
    secret = (directory / "root.key").read_bytes()

    assert secret.hex() not in repr(backend)
    assert repr(secret) not in repr(vars(backend))
