"""Asking about accesses, and answering. Both by closed lists, each beside its event."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from access.people.actions.history import Doing, read_own_doings
from access.people.selectors.people import names_of
from access.rules.errors import NotFoundError
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record
from review.case_policies import about_case, own_case, person_of
from review.models import AskedOf, Query, Question, Rests
from review.policies import reading_at_once
from review.rules.weights import weights
from review.selectors.case_pages import events_asked_about
from review.selectors.cases import KnownPerson, WorkedCase, people_of
from review.selectors.questions import QuestionAsked, question_asked


class AskedAlreadyError(Exception):
    """They have been asked, and have not answered yet. Nothing was changed."""


class GoneError(Exception):
    """They are suspended or have left, and would not see the question. Nothing was changed."""


class AnsweredError(Exception):
    """Somebody has answered already, or the question is not there any more. Nothing was changed."""


def ask(*, actor: Actor, case_id: int, asked_of: AskedOf, query: Query, person_id: int | None = None) -> None:
    """Ask the person of a case, or an administrator of their organisation. The person is told by letter.

    `person_id` is who is meant of several. Raises CaseChangedError unless the actor works on the case,
    AskedAlreadyError where an answer is waited for, GoneError where the person could not answer, NotFoundError where
    the case does not name them.
    """
    case = own_case(actor, case_id)
    person_id = person_of(actor, case, person_id)
    events, person = _asked_about(actor, case, person_id)
    if asked_of == AskedOf.PERSON and (person.is_suspended or person.has_left):
        raise GoneError
    fields = [*about_case(case_id).fields, f"of.{asked_of}", f"query.{query}"]
    with transaction.atomic():
        record(EventKind.CASE_ASKED, About(fields=fields, user_id=person_id), actor=actor)
        _put(actor, case, person_id, events, asked_of=asked_of, query=query)


def note_answer(
    *, actor: Actor, case_id: int, asked_of: AskedOf, answer: str, rests_on: Rests, person_id: int | None = None
) -> None:
    """Keep what somebody said on the telephone, who may have left by now. All else is as of `ask`."""
    case = own_case(actor, case_id)
    person_id = person_of(actor, case, person_id)
    events, _ = _asked_about(actor, case, person_id)
    fields = [*about_case(case_id).fields, f"of.{asked_of}", f"rests.{rests_on}"]
    with transaction.atomic():
        record(EventKind.CASE_HEARD, About(fields=fields, user_id=person_id, reason=answer), actor=actor)
        said = {"answer": answer, "rests_on": rests_on, "answered_by_id": actor.user_id, "answered_at": timezone.now()}
        _put(actor, case, person_id, events, asked_of=asked_of, query=Query.OCCASION, **said)


def read_question(*, actor: Actor, question_id: int) -> tuple[QuestionAsked, Sequence[Doing], str]:
    """What the actor is asked, what they did, and the name of whom it is about. That they read it is recorded.

    Of accesses of their people an administrator reads how many there are, and no more. Raises NotFoundError where it is
    not the actor who is asked.
    """
    asked = question_asked(actor, question_id)
    if asked is None:
        raise NotFoundError
    if asked.asked_of == AskedOf.PERSON:
        return asked, read_own_doings(actor=actor, events=asked.events), ""
    with transaction.atomic():
        # Which question, so that it is withheld from whoever is barred from its case.
        about = About(shown=[asked.person_id], fields=[f"question.{question_id}"])
        record(EventKind.PEOPLE_LISTED, about, actor=actor)
        return asked, (), names_of([asked.person_id])[asked.person_id]


def answer(*, actor: Actor, question_id: int, said: str, rests_on: Rests) -> None:
    """Answer what one is asked. Raises NotFoundError where it is somebody else, AnsweredError where it was answered."""
    asked = question_asked(actor, question_id)
    if asked is None:
        raise NotFoundError
    if asked.is_answered:
        raise AnsweredError
    fields = [f"question.{question_id}", f"rests.{rests_on}"]
    with transaction.atomic():
        record(EventKind.CASE_ANSWERED, About(fields=fields, user_id=asked.person_id, reason=said), actor=actor)
        changed = Question.objects.filter(pk=question_id, answered_at=None).update(
            answer=said, rests_on=rests_on, answered_by_id=actor.user_id, answered_at=timezone.now()
        )
        if not changed:
            raise AnsweredError


def _asked_about(actor: Actor, case: WorkedCase, person_id: int) -> tuple[list[int], KnownPerson]:
    """The accesses that are meant, and whose they are."""
    with reading_at_once(actor, about_case(case.id)):
        return events_asked_about(case.id, person_id), people_of([case.id])[person_id]


def _put(actor: Actor, case: WorkedCase, person_id: int, events: list[int], **values: object) -> None:
    now = timezone.now()
    try:
        with transaction.atomic():
            Question.objects.create(
                case_id=case.id,
                person_id=person_id,
                organisation_id=case.organisation_id,
                events=events,
                asked_by_id=actor.user_id,
                asked_at=now,
                due_on=timezone.localdate(now) + timedelta(days=weights().score.answer),
                **values,
            )
    except IntegrityError:
        raise AskedAlreadyError from None
