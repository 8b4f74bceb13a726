"""Opened values as the pages show them: labels for codes, phrases for dates, addresses for links."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from access.rules.decisions import can
from access.rules.roles import Permission
from audit.actors import Actor
from pages.form_fields import in_sentence
from pages.wording import long_date, long_moment
from registry import numbers, telephones
from registry.actions.involvements import Entry
from registry.actions.recalling import Recalled
from registry.references import refer_to
from registry.retention import age
from registry.search import normalise
from registry.search.criteria import Criteria
from registry.search.find import Match
from registry.selectors import KnownInvolvement, Record
from registry.values import Address, GuardianDetails, Provenance, Summary
from registry.vocabulary import NameKind, NumberKind

# What follows a name in a list, before the older name itself.
ALSO = {NameKind.FORMER: "formerly", NameKind.KNOWN_AS: "known as"}
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


def shown_criteria(criteria: Criteria) -> list[tuple[str, str]]:
    """What was asked, to be repeated above the results."""
    given = criteria.to_log()
    labels = CRITERIA_LABELS | ({"number": numbers.label(criteria.number)} if criteria.number else {})
    if criteria.date_of_birth:
        given["date_of_birth"] = long_date(criteria.date_of_birth)
    if criteria.gender:
        given["gender"] = criteria.gender.label
    return [(labels[name], value) for name, value in given.items()]


def shown_result(match: Match, actor: Actor, criteria: Criteria, today: date) -> SimpleNamespace:
    """A result row: only what tells two children apart, why it matched, and what is not as it was asked."""
    row = _shown_summary(match.child_id, match.summary, match.score.why, actor, today)
    row.differs = _differing(match, criteria)
    return row


def shown_recalled(recalled: Recalled, actor: Actor, today: date) -> SimpleNamespace:
    """A row of the records opened lately: as a result, with when it was opened in the place of why it matched."""
    opened = f"You opened this record on {long_moment(recalled.opened_at)}"
    return _shown_summary(recalled.child_id, recalled.summary, (opened,), actor, today)


def _shown_summary(child_id: int, summary: Summary, why: Sequence[str], actor: Actor, today: date) -> SimpleNamespace:
    legal, *others = sorted(summary.names, key=lambda name: name.kind != NameKind.LEGAL)
    place = [part for part in (summary.town, normalise.district(summary.postcode)) if part]
    return SimpleNamespace(
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
    asked, held = (normalise.district(code) for code in (criteria.postcode, match.summary.postcode))
    elsewhere = match.score.found_by_number and asked and held and asked != held
    return [*match.score.differs, *(["postcode"] if elsewhere else [])]


def shown_record(record: Record, actor: Actor, reference: str) -> SimpleNamespace:
    """The record in the words of its page."""
    keeps = can(actor, Permission.INVOLVEMENT_KEEP) and not record.shielded
    lead = next((each for each in record.current if each.lead), None)
    identity = record.identity

    def involvements(known: tuple[KnownInvolvement, ...]) -> list[SimpleNamespace]:
        return [shown_involvement(each, reference if keeps else None) for each in known]

    return SimpleNamespace(
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
        numbers=[(kind.label, shown_number(kind, value)) for kind, value, _provenance in record.numbers],
        addresses=[_address(each) for each in record.addresses],
        guardians=[_guardian(each) for each in record.guardians],
        involvements=involvements(record.current),
        involvements_ended=involvements(record.ended),
        lead=shown_involvement(lead, None) if lead else None,
        sensitive=record.sensitive,
        assessment_holder=record.assessment_holder.name if record.assessment_holder else None,
        shielded=record.shielded,
        authority=record.authority,
        record_url=reverse("record_involvement", args=[reference]) if keeps else None,
    )


def shown_involvement(known: KnownInvolvement, reference: str | None) -> SimpleNamespace:
    """An involvement; with links to withdraw it where it is the reader's own, to correct and end it where it runs."""
    details = known.details
    mine = known.own and reference is not None
    runs = mine and details.ended_on is None
    return SimpleNamespace(
        organisation=known.organisation.name,
        service=details.service.label,
        practitioner=details.practitioner,
        telephone=details.telephone,
        since=details.started_on,
        ended_on=details.ended_on,
        lead=known.lead,
        provenance=_provenance(details.provenance),
        change_url=reverse("correct_involvement", args=[reference, known.id]) if runs else None,
        end_url=reverse("end_involvement", args=[reference, known.id]) if runs else None,
        withdraw_url=reverse("withdraw_involvement", args=[reference, known.id]) if mine else None,
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
    if entry.basis:
        answers.append(("Why it may be entered", entry.basis.label, change))
    return answers


def shown_number(kind: NumberKind, value: str) -> str:
    """A number as it is read out: an NHS number in groups of three, three and four."""
    return numbers.shown_nhs(value) if kind == NumberKind.NHS else value


def validity(valid_from: date | None, valid_to: date | None) -> str:
    """From when to when, as far as it is known."""
    if valid_to:
        return f"until {long_date(valid_to)}"
    return f"since {long_date(valid_from)}" if valid_from else ""


def _address(address: Address) -> SimpleNamespace:
    postal = address.postal
    return SimpleNamespace(
        label=address.state.label if not address.valid_to else "Earlier address",
        lines=[*postal.lines, postal.town, postal.postcode] if postal else [],
        validity=validity(address.valid_from, address.valid_to),
        provenance=_provenance(address.provenance),
    )


def _guardian(guardian: GuardianDetails) -> SimpleNamespace:
    return SimpleNamespace(
        name=f"{guardian.given} {guardian.family}",
        relation=guardian.relation.label,
        parental_responsibility=guardian.parental_responsibility,
        lives_with_child=guardian.lives_with_child,
        telephone=guardian.telephone,
        provenance=_provenance(guardian.provenance),
    )


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return {"source": provenance.source.label, "confirmed_on": provenance.confirmed_on}
