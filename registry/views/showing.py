"""Opened values as the pages show them: labels for codes, phrases for dates, addresses for links."""

from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.urls import reverse

from access.models import Organisation
from access.rules.decisions import can
from access.rules.roles import Permission
from audit.actors import Actor
from pages import postcodes, telephones
from pages.form_fields import in_sentence
from pages.wording import long_date, long_moment
from registry.actions.involvements import Entry
from registry.actions.recalling import Recalled
from registry.record import KnownInvolvement, Record
from registry.references import refer_to
from registry.rules import numbers
from registry.rules.retention import age
from registry.search.criteria import Criteria
from registry.search.find import Match
from registry.selectors.connections import OwnRequest
from registry.selectors.reports import OwnReport
from registry.values import Address, GuardianDetails, Provenance, Summary
from registry.views.sources import ShownProvenance, differing, shown_provenance, who_said
from registry.vocabulary import NameKind, NumberKind, Part, SensitiveBasis

# What follows a name in a list, before the older name itself.
ALSO = {NameKind.FORMER: "formerly", NameKind.KNOWN_AS: "known as"}
PART_OF_NUMBER = {NumberKind.NHS: Part.NHS_NUMBER, NumberKind.UPN: Part.PUPIL_NUMBER}
CRITERIA_LABELS = {
    "given": "Given name",
    "family": "Family name",
    "date_of_birth": "Date of birth",
    "age": "Age",
    "gender": "Gender",
    "postcode": "Postcode",
    "number": "Number",
    "house": "House number",
    "street": "Street",
}


@dataclass(frozen=True, slots=True)
class ShownChild:
    """A row of a list: only what tells two children apart, why it stands there, and what is not as it was asked."""

    name: str = field(repr=False)
    also: list[str] = field(repr=False)
    date_of_birth: date = field(repr=False)
    age: int
    gender: str
    locality: str | None = field(repr=False)
    shielded: bool
    why: Sequence[str]
    reference: str
    differs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ShownInvolvement:
    """A service, with links to what the reader may do with it where it is their own organisation's."""

    organisation: str
    closed_on: date | None
    service: str
    practitioner: str = field(repr=False)
    telephone: str
    since: date
    ended_on: date | None
    lead: bool
    provenance: ShownProvenance
    change_url: str | None
    end_url: str | None
    withdraw_url: str | None
    basis_end_url: str | None
    basis_end: str


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """Where a child lives or lived, or in one word why no place is known."""

    label: str
    lines: list[str] = field(repr=False)
    validity: str
    provenance: ShownProvenance


