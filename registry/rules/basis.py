"""On what basis a sensitive service may be entered, and what of that fits together (DOMAIN: sensitive services).

With the informed consent of the child or young person; or, where they are not able to decide, of whoever has parental
responsibility; or on reasonable cause to suspect significant harm (Children Act 1989, section 31). The registry keeps
which, who decided, whether the child was able to, and when: never the consent itself.
"""

from datetime import date
from enum import StrEnum

from audit.reasons import BasisEnd
from registry.rules.retention import age
from registry.rules.service_days import Life, WrongDay, wrong_start
from registry.values import BasisDecision
from registry.vocabulary import SENSITIVE_SERVICES, BasisDecider, Competence, SensitiveBasis, Service

DECIDERS: dict[SensitiveBasis, frozenset[BasisDecider]] = {
    SensitiveBasis.CONSENT_OF_CHILD: frozenset({BasisDecider.CHILD}),
    SensitiveBasis.CONSENT_OF_GUARDIAN: frozenset({BasisDecider.PARENT, BasisDecider.COUNCIL, BasisDecider.COURT}),
    SensitiveBasis.SIGNIFICANT_HARM: frozenset(
        {BasisDecider.MANAGER, BasisDecider.SAFEGUARDING_LEAD, BasisDecider.SOCIAL_CARE, BasisDecider.COURT}
    ),
}
ABLE = frozenset({Competence.AGED_16, Competence.GILLICK})
UNABLE = frozenset({Competence.NOT_COMPETENT, Competence.TOO_YOUNG})
COMPETENCES: dict[SensitiveBasis, frozenset[Competence]] = {
    SensitiveBasis.CONSENT_OF_CHILD: ABLE,
    SensitiveBasis.CONSENT_OF_GUARDIAN: UNABLE,
    SensitiveBasis.SIGNIFICANT_HARM: frozenset(Competence),
}
ENDS: dict[SensitiveBasis, tuple[BasisEnd, ...]] = {
    SensitiveBasis.CONSENT_OF_CHILD: (BasisEnd.CONSENT_WITHDRAWN,),
    SensitiveBasis.CONSENT_OF_GUARDIAN: (BasisEnd.CONSENT_WITHDRAWN, BasisEnd.CHILD_OBJECTS),
    SensitiveBasis.SIGNIFICANT_HARM: (BasisEnd.HARM_OVER,),
}
PRESUMED_ABLE = 16  # Family Law Reform Act 1969, section 8
SELDOM_ABLE = 13  # below which whoever says that a child was able to decide is asked again


class Unfit(StrEnum):
    """What of a basis does not fit."""

    DECIDER = "decider"
    COMPETENCE = "competence"
    SIXTEEN = "sixteen"
    UNDER_SIXTEEN = "under_sixteen"
    NOT_SO_YOUNG = "not_so_young"


def wants_basis(service: Service) -> bool:
    """Whether a basis must be said of the service before it is entered; of any other none may be."""
    return service in SENSITIVE_SERVICES


def unfit(basis: SensitiveBasis, decision: BasisDecision, life: Life) -> Unfit | None:
    """What of it does not fit, to the basis or to the child's age on that day; None where it all does."""
    years = age(life.born, decision.on)
    if decision.by not in DECIDERS[basis]:
        return Unfit.DECIDER
    if decision.competence not in COMPETENCES[basis]:
        return Unfit.COMPETENCE
    match decision.competence:
        case Competence.GILLICK if years >= PRESUMED_ABLE:
            return Unfit.SIXTEEN
        case Competence.AGED_16 if years < PRESUMED_ABLE:
            return Unfit.UNDER_SIXTEEN
        case Competence.TOO_YOUNG if years >= SELDOM_ABLE:
            return Unfit.NOT_SO_YOUNG
    return None


def wrong_day(decision: BasisDecision, life: Life, *, today: date) -> WrongDay | None:
    """Why it cannot have been decided on that day; None where it can."""
    return wrong_start(decision.on, life, today=today)


def is_doubtful(decision: BasisDecision, life: Life) -> bool:
    """Whether so young a child was judged able to decide that it is more likely a slip of the hand."""
    return decision.competence == Competence.GILLICK and age(life.born, decision.on) < SELDOM_ABLE
