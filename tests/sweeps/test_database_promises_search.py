"""The search index gives children to whoever recorded the search, in the same breath, and up to a budget."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, ProgramLimitExceeded
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from contactpoint.local.servers import Servers
from tests.sweeps.attacking import (
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    outright,
    placed,
    record,
    refusal,
    rows_seen,
    told,
)

CANDIDATES = "SELECT child_id FROM search.candidates(%s)"
SEARCHED = {"kind": "child.searched"}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


def found(web: psycopg.Connection, place: Place) -> set[int]:
    return {child for (child,) in web.execute(CANDIDATES, [place.tokens()]).fetchall()}


def candidates_used(place: Place, user: int) -> int:
    rows = place.as_owner("SELECT sum(used) FROM access_usage WHERE user_id = %s AND measure = 'candidates'", user)
    return int(rows[0][0] or 0)


def test_recorded_search_finds_and_is_charged(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        record(web, someone, **SEARCHED)
        assert found(web, place) == {place.child, place.other, place.shielded}
        assert rows_seen(web) == {}, "what a search finds opens no record"
        web.commit()
    assert candidates_used(place, someone.user_id) == 3


def test_no_candidates_without_the_event_of_a_search(place: Place) -> None:
    with place.connected() as web:
        assert outright(web, CANDIDATES, place.tokens()).sqlstate == NO_SESSION
        record(web, place.newcomer(), child_id=place.child, **OPENED)
        assert outright(web, CANDIDATES, place.tokens()).sqlstate == NO_SESSION, "an opening is no search"
        record(web, place.newcomer(), **SEARCHED)
        web.commit()
        assert outright(web, CANDIDATES, place.tokens()).sqlstate == NO_SESSION, "that was another transaction"


def test_no_candidates_by_the_event_of_another_connection(place: Place) -> None:
    with place.connected() as one, place.connected() as other:
        record(one, place.newcomer(), **SEARCHED)
        assert outright(other, CANDIDATES, place.tokens()).sqlstate == NO_SESSION


def test_no_candidates_by_another_users_event(place: Place) -> None:
    with place.connected() as web:
        claims = told(place.colleague, **SEARCHED)
        error = refusal(web, "SELECT audit_record(%s, %s)", place.teacher.session_key, claims)
        assert error.sqlstate == NO_SESSION
        claims = told(place.colleague, **SEARCHED, actor_id=None, process="insider")
        assert refusal(web, "SELECT audit_record_process(%s)", claims).sqlstate == NO_SESSION
        assert refusal(web, CANDIDATES, place.tokens()).sqlstate == NO_SESSION


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_roles_that_search_nothing_find_nothing(place: Place, role: Role) -> None:
    someone = place.newcomer(role)
    with place.connected() as web:
        error = refusal(web, "SELECT audit_record(%s, %s)", someone.session_key, told(someone, **SEARCHED))
        assert error.sqlstate == OVER_BUDGET


@pytest.mark.parametrize("asked", ["%s::integer[]", "array[%s::integer[]]"])
def test_more_tokens_than_a_search_has_are_refused(place: Place, asked: str) -> None:
    with place.connected() as web:
        record(web, place.newcomer(), **SEARCHED)
        web.execute(f"SELECT FROM search.candidates({asked})", [list(range(300))])
        error = refusal(web, f"SELECT FROM search.candidates({asked})", list(range(301)))
        assert isinstance(error, ProgramLimitExceeded)


def test_budget_stops_who_goes_through_the_index(place: Place) -> None:
    someone = place.newcomer()
    place.as_owner(
        "INSERT INTO access_usage (user_id, measure, hour, used)"
        " SELECT %s, measure, date_trunc('hour', now()), hourly - 7 FROM access_budget"
        " WHERE role = 'practitioner' AND measure = 'candidates'",
        someone.user_id,
    )
    with place.connected() as web:
        record(web, someone, **SEARCHED)
        assert len(found(web, place)) == 3
        assert len(found(web, place)) == 3
        assert refusal(web, CANDIDATES, place.tokens()).sqlstate == OVER_BUDGET


def test_budget_is_not_given_back_at_a_savepoint(place: Place) -> None:
    """Either it was charged, or nothing was found, or its event was taken back as well, which leaves a gap."""
    someone = place.newcomer()
    with place.connected() as web:
        record(web, someone, **SEARCHED)
        web.execute("SAVEPOINT before")
        try:
            seen = found(web, place)
        except psycopg.Error:
            seen = set()
        web.execute("ROLLBACK TO before")
        web.commit()
    assert candidates_used(place, someone.user_id) >= len(seen)


def test_budget_is_not_given_back_by_an_exception(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        seen: list[str] = []
        web.add_notice_handler(lambda notice: seen.append(notice.message_primary or ""))
        record(web, someone, **SEARCHED)
        with pytest.raises(psycopg.Error), web.transaction():
            web.execute(
                "DO $$ DECLARE found bigint[]; BEGIN"
                f" SELECT array_agg(child_id) INTO found FROM search.candidates(ARRAY{place.tokens()});"
                " RAISE NOTICE '%', found; RAISE EXCEPTION 'undone'; END $$"
            )
        web.commit()
    assert candidates_used(place, someone.user_id) >= len(seen)


@pytest.mark.parametrize("role", ["web", "sequencer", "reader"])
def test_token_table_cannot_be_read(place: Place, role: str) -> None:
    with place.connected(role) as connection:
        for statement in (
            "SELECT * FROM search.child_token",
            "SELECT count(*) FROM search.child_token",
            "SELECT FROM search.child_token FOR SHARE",
            "COPY search.child_token TO STDOUT",
            "EXPLAIN SELECT FROM search.child_token WHERE child_id = 1",
            "SELECT search.put(1, '{1}', '{32}', '{1}')",
            "SELECT search.fill(1, '{1}', '{32}', '{1}')",
            "SELECT search.drop_epoch(1)",
            "SELECT * FROM search.child_token_1",
            "SELECT * FROM search.late",
            "DELETE FROM search.child_token",
        ):
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement
