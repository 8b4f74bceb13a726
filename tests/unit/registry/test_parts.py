"""What a record says in each part, when that is something else, and which sources said it."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from audit.reported import ReportedPart
from registry.rules.parts import NEVER_HIDDEN, has_changed, is_of, sources_of
from registry.values import (
    Address,
    GuardianDetails,
    InvolvementDetails,
    Name,
    Number,
    PostalAddress,
    Provenance,
    SaidBy,
    WhoSaid,
)
from registry.vocabulary import (
    SENSITIVE_SERVICES,
    AddressState,
    Gender,
    NameKind,
    NumberKind,
    Relation,
    SensitiveBasis,
    Service,
    Source,
)

CENSUS = Provenance(Source.SCHOOL_CENSUS, date(2026, 9, 1))
BENEFIT = Provenance(Source.CHILD_BENEFIT, date(2026, 3, 1))
LATER = replace(CENSUS, confirmed_on=date(2026, 10, 1))
HOME = Address(AddressState.CURRENT, PostalAddress(("1 High Street",), "Sale", "M33 4AB"), None, None, CENSUS)
BEFORE = Address(AddressState.CURRENT, PostalAddress(("2 Low Street",), "Sale", "M33 4AC"), None, None, BENEFIT)
PARENT = GuardianDetails("Farah", "Hussain", Relation.PARENT, True, True, None, CENSUS)


def service(what: Service, **changes: object) -> tuple[bool, InvolvementDetails]:
    basis = SensitiveBasis.CONSENT_OF_CHILD if what in SENSITIVE_SERVICES else None
    details = InvolvementDetails(1, what, "", "+441614960000", date(2024, 9, 1), None, basis, CENSUS)
    return False, replace(details, **changes)  # type: ignore[arg-type]


WHO_SAID = SaidBy(
    date_of_birth=WhoSaid(LATER.source, LATER.confirmed_on), gender=WhoSaid(BENEFIT.source, BENEFIT.confirmed_on)
)


@dataclass(frozen=True)
class Told:
    """A record."""

    date_of_birth: date = date(2017, 4, 9)
    gender: Gender = Gender.FEMALE
    date_of_death: date | None = None
    names: tuple[tuple[NameKind, Name], ...] = ((NameKind.LEGAL, Name("Amina", "Hussain", None, None, CENSUS)),)
    numbers: tuple[tuple[NumberKind, Number], ...] = (
        (NumberKind.NHS, Number("9434765919", BENEFIT)),
        (NumberKind.UPN, Number("H801200001001", CENSUS)),
    )
    addresses: tuple[Address, ...] = (HOME, BEFORE)
    guardians: tuple[GuardianDetails, ...] = (PARENT,)
    involvements: tuple[tuple[bool, InvolvementDetails], ...] = (
        service(Service.SCHOOL),
        service(Service.GP),
        service(Service.POLICE),
        service(Service.MENTAL_HEALTH),
    )
    said_by: SaidBy = WHO_SAID


NOW = Told()
# What is changed, and in which part that is another record.
CHANGES: list[tuple[dict[str, object], set[ReportedPart]]] = [
    ({"date_of_birth": date(2017, 9, 4)}, {ReportedPart.BIRTH}),
    ({"gender": Gender.NOT_SPECIFIED}, {ReportedPart.GENDER}),
    ({"date_of_death": date(2026, 1, 1)}, {ReportedPart.DEATH}),
    ({"names": ((NameKind.FORMER, NOW.names[0][1]),)}, {ReportedPart.NAME}),
    ({"numbers": NOW.numbers[:1]}, {ReportedPart.PUPIL_NUMBER}),
    ({"numbers": NOW.numbers[1:]}, {ReportedPart.NHS_NUMBER}),
    ({"addresses": (HOME,)}, {ReportedPart.ADDRESS}),
    ({"addresses": (BEFORE, HOME)}, {ReportedPart.ADDRESS}),  # another is the present one
    ({"guardians": ()}, {ReportedPart.GUARDIANS}),
    ({"involvements": NOW.involvements[1:]}, {ReportedPart.SCHOOL}),
    ({"involvements": (NOW.involvements[0], *NOW.involvements[2:])}, {ReportedPart.PRACTICE}),
    ({"involvements": (*NOW.involvements[:2], NOW.involvements[3])}, {ReportedPart.SERVICE}),
    (
        {"involvements": (service(Service.SCHOOL, ended_on=date(2026, 7, 1)), *NOW.involvements[1:])},
        {ReportedPart.SCHOOL},
    ),
    ({"involvements": tuple(reversed(NOW.involvements))}, set()),
    ({"involvements": tuple((not leads, details) for leads, details in NOW.involvements)}, set()),
    ({"involvements": NOW.involvements[:3]}, set()),  # a sensitive service is nobody's to report
    ({"addresses": (replace(HOME, provenance=LATER), BEFORE)}, set()),  # confirmed anew
    ({"names": ((NameKind.LEGAL, replace(NOW.names[0][1], provenance=BENEFIT)),)}, set()),
]


@pytest.mark.parametrize(("changes", "parts"), CHANGES)
def test_what_changed_is_that_part(changes: dict[str, object], parts: set[ReportedPart]) -> None:
    after = replace(NOW, **changes)  # type: ignore[arg-type]
    assert {part for part in ReportedPart if has_changed(part, NOW, after)} == parts
    assert {part for part in ReportedPart if has_changed(part, after, NOW)} == parts


@pytest.mark.parametrize(
    ("part", "sources"),
    [
        (ReportedPart.ADDRESS, (CENSUS, BENEFIT)),
        (ReportedPart.NHS_NUMBER, (BENEFIT,)),
        (ReportedPart.BIRTH, (LATER,)),
        (ReportedPart.GENDER, (BENEFIT,)),
        (ReportedPart.DEATH, ()),
        (ReportedPart.TWO_RECORDS, ()),
        (ReportedPart.SERVICE, (CENSUS,)),
    ],
)
def test_sources_of_a_part(part: ReportedPart, sources: tuple[Provenance, ...]) -> None:
    assert sources_of(part, [NOW]) == sources


def test_a_source_is_named_once_with_its_last_day() -> None:
    later = Told(addresses=(replace(HOME, provenance=LATER),))
    assert sources_of(ReportedPart.ADDRESS, [NOW, later, NOW]) == (LATER, BENEFIT)


def test_each_service_is_of_one_part_and_a_sensitive_one_of_none() -> None:
    of = {each: [part for part in ReportedPart if is_of(part, each)] for each in Service}
    assert {each for each, parts in of.items() if not parts} == SENSITIVE_SERVICES
    assert max(len(parts) for parts in of.values()) == 1


def test_the_database_knows_the_same_parts() -> None:
    from pathlib import Path

    page = Path("registry/sql/functions/registry_report_is_hidden.sql").read_text()
    told = page.partition("NOT IN (")[2].partition(")")[0]
    assert {each.strip().strip("'") for each in told.split(",")} == {part.value for part in NEVER_HIDDEN}
