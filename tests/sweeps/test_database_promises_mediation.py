"""A mediator at the database itself opens nothing but in the name of a colleague whose call lasts; both are charged."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.conftest import as_owner_here
from tests.sweeps.attacking import (
    NO_CALL,
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    Web,
    commit_event,
    draw,
    find,
    placed,
    read_child,
    record,
    refusal,
    show,
    told,
)

BEGIN, END = "SELECT access_mediation_begin(%s)", "SELECT access_mediation_end(%s)"
BEGUN, ENDED = {"kind": "mediation.begun"}, {"kind": "mediation.ended"}
RECORD, READ = "SELECT audit_record(%s, %s)", "SELECT registry_read(%s, %s)"
DISCLOSING = ("child.searched", "child.listed", "child.shown", "child.opened", "child.added")


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def mediator(place: Place) -> Actor:
    return place.newcomer(Role.MEDIATOR)


@pytest.fixture
def asking(place: Place) -> Actor:
    """A practitioner who rings."""
    return place.newcomer()


def begin(place: Place, mediator: Actor, asking: Actor) -> None:
    """Where people sign in: there the code is entered that was read out."""
    with place.connected("sign_in") as sign_in:
        take(sign_in, mediator, asking)
        sign_in.commit()


def take(sign_in: Web, mediator: Actor, asking: Actor) -> None:
    record(sign_in, mediator, user_id=asking.user_id, **BEGUN)
    sign_in.execute(BEGIN, [mediator.session_key])


def refused_to_record(web: Web, actor: Actor, **claims: object) -> str | None:
    return refusal(web, RECORD, actor.session_key, told(actor, **claims)).sqlstate


def used(place: Place, person: Actor, measure: str = "records") -> int:
    rows = place.as_owner(
        "SELECT sum(used) FROM access_usage WHERE user_id = %s AND measure = %s", person.user_id, measure
    )
    return int(rows[0][0] or 0)


def opening(place: Place, asking: Actor) -> dict[str, object]:
    return {**OPENED, "child_id": place.child, "user_id": asking.user_id}


def test_call_that_is_recorded_opens_and_both_are_charged(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        assert read_child(web, mediator, commit_event(web, mediator, **opening(place, asking)))
    assert (used(place, mediator), used(place, asking)) == (1, 1)


@pytest.mark.parametrize("kind", DISCLOSING)
def test_nothing_is_recorded_without_a_call(place: Place, mediator: Actor, asking: Actor, kind: str) -> None:
    with place.connected() as web:
        for name in (None, asking.user_id, mediator.user_id):
            claims = {**OPENED, "kind": kind, "child_id": place.child, "user_id": name}
            assert refused_to_record(web, mediator, **claims) == NO_CALL


def test_nobody_else_is_named_than_who_rang(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        for name in (None, mediator.user_id, place.teacher.user_id, 0):
            assert refused_to_record(web, mediator, **{**opening(place, asking), "user_id": name}) == NO_CALL


@pytest.mark.parametrize("kind", [*DISCLOSING, "involvement.read", "involvement.recorded"])
def test_practitioner_names_nobody_else(place: Place, asking: Actor, kind: str) -> None:
    with place.connected() as web:
        for name in (asking.user_id, place.teacher.user_id):
            claims = {**opening(place, asking), "kind": kind, "user_id": name}
            assert refused_to_record(web, place.teacher, **claims) == NO_CALL


def test_mediator_passes_for_no_practitioner(place: Place, mediator: Actor) -> None:
    with place.connected() as web:
        claims = told(mediator, **OPENED, child_id=place.child, role="practitioner")
        assert refusal(web, RECORD, mediator.session_key, claims).sqlstate == NO_SESSION


def test_no_call_begins_without_its_own_event(place: Place, mediator: Actor, asking: Actor) -> None:
    other = place.newcomer(Role.MEDIATOR)
    with place.connected("sign_in") as sign_in, place.connected("sign_in") as elsewhere:
        assert refusal(sign_in, BEGIN, mediator.session_key).sqlstate == NO_CALL
        record(elsewhere, mediator, user_id=asking.user_id, **BEGUN)
        assert refusal(sign_in, BEGIN, mediator.session_key).sqlstate == NO_CALL, "another connection's event"
        record(sign_in, other, user_id=asking.user_id, **BEGUN)
        for key in (mediator.session_key, "", "0" * 32, None):
            assert refusal(sign_in, BEGIN, key).sqlstate == NO_CALL, "another's event, or nobody's session"
        sign_in.commit()
        assert refusal(sign_in, BEGIN, other.session_key).sqlstate == NO_CALL, "another transaction's event"


def test_no_call_begins_where_no_code_was_entered(place: Place, mediator: Actor, asking: Actor) -> None:
    with place.connected() as web:
        assert refused_to_record(web, mediator, user_id=asking.user_id, **BEGUN) == NO_SESSION
        assert isinstance(refusal(web, BEGIN, mediator.session_key), InsufficientPrivilege)


def test_no_call_begins_by_an_event_that_was_taken_back(place: Place, mediator: Actor, asking: Actor) -> None:
    with place.connected("sign_in") as sign_in:
        sign_in.execute("SAVEPOINT before")
        record(sign_in, mediator, user_id=asking.user_id, **BEGUN)
        sign_in.execute("ROLLBACK TO before")
        assert refusal(sign_in, BEGIN, mediator.session_key).sqlstate == NO_CALL


def test_call_whose_event_is_taken_back_is_taken_back_with_it(place: Place, mediator: Actor, asking: Actor) -> None:
    with place.connected("sign_in") as sign_in, place.connected() as web:
        sign_in.execute("SAVEPOINT before")
        take(sign_in, mediator, asking)
        sign_in.execute("ROLLBACK TO before")
        sign_in.commit()
        assert refused_to_record(web, mediator, **opening(place, asking)) == NO_CALL


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_no_call_is_taken_of_others_than_practitioners(place: Place, mediator: Actor, role: Role) -> None:
    person = place.newcomer(role)
    with place.connected("sign_in") as sign_in:
        for name in (person.user_id, mediator.user_id, None, 0):
            assert refused_to_record(sign_in, mediator, user_id=name, **BEGUN) == NO_CALL


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_else_takes_calls(place: Place, asking: Actor, role: Role) -> None:
    person = place.newcomer(role)
    with place.connected("sign_in") as sign_in, place.connected() as web:
        for connection, event in ((sign_in, BEGUN), (sign_in, ENDED), (web, ENDED)):
            assert refused_to_record(connection, person, user_id=asking.user_id, **event) == NO_CALL


def test_nobody_of_another_authority_is_helped(place: Place, mediator: Actor) -> None:
    with transaction.atomic(), as_owner_here():
        elsewhere = factories.user()
    with place.connected("sign_in") as sign_in:
        assert refused_to_record(sign_in, mediator, user_id=elsewhere.pk, **BEGUN) == NO_CALL


@pytest.mark.parametrize(
    "stop",
    [
        "UPDATE access_user SET state = 'suspended' WHERE id = %s",
        "UPDATE access_user SET state = 'joining' WHERE id = %s",
        "UPDATE access_user SET role = 'administrator' WHERE id = %s",
        "UPDATE access_vettingitem SET checked_on = current_date - 9, expires_on = current_date - 1 WHERE user_id = %s",
        "DELETE FROM access_vettingitem WHERE user_id = %s AND kind = 'dbs'",
        "INSERT INTO access_stop (scope, user_id, reason, begun_at) VALUES ('user', %s, 'misuse', now())",
    ],
)
def test_colleague_who_is_stopped_is_helped_no_longer(place: Place, mediator: Actor, asking: Actor, stop: str) -> None:
    begin(place, mediator, asking)
    with place.connected() as web, place.connected("sign_in") as sign_in:
        record(web, mediator, **opening(place, asking))
        web.commit()
        place.as_owner(stop, asking.user_id)
        assert refused_to_record(web, mediator, **opening(place, asking)) == NO_CALL
        assert refused_to_record(sign_in, mediator, user_id=asking.user_id, **BEGUN) == NO_CALL


def test_mediator_who_is_suspended_opens_nothing(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        place.as_owner("UPDATE access_user SET state = 'suspended' WHERE id = %s", mediator.user_id)
        assert refused_to_record(web, mediator, **opening(place, asking)) == NO_SESSION


def test_call_whose_time_is_over_opens_nothing(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        place.as_owner(
            "UPDATE access_mediation SET begun_at = begun_at - interval '21 minutes',"
            " expires_at = expires_at - interval '21 minutes' WHERE session_id = %s",
            mediator.session_id,
        )
        assert refused_to_record(web, mediator, **opening(place, asking)) == NO_CALL


def test_call_of_another_session_is_no_use(place: Place, mediator: Actor, asking: Actor) -> None:
    """Neither in another session of the same mediator, nor in another mediator's."""
    other = place.newcomer(Role.MEDIATOR)
    again = factories.actor_for(people.one(pk=mediator.user_id))
    begin(place, mediator, asking)
    with place.connected() as web:
        for actor in (other, again):
            assert refused_to_record(web, actor, **opening(place, asking)) == NO_CALL
        record(web, other, user_id=asking.user_id, **ENDED)
        web.execute(END, [other.session_key])
        web.commit()
        record(web, mediator, **opening(place, asking))


