"""A case about a child whom many looked up: who sees it, what its pages show, and what is done in it."""

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from access.models import Organisation, Role, User
from audit.events import EventKind
from review.models import Case, Conflict, Finding, Nearness
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import (
    CASES,
    beside,
    case_about,
    case_about_child,
    decide,
    is_growing,
    page_of,
    questions,
    take,
    work_on,
)
from tests.integration.review.reading import text_of
from tests.integration.review.test_case_guards import TAKE
from tests.integration.review.test_case_questions import PUT
from tests.log import last_event


@pytest.fixture
def people(council: Organisation, teacher: User, as_owner: OwnerContext) -> list[User]:
    with as_owner():
        others = [
            factories.user(works_for=factories.organisation(authority=council), name=f"Worker {name}")
            for name in ("Alder", "Birch")
        ]
    return [teacher, *others]


@pytest.fixture
def case(people: list[User]) -> Case:
    return case_about_child(people)


def test_it_is_taken_and_decided_as_any_other_and_its_events_name_nobody(
    visitor: Client, auditor: User, case: Case
) -> None:
    assert "A child whom many looked up" in text_of(visitor.get(CASES))
    assert "You took it" in take(visitor, case)
    taken = last_event(kind=EventKind.CASE_TAKEN)
    assert (taken.actor_id, taken.user_id, taken.child_id) == (auditor.pk, None, None)
    assert "The case is closed." in decide(visitor, case, "in_order")
    assert not is_growing(case)


def test_its_page_shows_the_accesses_of_all_whom_it_names(visitor: Client, people: list[User], stranger: User) -> None:
    case = case_about_child(people)
    case_about(stranger)  # who opened that record as well

    said = text_of(page_of(visitor, case))

    assert said.count("Nothing explains it yet") == len(people)
    assert "Many people who have nothing to do with the child" in said


def test_what_is_done_to_one_person_is_not_done_to_nobody(visitor: Client, case: Case) -> None:
    take(visitor, case)
    asked = {"query": "occasion"}

    assert visitor.post(reverse("ask_about_case", args=[case.pk]), asked).status_code == 404
    assert visitor.post(reverse("suspend_for_case", args=[case.pk])).status_code == 404
    assert visitor.get(reverse("case_day", args=[case.pk, "2026-03-02"])).status_code == 404
    assert questions() == []


def test_whoever_is_barred_from_one_of_them_neither_sees_nor_takes_it(
    visitor: Client, auditor: User, people: list[User], case: Case, as_owner: OwnerContext
) -> None:
    assert page_of(visitor, case).status_code == 200
    with as_owner():
        User.objects.filter(pk=people[-1].pk).update(
            role=Role.AUDITOR, organisation_id=auditor.organisation_id
        )  # by now a colleague of theirs

    assert page_of(visitor, case).status_code == 404
    assert "There are none of these." in text_of(visitor.get(CASES))
    with pytest.raises(DatabaseError):
        beside(
            factories.actor_for(auditor),
            [EventKind.CASE_TAKEN],
            case,
            "insert into review_casework (case_id, taken_by_id, taken_at, result) values (%s, %s, now(), '')",
            case.pk,
            auditor.pk,
        )
    assert work_on(case) is None


def examined_again(case: Case) -> None:
    """What was found is forgotten, until the examiner comes upon it again (review/examining/again.py)."""
    with as_owner_here():
        Finding.objects.filter(case=case).delete()


def test_while_nobody_knows_whom_it_names_nobody_sees_or_takes_it(
    visitor: Client, auditor: User, case: Case, people: list[User]
) -> None:
    with as_owner_here():
        Conflict.objects.create(auditor_id=auditor.pk, person_id=people[1].pk, codes=[Nearness.HOME])
    examined_again(case)

    assert page_of(visitor, case).status_code == 404
    with pytest.raises(DatabaseError, match="row-level security"):
        beside(factories.actor_for(auditor), [EventKind.CASE_TAKEN], case, TAKE, case.pk, auditor.pk)
    assert work_on(case) is None


def test_who_was_asked_is_named_also_while_all_is_examined_again(
    visitor: Client, auditor: User, other: Client, colleague: User, case: Case, people: list[User]
) -> None:
    take(visitor, case)
    with as_owner_here():
        events = list(case.findings.filter(person_id=people[1].pk).values_list("event_id", flat=True))
    actor = factories.actor_for(auditor)
    put = PUT.replace("%s, 0,", f"%s, {people[1].pk},")
    beside(actor, [EventKind.CASE_ASKED], case, put, case.pk, events, actor.user_id, about=people[1])
    examined_again(case)
    assert page_of(other, case).status_code == 200
    with as_owner_here():
        Conflict.objects.create(auditor_id=colleague.pk, person_id=people[1].pk, codes=[Nearness.HOME])

    assert page_of(other, case).status_code == 404
    assert page_of(visitor, case).status_code == 200


def test_auditors_of_another_authority_do_not_see_it(case: Case, as_owner: OwnerContext) -> None:
    with as_owner():
        elsewhere = factories.user(role=Role.AUDITOR, name="Auditor elsewhere")

    assert page_of(factories.signed_in(elsewhere), case).status_code == 404


def test_database_lets_whoever_works_on_it_ask_one_whom_it_names_and_nobody_else(
    visitor: Client, auditor: User, people: list[User], stranger: User, case: Case
) -> None:
    take(visitor, case)
    actor, put = factories.actor_for(auditor), PUT.replace("%s, 0,", "%s, %s,")
    with as_owner_here():
        (event,) = case.findings.filter(person_id=people[1].pk).values_list("event_id", flat=True)

    for told, asked in ((stranger, stranger), (people[0], people[1])):
        with pytest.raises(DatabaseError):
            beside(actor, [EventKind.CASE_ASKED], case, put, case.pk, asked.pk, [event], auditor.pk, about=told)
    assert questions() == []

    beside(actor, [EventKind.CASE_ASKED], case, put, case.pk, people[1].pk, [event], auditor.pk, about=people[1])
    assert [each.person_id for each in questions()] == [people[1].pk]
