"""Reports of something wrong, to an insider with the web role's own login: nothing is done but by its event.

A web process that was taken over has live sessions of everybody here, and what it says of a step is worth its event.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role, User
from access.rules import grants
from audit.actors import Actor
from audit.reported import ReportedPart
from contactpoint.local.servers import Servers
from registry.models import Child
from registry.rules.parts import NEVER_HIDDEN
from registry.worker.reporting import look_up_sources
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.sweeps.attacking import (
    OPENED,
    OVER_BUDGET,
    Place,
    Web,
    commit_event,
    placed,
    record,
    refusal,
    show,
    show_session,
    told,
)

NO_EVENT, NOT_THEIRS, NOT_ON_THE_LIST = "CP001", "CP004", "23514"
ADDRESS = "wrong_address"
MADE = {"kind": "report.made", "reason": ADDRESS}
OPEN = "SELECT id, steps, outcome FROM registry_report WHERE child_id = %s ORDER BY id"
SHIELDED = """
    INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps, filed_at)
    SELECT id, responsible_authority_id, current_date, current_date + 1, '', 0, now() FROM registry_child WHERE id = %s
"""
HIDDEN = sorted(part.value for part in ReportedPart if part not in NEVER_HIDDEN)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    """Somebody on whose record nobody found anything wrong yet."""
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town))
    return int(made[0].pk)


def administrator(place: Place, *, elsewhere: bool = False) -> Actor:
    """Somebody who answers for records of the town, or of another."""
    with transaction.atomic(), as_owner_here():
        works_for = None if elsewhere else place.town.authority
        person = factories.user(role=Role.ADMINISTRATOR, works_for=works_for)
    return factories.actor_for(person)


def opened(place: Place, web: Web, child: int, **more: object) -> Actor:
    """Somebody who has opened the child's record."""
    actor = place.newcomer()
    commit_event(web, actor, child_id=child, **OPENED, **more)
    return actor


def make(web: Web, actor: Actor, child: int, **more: object) -> str:
    """Record that the actor reports it, and have it made. What came of it."""
    record(web, actor, child_id=child, **(MADE | more))
    ((came,),) = web.execute("SELECT registry_report_make()").fetchall()
    return str(came)


def made(place: Place, web: Web, child: int, **more: object) -> tuple[Actor, int]:
    """Who reported it, and the report, committed."""
    actor = opened(place, web, child)
    assert make(web, actor, child, **more) == "made"
    web.commit()
    return actor, int(place.as_owner(OPEN, child)[-1][0])


def refused_with(web: Web, actor: Actor, child: int, **more: object) -> str | None:
    """How it is refused; the transaction goes on."""
    with pytest.raises(psycopg.Error) as refused, web.transaction():
        make(web, actor, child, **more)
    return refused.value.sqlstate


def answer(web: Web, actor: Actor, child: int, number: int, seen: int | None, reason: str = "put_right") -> bool:
    """Record what came of it, and have it taken."""
    record(web, actor, kind="report.answered", child_id=child, fields=[f"reported.{number}"], reason=reason)
    ((taken,),) = web.execute("SELECT registry_report_answer(%s, %s)", [number, seen]).fetchall()
    return bool(taken)


def not_answered(web: Web, actor: Actor, child: int, number: int, seen: int | None, reason: str) -> str | None:
    """How the answer is refused, or None where it is not taken; the transaction goes on."""
    try:
        with web.transaction():
            assert not answer(web, actor, child, number, seen, reason), "taken"
    except psycopg.Error as error:
        return error.sqlstate
    return None


def read(web: Web, actor: Actor, child: int, number: int) -> dict[str, Any] | None:
    """What the database shows of the child of that report, its ticket left shown."""
    event = commit_event(web, actor, kind="report.read", child_id=child, fields=[f"reported.{number}"])
    show(web, actor, event)
    ((found,),) = web.execute("SELECT registry_report_child()").fetchall()
    return found  # type: ignore[no-any-return]


def shown(web: Web) -> set[int]:
    return {row for (row,) in web.execute("SELECT id FROM registry_reports()")}