def test_call_goes_with_its_session(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        web.execute("SELECT access_session_end(%s)", [mediator.session_key])
        web.commit()
    assert place.as_owner("SELECT FROM access_mediation WHERE session_id = %s", mediator.session_id) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM access_mediation",
        "UPDATE access_mediation SET expires_at = 'infinity'",
        "DELETE FROM access_mediation",
        "TRUNCATE access_mediation",
        "INSERT INTO access_mediation VALUES (1, now(), 'infinity', NULL, 2, 3, 4)",
        "SELECT access_may_be_helped(1, 2)",
        "SELECT access_check_mediation(NULL)",
        "SELECT access_charge_both(1, 'practitioner', 2, 'records', -100)",
        "SELECT access_event_of('x', 'history.read')",
    ],
)
def test_calls_are_kept_by_the_functions_alone(place: Place, statement: str) -> None:
    with place.connected() as web:
        assert isinstance(refusal(web, statement), InsufficientPrivilege)


def test_search_in_a_call_charges_the_candidates_to_both(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        event = commit_event(web, mediator, kind="child.searched", user_id=asking.user_id)
        found = find(web, mediator, event, place.tokens())
    assert len(found) == used(place, mediator, "candidates") == used(place, asking, "candidates") == 3


def test_charges_that_are_given_back_have_shown_nothing(place: Place, mediator: Actor, asking: Actor) -> None:
    """A savepoint takes back event and charge together, and what may be read has to be committed."""
    begin(place, mediator, asking)
    with place.connected() as web:
        web.execute("SAVEPOINT before")
        event = record(web, mediator, **opening(place, asking))
        assert refusal(web, READ, event, mediator.session_key).sqlstate == NO_SESSION
        web.execute("ROLLBACK TO before")
        web.commit()
        assert refusal(web, READ, event, mediator.session_key).sqlstate == NO_SESSION
        searched = commit_event(web, mediator, kind="child.searched", user_id=asking.user_id)
        number = draw(web, mediator, searched, place.tokens())
        web.rollback()
        refused = refusal(web, "SELECT search.drawn(%s, %s, %s)", searched, mediator.session_key, number)
        assert refused.sqlstate == NO_SESSION
    assert (used(place, mediator), used(place, asking)) == (0, 0)
    assert (used(place, mediator, "candidates"), used(place, asking, "candidates")) == (0, 0)


def test_what_a_mediator_recorded_is_read_by_nobody_else(place: Place, mediator: Actor, asking: Actor) -> None:
    """Not by the colleague in whose name it was done."""
    begin(place, mediator, asking)
    with place.connected() as web:
        event = commit_event(web, mediator, **opening(place, asking))
        assert refusal(web, READ, event, asking.session_key).sqlstate == NO_SESSION


def test_two_calls_of_one_colleague_at_once_share_the_colleagues_budget(place: Place, asking: Actor) -> None:
    """One waits for the other, in whatever order they come, and only what is left is given."""
    mediators = [place.newcomer(Role.MEDIATOR) for _ in range(2)]
    ((hourly,),) = place.as_owner(
        "SELECT hourly FROM access_budget WHERE role = 'practitioner' AND measure = 'records'"
    )
    place.as_owner(
        "INSERT INTO access_usage (user_id, measure, hour, used)"
        " VALUES (%s, 'records', date_trunc('hour', clock_timestamp(), 'UTC'), %s)",
        asking.user_id,
        hourly - 1,
    )
    outcomes: list[str | None] = []

    def open_one(mediator: Actor) -> None:
        begin(place, mediator, asking)
        with place.connected() as web:
            together.wait()
            try:
                record(web, mediator, **opening(place, asking))
                web.commit()
                outcomes.append(None)
            except psycopg.Error as error:
                outcomes.append(error.sqlstate)

    together = threading.Barrier(2)
    threads = [threading.Thread(target=open_one, args=(each,)) for each in mediators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [OVER_BUDGET, None]
    assert used(place, asking) == hourly


def test_history_is_nobody_elses(place: Place, mediator: Actor, asking: Actor) -> None:
    history = "SELECT actor_id FROM access_history_of(9223372036854775807, 100)"
    begin(place, mediator, asking)
    with place.connected() as web:
        opened = commit_event(web, mediator, **opening(place, asking))
        event = commit_event(web, mediator, kind="history.read", user_id=asking.user_id)
        shown = "SELECT access_show_ticket(%s, %s)"
        assert refusal(web, shown, event, asking.session_key).sqlstate == NO_SESSION
        assert refusal(web, history).sqlstate == NO_SESSION
        show(web, mediator, opened)
        assert refusal(web, history).sqlstate == NO_SESSION, "an opening is not the reading of one's history"
        show(web, mediator, event)
        rows = web.execute(history).fetchall()
        assert {actor for (actor,) in rows} == {mediator.user_id}, (
            "the event's claim of whom it is about changes nothing"
        )
        assert web.execute("SELECT count(*) FROM access_mediation_of(%s)", [asking.session_key]).fetchone() == (0,)


def test_mediator_keeps_no_involvement_in_a_call(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        claims = {"kind": "involvement.read", "child_id": place.child, "user_id": asking.user_id}
        assert refused_to_record(web, mediator, **claims) == NO_SESSION


def test_second_draw_of_the_same_search_is_charged_to_both_again(place: Place, mediator: Actor, asking: Actor) -> None:
    begin(place, mediator, asking)
    with place.connected() as web:
        event = commit_event(web, mediator, kind="child.searched", user_id=asking.user_id)
        for _ in range(2):
            find(web, mediator, event, place.tokens())
    assert (used(place, mediator, "candidates"), used(place, asking, "candidates")) == (6, 6)


def test_suspension_in_the_middle_of_a_transaction_stops_its_next_event(
    place: Place, mediator: Actor, asking: Actor
) -> None:
    """A transaction kept open from before the suspension sees what stands now, and so opens no second child."""
    begin(place, mediator, asking)
    with place.connected() as web:
        record(web, mediator, **opening(place, asking))
        place.as_owner("UPDATE access_user SET state = 'suspended' WHERE id = %s", asking.user_id)
        again = {**opening(place, asking), "child_id": place.other}
        assert refused_to_record(web, mediator, **again) == NO_CALL


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_snapshot_from_before_a_suspension_records_nothing(
    place: Place, mediator: Actor, asking: Actor, isolation: str
) -> None:
    """Neither in a call nor oneself: who was suspended would go on for as long as it is kept."""
    begin(place, mediator, asking)
    with place.connected() as web:
        web.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        web.execute("SELECT 1")
        place.as_owner("UPDATE access_user SET state = 'suspended' WHERE id = %s", asking.user_id)
        assert refused_to_record(web, mediator, **opening(place, asking)) == NO_SESSION
        assert refused_to_record(web, asking, **OPENED, child_id=place.child) == NO_SESSION
