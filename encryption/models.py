"""The base of every model with sealed fields: takes its id first, counts its versions, seals all fields anew."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, router, transaction

from encryption.columns import insert, update
from encryption.errors import SealedMisuseError, StaleRowError
from encryption.fields import SealedField, Stored
from encryption.keys import Purpose

M = TypeVar("M", bound="SealedModel")


class SealedQuerySet(models.QuerySet[M]):
    """Bulk creation takes its ids first, since a sealed value is bound to its row's id."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        if options.get("update_conflicts"):
            raise SealedMisuseError("A sealed row is changed through save(), which counts its version.")
        rows = list(objs)
        unnumbered = [row for row in rows if row.pk is None]
        for row, number in zip(unnumbered, next_ids(self.model, len(unnumbered)), strict=True):
            row.pk = number
        if rows and not (args or options) and insert(rows, self.db):
            for row in rows:
                row._state.adding, row._state.db = False, self.db  # noqa: SLF001 - as Django itself does here
            return rows
        return super().bulk_create(rows, *args, **options)


class SealedModel(models.Model):
    """A row whose sealed fields open only in this row at this version.

    Each save re-seals all of them under the next version, and fails with StaleRowError when the row has changed
    since it was read: two tabs cannot overwrite each other. Subclasses name the purpose of the key, and the cohort
    where they belong to a child.
    """

    id = models.BigAutoField(primary_key=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    sealing_purpose: ClassVar[Purpose]
    objects = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.pk}>"

    __str__ = __repr__

    # By position, as Django still allows, update_fields would be overlooked and the other values left behind.
    def save(self, **options: Any) -> None:
        if self._state.adding:
            self.pk = self.pk or next_ids(type(self), 1)[0]
            super().save(**{**options, "force_insert": True})
            return
        if options.get("update_fields") is not None:
            names = [field.attname for field in self.sealed_fields()]
            options["update_fields"] = {*options["update_fields"], "row_version", *names}
        version = self.row_version
        try:
            with transaction.atomic(using=options.get("using")):
                self._take_next_version()
                super().save(**options)
        except BaseException:
            # Nothing was written: this is still a copy of the version it was.
            self.row_version = version
            raise

    @classmethod
    def save_each(cls, rows: Sequence[Self]) -> None:
        """Save the sealed fields of rows that this transaction has locked, each under its next version, all at once.

        Raises StaleRowError when one of them is not as it was read. Then the transaction is to be rolled back.
        """
        fields = cls.sealed_fields()
        for row in rows:
            opened = {field.attname: getattr(row, field.attname).open() for field in fields}
            row.row_version += 1
            for name, value in opened.items():
                setattr(row, name, value)
        if rows and update(rows) != len(rows):
            raise StaleRowError(f"A {cls.__name__} changed after it was read.")

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """A copy of a row that a function of the database tells as json_build_object does; its columns may be few."""
        columns = [field for field in cls._meta.concrete_fields if field.attname in row]
        values = [
            _told(row[field.attname]) if isinstance(field, SealedField) else row[field.attname] for field in columns
        ]
        return cls.from_db(DEFAULT_DB_ALIAS, [field.attname for field in columns], values)

    def sealing_cohort(self) -> str | None:
        """The cohort whose key seals this row; None unless the row belongs to a child."""
        return None

    @classmethod
    def sealed_fields(cls) -> list[SealedField]:
        return [field for field in cls._meta.concrete_fields if isinstance(field, SealedField)]

    def _take_next_version(self) -> None:
        """Lock the row as it was read, and re-hold every sealed value so that it is sealed for the next version.

        Locked and not counted up yet: where the database asks what a changed row may be, it is changed once.
        """
        opened = {field.attname: getattr(self, field.attname).open() for field in self.sealed_fields()}
        rows = type(self)._base_manager.filter(pk=self.pk, row_version=self.row_version)
        if not rows.select_for_update(of=("self",)).values("pk"):
            raise StaleRowError(f"{type(self).__name__} {self.pk} changed after it was read.")
        self.row_version += 1
        for name, value in opened.items():
            setattr(self, name, value)

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """As Django's; a part of the row is read only while the row is as it was, else StaleRowError.

        Django also calls it for a field that was left out. A new version taken over with it would let old values of
        the other fields be saved over new ones.
        """
        version = self.__dict__.get("row_version")
        if fields is None or version is None:
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
            return
        rows = type(self)._base_manager.all() if from_queryset is None else from_queryset
        try:
            super().refresh_from_db(
                using=using, fields=[*fields, "row_version"], from_queryset=rows.filter(row_version=version)
            )
        except self.DoesNotExist:
            raise StaleRowError(f"{type(self).__name__} {self.pk} changed after it was read.") from None


def _told(value: str | None) -> Stored | None:
    """A sealed value as JSON has it: hexadecimal, after a backslash and an x."""
    return None if value is None else Stored(bytes.fromhex(value[2:]))


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` ids from the sequence of `model`'s table."""
    if count == 0:
        return []
    with connections[router.db_for_write(model)].cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]
