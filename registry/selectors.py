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
from registry.models import Child, ChildAddress, ChildName, ChildNumber, Guardian, Involvement
from registry.policies import is_shielded
from registry.retention import age
from registry.service_days import Life
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
    responsible one would tell where the child lives. `sensitive` is of services that work with the child now. Where
    `assessment_holder` is None there is no assessment, or none that the reader is told of.
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


def identity_of(child: Child, *, today: date) -> Identity:
    """What tells the child apart. Call it where showing it is recorded."""
    return _identity(child, _names(child), today)


def life_of(child: Child) -> Life:
    """From when to when the child lived. Call it where showing their record is recorded."""
    return Life(child.date_of_birth.open(), child.date_of_death.open())


def _identity(child: Child, names: tuple[tuple[NameKind, Name], ...], today: date) -> Identity:
    name = next(name for kind, name in names if kind == NameKind.LEGAL)
    born: date = child.date_of_birth.open()
    return Identity(
        child_id=child.pk,
        name=f"{name.given} {name.family}",
        date_of_birth=born,
        age=age(born, child.date_of_death.open() or today),
        gender=child.gender.open(),
        number=numbers.shown(child.number.open()),
    )


def record_of(child: Child, *, actor: Actor, today: date) -> Record:
    """The record as `actor` may see it. Call it in the transaction that records the opening, nowhere else."""
    names = _names(child)
    identity = _identity(child, names, today)
    if is_shielded(child.pk):
        return Record(identity, authority=_own_authority(actor), shielded=True)
    assessment = child.assessment.open()
    opened = [(row, row.details.open()) for row in Involvement.objects.filter(child=child)]
    organisations = Organisation.objects.in_bulk(
        {details.organisation_id for _row, details in opened} | ({assessment.holder_id} if assessment else set())
    )
    involvements = _involvements(opened, organisations, actor)
    visible = [each for each in involvements if service_is_named(each.details, actor)]
    holder = organisations.get(assessment.holder_id) if assessment else None
    return Record(
        identity=identity,
        authority=child.responsible_authority,
        shielded=False,
        date_of_death=child.date_of_death.open(),
        names=names,
        addresses=_addresses(child),
        numbers=tuple(_numbers(child)),
        guardians=tuple(row.details.open() for row in Guardian.objects.filter(child=child).order_by("pk")),
        current=tuple(each for each in visible if not has_ended(each.details, today)),
        ended=tuple(each for each in visible if has_ended(each.details, today)),
        sensitive=any(is_told_of_sensitive_service(each.details, actor, today=today) for each in involvements),
        assessment_holder=holder if holder is not None and holder_is_named(holder, actor) else None,
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


def _names(child: Child) -> tuple[tuple[NameKind, Name], ...]:
    return tuple(
        (NameKind(row.kind), row.details.open()) for row in ChildName.objects.filter(child=child).order_by("pk")
    )


def _addresses(child: Child) -> tuple[Address, ...]:
    """The present one first."""
    rows = ChildAddress.objects.filter(child=child).order_by("-present", "-pk")
    return tuple(row.details.open() for row in rows)


def _numbers(child: Child) -> list[tuple[NumberKind, str, Provenance]]:
    opened = [(NumberKind(row.kind), row.details.open()) for row in ChildNumber.objects.filter(child=child)]
    return [(kind, details.value, details.provenance) for kind, details in opened]


def _own_authority(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.authority_id, kind=OrganisationKind.AUTHORITY)
