"""PostgreSQL's own refusal: a sealed column holds sealed values and nothing else."""

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, transaction

from encryption import keyring, seal
from encryption.fields import SealedBytes, SealedField
from encryption.keys import Purpose
from encryption.seal import Place
from registry.models import Child
from tests import factories
from tests.integration.encryption.rows import involvement_of, put

CLEAR = {
    "text": b"Amelia Canary",
    "nothing": b"",
    "JSON": b'{"given":"Amelia","family":"Canary","valid_from":null}' + b" " * 40,
    "a date": b"2015-03-04",
    "as long as a sealed value": b"Amelia".ljust(49, b"y"),
    "version 0": b"\0" * 49,
    "version 2": b"\x02" * 49,
    "one byte short": b"\x01" * 48,
    "one byte long": b"\x01" * 50,
    "no padded value": b"\x01" * 33,
}


@pytest.fixture
def child() -> Child:
    return factories.child()


@pytest.mark.parametrize("clear", CLEAR.values(), ids=CLEAR.keys())
def test_clear_bytes_are_refused_by_the_database(clear: bytes, child: Child) -> None:
    row = involvement_of(child)
    put(row, "details", seal.seal(b"anything", Place("a", "b", 1, 1), keyring.current().sealing_key(Purpose.USER)))

    with pytest.raises((IntegrityError, DataError)) as refusal, transaction.atomic():
        put(row, "details", clear)
    assert b"Amelia" not in str(refusal.value).encode()
    assert clear.hex() not in str(refusal.value) or not clear


def test_nothing_at_all_is_refused_where_a_value_must_be(child: Child) -> None:
    row = involvement_of(child)

    with pytest.raises(IntegrityError, match="not-null"), transaction.atomic():
        put(row, "details", None)


def test_clear_bytes_are_refused_on_insert(child: Child) -> None:
    insert = "INSERT INTO registry_involvement (child_id, row_version, lead, details) VALUES (%s, 1, false, %s)"
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insert, [child.pk, b"Amelia Canary".ljust(64)])
    with connection.cursor() as cursor:
        cursor.execute(insert, [child.pk, b"\x01" * 49])


def test_every_sealed_field_stands_in_a_sealed_column_and_no_other_does() -> None:
    declared = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedField | SealedBytes)
    }
    with connection.cursor() as cursor:
        # information_schema shows only what the role may use; the catalogue shows all.
        cursor.execute(
            """
            SELECT class.relname, attribute.attname FROM pg_attribute attribute
            JOIN pg_class class ON class.oid = attribute.attrelid AND class.relkind IN ('r', 'p')
                AND NOT class.relispartition
            JOIN pg_type type ON type.oid = attribute.atttypid AND type.typname = 'sealed'
            """
        )
        assert set(cursor.fetchall()) == declared
    assert ("registry_involvement", "details") in declared
    assert ("access_session", "contents") in declared
