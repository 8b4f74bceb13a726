"""A question that is not answered in time: whoever was asked is reminded once, and the desk says that it is late."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Notice, NoticeKind, Organisation, Role, User, UserState
from access.people.actions.notifying import send_notices
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from contactpoint.roles import WORKER
from review.models import Case, Question
from review.tasks import send_reminders_of_questions
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import CASES, ask, case_about, decide, page_of, questions, take
from tests.integration.review.reading import LOG, text_of
from tests.integration.review.test_case_questions import GOOD
from tests.log import events


@pytest.fixture
def case(teacher: User, visitor: Client) -> Case:
    made = case_about(teacher)
    take(visitor, made)
    return made


def is_over(days: int = 1) -> None:
    """The day until which to answer was so many days ago."""
    with as_owner_here():
        Question.objects.update(due_on=timezone.localdate() - timedelta(days=days))


def remind() -> None:
    with acting_as(WORKER):
        send_reminders_of_questions()


def told(person: User) -> list[str]:
    with as_owner_here():
        return list(Notice.objects.filter(user=person).order_by("pk").values_list("what", flat=True))


def test_person_is_reminded_once_and_the_case_says_so(
    visitor: Client, teacher: User, case: Case, mailoutbox: list
) -> None:
    ask(visitor, case)
    remind()
    assert told(teacher) == [NoticeKind.QUESTION], "there is time"
    is_over()
    remind()
    remind()

    assert told(teacher) == [NoticeKind.QUESTION, NoticeKind.QUESTION_LATE]
    (event,) = events(kind=EventKind.CASE_REMINDED)
    assert (event.user_id, event.process, event.fields) == (
        *(teacher.pk, "reminders"),
        [f"question.{questions()[0].pk}"],
    )
    assert event.authority_id == teacher.organisation.authority_id
    page = text_of(page_of(visitor, case))
    assert f"They were reminded on {timezone.localdate():%-d %B %Y}" in page
    assert "Ring them, and note what they say." in page
    assert "Reminder of a question about a case" in text_of(visitor.get(LOG))
    with acting_as(WORKER):
        send_notices()
    letter = mailoutbox[-1]
    assert "was not answered in time" in letter.body
    assert reverse("my_history") in letter.body
    assert "child" not in letter.body


def test_late_answer_stands_out_on_the_desk_and_where_one_is_asked(visitor: Client, teacher: User, case: Case) -> None:
    asked = factories.signed_in(teacher)
    ask(visitor, case)
    assert "Your answer is late" not in text_of(asked.get(reverse("home")))
    is_over(days=3)

    desk = text_of(visitor.get(CASES))
    assert "1 question was not answered in time" in desk
    assert "Answer is late" in text_of(visitor.get(f"{CASES}?show=asked"))
    assert "Answer is late" in text_of(page_of(visitor, case))
    for page in ("home", "my_history"):
        assert "Your answer is late." in text_of(asked.get(reverse(page)))
    asked.post(reverse("question", args=[questions()[0].pk]), GOOD)
    remind()
    assert told(teacher) == [NoticeKind.QUESTION]
    assert "Answer is late" not in text_of(page_of(visitor, case))


def test_administrators_see_on_their_start_page_that_it_is_late(
    visitor: Client, council: Organisation, teacher: User, case: Case, as_owner: OwnerContext
) -> None:
    with as_owner():
        manager = factories.user(role=Role.ADMINISTRATOR, works_for=council)
    ask(visitor, case, "manager")
    is_over()
    remind()

    assert told(teacher) == told(manager) == []
    assert "one of your people. Your answer is late." in text_of(factories.signed_in(manager).get(reverse("home")))
    assert "Their administrators see on their start page that it is late." in text_of(page_of(visitor, case))


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.LEFT, UserState.REVOKED])
def test_whoever_cannot_answer_is_not_reminded(visitor: Client, teacher: User, case: Case, state: UserState) -> None:
    ask(visitor, case)
    is_over()
    with as_owner_here():
        User.objects.filter(pk=teacher.pk).update(state=state)
    remind()

    assert told(teacher) == [NoticeKind.QUESTION]
    assert events(kind=EventKind.CASE_REMINDED) == []
    assert "Ring them, and note what they say." in text_of(page_of(visitor, case))


def test_nobody_is_reminded_of_a_closed_case(visitor: Client, teacher: User, case: Case) -> None:
    ask(visitor, case)
    is_over()
    decide(visitor, case, "in_order")
    remind()

    assert told(teacher) == [NoticeKind.QUESTION]


def test_database_keeps_a_reminder_from_being_noted_without_its_event_or_of_another(
    visitor: Client, teacher: User, stranger: User, case: Case
) -> None:
    ask(visitor, case)
    is_over()
    named = f"question.{questions()[0].pk}"
    for about, field in ((None, named), (stranger.pk, named), (teacher.pk, "question.99")):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(WORKER):
            note_reminder(about, field)
    assert questions()[0].reminded_at is None


def note_reminder(about: int | None, field: str) -> None:
    with transaction.atomic():
        if about:
            record(EventKind.CASE_REMINDED, About(fields=[field], user_id=about), actor=Process("reminders"))
        Question.objects.filter(answered_at=None).update(reminded_at=timezone.now())