@dataclass(frozen=True, slots=True)
class ShownGuardian:
    """A person with parental responsibility or care."""

    name: str = field(repr=False)
    relation: str
    parental_responsibility: bool
    lives_with_child: bool
    telephone: str | None = field(repr=False)
    provenance: ShownProvenance


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number of the child; `part`, whose it is, where another than this service gave it."""

    label: str
    value: str = field(repr=False)
    part: str = ""
    provenance: ShownProvenance | None = None


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """The record in the words of its page. `other_names`: kind, name, from when to when.

    `who_said`: of what stands at the head of the page, which parts are whose words. `differ`: by part, that sources
    differ about it.
    """

    name: str = field(repr=False)
    date_of_birth: date = field(repr=False)
    age: int
    gender: str
    number: str = field(repr=False)
    date_of_death: date | None
    other_names: list[tuple[str, str, str]] = field(repr=False)
    who_said: list[tuple[str, ShownProvenance]]
    differ: dict[str, str]
    numbers: list[ShownNumber]
    addresses: list[ShownAddress]
    guardians: list[ShownGuardian]
    involvements: list[ShownInvolvement]
    involvements_ended: list[ShownInvolvement]
    lead: ShownInvolvement | None
    sensitive: bool
    assessment_holder: str | None
    shielded: bool
    authority: Organisation
    record_url: str | None
    protect_url: str | None
    leave_until: date | None
    kept_until: date | None
    connect_url: str | None
    asked_connection: OwnRequest | None
    report_url: str | None
    reported: Sequence[OwnReport]


def shown_criteria(criteria: Criteria) -> list[tuple[str, str]]:
    """What was asked, to be repeated above the results."""
    given = criteria.to_log()
    labels = CRITERIA_LABELS | ({"number": numbers.label(criteria.number)} if criteria.number else {})
    if criteria.date_of_birth:
        given["date_of_birth"] = long_date(criteria.date_of_birth)
    elif criteria.year_of_birth is not None:
        month = f"{month_name[criteria.month_of_birth]} " if criteria.month_of_birth else ""
        given["date_of_birth"] = f"{month}{criteria.year_of_birth}"
    if criteria.gender:
        given["gender"] = criteria.gender.label
    return [(labels[name], value) for name, value in given.items()]


def shown_result(match: Match, actor: Actor, criteria: Criteria, today: date) -> ShownChild:
    """A result row."""
    row = _shown_summary(match.child_id, match.summary, match.score.why, actor, today)
    return replace(row, differs=_differing(match, criteria))


def shown_recalled(recalled: Recalled, actor: Actor, today: date) -> ShownChild:
    """A row of the records opened lately: as a result, with when it was opened in the place of why it matched."""
    opened = f"You opened this record on {long_moment(recalled.opened_at)}"
    return _shown_summary(recalled.child_id, recalled.summary, (opened,), actor, today)


def _shown_summary(child_id: int, summary: Summary, why: Sequence[str], actor: Actor, today: date) -> ShownChild:
    legal, *others = sorted(summary.names, key=lambda name: name.kind != NameKind.LEGAL)
    place = [part for part in (summary.town, postcodes.district(summary.postcode)) if part]
    return ShownChild(
        name=f"{legal.given} {legal.family}",
        also=[f"{ALSO[name.kind]} {name.given} {name.family}" for name in others],
        date_of_birth=summary.date_of_birth,
        age=age(summary.date_of_birth, today),
        gender=summary.gender.label,
        locality=", ".join(place) or None,
        shielded=summary.shielded,
        why=why,
        reference=refer_to(actor, child_id),
    )


def number_without_the_rest(criteria: Criteria) -> str:
    """What the number is called that was asked together with something else, as it stands in a sentence; else ""."""
    together = criteria.number and len(criteria.to_log()) > 1
    return in_sentence(numbers.label(criteria.number)) if together else ""


def _differing(match: Match, criteria: Criteria) -> list[str]:
    """In what a child found by number is not as asked: nothing that the row does not show."""
    asked, held = (postcodes.district(code) for code in (criteria.postcode, match.summary.postcode))
    elsewhere = match.score.found_by_number and asked and held and asked != held
    return [*match.score.differs, *(["postcode"] if elsewhere else [])]


def shown_record(
    record: Record,
    actor: Actor,
    reference: str,
    asked: OwnRequest | None = None,
    reported: Sequence[OwnReport] = (),
) -> ShownRecord:
    """The record in the words of its page; `asked` is the reader's own request for a connection, if any, and
    `reported` what they reported as wrong on it.
    """
    keeps = may_record(record, actor)
    asks = can(actor, Permission.SHIELD_ASK) and not record.is_protected
    connects = can(actor, Permission.CONNECTION_ASK) and not record.is_protected
    reports = can(actor, Permission.REPORT_MAKE) and reference  # of a view that ends by itself there is none
    lead = next((each for each in record.current if each.lead), None)
    identity = record.identity

    def involvements(known: tuple[KnownInvolvement, ...]) -> list[ShownInvolvement]:
        return [shown_involvement(each, reference if keeps else None) for each in known]

    return ShownRecord(
        name=identity.name,
        date_of_birth=identity.date_of_birth,
        age=identity.age,
        gender=identity.gender.label,
        number=identity.number,
        date_of_death=record.date_of_death,
        other_names=[
            (kind.label, f"{name.given} {name.family}", validity(name.valid_from, name.valid_to))
            for kind, name in record.names
            if kind != NameKind.LEGAL
        ],
        who_said=who_said(record),
        differ=differing(record),
        numbers=[
            *(ShownNumber("Registry number, too", number) for number in record.further_numbers),
            *(_number(*each) for each in record.numbers),
        ],
        addresses=[shown_address(each) for each in record.addresses],
        guardians=[shown_guardian(each) for each in record.guardians],
        involvements=involvements(record.current),
        involvements_ended=involvements(record.ended),
        lead=shown_involvement(lead, None) if lead else None,
        sensitive=record.sensitive,
        assessment_holder=record.assessment_holder.name if record.assessment_holder else None,
        shielded=record.shielded,
        authority=record.authority,
        record_url=reverse("record_involvement", args=[reference]) if keeps else None,
        protect_url=reverse("ask_shield", args=[reference]) if asks else None,
        leave_until=record.leave_until,
        kept_until=record.kept_until,
        connect_url=reverse("ask_connection", args=[reference]) if connects else None,
        asked_connection=asked if connects else None,
        report_url=reverse("report_wrong", args=[reference]) if reports else None,
        reported=reported,
    )


def may_record(record: Record, actor: Actor) -> bool:
    """Whether the actor is offered to record an involvement there, and to change those of their organisation."""
    return can(actor, Permission.INVOLVEMENT_KEEP) and not record.is_protected


def shown_involvement(known: KnownInvolvement, reference: str | None) -> ShownInvolvement:
    """An involvement; with links to withdraw it where it is the reader's own, to correct and end it where it runs."""
    details = known.details
    mine = known.own and reference is not None
    runs = mine and details.ended_on is None
    return ShownInvolvement(
        organisation=known.organisation.name,
        closed_on=known.organisation.closed_on,
        service=details.service.label,
        practitioner=details.practitioner,
        telephone=details.telephone,
        since=details.started_on,
        ended_on=details.ended_on,
        lead=known.lead,
        provenance=shown_provenance(details.provenance),
        change_url=reverse("correct_involvement", args=[reference, known.id]) if runs else None,
        end_url=reverse("end_involvement", args=[reference, known.id]) if runs else None,
        withdraw_url=reverse("withdraw_involvement", args=[reference, known.id]) if mine else None,
        basis_end_url=reverse("end_basis", args=[reference, known.id]) if mine and details.basis else None,
        basis_end="No longer at risk" if details.basis == SensitiveBasis.SIGNIFICANT_HARM else "Consent withdrawn",
    )