def listed(web: Web, actor: Actor) -> set[int]:
    show(web, actor, commit_event(web, actor, kind="report.listed"))
    return shown(web)


def test_web_role_has_no_right_on_reports_or_reporters_and_the_worker_makes_none(place: Place) -> None:
    with place.connected() as web:
        for table in ("registry_report", "registry_reporter"):
            for statement in (
                f"SELECT 1 FROM {table}",
                f"INSERT INTO {table} DEFAULT VALUES",
                f"UPDATE {table} SET id = id",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
                f"SELECT nextval('{table}_id_seq')",
            ):
                assert isinstance(refusal(web, statement), InsufficientPrivilege), statement
        for function in ("registry_report_is_hidden('', 1)", "registry_reports_of('{1}')"):
            assert isinstance(refusal(web, f"SELECT {function}"), InsufficientPrivilege), function
    with place.connected("worker") as worker:
        assert isinstance(refusal(worker, "INSERT INTO registry_report DEFAULT VALUES"), InsufficientPrivilege)
        assert isinstance(refusal(worker, "SELECT 1 FROM registry_reporter"), InsufficientPrivilege)
        assert isinstance(refusal(worker, "SELECT registry_report_make()"), InsufficientPrivilege)


def test_nothing_without_its_event(place: Place, child: int) -> None:
    with place.connected() as web:
        reporter = opened(place, web, child)
        assert refusal(web, "SELECT registry_report_make()").sqlstate == NO_EVENT
        record(web, reporter, child_id=child, **MADE)
        web.commit()
        assert refusal(web, "SELECT registry_report_make()").sqlstate == NO_EVENT, "it was of another transaction"
        _reporter, number = made(place, web, child)
        assert refusal(web, "SELECT registry_report_answer(%s, 0)", number).sqlstate == NO_EVENT
        answers = administrator(place)
        functions = ("registry_reports()", "registry_report_child()", "registry_report_people()")
        for function in functions:
            assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT
        for other in ("match.read", "shield.read", "connection.read"):
            show(web, answers, commit_event(web, answers, kind=other, child_id=child, fields=[f"reported.{number}"]))
            for function in functions:
                assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT, (function, other)
            web.commit()
        # What lists names nobody.
        assert number in listed(web, answers)
        for function in functions[1:]:
            assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT, function
        web.commit()
        # Nor with one that is not committed, or of somebody else's session.
        event = record(web, answers, kind="report.read", child_id=child, fields=[f"reported.{number}"])
        shows = "SELECT access_show_ticket(%s, %s)"
        assert refusal(web, shows, event, answers.session_key).sqlstate == NO_EVENT
        web.commit()
        assert refusal(web, shows, event, reporter.session_key).sqlstate == NO_EVENT


def test_only_who_opened_the_record_in_this_session_reports(place: Place, child: int) -> None:
    with place.connected() as web:
        nobody = place.newcomer()
        for _ in range(2):
            assert refused_with(web, nobody, child) == NOT_THEIRS
            # An opening of the same transaction, which could be rolled back with the rest, is none.
            record(web, nobody, child_id=child, **OPENED)
        web.rollback()
        # Nor is one of another session of theirs, of another child, of somebody else, one that only showed who it is,
        # or one of yesterday.
        with transaction.atomic(), as_owner_here():
            same = User.objects.get(pk=nobody.user_id)
        commit_event(web, factories.actor_for(same), child_id=child, **OPENED)
        opened(place, web, child)
        commit_event(web, nobody, child_id=place.child, **OPENED)
        commit_event(web, nobody, child_id=child, kind="child.shown")
        assert refused_with(web, nobody, child) == NOT_THEIRS
        late = place.newcomer()
        place.aged(commit_event(web, late, child_id=place.child, **OPENED), 1)
        old = place.as_owner(
            "SELECT max(id) FROM audit_event WHERE actor_id = %s AND kind = 'child.opened'", late.user_id
        )
        place.as_owner(
            "INSERT INTO audit_event SELECT (jsonb_populate_record(event, jsonb_build_object("
            "'id', event.id + 10000000000000, 'at', event.at - interval '25 hours', 'child_id', %s))).*"
            " FROM audit_event AS event WHERE id = %s",
            child,
            old[0][0],
        )
        assert refused_with(web, late, child) == NOT_THEIRS
        web.commit()
        assert place.as_owner(OPEN, child) == []
        assert make(web, opened(place, web, child), child) == "made"


