"""Structures that are kept packed in one column of a row, for rows that are made and read by the thousand."""

from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from encryption import keyring
from encryption.errors import ValueDamagedError
from encryption.keys import DataKey, Purpose
from encryption.seal import Place, open_sealed, seal

Kept = TypeVar("Kept")


class Packing(Generic[Kept]):
    """How values of type `kind` are sealed for `column` of `table`, bound to their row at its version.

    As a `SealedField`, but packed by MessagePack, which takes half the room, and without a model's instance. The column
    is a `SealedBytes`.
    """

    def __init__(self, kind: type[Kept], *, table: str, column: str, purpose: Purpose, pad_to: int) -> None:
        self._kind = kind
        self._table, self._column = table, column
        self._purpose = purpose
        self._pad_to = pad_to

    def key(self) -> DataKey:
        """The key that new values are sealed with. Raises KeyMissingError. Ask it once for many."""
        return keyring.current().sealing_key(self._purpose)

    def seal(self, value: Kept, key: DataKey, *, row: int, version: int) -> bytes:
        return seal(msgspec.msgpack.encode(value), self._place(row, version), key, pad_to=self._pad_to)

    def open(self, stored: bytes, *, row: int, version: int) -> Kept:
        """The value that stands in that row at that version. Raises ValueDamagedError or KeyMissingError."""
        place = self._place(row, version)
        try:
            opened: Kept = self._decoder.decode(open_sealed(stored, place, self._purpose))
        except msgspec.DecodeError:
            raise ValueDamagedError(f"The value at {place} opened to something other than {self._kind}.") from None
        return opened

    def _place(self, row: int, version: int) -> Place:
        return Place(self._table, self._column, row, version)

    @cached_property
    def _decoder(self) -> Any:
        return msgspec.msgpack.Decoder(self._kind)
