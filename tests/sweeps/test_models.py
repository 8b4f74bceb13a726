"""Every field of every model of ours is sealed, or stands here with the reason why it may be read by a thief.

A new field fails until somebody decides.
"""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from encryption.fields import SealedBytes, SealedField
from tests.sweeps.clear import CLEAR

OURS = ("access", "api", "audit", "encryption", "feeds", "registry", "review")
# The registry is no case file: near a child nothing in clear holds words that somebody typed.
WORDS = (models.TextField, models.JSONField, models.EmailField, models.FileField, models.URLField)
WORDS_THAT_NOBODY_TYPED = {
    "access.ClientSystem.keys",  # a JSON Web Key Set, of which the form takes the members of public keys alone
    "audit.Checkpoint.note",
    "audit.Cosignature.line",
    "feeds.Batch.ages",  # codes of feeds.rules.parts.Age, counted by the worker
    "feeds.Batch.faults",  # codes of feeds.rows.Fault, counted by the worker
    "feeds.Batch.holds",  # codes of feeds.rules.parts.Part, counted by the worker
    "feeds.Supplier.columns",  # headings of a table, as an operator agreed on them with its supplier
}
# What takes any bytes takes a name as well: each such field holds what a hash function or a key made.
BYTES_OF_HASHES = {
    "audit.Checkpoint.root",
    "audit.Event.authentication",
    "audit.Event.leaf",
    "audit.TicketKey.key",
    "audit.Tile.hashes",
    "feeds.Batch.checksum",
    "feeds.SourceRecord.digest",
    "feeds.SourceRecord.key",
    "registry.ArchiveRequest.number_fingerprint",
    "registry.Child.number_fingerprint",
    "registry.ChildNumber.fingerprint",
    "registry.DestroyedCohort.commitment",
    "registry.Escrow.number_fingerprint",
    "registry.Following.pair",
    "registry.Following.reference",
    "registry.MergeRequest.number_fingerprint",
}
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]


def clear_fields() -> dict[str, models.Field]:
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}": field
        for model in OUR_MODELS
        for field in model._meta.concrete_fields
        if not isinstance(field, SealedField | SealedBytes)
    }


def test_every_field_is_sealed_or_listed_with_its_reason() -> None:
    assert sorted(clear_fields()) == sorted(CLEAR)


def test_every_reason_is_given() -> None:
    assert [name for name, reason in CLEAR.items() if len(reason.split()) < 3] == []


def test_no_clear_field_can_hold_free_text() -> None:
    assert {name for name, field in clear_fields().items() if isinstance(field, WORDS)} == WORDS_THAT_NOBODY_TYPED


def test_no_clear_field_can_hold_free_bytes() -> None:
    found = {name for name, field in clear_fields().items() if isinstance(field, models.BinaryField)}
    assert found == BYTES_OF_HASHES


def test_clear_text_of_the_registry_comes_from_closed_lists() -> None:
    texts = {
        name: field
        for name, field in clear_fields().items()
        if name.startswith("registry.") and isinstance(field, models.CharField | ArrayField)
    }
    assert [name for name, field in texts.items() if not field.choices] == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
def test_sealed_columns_are_of_the_type_that_takes_nothing_else(model: type[models.Model], db: None) -> None:
    sealed = {field.column for field in model._meta.concrete_fields if isinstance(field, SealedField | SealedBytes)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname from pg_attribute join pg_type on pg_type.oid = atttypid "
            "where attrelid = %s::regclass and typname = 'sealed' and not attisdropped",
            [model._meta.db_table],
        )
        assert {name for (name,) in cursor.fetchall()} == sealed