def test_whoever_answers_reports_nothing_and_whoever_reports_answers_nothing(place: Place, child: int) -> None:
    with place.connected() as web:
        reporter, number = made(place, web, child)
        answers = administrator(place)
        for actor, kind in (
            (answers, "report.made"),
            (answers, "report.closed"),
            *((reporter, f"report.{verb}") for verb in ("listed", "read", "answered", "closed")),
        ):
            with pytest.raises(psycopg.Error) as refused, web.transaction():
                record(web, actor, kind=kind, child_id=child, reason=ADDRESS, fields=[f"reported.{number}"])
            assert refused.value.sqlstate == NOT_THEIRS, kind
        for process in ("report.made", "report.answered", "report.read"):
            claims = told(reporter, kind=process, child_id=child, actor_id=None, process="web", role="")
            assert refusal(web, "SELECT audit_record_process(%s)", claims).sqlstate in (NOT_THEIRS, NO_EVENT)


def test_what_is_reported_comes_from_the_list(place: Place, child: int) -> None:
    with place.connected() as web:
        reporter = opened(place, web, child)
        for reason in ("made_up", "", "put_right", "s11"):
            assert refused_with(web, reporter, child, reason=reason) == NOT_ON_THE_LIST, reason
        assert place.as_owner(OPEN, child) == []


def test_one_open_for_each_part_whoever_reports_it(place: Place, child: int) -> None:
    with place.connected() as web:
        reporter, number = made(place, web, child)
        assert make(web, reporter, child) == "own"
        assert make(web, opened(place, web, child), child) == "joined"
        web.commit()
        assert [row[0] for row in place.as_owner(OPEN, child)] == [number]
        people = place.as_owner("SELECT count(*) FROM registry_reporter WHERE report_id = %s", number)
        assert people == [(2,)]
        with pytest.raises(psycopg.errors.UniqueViolation):
            place.as_owner(
                "INSERT INTO registry_report (row_version, child_id, part, made_at, outcome, steps)"
                " VALUES (1, %s, %s, now(), '', 0)",
                child,
                ADDRESS,
            )


def test_nobody_floods(place: Place, child: int) -> None:
    with place.connected() as web:
        reporter = opened(place, web, child)
        ((hourly,),) = place.as_owner("SELECT hourly FROM access_budget WHERE measure = 'reports'")
        for _ in range(hourly):
            record(web, reporter, child_id=child, **MADE)
        with pytest.raises(psycopg.Error) as refused:
            record(web, reporter, child_id=child, **MADE)
        assert refused.value.sqlstate == OVER_BUDGET


@pytest.mark.parametrize("part", [each.value for each in ReportedPart])
def test_of_a_shielded_child_nobody_reports_what_they_do_not_see(place: Place, child: int, part: str) -> None:
    with place.connected() as web:
        before = opened(place, web, child)
        place.as_owner(SHIELDED, child)
        # Also who opened it before the shield came, or says that they opened it by leave, or in an emergency.
        claimed = opened(place, web, child, fields=["shield.grant"])
        overrode = opened(place, web, child, fields=["shield.overridden"])
        for reporter in (before, claimed, overrode, opened(place, web, child)):
            assert (make(web, reporter, child, reason=part) == "hidden") is (part in HIDDEN), part
            web.rollback()


