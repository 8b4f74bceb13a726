"""Several people whom a case about a child names, as its pages show them, and the one who is meant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from access.door.references import refer_to_user, user_id_of
from audit.actors import Actor
from audit.reasons import reason_label
from review.models import Question, State
from review.selectors.case_pages import CaseContents, SeenAccess
from review.selectors.cases import KnownPerson
from review.views.case_shown import NOBODY, role_words

EXPLAINED = frozenset({State.AT_ONCE.value, State.LATER.value})


@dataclass(frozen=True, slots=True)
class ShownNamed:
    """One of them: what they did with the record, what they were asked, and what came of it for them.

    `reference` leads to them, in this session alone: no number of a person stands in an address.
    """

    reference: str
    name: str
    role: str
    organisation: str
    days: list[date]
    accesses: int
    explained: int
    asked: list[str]
    late: bool
    suspended: bool
    left: bool
    result: str


def named_shown(
    contents: CaseContents, people: Mapping[int, KnownPerson], places: Mapping[int, str], actor: Actor
) -> list[ShownNamed]:
    """All of them, whoever came first at the front."""
    accesses: defaultdict[int, list[SeenAccess]] = defaultdict(list)
    for access in contents.accesses:
        accesses[access.person_id].append(access)
    shown = []
    for each in contents.people:
        person = people.get(each.person_id, NOBODY)
        theirs = accesses[each.person_id]
        questions = [question for question in contents.questions if question.person_id == each.person_id]
        shown.append(
            ShownNamed(
                reference=refer_to_user(actor, each.person_id),
                name=person.name,
                role=role_words(person.role),
                organisation=places.get(each.organisation_id or 0, ""),
                days=each.days,
                accesses=len(theirs),
                explained=sum(one.state in EXPLAINED for one in theirs),
                asked=[_asked(question) for question in questions],
                late=any(is_late(question) for question in questions),
                suspended=person.is_suspended,
                left=person.has_left,
                result=reason_label(each.result),
            )
        )
    return shown


def meant(actor: Actor, reference: str | None) -> int | None:
    """Who is meant of several. Raises NotFoundError where it is nobody that this session knows."""
    return user_id_of(actor, reference) if reference else None


def is_late(question: Question) -> bool:
    """Whether it should have been answered by now."""
    return question.answered_at is None and question.due_on < timezone.localdate()


def names_to_decide(contents: CaseContents, people: Mapping[int, KnownPerson]) -> dict[int, str]:
    """The names of those about whom something else can be decided than about the others."""
    return {each.person_id: people.get(each.person_id, NOBODY).name for each in contents.people}


def places_in(contents: CaseContents) -> Sequence[int | None]:
    """The organisations for which they work."""
    return [each.organisation_id for each in contents.people]


def _asked(question: Question) -> str:
    whom = "" if question.asked_of == "person" else "Their organisation: "
    if question.answered_at:
        return f"{whom}{reason_label(question.answer)}"
    return f"{whom}{'no answer yet' if whom else 'No answer yet'}"
