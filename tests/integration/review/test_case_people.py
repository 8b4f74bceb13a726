"""A case about a child, worked through its pages: each of several is asked, stopped and decided about by themself."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from access.models import Notice, NoticeKind, Organisation, Role, User, UserState
from audit.actors import Actor
from audit.events import EventKind, Outcome
from audit.reasons import Answer, CaseResult
from audit.recorder import About, record
from review.actions import cases
from review.models import Case, PersonResult, Rests
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import (
    CASES,
    agree,
    beside,
    case_about_child,
    compare,
    decide,
    is_growing,
    page_of,
    questions,
    take,
    to_agree,
    work_on,
)
from tests.integration.review.reading import text_of
from tests.integration.review.test_case_guards import CLOSE, CLOSED, DECIDE, DECIDED, TAKE, TAKEN
from tests.log import events, last_event

SAY = "insert into review_personresult (case_id, person_id, result) values (%s, %s, %s)"


@pytest.fixture
def people(council: Organisation, teacher: User, as_owner: OwnerContext) -> list[User]:
    with as_owner():
        others = [
            factories.user(works_for=factories.organisation(authority=council), name=f"Worker {name}")
            for name in ("Alder", "Birch")
        ]
    return [teacher, *others]


@pytest.fixture
def case(people: list[User], visitor: Client) -> Case:
    made = case_about_child(people)
    take(visitor, made)
    return made


def way(visitor: Client, case: Case, route: str, name: str) -> str:
    """Where the case's page leads for that person."""
    page = page_of(visitor, case).content.decode().partition("The people")[2]
    row = page.partition(name)[2].partition("</tr>")[0]
    found = re.search(rf'href="({re.escape(reverse(route, args=[case.pk]))}\?[^"]*)"', row)
    assert found, row
    return found[1].replace("&amp;", "&")


def results() -> dict[int, str]:
    with as_owner_here():
        return dict(PersonResult.objects.values_list("person_id", "result"))


def test_queue_and_page_say_how_many_and_name_them_and_never_the_child(
    visitor: Client, case: Case, people: list[User]
) -> None:
    queue = text_of(visitor.get(f"{CASES}?show=mine"))
    assert "A child whom many looked up" in queue
    assert "3 people of this authority" in queue
    page = page_of(visitor, case)
    said = text_of(page)
    for each in people:
        assert each.name.open() in said
        assert each.organisation.name in said
    assert said.count("1, none explained") == 3
    assert "(4711)" in said, "the record by its number alone, here one that is not kept any more"
    assert last_event(kind=EventKind.LOG_READ).fields == [f"case.{case.pk}"]


def test_each_is_asked_by_themself_and_answers_about_their_own_accesses(
    visitor: Client, case: Case, people: list[User]
) -> None:
    address = way(visitor, case, "ask_about_case", "Worker Alder")
    assert f"{people[1].pk}" not in re.sub(rf"/{case.pk}/", "", address).partition("?")[0]
    assert "Ask Worker Alder" in text_of(visitor.get(address))
    asked = {"query": "occasion"}
    assert "The question is asked." in text_of(visitor.post(address, asked, follow=True))

    told = last_event(kind=EventKind.CASE_ASKED)
    assert (told.user_id, told.fields[0]) == (people[1].pk, f"case.{case.pk}")
    (question,) = questions()
    assert (question.person_id, question.organisation_id, len(question.events)) == (
        *(people[1].pk, people[1].organisation_id),
        1,
    )
    with as_owner_here():
        assert [each.what for each in Notice.objects.filter(user=people[1])] == [NoticeKind.QUESTION]
    answering = factories.signed_in(people[1])
    where = reverse("question", args=[question.pk])
    assert factories.signed_in(people[2]).get(where).status_code == 404
    answer = {"answer": Answer.REFERRAL.value, "rests_on": Rests.REFERRAL.value}
    assert "Thank you." in text_of(answering.post(where, answer, follow=True))
    row = page_of(visitor, case).content.decode().partition("The people")[2].partition("Worker Alder")[2]
    assert Answer.REFERRAL.label in row.partition("</tr>")[0]
    assert "They have been asked already" not in text_of(
        visitor.post(way(visitor, case, "ask_about_case", "Worker Birch"), asked, follow=True)
    )