def test_only_the_authority_that_answers_reads_and_while_it_is_open(place: Place, child: int) -> None:
    answers, elsewhere = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        _reporter, number = made(place, web, child)
        assert read(web, elsewhere, child, number) is None
        assert shown(web) == set()
        assert number not in listed(web, elsewhere)
        # Of another child, by another number, or by two at once.
        assert read(web, answers, place.other, number) is None
        assert read(web, answers, child, number + 999) is None
        fields = [f"reported.{number}", "reported.1"]
        show(web, answers, commit_event(web, answers, kind="report.read", child_id=child, fields=fields))
        assert shown(web) == set()
        web.commit()
        found = read(web, answers, child, number)
        assert found
        assert set(found["child"]) == {"id", "row_version", "number", "gender", "date_of_birth", "date_of_death"}
        assert {key: bool(found[key]) for key in ("addresses", "numbers", "guardians", "involvements")} == {
            "addresses": True,
            "numbers": False,
            "guardians": False,
            "involvements": False,
        }
        assert found["child"]["date_of_death"] is None
        assert shown(web) == {number}
        web.commit()
        assert answer(web, answers, child, number, 0)
        web.commit()
        assert read(web, answers, child, number) is None
        assert web.execute("SELECT * FROM registry_report_people()").fetchall() == []
        assert number not in listed(web, answers)


def test_of_a_child_on_whose_record_nothing_is_reported_nobody_reads(place: Place, child: int) -> None:
    with place.connected() as web:
        answers = administrator(place)
        assert read(web, answers, child, 1) is None
        show(web, answers, commit_event(web, answers, kind="report.read", child_id=child))
        assert web.execute("SELECT registry_report_child()").fetchall() == [(None,)]


@pytest.mark.parametrize("part", HIDDEN)
def test_of_a_shielded_child_nothing_is_read_but_who_it_is(place: Place, child: int, part: str) -> None:
    answers = administrator(place)
    with place.connected() as web:
        reporter, number = made(place, web, child, reason=part)
        with as_worker():
            look_up_sources()
        assert place.as_owner("SELECT sources IS NULL FROM registry_report WHERE id = %s", number) == [(False,)]
        place.as_owner(SHIELDED, child)
        found = read(web, answers, child, number)
        assert found
        assert found["child"]["date_of_death"] is None
        assert [row["kind"] for row in found["names"]] == ["legal"]
        hidden = ("addresses", "numbers", "guardians", "involvements")
        assert [found[each] for each in hidden] == [None] * 4
        assert web.execute("SELECT hidden, sources FROM registry_reports()").fetchall() == [(True, None)]
        web.commit()
        # That a supplier sent something else is not told to whoever reported it, either.
        for outcome in ("", "changed_since"):
            closed = "SET outcome = %s, closed_at = CASE WHEN %s <> '' THEN now() END WHERE id = %s"
            place.as_owner(f"UPDATE registry_report {closed}", outcome, outcome, number)
            show_session(web, reporter)
            told_of = web.execute("SELECT state, closed_at FROM registry_reports_own()").fetchall()
            assert told_of == [("protected", None)]


def test_of_a_shielded_child_no_other_name_is_read(place: Place, child: int) -> None:
    answers = administrator(place)
    with place.connected() as web:
        _reporter, number = made(place, web, child, reason="wrong_name")
        before = read(web, answers, child, number)
        assert before
        assert {row["kind"] for row in before["names"]} == {"legal", "former", "known_as"}
        web.commit()
        place.as_owner(SHIELDED, child)
        after = read(web, answers, child, number)
        assert after
        assert [row["kind"] for row in after["names"]] == ["legal"]


