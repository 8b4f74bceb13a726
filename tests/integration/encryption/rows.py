"""Rows to seal, and a thief's hands: what somebody can do who writes to the database but has no key."""

from datetime import date

from django.db import connection
from django.db.models import Model

from registry.models import Child, Involvement
from registry.values import InvolvementDetails
from registry.vocabulary import Service
from tests.factories import CENSUS


def details(practitioner: str = "Ms Amelia Canary") -> InvolvementDetails:
    return InvolvementDetails(5, Service.SCHOOL, practitioner, "01614960000", date(2024, 1, 15), None, None, CENSUS)


def involvement_of(child: Child, practitioner: str = "Ms Amelia Canary") -> Involvement:
    """A saved row with a sealed value."""
    return Involvement.objects.create(child=child, details=details(practitioner))


def take(row: Model, column: str) -> bytes:
    """The bytes in the row's column, as they are."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::bytea FROM {table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def put(row: Model, column: str, value: object) -> None:
    """Write to the row's column past all our code."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])
        assert cursor.rowcount == 1
