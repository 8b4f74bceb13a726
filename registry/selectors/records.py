"""Reading a record: opened, ordered and cut to what the reader may see (registry/policies/disclosure.py)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from access.models import Organisation, OrganisationKind
from registry.models import ChildAddress, Involvement
from registry.policies.disclosure import Reader, age_shown, holder_shown, is_own, services_shown, shielded_record
from registry.record import Compared, Identity, KnownInvolvement, Record
from registry.rules import numbers
from registry.rules.names import unlike
from registry.rules.retention import consent_counts, kept_until
from registry.rules.service_days import Life
from registry.shown import ShownChild, child_told
from registry.values import UNSAID, Address, Difference, InvolvementDetails, Name, Provenance, SaidBy
from registry.vocabulary import AddressState, NameKind, NumberKind, Part


def identity_of(shown: ShownChild, *, today: date) -> Identity:
    """What tells the child apart."""
    child = shown.child
    name = next(name for kind, name in _names(shown) if kind == NameKind.LEGAL)
    born: date = child.date_of_birth.open()
    return Identity(
        child_id=child.pk,
        name=f"{name.given} {name.family}",
        date_of_birth=born,
        age=age_shown(born, child.date_of_death, shielded=shown.is_hidden, today=today),
        gender=child.gender.open(),
        number=numbers.shown(child.number.open()),
    )


def life_of(shown: ShownChild) -> Life:
    """From when to when the child lived, and whether they consented to their record's being kept."""
    born: date = shown.child.date_of_birth.open()
    return Life(born, shown.child.date_of_death.open(), kept=consent_counts(born, shown.consented_on))


def record_of(shown: ShownChild, *, actor: Reader, today: date) -> Record:
    """The record as `actor` may see it. Of a shielded child nothing is opened that is not shown."""
    child = shown.child
    identity = identity_of(shown, today=today)
    if shown.is_hidden:
        return shielded_record(identity, own_authority(actor))
    assessment = next((found for each in (child, *shown.under) if (found := each.assessment.open())), None)
    opened = [(row, row.details.open()) for row in shown.involvements]
    organisations = _organisations(
        {child.responsible_authority_id, *(details.organisation_id for _row, details in opened)}
        | ({assessment.holder_id} if assessment else set())
    )
    services = services_shown(_involvements(opened, organisations, actor), actor, today=today)
    return Record(
        identity=identity,
        authority=organisations[child.responsible_authority_id],
        shielded=False,
        by_right=shown.by_right,
        leave_until=shown.leave_until,
        date_of_death=child.date_of_death.open(),
        names=_names(shown),
        said_by=_said_by(shown),
        further_numbers=tuple(numbers.shown(each.number.open()) for each in shown.under),
        addresses=tuple(_address(row) for row in shown.addresses),
        numbers=tuple(_numbers(shown)),
        guardians=tuple(row.details.open() for row in shown.guardians),
        current=services.current,
        ended=services.ended,
        sensitive=services.sensitive,
        kept_until=kept_until(identity.date_of_birth)
        if consent_counts(identity.date_of_birth, shown.consented_on)
        else None,
        assessment_holder=holder_shown(organisations[assessment.holder_id], actor) if assessment else None,
    )


def compared_of(told: Mapping[str, Any], *, today: date) -> Compared:
    """One of two records side by side, as registry/sql/functions/registry_merge_who.sql tells it.

    The database cut it already: of a shielded child it tells nothing else.
    """
    shown = child_told(told)
    return Compared(
        identity=identity_of(shown, today=today),
        hidden=shown.shielded,
        protected=told["own_shield"],
        lies_under=told["lies_under"],
        holds_others=told["holds_others"],
        offered=told["offered"],
        of_one_authority=told["of_one_authority"],
        date_of_death=shown.child.date_of_death.open(),
        names=_names(shown),
        addresses=tuple(row.details.open() for row in shown.addresses),
        numbers=tuple(_numbers(shown)),
        guardians=tuple(row.details.open() for row in shown.guardians),
    )


def _organisations(ids: set[int]) -> dict[int, Organisation]:
    """These organisations, by id.

    In words that are the same however many there are, so that PostgreSQL has them prepared. To put a statement together
    takes Django longer than PostgreSQL takes to answer it.
    """
    found = Organisation.objects.raw("SELECT * FROM access_organisation WHERE id = ANY (%s)", [list(ids)])
    return {organisation.pk: organisation for organisation in found}


def _involvements(
    rows: list[tuple[Involvement, InvolvementDetails]], organisations: dict[int, Organisation], actor: Reader
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
    """All of them, each that a record which lies under this one has as well but once."""
    return unlike((NameKind(row.kind), row.details.open()) for row in shown.names)


def _address(row: ChildAddress) -> Address:
    """An address as it is here: the present one of a record that lies under this one is where the child was last."""
    address: Address = row.details.open()
    stands = row.present or address.state != AddressState.CURRENT or address.valid_to is not None
    return address if stands else replace(address, state=AddressState.LAST_KNOWN)


def _said_by(shown: ShownChild) -> SaidBy:
    """Whose words stand on the record; sources differ also where those of a record that lies under it do, but where
    this one's own counts them already."""
    own, differ = UNSAID, dict[Part, Difference]()
    for row in shown.said_by:
        said: SaidBy = row.details.open()
        if row.child_id == shown.child.pk:
            own = said
        elif row.child_id in own.also_of:
            continue
        for each in said.differ:
            differ.setdefault(each.part, each)
    return replace(own, differ=tuple(differ.values()))


def _numbers(shown: ShownChild) -> list[tuple[NumberKind, str, Provenance]]:
    opened = [(NumberKind(row.kind), row.details.open()) for row in shown.numbers]
    return [(kind, details.value, details.provenance) for kind, details in opened]


def known_involvements(shown: ShownChild, actor: Reader) -> list[KnownInvolvement]:
    """All of a child's involvements that the event allowed, newest first: not all of them may be shown."""
    opened = [(row, row.details.open()) for row in shown.involvements]
    return _involvements(opened, _organisations({details.organisation_id for _row, details in opened}), actor)


def own_authority(actor: Reader) -> Organisation:
    """The authority to which the actor's organisation belongs."""
    return Organisation.objects.get(pk=actor.authority_id, kind=OrganisationKind.AUTHORITY)
