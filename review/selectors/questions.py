"""What somebody is asked by an auditor. The database shows each session what its own person is asked, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from access.models import Role
from audit.actors import Actor
from review.models import AskedOf, Question

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question to its reader."""

    id: int
    asked_of: str
    person_id: int
    query: str
    words: str
    events: Sequence[int]
    asked_at: datetime
    due_on: date
    is_answered: bool


def questions_waiting(actor: Actor) -> list[QuestionAsked]:
    """What the actor is asked and has not answered, what is due first at the front."""
    waiting = _asked(actor).filter(answered_at=None).order_by("due_on", "pk")
    return [_shown(each) for each in waiting[:MOST_SHOWN]]


def question_asked(actor: Actor, question_id: int) -> QuestionAsked | None:
    """That question, if it is the actor who is asked."""
    found = _asked(actor).filter(pk=question_id).first()
    return _shown(found) if found else None


def _asked(actor: Actor) -> QuerySet[Question]:
    """Narrowed as the database does, so that it goes by the indexes."""
    own = Q(asked_of=AskedOf.PERSON, person_id=actor.user_id)
    if actor.role != Role.ADMINISTRATOR:
        return Question.objects.filter(own)
    places = RawSQL("SELECT review_asked_places()", [])
    theirs = Q(asked_of=AskedOf.MANAGER, organisation_id__in=places) & ~Q(person_id=actor.user_id)
    return Question.objects.filter(own | theirs)


def _shown(question: Question) -> QuestionAsked:
    return QuestionAsked(
        id=question.pk,
        asked_of=question.asked_of,
        person_id=question.person_id,
        query=question.query,
        words=question.get_query_display(),
        events=question.events,
        asked_at=question.asked_at,
        due_on=question.due_on,
        is_answered=question.answered_at is not None,
    )
