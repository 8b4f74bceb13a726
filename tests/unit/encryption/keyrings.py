"""Keyrings for one test: real files, wrapped and unwrapped by the real file back end."""

import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings

from encryption import keyring, tokens
from encryption.backends.file import FileBackend
from encryption.keys import KEY_BYTES, DataKey, Purpose


def data_key(number: int, purpose: Purpose, cohort: str | None = None, secret: bytes | None = None) -> DataKey:
    """A key with a random secret, unless one is given."""
    return DataKey(number, purpose, cohort, secret or secrets.token_bytes(KEY_BYTES))


def write_keyring(directory: Path, *keys: DataKey) -> FileBackend:
    """Wrap `keys` into `directory` under its root key, which is made when it is not there."""
    directory.mkdir(mode=0o700, exist_ok=True)
    backend = FileBackend.create(directory)
    keyring.write(directory, [keyring.WrappedKey.of(key, backend) for key in keys])
    return backend


@contextmanager
def keyring_in(directory: Path) -> Iterator[None]:
    """The block runs as a process would that was started on the keys in `directory`."""
    try:
        with override_settings(KEYRING_DIR=directory):
            _forget_keys()
            yield
    finally:
        _forget_keys()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _forget_keys() -> None:
    for cached in (keyring.current, tokens._keyed, tokens._derived):
        cached.cache_clear()
