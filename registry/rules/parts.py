"""What a record says in each part that somebody may report as wrong, and which source said it.

A part is said to have changed where it says something else; that the same is confirmed anew changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from audit.reported import ReportAnswer, ReportedPart
from registry.values import Address, GuardianDetails, InvolvementDetails, Name, Number, Provenance, SaidBy, WhoSaid
from registry.vocabulary import EDUCATION_SERVICES, SENSITIVE_SERVICES, Gender, NameKind, NumberKind, Service, Source

# All that a shield leaves of a record (registry/policies/disclosure.py), or that is seen without reading any of it.
# The database holds to the same list: registry_report_is_hidden.sql.
NEVER_HIDDEN = frozenset(
    {
        ReportedPart.NAME,
        ReportedPart.BIRTH,
        ReportedPart.GENDER,
        ReportedPart.TWO_CHILDREN,
        ReportedPart.TWO_RECORDS,
    }
)
# Of the record as a whole: no source said it.
OF_THE_RECORD = frozenset({ReportedPart.TWO_CHILDREN, ReportedPart.TWO_RECORDS})
NOBODY_SAID = Provenance(Source.PRACTITIONER, date.min)


class Says(Protocol):
    """What a record says, opened."""

    @property
    def date_of_birth(self) -> date: ...
    @property
    def gender(self) -> Gender: ...
    @property
    def date_of_death(self) -> date | None: ...
    @property
    def names(self) -> Sequence[tuple[NameKind, Name]]: ...
    @property
    def numbers(self) -> Sequence[tuple[NumberKind, Number]]: ...
    @property
    def addresses(self) -> Sequence[Address]: ...
    @property
    def guardians(self) -> Sequence[GuardianDetails]: ...
    @property
    def involvements(self) -> Sequence[tuple[bool, InvolvementDetails]]: ...
    @property
    def said_by(self) -> SaidBy: ...


def is_of(part: ReportedPart, service: Service) -> bool:
    """Whether a service belongs to that part. A sensitive one belongs to none: nobody is told of it by a report."""
    if service in SENSITIVE_SERVICES:
        return False
    if part == ReportedPart.SCHOOL:
        return service in EDUCATION_SERVICES
    if part == ReportedPart.PRACTICE:
        return service == Service.GP
    return part == ReportedPart.SERVICE and service not in EDUCATION_SERVICES and service != Service.GP


def has_changed(part: ReportedPart, before: Says, after: Says) -> bool:
    """Whether the record says something else in that part than it did."""
    return _without_provenance(part, before) != _without_provenance(part, after)


def sources_of(part: ReportedPart, says: Sequence[Says]) -> tuple[Provenance, ...]:
    """Which sources said it, each with the day on which it last did; none where the record does not show it."""
    last: dict[Source, date] = {}
    for provenance in (found for each in says for found in _provenances(part, each)):
        last[provenance.source] = max(provenance.confirmed_on, last.get(provenance.source, date.min))
    return tuple(Provenance(source, last[source]) for source in Source if source in last)


Entry = tuple[Any, Any]  # what kind of value, and the value
ENTRIES: Mapping[ReportedPart, Callable[[Says], Sequence[Entry]]] = {
    ReportedPart.NAME: lambda says: says.names,
    ReportedPart.BIRTH: lambda says: [("", says.date_of_birth)],
    ReportedPart.GENDER: lambda says: [("", says.gender)],
    ReportedPart.ADDRESS: lambda says: [(place == 0, each) for place, each in enumerate(says.addresses)],
    ReportedPart.GUARDIANS: lambda says: [("", each) for each in says.guardians],
    ReportedPart.NHS_NUMBER: lambda says: [each for each in says.numbers if each[0] == NumberKind.NHS],
    ReportedPart.PUPIL_NUMBER: lambda says: [each for each in says.numbers if each[0] == NumberKind.UPN],
    ReportedPart.DEATH: lambda says: [("", says.date_of_death)],
}


# Of values that do not say it themselves (docs/adr/0053).
WHO_SAID: Mapping[ReportedPart, Callable[[SaidBy], WhoSaid | None]] = {
    ReportedPart.BIRTH: lambda said_by: said_by.date_of_birth,
    ReportedPart.GENDER: lambda said_by: said_by.gender,
    ReportedPart.DEATH: lambda said_by: said_by.date_of_death,
}


def answers_to(part: ReportedPart, *, source_told: bool) -> list[ReportAnswer]:
    """What can be answered to a report of that part. The database holds to it (registry/models/report.py)."""
    left_out = set()
    if source_told or part in OF_THE_RECORD:
        left_out.add(ReportAnswer.SOURCE_TOLD)
    if part != ReportedPart.TWO_RECORDS:
        left_out.add(ReportAnswer.ONE_RECORD)
    return [each for each in ReportAnswer if each not in left_out]


def _provenances(part: ReportedPart, says: Says) -> Iterator[Provenance | WhoSaid]:
    if part in WHO_SAID:
        if (said := WHO_SAID[part](says.said_by)) is not None:
            yield said
        return
    yield from (value.provenance for _what, value in _entries(part, says))


def _entries(part: ReportedPart, says: Says) -> Iterator[Entry]:
    if part in ENTRIES:
        yield from ENTRIES[part](says)
    yield from (("", details) for _leads, details in says.involvements if is_of(part, details.service))


def _without_provenance(part: ReportedPart, says: Says) -> frozenset[Entry]:
    return frozenset(
        (what, replace(value, provenance=NOBODY_SAID) if hasattr(value, "provenance") else value)
        for what, value in _entries(part, says)
    )
