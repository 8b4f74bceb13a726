"""Rows with sealed fields, on PostgreSQL: saved, read in whole and in part, and saved again."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from encryption.errors import StaleRowError
from encryption.models import next_ids
from registry.models import Child, ChildNumber, Involvement
from registry.values import Number
from registry.vocabulary import NumberKind
from tests import factories
from tests.integration.encryption.rows import details, involvement_of, take
from tests.unit.encryption.telling import assert_tells_nothing

CANARY = "Ms Amelia Canary"


@pytest.fixture
def child() -> Child:
    return factories.child()


@pytest.fixture
def row(child: Child) -> Involvement:
    """A row saved once, as another process reads it."""
    return Involvement.objects.get(pk=involvement_of(child).pk)


def test_row_opens_to_what_was_saved(row: Involvement) -> None:
    assert row.details.open() == details()
    assert row.row_version == 1


def test_row_at_rest_holds_nothing_in_clear(row: Involvement) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_involvement::text FROM registry_involvement WHERE id = %s", [row.pk])
        [(text,)] = cursor.fetchall()
    at_rest = take(row, "details")

    assert "Canary" not in text
    assert CANARY.encode().hex() not in text
    assert b"practitioner" not in at_rest
    assert at_rest[0] == 1


def test_rows_made_in_bulk_open_each_in_its_place(child: Child) -> None:
    made = Involvement.objects.bulk_create(
        Involvement(child=child, details=details(f"Practitioner {number}")) for number in range(5)
    )
    read = Involvement.objects.in_bulk([row.pk for row in made])

    assert [read[row.pk].details.open().practitioner for row in made] == [f"Practitioner {n}" for n in range(5)]
    assert len({take(row, "details")[1:17] for row in made}) == 5
    assert Involvement.objects.bulk_create([]) == []


def test_ids_are_taken_from_the_tables_own_sequence(child: Child) -> None:
    taken = next_ids(Involvement, 3)

    assert len(set(taken)) == 3
    assert involvement_of(child).pk > max(taken)
    assert next_ids(Involvement, 0) == []


def test_save_seals_anew_under_the_next_version(row: Involvement) -> None:
    before = take(row, "details")
    row.save()

    assert row.row_version == 2
    assert row.details.open() == details()
    assert Involvement.objects.get(pk=row.pk).details.open() == details()
    assert take(row, "details")[1:] != before[1:]


def test_save_of_another_field_seals_all_anew(row: Involvement) -> None:
    before = take(row, "details")
    row.lead = True
    row.save(update_fields=["lead"])
    read = Involvement.objects.get(pk=row.pk)

    assert (read.lead, read.row_version) == (True, 2)
    assert read.details.open() == details()
    assert take(row, "details") != before


def test_save_of_named_fields_leaves_the_others(row: Involvement) -> None:
    row.lead = True
    row.details = details("Mr Changed")
    row.save(update_fields=["details"])
    read = Involvement.objects.get(pk=row.pk)

    assert read.lead is False
    assert read.details.open().practitioner == "Mr Changed"


def test_save_with_fields_given_by_position_leaves_the_row_readable(row: Involvement) -> None:
    """Django still takes them so until 6.0, with a warning."""
    row.lead = True
    with pytest.raises(TypeError):
        row.save(False, False, None, ["lead"])

    assert Involvement.objects.get(pk=row.pk).details.open() == details()


def test_second_of_two_stale_copies_is_refused(row: Involvement) -> None:
    first, second = (Involvement.objects.get(pk=row.pk) for _ in range(2))
    first.details = details("First")
    first.save()
    second.details = details("Second")

    for options in ({}, {"update_fields": ["details"]}, {"force_update": True}):
        with pytest.raises(StaleRowError) as refusal:
            second.save(**options)
        assert_tells_nothing(refusal.value, b"First", b"Second")
    read = Involvement.objects.get(pk=row.pk)
    assert read.details.open().practitioner == "First"
    assert read.row_version == 2


def test_deleted_row_is_not_saved_again(row: Involvement) -> None:
    Involvement.objects.filter(pk=row.pk).delete()

    with pytest.raises(StaleRowError):
        row.save()
    assert not Involvement.objects.filter(pk=row.pk).exists()


def test_row_that_could_not_be_saved_can_be_saved_once_put_right(child: Child) -> None:
    Involvement.objects.create(child=child, details=details(), lead=True)
    row = involvement_of(child)
    row.lead = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()

    row.lead = False
    row.details = details("Mr Changed")
    row.save()
    assert Involvement.objects.get(pk=row.pk).details.open().practitioner == "Mr Changed"


def test_value_that_could_not_be_sealed_leaves_the_row_as_it_was(row: Involvement) -> None:
    row.details = "Amelia, not a dataclass"
    with pytest.raises(TypeError) as refusal:
        row.save()

    assert_tells_nothing(refusal.value, b"Amelia")
    assert Involvement.objects.get(pk=row.pk).details.open() == details()
    assert Involvement.objects.get(pk=row.pk).row_version == 1


def test_new_row_never_overwrites_one_that_is_there(row: Involvement, child: Child) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement(pk=row.pk, child=child, details=details("Mr Changed")).save()

    assert Involvement.objects.get(pk=row.pk).details.open() == details()


@pytest.mark.parametrize(
    "read",
    [
        lambda pk: Involvement.objects.defer("details").get(pk=pk),
        lambda pk: Involvement.objects.only("lead").get(pk=pk),
        lambda pk: Involvement.objects.only("details").get(pk=pk),
        lambda pk: Involvement.objects.defer("row_version").get(pk=pk),
        lambda pk: Involvement.objects.select_related("child").get(pk=pk),
        lambda pk: Involvement.objects.raw("SELECT * FROM registry_involvement WHERE id = %s", [pk])[0],
    ],
    ids=["deferred", "only another", "only it", "version deferred", "related", "raw"],
)
def test_value_left_out_is_fetched_when_asked(read: Callable[[int], Involvement], row: Involvement) -> None:
    assert read(row.pk).details.open() == details()


def test_row_read_in_part_can_be_saved(row: Involvement) -> None:
    part = Involvement.objects.defer("details").get(pk=row.pk)
    part.lead = True
    part.save()
    read = Involvement.objects.get(pk=row.pk)

    assert (read.lead, read.details.open()) == (True, details())


def test_refreshed_row_has_the_new_value_and_can_be_saved(row: Involvement) -> None:
    other = Involvement.objects.get(pk=row.pk)
    other.details = details("Mr Changed")
    other.save()

    row.refresh_from_db()
    assert row.details.open().practitioner == "Mr Changed"
    assert row.row_version == 2
    row.save()
    row.refresh_from_db(fields=["details"])
    assert row.details.open().practitioner == "Mr Changed"


def test_value_fetched_late_from_a_row_that_changed_is_stale(row: Involvement) -> None:
    """Else the copy takes over the new version with old values in other fields, and saves those over the new ones."""
    part = Involvement.objects.defer("details").get(pk=row.pk)
    row.lead = True
    row.details = details("Mr Changed")
    row.save()

    with pytest.raises(StaleRowError):
        part.details.open()
    with pytest.raises(StaleRowError):
        part.save()
    assert Involvement.objects.get(pk=row.pk).lead is True


def test_get_or_create_by_clear_fields(child: Child) -> None:
    made, is_new = Involvement.objects.get_or_create(child=child, lead=True, defaults={"details": details()})
    found, is_new_again = Involvement.objects.get_or_create(child=child, lead=True, defaults={"details": details("x")})

    assert (is_new, is_new_again) == (True, False)
    assert found.pk == made.pk
    assert found.details.open() == details()


def test_update_or_create_by_clear_fields(child: Child) -> None:
    for practitioner in ("First", "Second"):
        made, _ = Involvement.objects.update_or_create(
            child=child, lead=True, defaults={"details": details(practitioner)}
        )
    read = Involvement.objects.get(pk=made.pk)

    assert read.details.open().practitioner == "Second"
    assert read.row_version == 2


def test_rows_made_in_bulk_are_stored_as_those_that_are_saved_one_by_one(child: Child) -> None:
    """Members of enumerations by their value, what is NULL as NULL, and at the version that they say."""
    alone = ChildNumber(child=child, kind=NumberKind.NHS, fingerprint=b"1" * 16, details=Number("1", factories.CENSUS))
    alone.save()
    together = [
        ChildNumber(child=child, kind=NumberKind.UPN, fingerprint=b"2" * 16, details=Number("2", factories.CENSUS)),
    ]
    ChildNumber.objects.bulk_create(together)
    assert set(ChildNumber.objects.values_list("kind", flat=True)) == {"nhs", "upn"}
    assert ChildNumber.objects.get(kind="upn").details.open() == together[0].details.open()

    withdrawn = Involvement(child=child, details=details(), row_version=3)
    Involvement.objects.bulk_create([withdrawn])
    read = Involvement.objects.get(pk=withdrawn.pk)
    assert (read.row_version, read.details.open(), read.withdrawal.open()) == (3, details(), None)
    read.save()
    assert not withdrawn._state.adding


def test_row_made_in_bulk_without_what_it_must_have_is_refused_with_all_others(child: Child) -> None:
    whole, lacking = (
        ChildNumber(child=child, kind=kind, fingerprint=fingerprint, details=Number("1", factories.CENSUS))
        for kind, fingerprint in ((NumberKind.NHS, b"1" * 16), (NumberKind.UPN, None))
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ChildNumber.objects.bulk_create([whole, lacking])
    assert not ChildNumber.objects.exists()