def test_what_one_said_on_the_telephone_is_noted_of_them(visitor: Client, case: Case, people: list[User]) -> None:
    address = way(visitor, case, "note_answer", "Worker Birch")
    said = {"answer": Answer.NOT_ME.value, "rests_on": Rests.NOTHING.value}
    assert "What Worker Birch said" in text_of(visitor.get(address))
    assert "What they said is noted." in text_of(visitor.post(address, said, follow=True))
    assert [each.person_id for each in questions()] == [people[2].pk]


def test_one_of_them_is_suspended_and_no_other(visitor: Client, case: Case, people: list[User]) -> None:
    address = way(visitor, case, "suspend_for_case", "Worker Alder")
    assert "Suspend Worker Alder" in text_of(visitor.get(address))
    assert "They are suspended" in text_of(visitor.post(address, follow=True))
    with as_owner_here():
        states = dict(User.objects.filter(pk__in=[each.pk for each in people]).values_list("pk", "state"))
    assert states == {
        people[0].pk: UserState.ACTIVE,
        people[1].pk: UserState.SUSPENDED,
        people[2].pk: UserState.ACTIVE,
    }


@pytest.mark.parametrize("route", ["ask_about_case", "note_answer", "suspend_for_case"])
def test_address_of_another_session_does_nothing_and_is_refused(
    visitor: Client, other: Client, case: Case, route: str
) -> None:
    stale = way(visitor, case, route, "Worker Alder")
    take(other, case)
    chosen = {"query": "occasion", "answer": "not_me", "rests_on": "nothing"}

    assert "This page is out of date" in text_of(other.post(stale, chosen, follow=True))
    assert [each.outcome for each in events(kind=EventKind.ACCESS_REFUSED)] == [Outcome.NOT_FOUND]
    assert questions() == []


def test_somebody_whom_the_case_does_not_name_is_not_asked(
    visitor: Client, auditor: User, case: Case, stranger: User
) -> None:
    actor = factories.actor_for(auditor)
    for person_id in (stranger.pk, auditor.pk, None):
        with pytest.raises(Exception, match="not_found"):
            cases.suspend(actor=actor, case_id=case.pk, person_id=person_id)
        with pytest.raises(Exception, match="not_found"):
            cases.decide_case(
                actor=actor,
                case_id=case.pk,
                result=CaseResult.IN_ORDER,
                found=case.growth,
                apart={person_id or 0: CaseResult.TRAINING},
            )
    assert is_growing(case)


def test_it_is_decided_for_all_and_for_one_otherwise(visitor: Client, case: Case, people: list[User]) -> None:
    said = decide(visitor, case, "in_order", **{f"person_{people[1].pk}": "training"})

    assert "The case is closed." in said
    assert results() == {people[0].pk: "in_order", people[1].pk: "training", people[2].pk: "in_order"}
    work = work_on(case)
    assert work is not None
    assert work.result == "in_order"
    told = [(each.user_id, each.reason) for each in events(kind=EventKind.CASE_DECIDED)]
    assert told[0] == (None, "in_order")
    assert (people[1].pk, "training") in told
    row = page_of(visitor, case).content.decode().partition("The people")[2].partition("Worker Alder")[2]
    assert "Training is needed" in row.partition("</tr>")[0]


def test_misuse_of_one_is_misuse_of_the_case_and_decided_by_two(
    visitor: Client, other: Client, case: Case, people: list[User]
) -> None:
    said = decide(visitor, case, "in_order", **{f"person_{people[1].pk}": "to_employer"})
    assert "It counts when another auditor agrees" in said
    assert is_growing(case)
    work = work_on(case)
    assert work is not None
    assert work.result == "to_employer"

    page = text_of(other.get(to_agree(other, case)))
    assert "Worker Alder Misuse, passed on to the employer" in page
    assert "Worker Birch Explained, and in order" in page
    assert "The case is closed." in agree(other, case)
    assert results()[people[1].pk] == "to_employer"


def test_what_was_said_of_each_goes_with_a_decision_that_is_sent_back(
    visitor: Client, other: Client, case: Case, people: list[User]
) -> None:
    decide(visitor, case, "to_police")
    assert set(results().values()) == {"to_police"}
    agree(other, case, "no")
    assert results() == {}
    assert "The case is closed." in decide(visitor, case, "in_order")
    assert set(results().values()) == {"in_order"}


