"""The search index gives children up to a budget, to whoever recorded the search, once that and its charge stand."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, ProgramLimitExceeded
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests.sweeps.attacking import (
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    Web,
    ask,
    commit_event,
    draw,
    drawn,
    find,
    find_by,
    placed,
    read_child,
    record,
    refusal,
    told,
)

ASK, DRAW = "SELECT search.ask(%s, %s, %s)", "SELECT search.draw(%s, %s, %s)"
DRAWN = "SELECT search.drawn(%s, %s, %s)"
SEARCHED = {"kind": "child.searched"}
# A shield that was lifted, of a child who is still filed as it wanted.
LIFTED = """
    INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, ended_on, lift_reason, lift_asked_by_id,
            lift_asked_at, lifted_by_id, steps)
        SELECT %s, authority_id, started_on, review_on, current_date, 'risk_is_over', %s, now(), %s, 0
        FROM registry_shield WHERE child_id = %s
"""
AGED = "UPDATE search.draw SET asked_at = asked_at - make_interval(secs => %s) WHERE event_id = %s"


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def someone(place: Place) -> Actor:
    return place.newcomer()


def candidates_used(place: Place, actor: Actor) -> int:
    used = "SELECT sum(used) FROM access_usage WHERE user_id = %s AND measure = 'candidates'"
    ((total,),) = place.as_owner(used, actor.user_id)
    return int(total or 0)


def leave(place: Place, actor: Actor, candidates: int) -> None:
    """So many candidates of the actor's hour are left."""
    place.as_owner(
        "INSERT INTO access_usage (user_id, measure, hour, used)"
        " SELECT %s, measure, date_trunc('hour', now()), hourly - %s FROM access_budget"
        " WHERE role = 'practitioner' AND measure = 'candidates'",
        actor.user_id,
        candidates,
    )


def test_recorded_search_finds_and_is_charged(place: Place, someone: Actor) -> None:
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        assert find(web, someone, event, place.tokens()) == {place.child, place.other, place.shielded}
        refused = refusal(web, "SELECT registry_read(%s, %s)", event, someone.session_key)
        assert refused.sqlstate == NO_SESSION, "what a search finds opens no record"
    assert candidates_used(place, someone) == 3


def test_nothing_is_asked_without_the_committed_event_of_a_search(place: Place, someone: Actor) -> None:
    with place.connected() as web:
        event = record(web, someone, **SEARCHED)
        assert refusal(web, ASK, event, someone.session_key, place.tokens()).sqlstate == NO_SESSION
        with place.connected() as other:
            assert refusal(other, ASK, event, someone.session_key, place.tokens()).sqlstate == NO_SESSION
        web.rollback()
        for number in (event, 0, None):
            assert refusal(web, ASK, number, someone.session_key, place.tokens()).sqlstate == NO_SESSION
        opening = commit_event(web, someone, child_id=place.child, **OPENED)
        assert refusal(web, ASK, opening, someone.session_key, place.tokens()).sqlstate == NO_SESSION
        assert read_child(web, someone, opening), "an opening is no search, and there is nothing else against it"


def test_nothing_is_asked_by_the_event_of_another_session(place: Place, someone: Actor) -> None:
    with place.connected() as web:
        event = commit_event(web, place.colleague, **SEARCHED)
        for presented in (someone.session_key, "0" * 32, "", None):
            assert refusal(web, ASK, event, presented, place.tokens()).sqlstate == NO_SESSION
    assert place.as_owner("SELECT FROM search.draw WHERE event_id = %s", event) == []


def test_nothing_is_shown_of_the_draw_of_another_session(place: Place, someone: Actor) -> None:
    """Not by showing a search of one's own besides."""
    with place.connected() as web:
        event, own = commit_event(web, place.colleague, **SEARCHED), commit_event(web, someone, **SEARCHED)
        number = draw(web, place.colleague, event, place.tokens())
        web.commit()
        for presented in (someone.session_key, "0" * 32, "", None):
            assert refusal(web, DRAWN, event, presented, number).sqlstate == NO_SESSION
        web.execute("SELECT access_show_ticket(%s, %s)", [event, place.colleague.session_key])
        assert refusal(web, DRAWN, own, someone.session_key, number).sqlstate == NO_SESSION
        assert drawn(web, place.colleague, event, number)


