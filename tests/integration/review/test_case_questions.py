"""An auditor asks about accesses, and the person or their administrator answers from lists."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from access.models import Notice, NoticeKind, Organisation, Role, User, UserState
from access.people.actions.notifying import send_notices
from access.sign_in.notices import notify
from audit.events import EventKind, Outcome
from audit.reasons import Answer, ManagerAnswer
from audit.recorder import About, record
from contactpoint.roles import WORKER
from review.models import Case, Explanation, Query, Rests
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import CASES, ask, beside, case_about, case_of, page_of, questions, take
from tests.integration.review.reading import opened, text_of
from tests.log import events, last_event

GOOD = {"answer": Answer.REFERRAL.value, "rests_on": Rests.REFERRAL.value}


@pytest.fixture
def case(teacher: User, visitor: Client) -> Case:
    made = case_about(teacher, children=[4711, 4712])
    take(visitor, made)
    return made


@pytest.fixture
def asked(teacher: User) -> Client:
    return factories.signed_in(teacher)


@pytest.fixture
def manager(council: Organisation, as_owner: OwnerContext) -> Client:
    with as_owner():
        return factories.signed_in(factories.user(role=Role.ADMINISTRATOR, works_for=council, name="Manager here"))


def address() -> str:
    return reverse("question", args=[questions()[-1].pk])


def test_person_is_asked_and_answers_on_the_page_of_what_they_did(
    visitor: Client, auditor: User, teacher: User, asked: Client, case: Case
) -> None:
    assert "The question is asked." in ask(visitor, case)
    told = last_event(kind=EventKind.CASE_ASKED)
    assert (told.actor_id, told.user_id) == (auditor.pk, teacher.pk)
    assert told.fields == [f"case.{case.pk}", "of.person", "query.occasion"]
    assert "Waiting for an answer" in text_of(visitor.get(f"{CASES}?show=asked"))

    assert "A question about what you opened" in text_of(asked.get(reverse("my_history")))
    assert "An auditor asks you about records that you opened." in text_of(asked.get(reverse("home")))
    said = text_of(asked.get(address()))
    assert "What was the occasion of these accesses?" in said
    assert said.count("I am making a child protection enquiry") == 2

    assert "Thank you." in text_of(asked.post(address(), GOOD, follow=True))

    answered = last_event(kind=EventKind.CASE_ANSWERED)
    assert (answered.actor_id, answered.user_id, answered.reason) == (teacher.pk, teacher.pk, "came_in")
    assert "A question about what you opened" not in text_of(asked.get(reverse("my_history")))
    page = text_of(page_of(visitor, case))
    assert Answer.REFERRAL.label in page
    assert Rests.REFERRAL.label in page


def test_person_is_told_by_a_letter_that_says_nothing_of_what_it_is_about(
    visitor: Client, teacher: User, case: Case, mailoutbox: list
) -> None:
    ask(visitor, case)
    with as_owner_here():
        assert [each.what for each in Notice.objects.filter(user=teacher)] == [NoticeKind.QUESTION]
    with acting_as(WORKER):
        send_notices()

    (letter,) = mailoutbox
    assert letter.to == [teacher.email.open()]
    assert reverse("my_history") in letter.body
    assert "child" not in letter.body


def test_administrator_is_asked_and_sees_no_record(visitor: Client, manager: Client, asked: Client, case: Case) -> None:
    ask(visitor, case, "manager")

    assert "An auditor asks you about accesses of one of your people." in text_of(manager.get(reverse("home")))
    page = manager.get(address())
    assert "A question about Teacher of this authority" in text_of(page)
    assert "It is about 2 accesses of records." in text_of(page)
    assert "ring the auditor, who notes it here" in text_of(page), "they are the management team"
    assert last_event(kind=EventKind.PEOPLE_LISTED).fields == [f"question.{questions()[-1].pk}"]
    assert asked.get(address()).status_code == 404, "it is not they who are asked"

    answer = {"answer": ManagerAnswer.NOT_THEIR_WORK.value, "rests_on": Rests.ROTA.value}
    assert manager.post(address(), answer).status_code == 302
    assert ManagerAnswer.NOT_THEIR_WORK.label in text_of(page_of(visitor, case))


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_else_sees_the_question(visitor: Client, case: Case, role: Role, as_owner: OwnerContext) -> None:
    ask(visitor, case)
    ask(visitor, case, "manager")
    with as_owner():
        other = factories.signed_in(factories.user(role=role))

    for each in questions():
        where = reverse("question", args=[each.pk])
        assert other.get(where).status_code == 404
        assert other.post(where, GOOD).status_code == 404
    assert last_event().outcome == Outcome.NOT_FOUND
    assert "An auditor asks" not in text_of(other.get(reverse("home")))


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.LEFT, UserState.REVOKED])
def test_whoever_could_not_answer_is_not_asked_and_their_organisation_is(
    visitor: Client, teacher: User, case: Case, as_owner: OwnerContext, state: UserState
) -> None:
    assert "Ask the person" in text_of(page_of(visitor, case))
    with as_owner():
        User.objects.filter(pk=teacher.pk).update(state=state)

    assert "Ask the person" not in text_of(page_of(visitor, case))
    refused = ask(visitor, case)
    assert "would not see the question. Nothing was asked." in refused
    assert f"Ask {teacher.organisation.name} about Teacher of this authority" in refused, "offered in its place"
    assert questions() == []
    assert events(kind=EventKind.CASE_ASKED) == []
    assert "The question is asked." in ask(visitor, case, "manager")


@pytest.mark.parametrize("query", [Query.YOURS, Query.CONNECTED])
def test_what_they_alone_can_say_is_asked_of_nobody_else(visitor: Client, case: Case, query: Query) -> None:
    address = reverse("ask_about_case", args=[case.pk])
    assert query.label in text_of(visitor.get(f"{address}?of=person"))
    assert query.label not in text_of(visitor.get(f"{address}?of=manager"))

    assert "Choose from the list what you ask" in ask(visitor, case, "manager", query.value)
    assert questions() == []


def test_asked_twice_and_answered_twice_is_once(visitor: Client, asked: Client, case: Case) -> None:
    ask(visitor, case)
    assert "They have been asked already" in ask(visitor, case)
    assert len(questions()) == 1

    asked.post(address(), GOOD)
    again = asked.post(address(), {"answer": Answer.PRIVATE.value, "rests_on": Rests.NOTHING.value}, follow=True)

    assert "This question was answered already." in text_of(again)
    assert [each.answer for each in questions()] == ["came_in"]
    assert len(events(kind=EventKind.CASE_ANSWERED)) == 1


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "Choose an answer"),
        ({"answer": "came_in"}, "Choose what that rests on"),
        ({"answer": ManagerAnswer.AWAY.value, "rests_on": "rota"}, "Choose from the list an answer"),
    ],
)
def test_answer_that_is_not_whole_says_what_is_missing(
    visitor: Client, asked: Client, case: Case, answers: dict[str, str], message: str
) -> None:
    ask(visitor, case)

    assert message in text_of(asked.post(address(), answers))
    assert [each.answer for each in questions()] == [""]


def test_what_was_said_on_the_telephone_is_noted(visitor: Client, auditor: User, case: Case) -> None:
    page = visitor.post(
        f"{reverse('note_answer', args=[case.pk])}?of=person",
        {"answer": Answer.NOT_ME.value, "rests_on": Rests.ROTA.value},
        follow=True,
    )

    assert "What they said is noted." in text_of(page)
    assert "Look at this first" in text_of(page)
    heard = last_event(kind=EventKind.CASE_HEARD)
    assert (heard.actor_id, heard.reason) == (auditor.pk, "not_me")
    assert [(each.answer, each.answered_by_id) for each in questions()] == [("not_me", auditor.pk)]


def test_whoever_does_not_work_on_a_case_asks_nothing(colleague: User, case: Case) -> None:
    other = factories.signed_in(colleague)

    assert "Somebody else took, decided or closed this case" in ask(other, case)
    assert questions() == []


def test_mediator_is_asked_about_accesses_in_a_colleagues_name(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        mediator = factories.user(role=Role.MEDIATOR, works_for=council, name="Mediator here")
    event_id = opened(factories.actor_on_call(mediator, teacher))
    with as_owner():
        case = case_of(mediator, {event_id: 4711})
        Explanation.objects.update(person_id=teacher.pk)
    take(visitor, case)

    assert "The question is asked." in ask(visitor, case)
    said = text_of(factories.signed_in(mediator).get(address()))
    assert "What was the occasion of these accesses?" in said
    assert said.count("I am making a child protection enquiry") == 1


# -------------------------------------------------------------------------------------------------- at the database


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def test_database_lets_nobody_answer_without_the_event(visitor: Client, teacher: User, case: Case) -> None:
    ask(visitor, case)
    factories.actor_for(teacher)  # whose session is shown now

    with pytest.raises(DatabaseError, match="row-level security"):
        run(
            "update review_question set answer = 'was_working', rests_on = 'rota', answered_at = now(),"
            f" answered_by_id = {teacher.pk}"
        )


def test_database_shows_and_changes_nothing_of_what_others_are_asked(
    visitor: Client, stranger: User, case: Case
) -> None:
    ask(visitor, case)
    factories.actor_for(stranger)

    assert run("select * from review_question") == 0
    assert run("update review_question set answer = 'was_working', rests_on = 'rota', answered_at = now()") == 0
    for statement in ("delete from review_question", "update review_question set query = 'yours'"):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(statement)


PUT = """
    insert into review_question (case_id, person_id, asked_of, query, events, asked_by_id, asked_at, due_on, answer,
        rests_on) values (%s, 0, 'person', 'occasion', %s, %s, now(), now(), '', '')
