"""Opened values as answers show them: codes beside labels, days as days. What is there was cut to the reader before."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import TextChoices

from access.models import Organisation
from audit.actors import Actor
from audit.reasons import Reason
from registry.actions.involvements import Shown
from registry.actions.recalling import Recalled
from registry.record import KnownInvolvement, Record
from registry.references import refer_to
from registry.search.criteria import Criteria
from registry.search.find import Match
from registry.values import Address, GuardianDetails, Provenance
from registry.views.showing import ShownChild, may_record, shown_number, shown_recalled, shown_result
from registry.views.sources import differing, who_said
from registry.vocabulary import Gender, NameKind

Told = dict[str, Any]


def coded(word: TextChoices) -> Told:
    """A word of a closed list."""
    return {"code": word.value, "label": str(word.label)}


def coded_each(words: Iterable[TextChoices]) -> list[Told]:
    """The same of several."""
    return [coded(each) for each in words]


def match(found: Match, actor: Actor, criteria: Criteria, today: date) -> Told:
    """A row of results."""
    row = shown_result(found, actor, criteria, today)
    return _child(row, found.summary.gender) | {"why": list(row.why), "differs": list(row.differs)}


def recalled(opened: Recalled, actor: Actor, today: date) -> Told:
    """A row of the records opened lately."""
    return _child(shown_recalled(opened, actor, today), opened.summary.gender) | {"opened_at": opened.opened_at}


def record(opened: Record, actor: Actor, reason: Reason) -> Told:
    """The record."""
    identity, keeps = opened.identity, may_record(opened, actor)
    return {
        "child": refer_to(actor, identity.child_id),
        "reason": coded(reason),
        "name": identity.name,
        "date_of_birth": identity.date_of_birth,
        "age": identity.age,
        "gender": coded(identity.gender),
        "number": identity.number,
        "date_of_death": opened.date_of_death,
        "other_names": [
            {
                "kind": coded(kind),
                "name": f"{name.given} {name.family}",
                "valid_from": name.valid_from,
                "valid_to": name.valid_to,
            }
            for kind, name in opened.names
            if kind != NameKind.LEGAL
        ],
        "said_by": [
            {"parts": parts, "source": said.source, "confirmed_on": said.confirmed_on}
            for parts, said in who_said(opened)
        ],
        "differ": [{"part": part, "told": told} for part, told in differing(opened).items()],
        "further_numbers": list(opened.further_numbers),
        "numbers": [
            {"kind": coded(kind), "value": shown_number(kind, value), "said_by": _whose(said)}
            for kind, value, said in opened.numbers
        ],
        "addresses": [_address(each) for each in opened.addresses],
        "guardians": [_guardian(each) for each in opened.guardians],
        "involvements": [_known(each, keeps=keeps) for each in opened.current],
        "ended_involvements": [_known(each, keeps=keeps) for each in opened.ended],
        "sensitive_service": opened.sensitive,
        "assessment_holder": opened.assessment_holder.name if opened.assessment_holder else None,
        "shielded": opened.shielded,
        "authority": place(opened.authority),
        "leave_until": opened.leave_until,
        "kept_until": opened.kept_until,
        "may_record": keeps,
    }


def involvement(shown: Shown, involvement_id: int) -> Told:
    """One's own organisation's involvement, to be changed."""
    entry, decision = shown.entry, shown.entry.decision
    basis = entry.basis and {
        "basis": coded(entry.basis),
        "decided_by": coded(decision.by) if decision else None,
        "competence": coded(decision.competence) if decision else None,
        "decided_on": decision.on if decision else None,
    }
    return {
        "id": involvement_id,
        "service": coded(entry.service),
        "practitioner": entry.practitioner,
        "telephone": entry.telephone,
        "started_on": entry.started_on,
        "ended_on": shown.ended_on,
        "lead": entry.lead,
        "basis": basis or None,
    }


def place(organisation: Organisation) -> Told:
    """Somebody to ring."""
    return {"name": organisation.name, "telephone": organisation.telephone}


def _child(row: ShownChild, gender: Gender) -> Told:
    return {
        "child": row.reference,
        "name": row.name,
        "also": row.also,
        "date_of_birth": row.date_of_birth,
        "age": row.age,
        "gender": coded(gender),
        "locality": row.locality,
        "shielded": row.shielded,
    }


def _known(known: KnownInvolvement, *, keeps: bool) -> Told:
    details, organisation = known.details, known.organisation
    return {
        "id": known.id if known.own and keeps else None,
        "organisation": {"name": organisation.name, "closed_on": organisation.closed_on},
        "service": coded(details.service),
        "practitioner": details.practitioner,
        "telephone": details.telephone,
        "started_on": details.started_on,
        "ended_on": details.ended_on,
        "lead": known.lead,
        "own": known.own,
        "said_by": _whose(details.provenance),
    }


def _address(address: Address) -> Told:
    postal = address.postal
    return {
        "state": coded(address.state),
        "lines": list(postal.lines) if postal else [],
        "town": postal.town if postal else None,
        "postcode": postal.postcode if postal else None,
        "valid_from": address.valid_from,
        "valid_to": address.valid_to,
        "said_by": _whose(address.provenance),
    }


def _guardian(guardian: GuardianDetails) -> Told:
    return {
        "name": f"{guardian.given} {guardian.family}",
        "relation": coded(guardian.relation),
        "parental_responsibility": guardian.parental_responsibility,
        "lives_with_child": guardian.lives_with_child,
        "telephone": guardian.telephone,
        "said_by": _whose(guardian.provenance),
    }


def _whose(said: Provenance) -> Told:
    return {"source": coded(said.source), "confirmed_on": said.confirmed_on}
