"""Reminding whoever did not answer an auditor in time: once, by letter. For the worker alone."""

from django.db import transaction
from django.utils import timezone

from access.models import Organisation, User, UserState
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from review.models import AskedOf, Question

REMINDERS = "reminders"


def remind_of_questions() -> int:
    """Have everybody written to whose answer is late and who was not yet. Returns how many.

    Each beside an event, in a transaction of its own. Of a case that is closed nobody is reminded, nor whoever may not
    sign in any more: these cannot answer. Administrators who are asked about their people see on their start page that
    it is late.
    """
    late = Question.objects.filter(
        answered_at=None,
        reminded_at=None,
        asked_of=AskedOf.PERSON,
        due_on__lt=timezone.localdate(),
        case__growing=True,
    )
    return sum(_remind(*each) for each in list(late.order_by("pk").values_list("pk", "person_id", "organisation_id")))


@transaction.atomic
def _remind(question_id: int, person_id: int, organisation_id: int | None) -> bool:
    if not User.objects.filter(pk=person_id, state=UserState.ACTIVE).exists():
        return False
    place = Organisation.objects.filter(pk=organisation_id).first() if organisation_id else None
    actor = Process(REMINDERS, None, organisation_id, place.authority_id if place else None)
    record(EventKind.CASE_REMINDED, About(fields=[f"question.{question_id}"], user_id=person_id), actor=actor)
    # As it was found: whoever answered in between, or was reminded by another worker, is not.
    waiting = Question.objects.filter(pk=question_id, answered_at=None, reminded_at=None)
    if not waiting.update(reminded_at=timezone.now()):
        transaction.set_rollback(True)
        return False
    return True
