"""What a letter leaves out: proposed here by rule, confirmed by a person line by line.

| rule | fires where | may be told in full |
|---|---|---|
| confidential | the organisation, or the one that rang for it, is a sensitive service | never: it is always left out |
| shielded, gone | the record is shielded; archived or kept no more, nobody sees if | as the team of shields says |
| police | the police looked within ENQUIRY_DAYS | as the police say |
| enquiry | somebody looked for a child protection enquiry within ENQUIRY_DAYS | as those who enquire say |

A line on which two rules fire is not told in full at all. Where none fires, a line is told unless the person finds that
it could do harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import TextChoices

from access.models import Organisation, OrganisationKind
from audit.reasons import Confirming, Reason, ShieldOverride
from registry.policies.records import services_of
from registry.vocabulary import SENSITIVE_SERVICES
from review.answering.lines import Line

ENQUIRY_DAYS = timedelta(days=180)


class Telling(TextChoices):
    """How much of a line the letter tells."""

    FULL = "full", "Tell it"
    UNNAMED = "unnamed", "Tell it, and do not name the organisation"
    NOTHING = "nothing", "Leave it out"


class Standing(StrEnum):
    """How the record stands; nothing is known of one that the log does not lead to."""

    KEPT = "kept"
    SHIELDED = "shielded"
    GONE = "gone"


class Rule(TextChoices):
    """Why a line may have to be left out."""

    CONFIDENTIAL = "confidential", "A confidential service. It is always left out."
    SHIELDED = "shielded", "The record is protected. Each organisation tells where the child lives."
    GONE = "gone", "The record is in the archive or not kept any more, so nobody can see whether it was protected."
    POLICE = "police", "The police looked within the last 180 days."
    ENQUIRY = "enquiry", "It was for a child protection enquiry within the last 180 days."


# Why a person proposes what the rule does, and on what word alone a line on which it fires is told all the same.
PROPOSED = {
    Rule.CONFIDENTIAL: Confirming.CONFIDENTIAL,
    Rule.SHIELDED: Confirming.WHEREABOUTS,
    Rule.GONE: Confirming.WHEREABOUTS,
    Rule.POLICE: Confirming.CRIME,
    Rule.ENQUIRY: Confirming.ENQUIRY,
}
LIFTED_BY = {
    Rule.SHIELDED: Confirming.SAFE_TO_TELL,
    Rule.GONE: Confirming.SAFE_TO_TELL,
    Rule.POLICE: Confirming.ENQUIRY_OVER,
    Rule.ENQUIRY: Confirming.ENQUIRY_OVER,
}
WITHHOLDING = frozenset(
    {Confirming.ENQUIRY, Confirming.CRIME, Confirming.WHEREABOUTS, Confirming.CONFIDENTIAL, Confirming.HARM}
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules say of a line, and what they propose."""

    rules: tuple[Rule, ...]
    telling: Telling
    why: Confirming


def proposal_for(
    line: Line, organisations: Mapping[int, Organisation], standing: Standing | None, *, today: date
) -> Proposal:
    """What fires on the line, the gravest first; nothing of it is told where anything does."""
    rules = tuple(_rules(line, organisations, standing, today))
    if rules:
        return Proposal(rules, Telling.NOTHING, PROPOSED[rules[0]])
    return Proposal((), Telling.FULL, Confirming.NOTHING_AGAINST)


def is_allowed(proposal: Proposal, telling: Telling, why: Confirming) -> bool:
    """Whether a person may confirm that of the line."""
    if Rule.CONFIDENTIAL in proposal.rules:
        return (telling, why) == (Telling.NOTHING, Confirming.CONFIDENTIAL)
    if telling != Telling.FULL:
        return why in WITHHOLDING
    if not proposal.rules:
        return why == Confirming.NOTHING_AGAINST
    return len(proposal.rules) == 1 and why == LIFTED_BY[proposal.rules[0]]


def tellings_of(proposal: Proposal) -> list[tuple[Telling, Confirming]]:
    """All that a person may confirm of the line, what is told most first."""
    return [(telling, why) for telling in Telling for why in Confirming if is_allowed(proposal, telling, why)]


def _rules(line: Line, organisations: Mapping[int, Organisation], standing: Standing | None, today: date) -> list[Rule]:
    involved = [organisations[each] for each in (line.organisation_id, line.through_id) if each is not None]
    recent = line.day > today - ENQUIRY_DAYS
    fires = {
        Rule.CONFIDENTIAL: any(SENSITIVE_SERVICES.intersection(services_of(each)) for each in involved),
        Rule.SHIELDED: standing == Standing.SHIELDED,
        Rule.GONE: standing == Standing.GONE,
        Rule.POLICE: recent and any(each.kind == OrganisationKind.POLICE for each in involved),
        Rule.ENQUIRY: recent and line.reason in (Reason.ENQUIRY, *ShieldOverride),
    }
    return [rule for rule, fired in fires.items() if fired]