def test_only_the_authority_that_answers_says_what_came_of_it_and_once(place: Place, child: int) -> None:
    answers, elsewhere = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        _reporter, number = made(place, web, child)
        about = (child, number)
        assert not_answered(web, elsewhere, *about, 0, "put_right") == NOT_THEIRS
        # Of another child, another report, a page of before, a word that is on no list, or another list's.
        assert not_answered(web, answers, place.other, number, 0, "put_right") == NOT_THEIRS
        assert not_answered(web, answers, child, number + 999, 0, "put_right") == NOT_THEIRS
        for seen in (1, None):
            assert not_answered(web, answers, *about, seen, "put_right") is None, seen
        for reason in ("made_up", "", ADDRESS, "changed_since", "put_under_one"):
            assert not_answered(web, answers, *about, 0, reason) == NOT_ON_THE_LIST, reason
        record(web, answers, kind="report.answered", child_id=child, fields=[f"reported.{number}"], reason="put_right")
        assert refusal(web, "SELECT registry_report_answer(%s, 0)", number + 1).sqlstate == NO_EVENT
        web.rollback()
        assert place.as_owner(OPEN, child) == [(number, 0, "")]
        assert answer(web, answers, *about, 0, "source_told")
        web.commit()
        assert not_answered(web, answers, *about, 1, "source_told") is None
        assert answer(web, answers, *about, 1)
        web.commit()
        assert place.as_owner(OPEN, child) == [(number, 2, "put_right")]
        for seen in (1, 2):
            assert not_answered(web, answers, *about, seen, "right_as_it_is") is None
        assert not_answered(web, elsewhere, *about, 2, "right_as_it_is") is None, "it is closed, for everybody"


def test_who_reported_answers_nothing_of_it_in_another_role(place: Place, child: int) -> None:
    with place.connected() as web:
        reporter, number = made(place, web, child)
    place.as_owner("UPDATE access_user SET role = 'administrator' WHERE id = %s", reporter.user_id)
    with transaction.atomic(), as_owner_here():
        person = User.objects.get(pk=reporter.user_id)
        grants.grant(person, grants.ADMINISTER, place.town.authority)
    changed = factories.actor_for(person)
    with place.connected() as web:
        assert read(web, changed, child, number) is None
        assert number not in listed(web, changed)
        web.commit()
        assert not_answered(web, changed, child, number, 0, "right_as_it_is") == NOT_THEIRS


def test_nobody_learns_who_of_a_sensitive_service_reported(place: Place, child: int) -> None:
    with place.connected() as web:
        _reporter, number = made(place, web, child)
        therapist = factories.actor_for(place.town.therapist)
        commit_event(web, therapist, child_id=child, **OPENED)
        assert make(web, therapist, child) == "joined"
        web.commit()
        read(web, administrator(place), child, number)
        people = web.execute("SELECT id, organisation_id, row_version, name, telephone FROM registry_report_people()")
        first, second = people.fetchall()
        assert first[1] == place.town.school.pk
        assert second == (None,) * 5


def test_whoever_reported_reads_how_far_it_is_and_nothing_else(place: Place, child: int) -> None:
    answers = administrator(place)
    with place.connected() as web:
        reporter, number = made(place, web, child)

        def own(actor: Actor) -> list[tuple[object, ...]]:
            show_session(web, actor)
            found = web.execute("SELECT * FROM registry_reports_own()")
            columns = ["id", "child_id", "part", "reported_at", "others", "state", "closed_at"]
            assert [column.name for column in found.description or ()] == columns
            rows = [(row[0], row[1], row[2], row[4], row[5]) for row in found.fetchall()]
            web.commit()
            return rows

        assert own(reporter) == [(number, child, ADDRESS, 0, "waiting")]
        assert own(opened(place, web, child)) == own(answers) == []
        assert answer(web, answers, child, number, 0, "source_told")
        web.commit()
        assert own(reporter) == [(number, child, ADDRESS, 0, "source_told")]
        with as_worker():
            Child.objects.filter(pk=child).update(severed=True)
        assert own(reporter) == [], "it is gone"
    with place.connected() as web:
        assert web.execute("SELECT * FROM registry_reports_own()").fetchall() == [], "with nobody's session"


def test_how_many_wait_is_told_to_who_answers_alone(place: Place, child: int) -> None:
    answers, elsewhere = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        reporter, _number = made(place, web, child)

        def waiting(actor: Actor) -> int:
            show_session(web, actor)
            ((number,),) = web.execute("SELECT registry_reports_waiting()").fetchall()
            return int(number)

        assert waiting(answers) >= 1
        assert waiting(elsewhere) == waiting(reporter) == 0
