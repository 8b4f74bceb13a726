"""What the length of a sealed value may not tell."""

from datetime import UTC, date, datetime

import pytest

from audit.reasons import BasisEnd, Mistake
from registry.models import Child, Involvement
from registry.values import BasisDecision, InvolvementDetails, Provenance, Summary, SummaryName, Withdrawal
from registry.vocabulary import BasisDecider, Competence, Gender, NameKind, SensitiveBasis, Service, Source

DAY = date(2026, 11, 22)
LONGEST_ID = 2**63 - 1


def padded(model: type, field: str, value: object) -> int:
    sealed = model._meta.get_field(field)
    return -(-(len(sealed.encode(value)) + 1) // sealed.pad_to) * sealed.pad_to


LONGEST_DECISION = BasisDecision(max(BasisDecider, key=len), max(Competence, key=len), DAY)


@pytest.mark.parametrize("decision", [None, LONGEST_DECISION])
@pytest.mark.parametrize("basis", [None, *SensitiveBasis])
@pytest.mark.parametrize("ended_on", [None, DAY])
@pytest.mark.parametrize("service", Service)
def test_involvements_of_all_services_are_of_one_length(
    service: Service, ended_on: date | None, basis: SensitiveBasis | None, decision: BasisDecision | None
) -> None:
    """So that a stolen table does not tell who goes to a sensitive service."""
    details = InvolvementDetails(
        organisation_id=LONGEST_ID,
        service=service,
        practitioner="Bartholomew Featherstonehaugh-Cholmondeley",
        telephone="+447700900123;ext=12345678",
        started_on=DAY,
        ended_on=ended_on,
        basis=basis,
        provenance=Provenance(Source.PERSONAL_DEMOGRAPHICS, DAY, LONGEST_ID),
        decision=decision,
    )
    assert padded(Involvement, "details", details) == 448


@pytest.mark.parametrize("why", [*Mistake, *BasisEnd])
def test_withdrawals_for_all_reasons_are_of_one_length(why: Mistake | BasisEnd) -> None:
    """So that a stolen table does not tell whose consent was withdrawn."""
    mistake, end = (why, None) if isinstance(why, Mistake) else (None, why)
    kept = Withdrawal(LONGEST_ID, datetime(2026, 11, 22, 10, 11, 12, 131415, tzinfo=UTC), mistake, end)
    assert padded(Involvement, "withdrawal", kept) == 128


@pytest.mark.parametrize("shielded", [True, False])
def test_summaries_of_shielded_and_other_children_are_of_one_length(shielded: bool) -> None:
    names = tuple(
        SummaryName(kind, "Maximilian Alexander", "Featherstonehaugh") for kind in (NameKind.LEGAL, NameKind.FORMER)
    )
    summary = Summary(
        names=names,
        date_of_birth=DAY,
        gender=Gender.NOT_SPECIFIED,
        number="12345678901",
        town="" if shielded else "Stretford",
        postcode="" if shielded else "WA14 4LE",
        numbers=() if shielded else ("9991736115", "U358201325142"),
        shielded=shielded,
    )
    assert padded(Child, "summary", summary) == 384