"""


def test_database_lets_whoever_works_on_a_case_ask_about_its_person_alone(
    auditor: User, colleague: User, stranger: User, case: Case
) -> None:
    own, other = factories.actor_for(auditor), factories.actor_for(colleague)
    elsewhere = case_about(stranger)
    with as_owner_here():
        theirs, foreign = (list(each.findings.values_list("event_id", flat=True)) for each in (case, elsewhere))

    for actor, kind, events_asked in (
        (other, EventKind.CASE_ASKED, theirs),
        (own, EventKind.CASE_ASKED, foreign),
        (own, EventKind.CASE_TAKEN, theirs),
    ):
        with pytest.raises(DatabaseError):
            beside(actor, [kind], case, PUT, case.pk, events_asked, actor.user_id)
    assert questions() == []

    beside(own, [EventKind.CASE_ASKED], case, PUT, case.pk, theirs, own.user_id)
    assert [each.person_id for each in questions()] == [case.person_id]


@pytest.mark.parametrize(
    ("kind", "told"),
    [(EventKind.CASE_ASKED, NoticeKind.QUESTION), (EventKind.CASE_REMINDED, NoticeKind.QUESTION_LATE)],
)
def test_nobody_is_written_to_of_a_question_that_stands_nowhere(
    auditor: User, teacher: User, stranger: User, case: Case, kind: EventKind, told: NoticeKind
) -> None:
    """Whoever took over the web process holds an auditor's session, and says what they like of whom they like."""
    actor = factories.actor_for(auditor)

    def tell(person: User) -> None:
        with transaction.atomic():
            record(kind, About(fields=[f"case.{case.pk}"], user_id=person.pk), actor=actor)
            notify(person.pk, told)

    for person in (teacher, stranger):
        with pytest.raises(DatabaseError, match="nothing recorded says"):
            tell(person)
    with as_owner_here():
        assert not Notice.objects.exists()
