"""Honest work in number: from time to time somebody goes through many children in one sitting, as a duty or a habit."""

from datetime import date

from access.models import OrganisationKind
from audit.reasons import Reason
from registry.vocabulary import Service
from review.simulation.offices import Office, is_close
from review.simulation.people import Person
from review.simulation.world import World

# On how many of somebody's working days: pupils at risk each half term, a practice's meeting each month, a caseload.
_REVIEWS = {
    OrganisationKind.SCHOOL: 1 / 45,
    OrganisationKind.GP_PRACTICE: 1 / 40,
    OrganisationKind.COMMUNITY_HEALTH: 1 / 60,
    OrganisationKind.AUTHORITY: 1 / 70,
}
_REVIEWS_ELSEWHERE = 1 / 150
_FEWEST, _MOST = 5, 18
# Who answers for children missing education holds the list of those without a school against the registry.
_CHECKS_SCHOOLING = 1 / 20
_SCHOOL_AGES = range(5, 16)


def to_review(person: Person, office: Office, world: World, day: date) -> tuple[list[int], Reason | None]:
    """Whom they go through on that day, and a reason where it can be but one; on most days nobody."""
    random = person.random
    if random.random() < _CHECKS_SCHOOLING and _answers_for_schooling(office):
        return _some(person, world, _without_school(world, person, day)), Reason.MISSING_EDUCATION
    if random.random() < _REVIEWS.get(person.kind, _REVIEWS_ELSEWHERE):
        cases = [work.child_id for work in office.cases.get(person.index, ()) if work.runs_on(day)]
        return _some(person, world, list(dict.fromkeys(cases))), None
    return [], None


def _some(person: Person, world: World, children: list[int]) -> list[int]:
    others = [each for each in children if not is_close(person, world.children[each].household)]
    return person.random.sample(others, min(len(others), person.random.randint(_FEWEST, _MOST)))


def _answers_for_schooling(office: Office) -> bool:
    return any(work.service == Service.EDUCATION_WELFARE for work in office.works[:50])


def _without_school(world: World, person: Person, day: date) -> list[int]:
    there = (world.children[each] for each in world.never_at_school[person.authority_id])
    return [child.id for child in there if (day - child.born).days // 365 in _SCHOOL_AGES]
