"""Reading a record: opened, ordered and cut to what the reader may see (registry.disclosure)."""

from datetime import date

from access.models import Organisation, OrganisationKind
from audit.actors import Actor
from registry import numbers
from registry.disclosure import age_shown, holder_shown, is_own, services_shown, shielded_record
from registry.models import Child, ChildAddress, ChildName, ChildNumber, Guardian, Involvement
from registry.policies import is_shielded
from registry.record import Identity, KnownInvolvement, Record
from registry.service_days import Life
from registry.values import Address, InvolvementDetails, Name, Provenance
from registry.vocabulary import NameKind, NumberKind


def identity_of(child: Child, *, today: date) -> Identity:
    """What tells the child apart. Call it where showing it is recorded."""
    return _identity(child, _names(child), shielded=is_shielded(child.pk), today=today)


def life_of(child: Child) -> Life:
    """From when to when the child lived. Call it where showing their record is recorded."""
    return Life(child.date_of_birth.open(), child.date_of_death.open())


def record_of(child: Child, *, actor: Actor, today: date) -> Record:
    """The record as `actor` may see it. Call it in the transaction that records the opening, nowhere else.

    Of a shielded child nothing is opened that is not shown.
    """
    names, shielded = _names(child), is_shielded(child.pk)
    identity = _identity(child, names, shielded=shielded, today=today)
    if shielded:
        return shielded_record(identity, _own_authority(actor))
    assessment = child.assessment.open()
    opened = [(row, row.details.open()) for row in Involvement.objects.filter(child=child)]
    organisations = Organisation.objects.in_bulk(
        {details.organisation_id for _row, details in opened} | ({assessment.holder_id} if assessment else set())
    )
    services = services_shown(_involvements(opened, organisations, actor), actor, today=today)
    return Record(
        identity=identity,
        authority=child.responsible_authority,
        shielded=False,
        date_of_death=child.date_of_death.open(),
        names=names,
        addresses=_addresses(child),
        numbers=tuple(_numbers(child)),
        guardians=tuple(row.details.open() for row in Guardian.objects.filter(child=child).order_by("pk")),
        current=services.current,
        ended=services.ended,
        sensitive=services.sensitive,
        assessment_holder=holder_shown(organisations[assessment.holder_id], actor) if assessment else None,
    )


def _identity(child: Child, names: tuple[tuple[NameKind, Name], ...], *, shielded: bool, today: date) -> Identity:
    name = next(name for kind, name in names if kind == NameKind.LEGAL)
    born: date = child.date_of_birth.open()
    return Identity(
        child_id=child.pk,
        name=f"{name.given} {name.family}",
        date_of_birth=born,
        age=age_shown(born, child.date_of_death, shielded=shielded, today=today),
        gender=child.gender.open(),
        number=numbers.shown(child.number.open()),
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