def test_wrong_choice_for_one_is_said_beside_it_and_nothing_typed_is_lost(
    visitor: Client, case: Case, people: list[User]
) -> None:
    said = decide(visitor, case, "training", **{f"person_{people[1].pk}": "hanged"})
    assert "Choose from the list what came of it for Worker Alder" in said
    page = visitor.post(
        reverse("decide_case", args=[case.pk]), {"result": "training", f"person_{people[1].pk}": "in_order"}
    ).content.decode()
    assert 'value="training" checked' in page
    assert re.search(r'value="in_order"\s+selected', page)


# ------------------------------------------------------------------------------------------------- at the database


@pytest.fixture
def actor(auditor: User) -> Actor:
    return factories.actor_for(auditor)


@pytest.fixture
def taken(people: list[User], actor: Actor) -> Case:
    made = case_about_child(people)
    beside(actor, [TAKEN], made, TAKE, made.pk, actor.user_id)
    return made


def say(actor: Actor, case: Case, whole: str, person: User, result: str, told: str | None = None) -> None:
    """As a web process might: decide the whole, and say of one what it likes, with an event that says `told`."""
    misuse = whole in {"to_employer", "to_police"}
    kinds = [DECIDED] if misuse else [DECIDED, CLOSED]
    with transaction.atomic():
        beside(actor, kinds, case, DECIDE if misuse else CLOSE, whole, actor.user_id, case.pk, reason=whole)
        if told:
            about = About(fields=[f"case.{case.pk}"], user_id=person.pk, reason=told)
            record(EventKind.CASE_DECIDED, about, actor=actor)
        beside(actor, [], case, SAY, case.pk, person.pk, result)


def test_database_takes_nothing_of_one_without_its_event_and_no_misuse_by_one_alone(
    taken: Case, actor: Actor, people: list[User], stranger: User
) -> None:
    refused = [
        ("in_order", people[0], "training", None),
        ("in_order", people[0], "training", "in_order"),
        ("in_order", people[0], "to_police", "to_police"),
        ("to_police", stranger, "to_police", "to_police"),
    ]
    for whole, person, result, told in refused:
        with pytest.raises(DatabaseError, match="row-level security"):
            say(actor, taken, whole, person, result, told)
    assert results() == {}
    say(actor, taken, "to_police", people[0], "to_police", "to_police")
    assert results() == {people[0].pk: "to_police"}


def test_database_takes_no_word_of_one_apart_from_a_decision(
    taken: Case, actor: Actor, people: list[User], colleague: User
) -> None:
    for who in (actor, factories.actor_for(colleague)):
        with pytest.raises(DatabaseError, match="row-level security"):
            say_alone(who, taken, people[0], "training")
    assert results() == {}


def say_alone(actor: Actor, case: Case, person: User, result: str) -> None:
    with transaction.atomic():
        about = About(fields=[f"case.{case.pk}"], user_id=person.pk, reason=result)
        record(EventKind.CASE_DECIDED, about, actor=actor)
        beside(actor, [], case, SAY, case.pk, person.pk, result)


def test_person_who_left_in_between_is_not_suspended_and_still_decided_about(
    visitor: Client, case: Case, people: list[User], as_owner: OwnerContext
) -> None:
    address = way(visitor, case, "suspend_for_case", "Worker Alder")
    with as_owner():
        User.objects.filter(pk=people[1].pk).update(state=UserState.LEFT)

    assert visitor.post(address).status_code == 409
    assert "Has left" in text_of(page_of(visitor, case))
    assert "The case is closed." in decide(visitor, case, "in_order")


def test_case_of_a_child_that_nobody_there_can_work_concerns_everybody(
    people: list[User], case: Case, auditor: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        elsewhere = factories.user(role=Role.AUDITOR)
        compare()
    visitor = factories.signed_in(elsewhere)
    assert page_of(visitor, case).status_code == 404
    with as_owner():
        auditor.vetting_items.update(recorded_by=people[2])

    page = text_of(page_of(visitor, case))
    assert "Worker Birch" in page
    assert "This case belongs to another authority" in page
    assert "Not shown to you" in page