def test_nobody_searches_in_another_name(place: Place) -> None:
    with place.connected() as web:
        claims = told(place.colleague, **SEARCHED)
        error = refusal(web, "SELECT audit_record(%s, %s)", place.teacher.session_key, claims)
        assert error.sqlstate == NO_SESSION
        claims = told(place.colleague, **SEARCHED, actor_id=None, process="insider")
        assert refusal(web, "SELECT audit_record_process(%s)", claims).sqlstate == NO_SESSION


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_roles_that_search_nothing_find_nothing(place: Place, role: Role) -> None:
    person = place.newcomer(role)
    with place.connected() as web:
        error = refusal(web, "SELECT audit_record(%s, %s)", person.session_key, told(person, **SEARCHED))
        assert error.sqlstate == OVER_BUDGET


def test_nothing_is_drawn_that_is_not_committed_as_asked(place: Place, someone: Actor) -> None:
    with place.connected() as web, place.connected() as other:
        event = commit_event(web, someone, **SEARCHED)
        number = ask(web, someone, event, place.tokens())
        for connection in (web, other):
            assert refusal(connection, DRAW, event, someone.session_key, number).sqlstate == NO_SESSION
            assert refusal(connection, DRAWN, event, someone.session_key, number).sqlstate == NO_SESSION
        assert fetched(web) == 0, "not even looked up"
        web.commit()
        assert refusal(web, DRAWN, event, someone.session_key, number).sqlstate == NO_SESSION, "asked is not drawn"


def fetched(web: Web) -> int:
    """How many rows of the index this transaction fetched, which PostgreSQL tells everybody."""
    ((rows,),) = web.execute(
        "SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0) FROM pg_stat_xact_all_tables WHERE schemaname = 'search'"
        " AND relname LIKE 'child_token%%'"
    ).fetchall()
    return int(rows)


def test_draw_that_is_not_committed_shows_nothing(place: Place, someone: Actor) -> None:
    with place.connected() as web, place.connected() as other:
        event = commit_event(web, someone, **SEARCHED)
        number = draw(web, someone, event, place.tokens())
        for connection in (web, other):
            assert refusal(connection, DRAWN, event, someone.session_key, number).sqlstate == NO_SESSION
        web.commit()
        assert drawn(other, someone, event, number)


def test_draw_is_made_once(place: Place, someone: Actor) -> None:
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        number = draw(web, someone, event, place.tokens())
        web.commit()
        assert refusal(web, DRAW, event, someone.session_key, number).sqlstate == NO_SESSION
    assert candidates_used(place, someone) == 3


@pytest.mark.parametrize("back", ["ROLLBACK", "ROLLBACK TO before"])
def test_draw_that_is_taken_back_shows_nothing_and_charges_nothing(place: Place, someone: Actor, back: str) -> None:
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        number = ask(web, someone, event, place.tokens())
        web.commit()
        for _ in range(100):
            web.execute("SAVEPOINT before")
            web.execute(DRAW, [event, someone.session_key, number])
            web.execute(back)
            web.commit()
            assert refusal(web, DRAWN, event, someone.session_key, number).sqlstate == NO_SESSION
    assert candidates_used(place, someone) == 0


@pytest.mark.parametrize("left", [2, 3])
def test_that_a_budget_is_spent_is_told_once_the_draw_is_committed(place: Place, someone: Actor, left: int) -> None:
    leave(place, someone, left)
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        number = draw(web, someone, event, place.tokens())
        assert refusal(web, DRAWN, event, someone.session_key, number).sqlstate == NO_SESSION
        web.commit()
        if left == 2:
            error = refusal(web, DRAWN, event, someone.session_key, number)
            assert error.sqlstate == OVER_BUDGET
            assert error.diag.message_detail == str(someone.user_id)
        else:
            assert drawn(web, someone, event, number)


