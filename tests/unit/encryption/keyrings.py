"""Keyrings for one test: real files, wrapped and unwrapped by the real file back end."""

import io
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.test import override_settings

from encryption import keyring, tokens
from encryption.backends.file import FileBackend
from encryption.holders import HOLDERS
from encryption.keys import KEY_BYTES, DataKey, Purpose


def data_key(number: int, purpose: Purpose, cohort: str | None = None, secret: bytes | None = None) -> DataKey:
    """A key with a random secret, unless one is given."""
    return DataKey(number, purpose, cohort, secret or secrets.token_bytes(KEY_BYTES))


def write_keyring(directory: Path, *keys: DataKey) -> FileBackend:
    """Wrap `keys` into `directory` under its root key, which is made when it is not there."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    backend = FileBackend.create(directory)
    keyring.write(directory, [keyring.WrappedKey.of(key, backend) for key in keys])
    return backend


@contextmanager
def keyring_in(directory: Path) -> Iterator[None]:
    """The block runs as the process would that `directory` is named after, started on the keys in it."""
    try:
        with override_settings(KEYRING_DIR=directory.parent, KEYRING_HOLDER=directory.name):
            _forget_keys()
            yield
    finally:
        _forget_keys()


def said_by_make_keys(directory: Path, *arguments: str) -> str:
    """Have `make_keys` complete the keyrings below `directory`. Returns what it says."""
    output = io.StringIO()
    with override_settings(KEYRING_DIR=directory):
        call_command("make_keys", *arguments, stdout=output)
    return output.getvalue()


def keyrings_in(directory: Path) -> dict[str, keyring.Keyring]:
    """What each process holds, by what `make_keys` wrote below `directory`."""
    return {process: keyring.load(directory / process, FileBackend(directory / process)) for process in HOLDERS}


def contents(directory: Path) -> dict[str, bytes]:
    """Every file below `directory`, by its path from there."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _forget_keys() -> None:
    for cached in (keyring._own, tokens._keyed, tokens._keyed_trait, tokens._derived):
        cached.cache_clear()
