"""The root key in a file. For laptops and tests: whoever reads the file reads all of its keyring."""

import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from encryption.errors import KeyMissingError, KeyWrongError

KEY_BYTES = 32
NONCE_BYTES = 12
ROOT_KEY = "root.key"


class FileBackend:
    """Root key of 32 bytes in `<directory>/root.key`, readable by its owner alone."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / ROOT_KEY
        self._cipher = AESGCMSIV(self._read())

    @classmethod
    def create(cls, directory: Path) -> "FileBackend":
        """Make the root key unless it is there, and open it."""
        path = directory / ROOT_KEY
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
        return cls(directory)

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise KeyWrongError(
                f"A wrapped key does not unwrap with {self._path}: another root key, or the key set is damaged."
            ) from None

    def _read(self) -> bytes:
        try:
            mode = stat.S_IMODE(self._path.stat().st_mode)
            key = self._path.read_bytes()
        except FileNotFoundError:
            raise KeyMissingError(f"There is no root key at {self._path}. Make one with manage.py make_keys.") from None
        if mode & 0o077:
            raise KeyWrongError(f"{self._path} can be read by others (mode {mode:o}). Set it to 600.")
        if len(key) != KEY_BYTES:
            raise KeyWrongError(f"{self._path} holds {len(key)} bytes; a root key has {KEY_BYTES}.")
        return key