def test_search_draws_four_times_at_most(place: Place, someone: Actor) -> None:
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        for number in range(1, 5):
            assert draw(web, someone, event, [number]) == number
            web.commit()
        assert isinstance(refusal(web, ASK, event, someone.session_key, [5]), CheckViolation)
        again = commit_event(web, someone, **SEARCHED)
        assert [ask(web, someone, again, [number]) for number in range(4)] == [1, 2, 3, 4]
        assert isinstance(refusal(web, ASK, again, someone.session_key, [5]), CheckViolation), "not committed either"


def test_draw_shows_what_it_led_to_and_not_what_leads_there_since(place: Place, someone: Actor) -> None:
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        one, other = draw(web, someone, event, [-1]), draw(web, someone, event, place.tokens())
        web.commit()
        assert drawn(web, someone, event, one) == set()
        assert len(drawn(web, someone, event, other)) == 3
        for number in (0, -1, 3, None):
            assert refusal(web, DRAWN, event, someone.session_key, number).sqlstate == NO_SESSION
    assert candidates_used(place, someone) == 3


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_old_snapshot_neither_draws_nor_shows(place: Place, someone: Actor, level: str) -> None:
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        number = draw(web, someone, event, place.tokens())
        web.commit()
        asked = ask(web, someone, event, place.tokens())
        web.commit()
        web.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        assert refusal(web, ASK, event, someone.session_key, place.tokens()).sqlstate == NO_SESSION
        assert refusal(web, DRAW, event, someone.session_key, asked).sqlstate == NO_SESSION
        assert refusal(web, DRAWN, event, someone.session_key, number).sqlstate == NO_SESSION


def test_draws_are_cleared_after_a_minute_by_the_worker_alone(place: Place, someone: Actor) -> None:
    with place.connected() as web, place.connected("worker") as worker:
        events = [commit_event(web, someone, **SEARCHED) for _ in range(2)]
        for event, seconds in zip(events, (50, 70), strict=True):
            draw(web, someone, event, place.tokens())
            web.commit()
            place.as_owner(AGED, seconds, event)
        assert isinstance(refusal(web, "SELECT search.clear_draws()"), InsufficientPrivilege)
        worker.execute("SELECT search.clear_draws()")
        worker.commit()
    left = place.as_owner("SELECT event_id FROM search.draw WHERE event_id = ANY (%s) ORDER BY event_id", events)
    assert left == [(events[0],)]


def test_what_is_to_be_corroborated_leads_to_whoever_has_what_is_beside_it(place: Place, someone: Actor) -> None:
    own = set(place.tokens_of(place.child))
    others = set(place.tokens_of(place.other)) | set(place.tokens_of(place.shielded))
    one, two, *_ = sorted(own - others)
    strange = next(each for each in range(1 << 12) if each not in own | others)
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        assert find_by(web, someone, event, ([], [one, two], [strange])) == set()
        assert find_by(web, someone, event, ([], [one, two], [])) == set()
        assert find_by(web, someone, event, ([], [one], [strange, two])) == {place.child}
        assert find_by(web, someone, event, ([], [strange], [one, two])) == set(), "what is beside leads to nobody"
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        assert find_by(web, someone, event, ([one], [strange], [])) == {place.child}
        assert find_by(web, someone, event, ([], [], [one, two])) == set()
    assert candidates_used(place, someone) == 4, "charged for whom it led to, corroborated or not"


def test_what_is_to_be_corroborated_leads_to_who_is_filed_as_shielded(place: Place, someone: Actor) -> None:
    tokens = {child: set(place.tokens_of(child)) for child in (place.child, place.other, place.shielded)}
    own = {
        child: min(of - set().union(*(tokens[each] for each in tokens if each != child)))
        for child, of in tokens.items()
    }
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        assert find_by(web, someone, event, ([], list(own.values()), [])) == {place.shielded}
    place.as_owner(LIFTED, place.other, someone.user_id, place.teacher.user_id, place.shielded)
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        assert find_by(web, someone, event, ([], list(own.values()), [])) == {place.other, place.shielded}, (
            "not yet filed"
        )
    place.as_owner("UPDATE registry_shield SET filed_at = now() WHERE child_id = %s", place.other)
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        assert find_by(web, someone, event, ([], list(own.values()), [])) == {place.shielded}