def shown_answers(entry: Entry, change: str) -> list[tuple[str, str, str | None]]:
    """What was entered, as (label, text, where to change it)."""
    answers: list[tuple[str, str, str | None]] = [
        ("Service", entry.service.label, change),
        ("Practitioner’s name", entry.practitioner, change),
        ("Telephone number", telephones.shown(entry.telephone), change),
        ("Start date", long_date(entry.started_on), change),
        ("Lead professional", "Yes" if entry.lead else "No", change),
    ]
    return answers


def shown_basis(entry: Entry, change: str) -> list[tuple[str, str, str | None]]:
    """Why a sensitive service may be entered, as answers: nothing for any other."""
    if entry.basis is None or entry.decision is None:
        return []
    return [
        ("Why it may be entered", entry.basis.label, change),
        ("Who decided", entry.decision.by.label, change),
        ("Able to decide", entry.decision.competence.label, change),
        ("Decision date", long_date(entry.decision.on), change),
    ]


def shown_number(kind: NumberKind, value: str) -> str:
    """A number as it is read out: an NHS number in groups of three, three and four."""
    return numbers.shown_nhs(value) if kind == NumberKind.NHS else value


def validity(valid_from: date | None, valid_to: date | None) -> str:
    """From when to when, as far as it is known."""
    if valid_to:
        return f"until {long_date(valid_to)}"
    return f"since {long_date(valid_from)}" if valid_from else ""


def shown_address(address: Address) -> ShownAddress:
    """An address, or why none is known."""
    postal = address.postal
    return ShownAddress(
        label=address.state.label if not address.valid_to else "Earlier address",
        lines=[*postal.lines, postal.town, postal.postcode] if postal else [],
        validity=validity(address.valid_from, address.valid_to),
        provenance=shown_provenance(address.provenance),
    )


def _number(kind: NumberKind, value: str, provenance: Provenance) -> ShownNumber:
    return ShownNumber(kind.label, shown_number(kind, value), PART_OF_NUMBER[kind], shown_provenance(provenance))


def shown_guardian(guardian: GuardianDetails) -> ShownGuardian:
    """A person with parental responsibility or care."""
    return ShownGuardian(
        name=f"{guardian.given} {guardian.family}",
        relation=guardian.relation.label,
        parental_responsibility=guardian.parental_responsibility,
        lives_with_child=guardian.lives_with_child,
        telephone=guardian.telephone,
        provenance=shown_provenance(guardian.provenance),
    )
