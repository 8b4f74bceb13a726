"""Which services work with a child, since when, and who leads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from registry.demonstration.draw import Weighted, chance, choose
from registry.demonstration.organisations import Practitioner, practitioners
from registry.demonstration.shapes import Involvement
from registry.rules.basis import PRESUMED_ABLE, SELDOM_ABLE
from registry.rules.retention import age as age_on
from registry.values import BasisDecision
from registry.vocabulary import (
    EDUCATION_SERVICES,
    SENSITIVE_SERVICES,
    BasisDecider,
    Competence,
    SensitiveBasis,
    Service,
)

Staff = Mapping[Service, tuple[Practitioner, ...]]

_SERVICES_THAT_NEED_A_LEAD = 3
_COMPETENT_AGE = 13


@dataclass(frozen=True, slots=True)
class Rule:
    """At which ages a service works with a child, how likely, and for how many months at most."""

    first_age: int
    last_age: int
    share: float
    months: int


# Shares of the children of these ages, made up to give the totals a social worker would know: about 8% with
# social care or early help, about 3% with a sensitive service.
RULES = {
    Service.HEALTH_VISITING: Rule(0, 4, 0.96, 60),
    Service.EARLY_YEARS: Rule(2, 3, 0.45, 18),
    Service.SCHOOL_NURSING: Rule(5, 17, 0.12, 36),
    Service.SPEECH_THERAPY: Rule(2, 9, 0.045, 24),
    Service.HOSPITAL: Rule(0, 17, 0.03, 60),
    Service.EDUCATIONAL_PSYCHOLOGY: Rule(4, 17, 0.012, 12),
    Service.EDUCATION_WELFARE: Rule(5, 15, 0.014, 12),
    Service.POLICE: Rule(0, 17, 0.006, 6),
    Service.YOUTH_JUSTICE: Rule(10, 17, 0.006, 12),
    Service.VOLUNTARY: Rule(4, 17, 0.015, 18),
    Service.MENTAL_HEALTH: Rule(5, 17, 0.025, 18),
    Service.SEXUAL_HEALTH: Rule(11, 17, 0.014, 9),
    Service.SUBSTANCE_MISUSE: Rule(11, 17, 0.011, 9),
}
_WHOLE_FAMILY = {
    Service.EARLY_HELP: Rule(0, 17, 0.048, 12),
    Service.SOCIAL_CARE: Rule(0, 17, 0.034, 30),
    Service.HOUSING: Rule(0, 17, 0.02, 24),
}
_COMPLEX = (
    Service.SOCIAL_CARE, Service.POLICE, Service.HOUSING, Service.HOSPITAL, Service.VOLUNTARY,
    Service.MENTAL_HEALTH, Service.YOUTH_JUSTICE, Service.SUBSTANCE_MISUSE, Service.EDUCATION_WELFARE,
    Service.EDUCATIONAL_PSYCHOLOGY, Service.SPEECH_THERAPY, Service.SCHOOL_NURSING, Service.HEALTH_VISITING,
    Service.EARLY_HELP,
)  # fmt: skip
_COMPLEX_LIVES = 0.006
_LED_BY = (Service.SOCIAL_CARE, Service.EARLY_HELP, Service.HEALTH_VISITING, Service.YOUTH_JUSTICE)
_BASES = Weighted(
    {
        SensitiveBasis.CONSENT_OF_CHILD: 80,
        SensitiveBasis.CONSENT_OF_GUARDIAN: 12,
        SensitiveBasis.SIGNIFICANT_HARM: 8,
    }.items()
)


def family_services(random: Random, *, in_care: bool) -> frozenset[Service]:
    """Services that work with the household as a whole; a child in care always has social care."""
    drawn = frozenset(service for service, rule in _WHOLE_FAMILY.items() if chance(random, rule.share))
    return frozenset({Service.SOCIAL_CARE}) if in_care else drawn


def involvements(
    random: Random, born: date, today: date, family: frozenset[Service], area: str
) -> tuple[Involvement, ...]:
    """A child's involvements besides school and GP, each begun after birth and not after today."""
    age, staff = age_on(born, today), practitioners(area)
    now = _present_services(random, age, family)
    present = [_involvement(random, service, born, age, today, staff) for service in now]
    past = [
        _ended(random, service, born, today, staff) for service in _past_services(random, age) if service not in now
    ]
    return _with_lead(present) + tuple(past)


def _present_services(random: Random, age: int, family: frozenset[Service]) -> list[Service]:
    # In the order of the table: a set of text has another order in each process.
    services = {service: None for service in _WHOLE_FAMILY if service in family} if family else {}
    drawn = random.random
    for service, share in _shares(age):
        if drawn() < share:
            services[service] = None
    if chance(random, _COMPLEX_LIVES):
        fitting = [service for service in _COMPLEX if _fits(service, age)]
        services |= dict.fromkeys(random.sample(fitting, min(len(fitting), 4 + int(random.random() * 5))))
    return list(services)


@cache
def _shares(age: int) -> tuple[tuple[Service, float], ...]:
    """The services that work with children of that age, and with what share of them, in the order of the table."""
    return tuple((service, rule.share) for service, rule in RULES.items() if _fits(service, age))


def _fits(service: Service, age: int) -> bool:
    rule = RULES.get(service) or _WHOLE_FAMILY[service]
    return rule.first_age <= age <= rule.last_age


def _past_services(random: Random, age: int) -> Iterable[Service]:
    if age > RULES[Service.HEALTH_VISITING].last_age and chance(random, 0.3):
        yield Service.HEALTH_VISITING
    if age > 1 and chance(random, 0.03):
        yield Service.EARLY_HELP
    if age > 1 and chance(random, 0.015):
        yield Service.SOCIAL_CARE
    if age > RULES[Service.SPEECH_THERAPY].last_age and chance(random, 0.03):
        yield Service.SPEECH_THERAPY
    if age > 1 and chance(random, 0.02):
        yield Service.HOSPITAL


def _involvement(random: Random, service: Service, born: date, age: int, today: date, staff: Staff) -> Involvement:
    rule = RULES.get(service) or _WHOLE_FAMILY[service]
    if service is Service.HEALTH_VISITING:
        started = min(today, born + timedelta(days=10 + int(random.random() * 5)))
    else:
        reached = born + timedelta(days=round(365.25 * min(rule.first_age, age)))
        earliest = max(reached, today - timedelta(days=30 * rule.months))
        started = _day_between(random, min(earliest, today), today)
    worker = choose(random, staff[service])
    if service not in SENSITIVE_SERVICES:
        return Involvement(worker.organisation, service, worker.name, worker.telephone, started)
    basis = _basis(random, age)
    decision = _decision(basis, started, age_on(born, started))
    return Involvement(
        worker.organisation, service, worker.name, worker.telephone, started, basis=basis, decision=decision
    )


def _basis(random: Random, age: int) -> SensitiveBasis:
    """Under thirteen a child's own consent to be entered is seldom competent: a guardian's then."""
    basis = _BASES.pick(random)
    if age < _COMPETENT_AGE and basis is SensitiveBasis.CONSENT_OF_CHILD:
        return SensitiveBasis.CONSENT_OF_GUARDIAN
    return basis


def _decision(basis: SensitiveBasis, on: date, age: int) -> BasisDecision:
    """By whom it was decided when the service began, and whether the child was judged able to decide."""
    if basis is SensitiveBasis.CONSENT_OF_CHILD:
        return BasisDecision(BasisDecider.CHILD, Competence.AGED_16 if age >= PRESUMED_ABLE else Competence.GILLICK, on)
    if basis is SensitiveBasis.SIGNIFICANT_HARM:
        return BasisDecision(BasisDecider.SAFEGUARDING_LEAD, Competence.NOT_JUDGED, on)
    unable = Competence.TOO_YOUNG if age < SELDOM_ABLE else Competence.NOT_COMPETENT
    return BasisDecision(BasisDecider.PARENT, unable, on)


def _ended(random: Random, service: Service, born: date, today: date, staff: Staff) -> Involvement:
    worker = choose(random, staff[service])
    if service is Service.HEALTH_VISITING:
        started = born + timedelta(days=10 + int(random.random() * 5))
        ended = started + timedelta(days=1700 + int(random.random() * 120))
    else:
        started = _day_between(random, born, today - timedelta(days=120))
        ended = _day_between(random, started + timedelta(days=60), today - timedelta(days=30))
    return Involvement(worker.organisation, service, worker.name, worker.telephone, started, min(ended, today))


def _with_lead(present: list[Involvement]) -> tuple[Involvement, ...]:
    """The same, one of them marked as lead where three or more services work with the child, schools apart."""
    working = [one for one in present if one.service not in EDUCATION_SERVICES]
    candidates = [one for one in working if one.basis is None]
    if len(working) < _SERVICES_THAT_NEED_A_LEAD or not candidates:
        return tuple(present)
    lead = min(candidates, key=_rank)
    return tuple(replace(one, lead=True) if one is lead else one for one in present)


def _rank(one: Involvement) -> int:
    return _LED_BY.index(one.service) if one.service in _LED_BY else len(_LED_BY)


def _day_between(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=int(random.random() * ((last - first).days + 1)))