@pytest.mark.parametrize("asked", ["%s::integer[]", "array[%s::integer[]]"])
def test_more_tokens_than_a_search_has_are_refused(place: Place, someone: Actor, asked: str) -> None:
    statement = f"SELECT search.ask(%s, %s, {asked})"
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        web.execute(statement, [event, someone.session_key, list(range(300))])
        error = refusal(web, statement, event, someone.session_key, list(range(301)))
        assert isinstance(error, ProgramLimitExceeded)


@pytest.mark.parametrize(("corroborated", "beside"), [(201, 0), (1, 1501), (None, 1), (1, None)])
def test_more_tokens_to_corroborate_than_a_search_has_are_refused(
    place: Place, someone: Actor, corroborated: int | None, beside: int | None
) -> None:
    lists = [list(range(100)), *(None if many is None else list(range(many)) for many in (corroborated, beside))]
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        error = refusal(web, "SELECT search.ask(%s, %s, %s, NULL, %s, %s)", event, someone.session_key, *lists)
        assert isinstance(error, ProgramLimitExceeded)


def test_budget_stops_who_goes_through_the_index(place: Place, someone: Actor) -> None:
    leave(place, someone, 7)
    with place.connected() as web:
        event = commit_event(web, someone, **SEARCHED)
        assert len(find(web, someone, event, place.tokens())) == 3
        assert len(find(web, someone, event, place.tokens())) == 3
        number = draw(web, someone, event, place.tokens())
        web.commit()
        assert refusal(web, DRAWN, event, someone.session_key, number).sqlstate == OVER_BUDGET
    with place.connected() as web:
        assert refusal(web, DRAWN, event, someone.session_key, number).sqlstate == OVER_BUDGET, "nor later"


def test_budget_is_not_given_back_by_an_exception(place: Place, someone: Actor) -> None:
    with place.connected() as web:
        seen: list[str] = []
        web.add_notice_handler(lambda notice: seen.append(notice.message_primary or ""))
        event = commit_event(web, someone, **SEARCHED)
        number = ask(web, someone, event, place.tokens())
        web.commit()
        with pytest.raises(psycopg.Error), web.transaction():
            web.execute(f"""
                DO $$ DECLARE found bigint[]; BEGIN
                    PERFORM search.draw({event}, '{someone.session_key}', {number});
                    SELECT array_agg(child_id) INTO found FROM search.drawn({event}, '{someone.session_key}', {number});
                    RAISE NOTICE '%', found; RAISE EXCEPTION 'undone';
                END $$
            """)
        web.commit()
    assert seen == []
    assert candidates_used(place, someone) == 0


@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "examiner", "reader"])
def test_draws_cannot_be_read(place: Place, role: str) -> None:
    with place.connected(role) as connection:
        for statement in (
            "SELECT FROM search.draw",
            "SELECT count(*) FROM search.draw",
            "SELECT FROM search.draw FOR SHARE",
            "COPY search.draw TO STDOUT",
            "EXPLAIN SELECT FROM search.draw WHERE number = 1",
            "DELETE FROM search.draw",
            "UPDATE search.draw SET drawn_in = '3', over_budget = NULL",
            "INSERT INTO search.draw VALUES (1, 1, 1, '{1}', '3', now(), '{1}')",
        ):
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement


@pytest.mark.parametrize("role", ["web", "sequencer", "examiner", "reader"])
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
            "SELECT search.sharing(1, '{1}')",
            "SELECT search.sharing_each(1, '{1}', '{1}')",
            "SELECT search.drop_epoch(1)",
            "SELECT * FROM search.child_token_1",
            "SELECT * FROM search.late",
            "DELETE FROM search.child_token",
        ):
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement
