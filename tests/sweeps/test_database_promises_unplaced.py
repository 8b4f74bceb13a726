"""The list of children with no education setting, to an insider with the web role's own login and live sessions: nobody
reads a name on it that they did not say they read, nobody another authority's, and each is charged.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import stranger
from tests.sweeps.attacking import (
    NO_CALL,
    OVER_BUDGET,
    Place,
    Web,
    commit_event,
    forged,
    placed,
    record,
    refusal,
    show,
)
from tests.sweeps.handing import administrator_of, another_authority, shield
from tests.sweeps.severing import NO_EVENT, NOT_THEIRS, how

MONTH, MONTH_BEFORE, NEXT_MONTH = date(2026, 3, 1), date(2026, 2, 1), date(2026, 4, 1)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def unplaced(place: Place) -> list[int]:
    """Two of the town, the second shielded, in a month that is done; and two in months that are not shown."""
    with transaction.atomic(), as_owner_here():
        made = [each.pk for each in factories.children(*(stranger(place.town) for _ in range(4)))]
    shield(place, made[1])
    for month, done in ((MONTH_BEFORE, True), (MONTH, True), (NEXT_MONTH, False)):
        place.as_owner(
            "INSERT INTO registry_unplacedmonth (month, reached, done_at) VALUES (%s, 0, CASE WHEN %s THEN now() END)",
            month,
            done,
        )
    for child, month in zip(made, (MONTH, MONTH, MONTH_BEFORE, NEXT_MONTH), strict=True):
        place.as_owner(
            "INSERT INTO registry_unplaced (child_id, authority_id, month) VALUES (%s, %s, %s)",
            child,
            place.town.authority.pk,
            month,
        )
    place.as_owner(
        "INSERT INTO registry_unplacedcount (authority_id, month, children) VALUES (%s, %s, 2)",
        place.town.authority.pk,
        MONTH,
    )
    return made


@pytest.fixture
def own(place: Place, unplaced: list[int]) -> Actor:
    return administrator_of(place.town.authority)


def page_of(web: Web, actor: Actor, page: object = 1) -> list[tuple[Any, ...]]:
    show(web, actor, commit_event(web, actor, kind="unplaced.listed", fields=[f"page.{page}"]))
    rows = web.execute("SELECT * FROM registry_unplaced_page()").fetchall()
    web.commit()
    return rows


def who(web: Web, actor: Actor, children: list[int]) -> dict[int, dict[str, Any]]:
    show(web, actor, commit_event(web, actor, kind="unplaced.listed", shown=children))
    rows = web.execute("SELECT registry_unplaced_who()").fetchall()
    web.commit()
    return {told["child"]["id"]: told for (told,) in rows}


def test_web_role_has_no_right_on_the_list(place: Place) -> None:
    with place.connected() as web:
        for table in ("unplaced", "unplacedmonth", "unplacedcount"):
            for statement in (
                f"SELECT 1 FROM registry_{table}",
                f"SELECT xmin, ctid FROM registry_{table}",
                f"INSERT INTO registry_{table} DEFAULT VALUES",
                f"UPDATE registry_{table} SET month = month",
                f"DELETE FROM registry_{table}",
                f"SELECT last_value FROM registry_{table}_id_seq",
            ):
                assert isinstance(refusal(web, statement), InsufficientPrivilege), statement
        assert isinstance(refusal(web, "SELECT registry_unplaced_of(1)"), InsufficientPrivilege)


def test_nothing_of_it_without_its_event(place: Place, own: Actor, unplaced: list[int]) -> None:
    functions = ("registry_unplaced_page()", "registry_unplaced_who()", "registry_unplaced_counts()")
    with place.connected() as web:
        for function in functions:
            assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT, function
        show(web, own, commit_event(web, own, kind="identity.listed", fields=["page.1"]))
        for function in functions:
            assert refusal(web, f"SELECT * FROM {function}").sqlstate == NO_EVENT, function
        web.rollback()
        # Not yet committed, it gives no ticket.
        event = record(web, own, kind="unplaced.listed", shown=unplaced)
        assert refusal(web, "SELECT access_show_ticket(%s, %s)", event, own.session_key)
        web.rollback()
        # No ids by an event that names children, and no page that is none.
        show(web, own, commit_event(web, own, kind="unplaced.listed", shown=unplaced, fields=["page.1"]))
        assert refusal(web, "SELECT * FROM registry_unplaced_page()").sqlstate == NO_EVENT
        web.rollback()
        for page in ("0", "-1", "1000000", "x", "1.2", ""):
            with pytest.raises(psycopg.Error) as refused:
                page_of(web, own, page)
            web.rollback()
            assert refused.value.sqlstate in (NO_EVENT, "23514"), page


def test_only_administrators_of_the_authority_that_answers_see_it(
    place: Place, own: Actor, unplaced: list[int]
) -> None:
    with place.connected() as web:
        assert page_of(web, own) == [(unplaced[0], 2), (unplaced[1], 2)]
        assert sorted(who(web, own, unplaced)) == unplaced[:2], "of this month alone"
        assert page_of(web, own, 2) == []
        stranger_ = administrator_of(another_authority())
        assert (page_of(web, stranger_), who(web, stranger_, unplaced)) == ([], {})
        for actor in (
            place.newcomer(),
            place.newcomer(factories.Role.AUDITOR),
            place.newcomer(factories.Role.MEDIATOR),
        ):
            with pytest.raises(psycopg.Error) as refused:
                page_of(web, actor)
            web.rollback()
            assert refused.value.sqlstate in (NOT_THEIRS, NO_CALL), actor.role


def test_names_show_of_those_alone_whom_the_event_names(place: Place, own: Actor, unplaced: list[int]) -> None:
    with place.connected() as web:
        assert sorted(who(web, own, unplaced[:1])) == unplaced[:1]
        assert who(web, own, []) == {}
        assert who(web, own, [place.child, place.other]) == {}, "who has a school, or is on no list"


def test_a_shielded_child_is_told_as_any_other_and_no_place_of_either(
    place: Place, own: Actor, unplaced: list[int]
) -> None:
    with place.connected() as web:
        told = who(web, own, unplaced)
    first, second = (told[each] for each in unplaced[:2])
    for each in (first, second):
        assert {name for name in each if each[name] is not None} == {"shielded", "child", "names"}
        assert {name for name, value in each["child"].items() if value is not None} == {
            *("id", "row_version", "number", "gender", "date_of_birth")
        }
        assert [row["kind"] for row in each["names"]] == ["legal"]
    assert first["shielded"] == second["shielded"]


def test_who_is_handed_over_closed_or_archived_is_on_no_list(place: Place, own: Actor) -> None:
    with transaction.atomic(), as_owner_here():
        made = [each.pk for each in factories.children(*(stranger(place.town) for _ in range(3)))]
    away = another_authority()
    for child in made:
        place.as_owner(
            "INSERT INTO registry_unplaced (child_id, authority_id, month) VALUES (%s, %s, %s)",
            child,
            place.town.authority.pk,
            MONTH,
        )
    with place.connected() as web:
        assert sorted(who(web, own, made)) == made
        with place.connected("worker") as worker:
            worker.execute("UPDATE registry_child SET responsible_authority_id = %s WHERE id = %s", [away.pk, made[0]])
            worker.execute("UPDATE registry_child SET severed = true WHERE id = %s", [made[1]])
            worker.execute("UPDATE registry_child SET archived = true WHERE id = %s", [made[2]])
            worker.commit()
        assert who(web, own, made) == {}
        assert who(web, administrator_of(away), made) == {}, "the list was the other authority's"


def test_each_name_is_charged_and_the_budget_ends_it(place: Place, own: Actor, unplaced: list[int]) -> None:
    with place.connected() as web:
        page_of(web, own)
        who(web, own, unplaced)
    used = "SELECT measure, used FROM access_usage WHERE user_id = %s"
    assert place.as_owner(used, own.user_id) == [("unplaced", 4)]
    ((hourly,),) = place.as_owner("SELECT hourly FROM access_budget WHERE measure = 'unplaced'")
    place.as_owner("UPDATE access_usage SET used = %s WHERE user_id = %s", hourly - 1, own.user_id)
    with place.connected() as web:
        assert how(_say, web, own, unplaced) == OVER_BUDGET
        assert who(web, own, unplaced[:1])
        # More than a page at once is not shown, whatever was said.
        many = administrator_of(place.town.authority)
        show(web, many, commit_event(web, many, kind="unplaced.listed", shown=list(range(1, 52))))
        assert refusal(web, "SELECT registry_unplaced_who()").sqlstate == NO_EVENT


def _say(web: Web, actor: Actor, children: list[int]) -> int:
    return record(web, actor, kind="unplaced.listed", shown=children)


def test_an_administrators_budget_reads_nothing_else_of_a_child(place: Place, own: Actor, unplaced: list[int]) -> None:
    """They have one since the list is charged; with a budget for what others are charged they could read by our ids."""
    with place.connected() as web:
        for claims, error in (
            ({"kind": "child.shown", "child_id": unplaced[0]}, OVER_BUDGET),
            ({"kind": "child.opened", "child_id": unplaced[0], "reason": "s11"}, OVER_BUDGET),
            ({"kind": "child.searched"}, OVER_BUDGET),
            ({"kind": "child.recalled", "shown": unplaced}, OVER_BUDGET),
            ({"kind": "involvement.read", "child_id": unplaced[0]}, NO_EVENT),
        ):
            refused = refusal(web, "SELECT audit_record(%s, %s)", own.session_key, forged(own, **claims))
            assert refused.sqlstate == error, claims
        event = commit_event(web, own, kind="unplaced.listed", shown=unplaced)
        assert refusal(web, "SELECT registry_read(%s, %s)", event, own.session_key).sqlstate == NO_EVENT
