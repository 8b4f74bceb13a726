"""Reading a record: opened, ordered and cut to what the reader may see (registry.disclosure)."""

from dataclasses import dataclass
from datetime import date

from access.models import Organisation, OrganisationKind
from audit.actors import Actor
from registry import numbers
from registry.disclosure import (
    has_ended,
    holder_is_named,
    is_own,
    is_told_of_sensitive_service,
    service_is_named,
)
from registry.models import Child, Involvement
from registry.retention import age
from registry.service_days import Life
from registry.shown import ShownChild
from registry.values import Address, GuardianDetails, InvolvementDetails, Name, Provenance
from registry.vocabulary import Gender, NameKind, NumberKind


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a child apart, and all that an ordinary user sees of a shielded one."""

    child_id: int
    name: str
    date_of_birth: date
    age: int
    gender: Gender
    number: str


@dataclass(frozen=True, slots=True)
class KnownInvolvement:
    """One involvement as a reader sees it. `own` where it is of the reader's organisation."""

    id: int
    details: InvolvementDetails
    organisation: Organisation
    lead: bool
    own: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class Record:
    """A child's record as one reader sees it. Of a shielded child only `identity` and `authority` are filled.

    `authority` is whom to ring: the responsible authority, or the reader's own where the child is shielded, since the
    responsible one would tell where the child lives.
    """

    identity: Identity
    authority: Organisation
    shielded: bool
    date_of_death: date | None = None
    names: tuple[tuple[NameKind, Name], ...] = ()
    addresses: tuple[Address, ...] = ()
    numbers: tuple[tuple[NumberKind, str, Provenance], ...] = ()
    guardians: tuple[GuardianDetails, ...] = ()
    current: tuple[KnownInvolvement, ...] = ()
    ended: tuple[KnownInvolvement, ...] = ()
    sensitive: bool = False
    assessment_holder: Organisation | None = None


def identity_of(shown: ShownChild, *, today: date) -> Identity:
    """What tells the child apart."""
    child = shown.child
    name = next(name for kind, name in _names(shown) if kind == NameKind.LEGAL)
    born: date = child.date_of_birth.open()
    return Identity(
        child_id=child.pk,
        name=f"{name.given} {name.family}",
        date_of_birth=born,
        age=age(born, child.date_of_death.open() or today),
        gender=child.gender.open(),
        number=numbers.shown(child.number.open()),
    )


def life_of(child: Child) -> Life:
    """From when to when the child lived."""
    return Life(child.date_of_birth.open(), child.date_of_death.open())


def record_of(shown: ShownChild, *, actor: Actor, today: date) -> Record:
    """The record as `actor` may see it."""
    child = shown.child
    identity = identity_of(shown, today=today)
    if shown.shielded:
        return Record(identity, authority=_own_authority(actor), shielded=True)
    assessment = child.assessment.open()
    opened = [(row, row.details.open()) for row in shown.involvements]
    organisations = Organisation.objects.in_bulk(
        {child.responsible_authority_id, *(details.organisation_id for _row, details in opened)}
        | ({assessment.holder_id} if assessment else set())
    )
    involvements = _involvements(opened, organisations, actor)
    visible = [each for each in involvements if service_is_named(each.details, actor)]
    holder = organisations.get(assessment.holder_id) if assessment else None
    unnamed_holder = holder is not None and not holder_is_named(holder, actor)
    return Record(
        identity=identity,
        authority=organisations[child.responsible_authority_id],
        shielded=False,
        date_of_death=child.date_of_death.open(),
        names=_names(shown),
        addresses=tuple(row.details.open() for row in shown.addresses),
        numbers=tuple(_numbers(shown)),
        guardians=tuple(row.details.open() for row in shown.guardians),
        current=tuple(each for each in visible if not has_ended(each.details, today)),
        ended=tuple(each for each in visible if has_ended(each.details, today)),
        sensitive=unnamed_holder
        or any(is_told_of_sensitive_service(each.details, actor, today=today) for each in involvements),
        assessment_holder=None if unnamed_holder else holder,
    )


def _involvements(
    rows: list[tuple[Involvement, InvolvementDetails]], organisations: dict[int, Organisation], actor: Actor
) -> list[KnownInvolvement]:
    """All of them, newest first."""
    known = [
        KnownInvolvement(
            id=row.pk,
            details=details,
            organisation=organisations[details.organisation_id],
            lead=row.lead,
            own=is_own(details, actor),
            row_version=row.row_version,
        )
        for row, details in rows
    ]
    return sorted(known, key=lambda each: (each.details.started_on, each.id), reverse=True)


def _names(shown: ShownChild) -> tuple[tuple[NameKind, Name], ...]:
    return tuple((NameKind(row.kind), row.details.open()) for row in shown.names)


def _numbers(shown: ShownChild) -> list[tuple[NumberKind, str, Provenance]]:
    opened = [(NumberKind(row.kind), row.details.open()) for row in shown.numbers]
    return [(kind, details.value, details.provenance) for kind, details in opened]


def _own_authority(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.authority_id, kind=OrganisationKind.AUTHORITY)
