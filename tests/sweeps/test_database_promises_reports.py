"""Reports of something wrong, to an insider with the web role's own login: nothing is done but by its event.

A web process that was taken over has live sessions of everybody here, and what it says of a step is worth its event.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import User
from access.rules import grants
from audit.reported import ReportedPart
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import stranger
from tests.sweeps.attacking import (
    OPENED,
    OVER_BUDGET,
    Place,
    commit_event,
    placed,
    record,
    refusal,
    show,
    told,
)
from tests.sweeps.reporting import (
    ADDRESS,
    HIDDEN,
    MADE,
    NO_EVENT,
    NOT_ON_THE_LIST,
    NOT_THEIRS,
    OPEN,
    SHIELDED,
    administrator,
    answer,
    listed,
    made,
    make,
    not_answered,
    opened,
    read,
    refused_with,
)


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
