"""Model fields that hold sealed values. Every one of them is of the database type `sealed`.

Values are encoded as JSON by msgspec, so that text, dates and small dataclasses come back as the type they were.
A missing value (None) of an optional field is sealed like any other: whether there is one is nobody's business
either. Only where the column is nullable (`null=True`), because its absence tells nothing, is None stored as NULL.
"""

from typing import Any, Never

import msgspec
from django.db import models

from encryption import keyring, seal
from encryption.errors import SealedMisuseError, ValueDamagedError
from encryption.sealed import Sealed
from encryption.tokens import FINGERPRINT_BYTES


class Stored(bytes):
    """A sealed value as it stands in the database."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class SealedInRow(Sealed[Any]):
    """A sealed value as read from its row. Only a copy of that row, at that version, may take it over unopened."""

    __slots__ = ("place", "stored")

    def __init__(self, field: "SealedField", stored: Stored, place: seal.Place) -> None:
        super().__init__(lambda: field.open_stored(stored, row=place.row, version=place.version))
        self.stored = stored
        self.place = place


# What a column that is NULL holds: bound to no row, since there is nothing to bind, so that any copy may take it over.
NOTHING: Sealed[Any] = Sealed(lambda: None)


class SealedAttribute:
    """What `instance.field` is: always a `Sealed`, whether just assigned or read from the database.

    An assigned value is held as a `Sealed` too, so that an instance printed, copied or pickled carries nothing clear.
    """

    def __init__(self, field: "SealedField") -> None:
        self._field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        if self._field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self._field.attname])
        held = instance.__dict__[self._field.attname]
        if held is None:
            return NOTHING
        return SealedInRow(self._field, held, self._place(instance)) if isinstance(held, Stored) else held

    def __set__(self, instance: models.Model, value: object) -> None:
        # refresh_from_db takes the value over from another copy of the row.
        if isinstance(value, SealedInRow) and value.place == self._place(instance):
            value = value.stored
        if self._field.null and (value is None or value is NOTHING):
            instance.__dict__[self._field.attname] = None
            return
        if isinstance(value, Sealed):
            raise SealedMisuseError("Assign the clear value; it is sealed for its own row when saved.")
        instance.__dict__[self._field.attname] = value if isinstance(value, Stored) else Sealed(lambda: value)

    def _place(self, instance: models.Model) -> seal.Place:
        return self._field.place(instance.pk, instance.row_version)  # type: ignore[attr-defined]


class SealedField(models.Field):  # type: ignore[type-arg]
    """A sealed value of type `kind` (or None where `optional`), padded to a multiple of `pad_to` bytes."""

    def __init__(self, kind: Any = str, *, optional: bool = False, pad_to: int = 64, **options: Any) -> None:
        self.kind = kind
        self.optional = optional
        self.pad_to = pad_to
        self._decoder = msgspec.json.Decoder(kind | None if optional else kind)
        if optional:
            options.setdefault("default", None)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        # A migration needs the column alone: the type inside is code, and may move without a migration.
        return name, "encryption.fields.SealedField", args, options

    def db_type(self, connection: Any) -> str:
        return "sealed"

    def get_internal_type(self) -> str:
        """As Django knows it: bytes. Rows in bulk are sent column by column then, and not value by value."""
        return "BinaryField"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        super().contribute_to_class(cls, name, private_only=private_only)
        setattr(cls, name, SealedAttribute(self))

    def encode(self, value: object) -> bytes:
        """The bytes to be sealed. Raises TypeError, without the value, when it would not come back as it is."""
        try:
            encoded = msgspec.json.encode(value)
            comes_back = self._decoder.decode(encoded) == value
        except (TypeError, UnicodeEncodeError, msgspec.ValidationError):
            comes_back = False
        if not comes_back:
            raise TypeError(f"{self.model.__name__}.{self.name} cannot hold this value of {type(value)}.")
        return encoded

    def open_stored(self, stored: bytes, *, row: int, version: int) -> Any:
        """The clear value of `stored`, which stands in this field's column in that row at that version."""
        place = self.place(row, version)
        try:
            purpose = self.model.sealing_purpose  # type: ignore[attr-defined]  # SealedModel's
            return self._decoder.decode(seal.open_sealed(stored, place, purpose))
        except msgspec.DecodeError:
            raise ValueDamagedError(f"The value at {place} opened to something other than {self.kind}.") from None

    def place(self, row: int, version: int) -> seal.Place:
        return seal.Place(self.model._meta.db_table, self.attname, row, version)

    def from_db_value(self, value: bytes | None, *_: object) -> Stored | None:
        return None if value is None else Stored(value)

    def pre_save(self, instance: Any, add: bool) -> Stored | None:  # noqa: FBT001 - Django's own signature
        value = getattr(instance, self.attname).open()
        if value is None and self.null:
            return None
        key = keyring.current().sealing_key(instance.sealing_purpose, instance.sealing_cohort())
        place = self.place(instance.pk, instance.row_version)
        return Stored(seal.seal(self.encode(value), place, key, pad_to=self.pad_to))

    def get_db_prep_value(self, value: object, connection: Any, prepared: bool = False) -> bytes | None:  # noqa: FBT001, FBT002 - Django's own signature
        if value is None and self.null:
            return None
        if not isinstance(value, Stored):
            raise SealedMisuseError(f"{self.name} is sealed: change it through save(), never update() or a filter.")
        return bytes(value)

    def get_lookup(self, lookup_name: str) -> Never:
        raise SealedMisuseError(f"{self.name} is sealed and cannot be searched by. Search by a token.")

    def get_transform(self, lookup_name: str) -> Never:
        raise SealedMisuseError(f"{self.name} is sealed and cannot be searched by. Search by a token.")

    def formfield(self, **options: Any) -> Never:
        raise SealedMisuseError(f"{self.name} is sealed and cannot stand in a form. Give the form a field of its own.")

    def value_to_string(self, obj: object) -> Never:
        raise SealedMisuseError(f"{self.name} is sealed and cannot be serialised.")


class SealedBytes(models.BinaryField):  # type: ignore[type-arg]
    """Bytes that the caller seals and opens itself, in a column that holds nothing but sealed values."""

    def db_type(self, connection: Any) -> str:
        return "sealed"


class FingerprintField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes by which something is known again and which tell nothing without a key (encryption/tokens.py)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": FINGERPRINT_BYTES, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.BinaryField", args, options

    @property
    def get_placeholder(self) -> Never:
        """There is none: Django sends rows in bulk column by column where no field asks for a placeholder, and the one
        of BinaryField is as any other's in PostgreSQL."""
        raise AttributeError
