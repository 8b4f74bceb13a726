"""Whatever format it is in: what is refused says for which field, and no row is mistaken for another on its line."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from feeds.models import BatchRow, BatchState, SourceRecord, TakenBack
from feeds.readers import Format
from feeds.rows import Fault, Row, RowName
from registry.models import Child
from registry.vocabulary import Source
from tests.conftest import as_worker
from tests.integration.feeds import sending
from tests.integration.feeds.sending import AMINA, NOBODY, let_in, outcomes, send_bytes, supplier, written
from tests.integration.registry.people import BORN, NHS_NUMBER, PUPIL_NUMBER, Town
from tests.unit.feeds.people import ANN, BEN, as_lines, as_patient, as_transfer_file, nhs_number, pupil_number

WRONG_RELATION = NOBODY | {
    "guardian_1_given": "Ewa",
    "guardian_1_family": "Wisniewska",
    "guardian_1_relation": "neighbour",
}
NO_MARK_OF_SECRECY = as_patient(ANN) | {"meta": {}}
SOURCES = {Format.COMMON_TRANSFER_FILE: Source.SCHOOL_CENSUS, Format.DEMOGRAPHICS: Source.PERSONAL_DEMOGRAPHICS}


def pupils(*rows: Row) -> bytes:
    """As a Common Transfer File has them, all on one line."""
    first, *others = (as_transfer_file(each).replace(b"\n", b"") for each in rows)
    more = b"".join(each[each.index(b"<Pupil>") : each.index(b"</CTFpupilData>")] for each in others)
    return first.replace(b"</CTFpupilData>", more + b"</CTFpupilData>")


def bundle(*rows: Row) -> bytes:
    """As FHIR has them, all on one line."""
    entries = [{"resource": as_patient(each)} for each in rows]
    return json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": entries}).encode()


def three(of: Row) -> list[Row]:
    """Whoever `of` is; Amina, who is on record; and somebody else who is not."""
    own = {
        "known_as": (),
        "former": (),
        "former_pupil_number": "",
        "address_state": None,
        "postal": None,
        "guardians": (),
    }
    amina = replace(of, name=RowName("Amina", "Hussain"), date_of_birth=BORN, nhs_number=NHS_NUMBER, **own)
    zara = replace(of, name=RowName("Zara", "Quaye"), date_of_birth=date(2014, 7, 30), nhs_number=nhs_number(5), **own)
    rows = (of, replace(amina, pupil_number=PUPIL_NUMBER), replace(zara, pupil_number=pupil_number(5)))
    return [replace(each, key=each.nhs_number) for each in rows]


@pytest.mark.parametrize(
    ("written_as", "content", "refused"),
    [
        (Format.TABLE, written([WRONG_RELATION]), (Fault.CODE, "guardian_1_relation")),
        (
            Format.COMMON_TRANSFER_FILE,
            pupils(replace(BEN, pupil_number="A123456789012")),
            (Fault.NUMBER, "UPN"),
        ),
        (
            Format.COMMON_TRANSFER_FILE,
            as_transfer_file(BEN, more=f"<BasicDetails><MiddleNames>{'x' * 500}</MiddleNames></BasicDetails>"),
            (Fault.TOO_LONG, "BasicDetails/MiddleNames"),
        ),
        (Format.DEMOGRAPHICS, as_lines([NO_MARK_OF_SECRECY]), (Fault.MISSING, "meta.security")),
    ],
)
def test_a_row_is_refused_for_the_field_that_its_format_names(
    town: Town, written_as: Format, content: bytes, refused: tuple[Fault, str]
) -> None:
    batch = let_in(send_bytes(supplier(town.authority, written_as=written_as), content))
    assert (batch.state, batch.failures, batch.refused) == (BatchState.DONE, 0, 1)
    with as_worker():
        assert BatchRow.objects.values_list("code", "field").get(batch=batch) == refused


@pytest.mark.parametrize("value", [*AMINA.values(), NHS_NUMBER, PUPIL_NUMBER, "Hidden", "Amina_Hussain"])
def test_no_value_passes_for_a_field(census: sending.Supplier, value: str) -> None:
    """What a supplier wrote stands nowhere in clear, though a reader took it for the name of a field."""
    batch = sending.take(census, NOBODY)
    with as_worker(), pytest.raises(IntegrityError, match="feeds_batchrow_codes"), transaction.atomic():
        BatchRow.objects.filter(batch=batch).update(field=value)


@pytest.mark.parametrize(
    ("written_as", "write", "of"),
    [(Format.COMMON_TRANSFER_FILE, pupils, BEN), (Format.DEMOGRAPHICS, bundle, ANN)],
)
def test_several_on_one_line_are_taken_in_each_for_itself_and_taken_back(
    town: Town, child: Child, written_as: Format, write: Callable[..., bytes], of: Row
) -> None:
    feed, before = supplier(town.authority, SOURCES[written_as], written_as), sending.values(child.pk)
    content = write(*three(of))
    assert content.count(b"\n") == 0
    batch = let_in(send_bytes(feed, content))
    assert [each[:2] for each in outcomes(batch)] == [(1, "created"), (1, "linked"), (1, "created")]
    assert (batch.state, batch.rows) == (BatchState.DONE, 3)
    with as_worker():
        people = list(SourceRecord.objects.order_by("place").values_list("child", flat=True))
    assert people == sending.children_of(batch)
    assert len(set(people)) == 3
    assert people[1] == child.pk

    again = let_in(send_bytes(feed, content + b"\n"))
    assert (again.state, again.rows, again.linked, again.unchanged) == (BatchState.DONE, 3, 3, 3)
    assert sending.children_of(again) == people
    assert sending.taken_back(sending.take_back(again)) == [TakenBack.UNDONE] * 3

    batch = sending.take_back(batch)
    assert (batch.state, sending.taken_back(batch)) == (BatchState.UNDONE, [TakenBack.UNDONE] * 3)
    assert sending.values(child.pk) == before
    with as_worker():
        assert not SourceRecord.objects.exists()
        assert set(Child.objects.filter(archived=True).values_list("pk", flat=True)) == {people[0], people[2]}
