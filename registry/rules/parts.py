"""What a record says in each part that somebody may report as wrong, and which source said it.

A part is said to have changed where it says something else; that the same is confirmed anew changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from audit.reported import ReportedPart
from registry.values import Address, GuardianDetails, InvolvementDetails, Name, Number, Provenance
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
    for _what, value in (entry for each in says for entry in _entries(part, each)):
        provenance = getattr(value, "provenance", None)
        if provenance is not None:
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


def _entries(part: ReportedPart, says: Says) -> Iterator[Entry]:
    if part in ENTRIES:
        yield from ENTRIES[part](says)
    yield from (("", details) for _leads, details in says.involvements if is_of(part, details.service))


def _without_provenance(part: ReportedPart, says: Says) -> frozenset[Entry]:
    return frozenset(
        (what, replace(value, provenance=NOBODY_SAID) if hasattr(value, "provenance") else value)
        for what, value in _entries(part, says)
    )
