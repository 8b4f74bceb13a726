"""Queries that touch sealed columns, on PostgreSQL: refused, or harmless."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import BinaryField, Count, F, Max, QuerySet, Value
from django.db.models.functions import Cast
from django.forms import model_to_dict, modelform_factory

from encryption.errors import SealedMisuseError, ValueDamagedError
from registry.models import Child, Involvement
from tests import factories
from tests.integration.encryption.rows import details, involvement_of, take
from tests.unit.encryption.telling import assert_tells_nothing

CANARY = "Ms Amelia Canary"


@pytest.fixture
def row() -> Involvement:
    return involvement_of(factories.child())


WRITING: dict[str, Callable[[QuerySet[Involvement]], object]] = {
    "value": lambda rows: rows.update(details=details()),
    "bytes": lambda rows: rows.update(details=CANARY.encode()),
    "nothing": lambda rows: rows.update(details=None),
    "sealed value": lambda rows: rows.update(details=rows.get().details),
    "with others": lambda rows: rows.update(lead=True, details=details()),
    "in bulk": lambda rows: Involvement.objects.bulk_update(list(rows), ["details"]),
    "in bulk, in clear": lambda rows: Involvement.objects.bulk_update(
        [Involvement(pk=rows.get().pk, details=details())], ["details"]
    ),
}


@pytest.mark.parametrize("write", WRITING.values(), ids=WRITING.keys())
def test_update_of_a_sealed_field_is_refused(
    write: Callable[[QuerySet[Involvement]], object], row: Involvement
) -> None:
    before = take(row, "details")
    with pytest.raises(SealedMisuseError, match=r"save\(\)") as refusal, transaction.atomic():
        write(Involvement.objects.filter(pk=row.pk))

    assert_tells_nothing(refusal.value, b"Canary")
    assert take(row, "details") == before


def test_clear_value_written_as_an_expression_is_refused_by_the_database(row: Involvement) -> None:
    with pytest.raises(IntegrityError, match="sealed_is_sealed") as refusal, transaction.atomic():
        Involvement.objects.filter(pk=row.pk).update(details=Value(CANARY))

    assert_tells_nothing(refusal.value, CANARY.encode())


def test_update_in_place_by_bulk_create_is_refused(row: Involvement) -> None:
    """It would put a second value beside the first under the same version: each could be put back for the other."""
    again = Involvement(pk=row.pk, child=row.child, details=details("Mr Changed"))

    with pytest.raises(SealedMisuseError, match=r"save\(\)"):
        Involvement.objects.bulk_create([again], update_conflicts=True, unique_fields=["id"], update_fields=["details"])
    assert Involvement.objects.get(pk=row.pk).details.open() == details()


def test_column_copied_within_the_database_does_not_open() -> None:
    child = factories.child()
    Child.objects.filter(pk=child.pk).update(date_of_death=F("date_of_birth"))
    read = Child.objects.get(pk=child.pk)

    assert read.date_of_birth.open() == date(2015, 3, 4)
    with pytest.raises(ValueDamagedError):
        read.date_of_death.open()


def test_update_or_create_by_a_sealed_field_is_refused(row: Involvement) -> None:
    with pytest.raises(SealedMisuseError, match="Search by a token"), transaction.atomic():
        Involvement.objects.update_or_create(details=details(), defaults={"lead": True})
    assert not Involvement.objects.get(pk=row.pk).lead


READING: dict[str, Callable[[QuerySet[Involvement]], object]] = {
    "rows": lambda rows: rows,
    "values": lambda rows: rows.values(),
    "values of it": lambda rows: rows.values("details"),
    "values_list": lambda rows: rows.values_list("details", flat=True),
    "named": lambda rows: rows.values_list("details", named=True),
    "ordered": lambda rows: rows.order_by("details"),
    "distinct": lambda rows: rows.distinct("details").order_by("details"),
    "annotated": lambda rows: rows.annotate(copy=F("details")).values("copy"),
    "greatest": lambda rows: rows.aggregate(Max("details")),
    "counted": lambda rows: rows.values("details").annotate(count=Count("id")),
    "cast": lambda rows: rows.annotate(raw=Cast("details", BinaryField())).values("pk"),
    "form's view": lambda rows: [model_to_dict(row) for row in rows],
    "explained": lambda rows: rows.filter(lead=False).explain(),
}


@pytest.mark.parametrize("read", READING.values(), ids=READING.keys())
def test_reading_by_query_shows_nothing(read: Callable[[QuerySet[Involvement]], object], row: Involvement) -> None:
    result = read(Involvement.objects.filter(pk=row.pk))
    shown = [repr(result), str(result), *map(str, result if not isinstance(result, dict) else result.values())]

    assert not any("Canary" in text for text in shown)
    at_rest = take(row, "details")
    assert not any(spelling in text for text in shown for spelling in (at_rest.hex(), repr(at_rest)[2:-1]))


def test_dump_of_data_is_refused(row: Involvement, monkeypatch: pytest.MonkeyPatch) -> None:
    # A cursor on the server, left open by the refusal, would be closed in the next test's transaction.
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    output = io.StringIO()
    with pytest.raises(CommandError, match="sealed") as refusal:
        call_command("dumpdata", "registry.Involvement", stdout=output)

    assert_tells_nothing(refusal.value, b"Canary")
    assert "Canary" not in output.getvalue()


def test_form_made_of_the_model_has_no_sealed_field(row: Involvement) -> None:
    """Else the page would show "<sealed>", and saving it would seal that text over the value."""
    with pytest.raises(SealedMisuseError):
        modelform_factory(Involvement, fields=["lead", "details"])
