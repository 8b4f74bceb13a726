"""Where the key that wraps all others lives: a file here, a hardware module or a cloud service elsewhere."""

from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class KeyBackend(Protocol):
    """Wraps data keys with a root key that it never gives out.

    `context` says which key is being wrapped; a wrapped key must not unwrap under another context.
    """

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Return `key` (32 bytes) wrapped."""

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the key, or raise KeyWrongError."""


def configured_backend(directory: Path) -> KeyBackend:
    """The back end that settings name, opened for the keyring in `directory`: each keyring has a root key of its own.

    Raises KeyMissingError when the root key is not there.
    """
    factory = import_string(settings.KEY_BACKEND)
    return cast(KeyBackend, factory(directory))
