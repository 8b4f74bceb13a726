"""Reports of something wrong, to an insider with the web role's own login: who reads of them, and how much.

A web process that was taken over has live sessions of everybody here.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from registry.models import Child
from registry.worker.reporting import look_up_sources
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.sweeps.attacking import (
    OPENED,
    Place,
    commit_event,
    placed,
    show,
    show_session,
)
from tests.sweeps.reporting import (
    ADDRESS,
    HIDDEN,
    SHIELDED,
    administrator,
    answer,
    listed,
    made,
    make,
    opened,
    read,
    shown,
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
