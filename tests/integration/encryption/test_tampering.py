"""What somebody can do who writes to the database but has no key: damage, and no more."""

from datetime import date

import pytest

from access.models import Organisation
from encryption.errors import ValueDamagedError
from registry.models import Child, ChildName, Involvement
from tests import factories
from tests.integration.encryption.rows import details, involvement_of, put, take
from tests.unit.encryption.telling import assert_tells_nothing

CANARY = "Ms Amelia Canary"


@pytest.fixture
def child() -> Child:
    return factories.child()


@pytest.fixture
def row(child: Child) -> Involvement:
    """A row saved once, as another process reads it."""
    return Involvement.objects.get(pk=involvement_of(child).pk)


def test_old_value_put_back_does_not_open(row: Involvement) -> None:
    old = take(row, "details")
    row.details = details("Mr Changed")
    row.save()
    assert Involvement.objects.get(pk=row.pk).details.open().practitioner == "Mr Changed"
    put(row, "details", old)

    with pytest.raises(ValueDamagedError, match=f"row {row.pk}, version 2") as refusal:
        Involvement.objects.get(pk=row.pk).details.open()
    assert_tells_nothing(refusal.value, CANARY.encode(), old)


def test_value_of_another_row_does_not_open(row: Involvement, child: Child) -> None:
    other = involvement_of(child, "Another")
    put(row, "details", take(other, "details"))

    with pytest.raises(ValueDamagedError):
        Involvement.objects.get(pk=row.pk).details.open()
    assert Involvement.objects.get(pk=other.pk).details.open().practitioner == "Another"


def test_value_of_another_column_does_not_open(child: Child) -> None:
    """Else who writes to the database makes a date of birth the day of death, and so destroys the record."""
    put(child, "date_of_death", take(child, "date_of_birth"))
    read = Child.objects.get(pk=child.pk)

    assert read.date_of_birth.open() == date(2015, 3, 4)
    with pytest.raises(ValueDamagedError, match=r"registry_child\.date_of_death"):
        read.date_of_death.open()


def test_value_of_another_table_does_not_open(row: Involvement, child: Child) -> None:
    ChildName.objects.filter(pk=row.pk).delete()  # by chance one of the two tables' numbers may be the other's too
    twin = ChildName(
        pk=row.pk, child=child, kind="former", details=factories.draft(authority=Organisation(pk=1)).names[0][1]
    )
    twin.save()
    put(twin, "details", take(row, "details"))

    with pytest.raises(ValueDamagedError, match=r"registry_childname\.details"):
        ChildName.objects.get(pk=row.pk).details.open()


def test_version_put_back_with_an_update_closes_the_row(row: Involvement) -> None:
    row.save()
    put(row, "row_version", 1)

    with pytest.raises(ValueDamagedError, match="version 1"):
        Involvement.objects.get(pk=row.pk).details.open()


def test_damaged_row_is_not_saved_over(row: Involvement) -> None:
    damaged = bytearray(take(row, "details"))
    damaged[-1] ^= 1
    put(row, "details", bytes(damaged))
    read = Involvement.objects.get(pk=row.pk)
    read.lead = True

    for options in ({}, {"update_fields": ["lead"]}):
        with pytest.raises(ValueDamagedError):
            read.save(**options)
    assert Involvement.objects.get(pk=row.pk).row_version == 1
