"""An auditor, or whoever took over the process that serves one, at the database itself: real logins, no page between.

They hold a live session of an auditor and the keys of the web process. What they may not see or do about a case is
refused, by whatever number they ask for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from audit.reasons import CaseResult
from contactpoint.local.servers import Servers
from encryption.errors import KeyMissingError
from review.actions import cases, questions
from review.examining.sampling import is_sampled
from review.models import AskedOf, Case, Conflict, Nearness, Query, Question
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.review.casework import bare_case, case_about, case_about_child, compare, drawn_access
from tests.sweeps.attacking import (
    CHILD_TABLES,
    NO_SESSION,
    OVER_BUDGET,
    Place,
    Web,
    commit_event,
    confirm,
    forged,
    placed,
    refusal,
    show,
    show_session,
)

TAKE = "INSERT INTO review_casework (case_id, taken_by_id, taken_at, result) VALUES (%s, %s, now(), '')"
TAKEN = "SELECT audit_record(%s, %s)"
WORKED = ("review_casework", "review_question", "review_judgement", "review_personresult", "review_inquiry")
FOUND = ("review_case", "review_finding", "review_explanation", "review_tally", "review_sampled", "review_recorded")
UNSEEN = ("review_conflict", "review_compared")
UNCHANGED = {
    "review_case": "score",
    "review_compared": "is_auditor",
    "review_conflict": "codes",
    "review_explanation": "state",
    "review_finding": "counts",
    "review_judgement": "verdict",
    "review_personresult": "result",
    "review_recorded": "withdrawn",
    "review_sampled": "at",
    "review_tally": "opened",
}


@dataclass(frozen=True)
class Desk:
    """A case that the auditor works, and cases from which they are barred, each for another reason."""

    place: Place
    auditor: Actor
    colleague: Actor
    open: Case
    barred: dict[str, Case]
    question: Question
    drawn: int

    def reading(self, web: Web, **about: object) -> int:
        """Have the auditor read the log, and be the reader from here on. Returns the event."""
        event = commit_event(web, self.auditor, kind="log.read", **about)
        show(web, self.auditor, event)
        web.execute("SET LOCAL ROLE contactpoint_reader")
        return event


@pytest.fixture(scope="module")
def desk(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Desk]:
    with placed(running_servers, django_db_blocker) as place:
        yield furnished(place)


def furnished(place: Place) -> Desk:
    town = place.town
    with as_owner_here():
        auditor = factories.user(role=Role.AUDITOR, works_for=town.authority)
        colleague = factories.user(role=Role.AUDITOR, works_for=town.authority)
        near, elsewhere = factories.user(works_for=town.practice), factories.user()
        factories.user(role=Role.AUDITOR, works_for=elsewhere.organisation.responsible_authority)
        compare()
    barred = {
        "themself": bare_case(auditor),
        "a colleague": bare_case(colleague),
        "near": case_about(near, children=[place.child]),
        "elsewhere": case_about(elsewhere, children=[place.other]),
        "a child, with one who is near": case_about_child([near, town.colleague], place.child),
    }
    opened = case_about(town.teacher, children=[place.child])
    drawn = drawn_access(town.teacher, place.other)
    with as_owner_here():
        Conflict.objects.create(auditor_id=auditor.pk, person_id=near.pk, codes=[Nearness.FAMILY])
    acting = factories.actor_for(colleague)
    cases.take_case(actor=acting, case_id=barred["near"].pk, seen=None)
    questions.ask(actor=acting, case_id=barred["near"].pk, asked_of=AskedOf.PERSON, query=Query.OCCASION)
    with as_owner_here():
        question = Question.objects.get()
    return Desk(place, factories.actor_for(auditor), acting, opened, barred, question, drawn)


@pytest.mark.parametrize("table", CHILD_TABLES)
def test_auditor_sees_no_child_whatever_they_have_recorded(desk: Desk, table: str) -> None:
    """Not as the web role, nor with the ticket of a reading as the role that reads the log."""
    with desk.place.connected() as web:
        show_session(web, desk.auditor)
        if table == "registry_involvement":  # which the web role keeps, of the record that it shows the ticket of
            assert web.execute(f"SELECT FROM {table}").fetchall() == []
        else:
            assert isinstance(refusal(web, f"SELECT FROM {table}"), InsufficientPrivilege)
        desk.reading(web, fields=[f"case.{desk.open.pk}"])
        assert isinstance(refusal(web, f"SELECT * FROM {table}"), InsufficientPrivilege)


def test_auditor_records_no_opening_and_no_reading_opens_a_record(desk: Desk) -> None:
    with desk.place.connected() as web:
        for kind in ("child.opened", "child.shown", "child.listed"):
            claims = forged(desk.auditor, kind=kind, child_id=desk.place.child, reason="s47")
            assert refusal(web, TAKEN, desk.auditor.session_key, claims).sqlstate in {NO_SESSION, OVER_BUDGET}
        event = commit_event(web, desk.auditor, kind="log.read", child_id=desk.place.child)
        show(web, desk.auditor, event)
        refused = refusal(web, "SELECT registry_read(%s, %s)", event, desk.auditor.session_key)
        assert refused.sqlstate == NO_SESSION


def test_what_names_a_case_from_which_they_are_barred_is_not_there(desk: Desk) -> None:
    with desk.place.connected() as web:
        desk.reading(web)
        for why, case in desk.barred.items():
            asked = (
                ("SELECT id FROM review_case WHERE id = %s", case.pk),
                ("SELECT case_id FROM review_finding WHERE case_id = %s", case.pk),
                ("SELECT case_id FROM review_casework WHERE case_id = %s", case.pk),
                ("SELECT id FROM review_question WHERE case_id = %s", case.pk),
                ("SELECT id FROM review_names_of_cases(ARRAY[%s::bigint])", case.pk),
            )
            for statement, number in asked:
                assert web.execute(statement, [number]).fetchall() == [], f"{why}: {statement}"
        seen = {number for (number,) in web.execute("SELECT id FROM review_case").fetchall()}
        assert desk.open.pk in seen
        assert not seen & {case.pk for case in desk.barred.values()}


@pytest.mark.parametrize("table", UNSEEN)
def test_nobody_reads_from_whom_they_are_barred_nor_why(desk: Desk, table: str) -> None:
    with desk.place.connected() as web:
        assert isinstance(refusal(web, f"SELECT FROM {table}"), InsufficientPrivilege)
        desk.reading(web)
        assert isinstance(refusal(web, f"SELECT FROM {table}"), InsufficientPrivilege)
        assert isinstance(refusal(web, "SELECT review_barred_of(1)"), InsufficientPrivilege)


def test_case_from_which_they_are_barred_is_neither_taken_asked_about_nor_judged(desk: Desk) -> None:
    with desk.place.connected() as web:
        for why, case in desk.barred.items():
            for person in (case.person_id, None):
                if person == desk.auditor.user_id:
                    claims = forged(desk.auditor, kind="case.taken", fields=[f"case.{case.pk}"], user_id=person)
                    assert isinstance(refusal(web, TAKEN, desk.auditor.session_key, claims), Exception)
                    continue
                show_session(web, desk.auditor)
                step(web, desk.auditor, "case.taken", case, person)
                refused = refusal(web, TAKE, case.pk, desk.auditor.user_id)
                assert isinstance(refused, InsufficientPrivilege), why
                web.rollback()


def step(web: Web, actor: Actor, kind: str, case: Case, person: int | None, reason: str = "") -> None:
    """Say that it was done, as the page would, and do not end the transaction."""
    show_session(web, actor)
    fields = [f"case.{case.pk}", f"found.{case.growth}"]
    claims = forged(actor, kind=kind, fields=fields, user_id=person, reason=reason)
    web.execute(TAKEN, [actor.session_key, claims])


def test_question_to_another_is_neither_seen_nor_answered(desk: Desk) -> None:
    with desk.place.connected() as web:
        show_session(web, desk.auditor)
        assert web.execute("SELECT id FROM review_question").fetchall() == []
        claims = forged(
            desk.auditor,
            kind="case.answered",
            user_id=desk.question.person_id,
            fields=[f"question.{desk.question.pk}", "rests.nothing"],
            reason="private",
        )
        web.execute(TAKEN, [desk.auditor.session_key, claims])
        answered = web.execute(
            "UPDATE review_question SET answer = 'private', rests_on = 'nothing', answered_by_id = %s,"
            " answered_at = now()",
            [desk.auditor.user_id],
        )
        assert answered.rowcount == 0


@pytest.mark.parametrize("table", [*FOUND, *UNSEEN, *WORKED])
def test_nothing_of_a_case_is_deleted_by_the_web_role_and_what_was_found_not_changed(desk: Desk, table: str) -> None:
    with desk.place.connected() as web:
        show_session(web, desk.auditor)
        assert isinstance(refusal(web, f"DELETE FROM {table}"), InsufficientPrivilege)
        assert isinstance(refusal(web, f"TRUNCATE {table} CASCADE"), InsufficientPrivilege)
        if table in UNCHANGED:
            column = UNCHANGED[table]
            assert isinstance(refusal(web, f"UPDATE {table} SET {column} = {column}"), InsufficientPrivilege)


def test_which_accesses_are_blind_is_told_by_nothing_that_can_be_read(desk: Desk) -> None:
    """Neither when a row was written, nor by whom; and what decides it is a key that the web process does not hold."""
    with desk.place.connected() as web:
        desk.reading(web)
        assert web.execute("SELECT event_id FROM review_sampled").fetchall() == [(desk.drawn,)]
        for hidden in ("xmin", "ctid", "id"):
            assert refusal(web, f"SELECT {hidden} FROM review_sampled").sqlstate in {"42501", "42703"}
    with pytest.raises(KeyMissingError):
        is_sampled(desk.drawn, 0.01)


def test_of_two_who_decide_at_once_the_database_takes_one(desk: Desk) -> None:
    case = case_about_child([desk.place.town.social_worker], desk.place.other)
    cases.take_case(actor=desk.auditor, case_id=case.pk, seen=None)
    decide = (
        "UPDATE review_casework SET result = %s, decided_by_id = %s, decided_at = now(), closed_at = now()"
        " WHERE case_id = %s AND result = ''"
    )
    with desk.place.connected() as first, desk.place.connected(options="-c lock_timeout=200") as second:
        for web, result in ((first, "in_order"), (second, "training")):
            for kind in ("case.decided", "case.closed"):
                step(web, desk.auditor, kind, case, None, result)
        first.execute(decide, ["in_order", desk.auditor.user_id, case.pk])
        assert refusal(second, decide, "training", desk.auditor.user_id, case.pk).sqlstate == "55P03", "it waits"
        first.commit()
        assert second.execute(decide, ["training", desk.auditor.user_id, case.pk]).rowcount == 0
    ((result,),) = desk.place.as_owner("SELECT result FROM review_casework WHERE case_id = %s", case.pk)
    assert result == "in_order"


def test_second_auditor_who_is_barred_agrees_to_nothing(desk: Desk) -> None:
    """By themselves they know of the case, since they are told of it, and have its number."""
    case = case_about(desk.place.town.colleague, children=[desk.place.other])
    cases.take_case(actor=desk.colleague, case_id=case.pk, seen=None)
    cases.decide_case(actor=desk.colleague, case_id=case.pk, result=CaseResult.EMPLOYER, found=case.growth)
    with as_owner_here():
        Conflict.objects.create(auditor_id=desk.auditor.user_id, person_id=case.person_id, codes=[Nearness.HOME])
    agree = "UPDATE review_casework SET agreed_by_id = %s, closed_at = now() WHERE case_id = %s"
    back = "UPDATE review_casework SET result = '', decided_by_id = NULL, decided_at = NULL WHERE case_id = %s"
    with desk.place.connected() as web:
        confirm(desk.place, desk.auditor)
        for kinds, statement, told in (
            (("case.agreed", "case.closed"), agree, [desk.auditor.user_id, case.pk]),
            (("case.returned",), back, [case.pk]),
        ):
            for kind in kinds:
                step(web, desk.auditor, kind, case, case.person_id, "to_employer")
            assert web.execute(statement, told).rowcount == 0
            web.rollback()
    ((result, closed),) = desk.place.as_owner(
        "SELECT result, closed_at FROM review_casework WHERE case_id = %s", case.pk
    )
    assert (result, closed) == ("to_employer", None)
