"""What the record says in the part that is reported as wrong, line by line, each with its source."""

from dataclasses import dataclass, field

from audit.actors import Actor
from audit.reported import ReportedPart
from pages.wording import long_date
from registry.actions.reports import ReportRead
from registry.policies.disclosure import services_reported
from registry.record import KnownInvolvement
from registry.selectors.records import known_involvements
from registry.values import Address, GuardianDetails, Name, Number
from registry.views.showing import (
    shown_address,
    shown_guardian,
    shown_involvement,
    shown_number,
    validity,
)
from registry.views.sources import ShownProvenance, shown_provenance
from registry.vocabulary import NameKind, NumberKind


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that stands there."""

    label: str
    words: list[str] = field(repr=False)
    telephone: str | None = field(default=None, repr=False)
    provenance: ShownProvenance | None = None


def lines_of(read: ReportRead, actor: Actor) -> list[Line]:
    """All that the database told of the part; nothing where a shield hides it."""
    child, part = read.child, read.report.part
    if part == ReportedPart.BIRTH:
        return [Line("Date of birth", [long_date(read.identity.date_of_birth)])]
    if part == ReportedPart.GENDER:
        return [Line("Gender", [read.identity.gender.label])]
    died = child.child.date_of_death.open() if part == ReportedPart.DEATH and not read.report.hidden else None
    involvements = services_reported(known_involvements(child, actor), part) if child.involvements else ()
    return [
        *([Line("Died", [long_date(died)])] if died else ()),
        *(_name(NameKind(row.kind), row.details.open()) for row in child.names if part == ReportedPart.NAME),
        *(_address(row.details.open()) for row in child.addresses),
        *(_number(NumberKind(row.kind), row.details.open()) for row in child.numbers),
        *(_guardian(row.details.open()) for row in child.guardians),
        *(_service(each) for each in involvements),
    ]


def _name(kind: NameKind, name: Name) -> Line:
    when = validity(name.valid_from, name.valid_to)
    words = [f"{name.given} {name.family}", *([when] if when else [])]
    return Line(kind.label, words, provenance=shown_provenance(name.provenance))


def _address(address: Address) -> Line:
    shown = shown_address(address)
    words = [*shown.lines, *([shown.validity] if shown.validity else [])]
    return Line(shown.label, words, provenance=shown.provenance)


def _number(kind: NumberKind, number: Number) -> Line:
    return Line(kind.label, [shown_number(kind, number.value)], provenance=shown_provenance(number.provenance))


def _guardian(guardian: GuardianDetails) -> Line:
    shown = shown_guardian(guardian)
    lives = "Lives with the child" if shown.lives_with_child else "Does not live with the child"
    responsible = "Has parental responsibility" if shown.parental_responsibility else "Has care"
    return Line(shown.relation, [shown.name, responsible, lives], shown.telephone, shown.provenance)


def _service(known: KnownInvolvement) -> Line:
    shown = shown_involvement(known, None)
    ended = f"to {long_date(shown.ended_on)}" if shown.ended_on else ""
    words = [shown.organisation, shown.practitioner, f"since {long_date(shown.since)}", ended]
    return Line(shown.service, [each for each in words if each], shown.telephone, shown.provenance)
