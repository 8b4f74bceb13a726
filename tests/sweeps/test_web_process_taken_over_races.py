"""At the same moment, on connections of their own: whichever comes first, nobody sees or decides what they may not.

What two administrators do at once through the pages is in tests/integration/access/test_deciding_at_once.py.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories, people
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import (
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    Web,
    confirmed,
    forged,
    placed,
    read_child,
    refusal,
    show_session,
    spend_all_but,
)

RECORD, READ, END = "SELECT audit_record(%s, %s)", "SELECT registry_read(%s, %s)", "SELECT access_session_end(%s)"
# Whatever was decided before.
APPROVE = "UPDATE access_approval SET outcome = 'approved', decided_by_id = %s WHERE user_id = %s"
LET_IN = "UPDATE access_user SET state = 'active' WHERE id = %s"
DECIDED = "SELECT decided_by_id FROM access_approval WHERE user_id = %s AND outcome = 'approved'"
NOT_BY_TWO = psycopg.errors.CheckViolation.sqlstate
ROUNDS = 30
OPENINGS = 20
Together = Callable[[], object]


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def administrators(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture
def council(place: Place, administrators: Council) -> Council:
    return confirmed(place, administrators)


def at_once(*deeds: Callable[[Together], None]) -> None:
    """Do all of them, each in a thread of its own. Each is told how to wait for the others."""
    failed: list[BaseException] = []
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[Together], None]) -> None:
        try:
            deed(barrier.wait)
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            barrier.abort()
            failed.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


def opened(web: Web, place: Place, actor: Actor) -> int:
    """An opening that is committed. Returns its event."""
    claims = forged(actor, child_id=place.child, **OPENED)
    ((event,),) = web.execute(RECORD, [actor.session_key, claims]).fetchall()
    web.commit()
    return int(event)


def events_of(place: Place, actor: Actor) -> set[int]:
    rows = place.as_owner("SELECT id FROM audit_event WHERE actor_id = %s AND kind = 'child.opened'", actor.user_id)
    return {event for (event,) in rows}


@pytest.mark.parametrize("left", [1, 3])
def test_openings_at_the_end_of_a_budget_share_what_is_left(place: Place, left: int) -> None:
    someone, views, refused = place.newcomer(), set(), []
    spend_all_but(place, someone, left)

    def open_one(together: Together) -> None:
        with place.connected() as web:
            together()
            try:
                event = opened(web, place, someone)
            except psycopg.Error as error:
                refused.append(error.sqlstate)
                return
            assert read_child(web, someone, event)
            views.add(event)

    at_once(*[open_one] * 8)
    assert len(views) == left
    assert refused == [OVER_BUDGET] * (8 - left)
    assert events_of(place, someone) == views


def test_opening_waits_for_another_that_may_use_up_the_budget(place: Place) -> None:
    someone = place.newcomer()
    claims = forged(someone, child_id=place.child, **OPENED)
    with place.connected() as one, place.connected() as other:
        one.execute(RECORD, [someone.session_key, claims])
        other.execute("SET lock_timeout = '200ms'")
        waited = refusal(other, RECORD, someone.session_key, claims)
        assert isinstance(waited, psycopg.errors.LockNotAvailable)


def test_sign_out_against_opening_shows_nothing_after_it_and_nothing_unrecorded(place: Place) -> None:
    """Whichever wins. A reading that began once the sign-out was done is refused; each that was not has its event."""
    seen = refused = 0
    for _ in range(ROUNDS):
        someone = place.newcomer()
        views: list[tuple[int, float]] = []
        ended: list[float] = []
        refusals: list[str | None] = []

        def reads(
            together: Together,
            someone: Actor = someone,
            views: list[tuple[int, float]] = views,
            refusals: list[str | None] = refusals,
        ) -> None:
            with place.connected() as web:
                together()
                for _ in range(OPENINGS):
                    try:
                        event = opened(web, place, someone)
                        begun = time.monotonic()
                        assert read_child(web, someone, event)
                    except psycopg.Error as error:
                        web.rollback()
                        refusals.append(error.sqlstate)
                        continue
                    views.append((event, begun))

        def leaves(together: Together, someone: Actor = someone, ended: list[float] = ended) -> None:
            with place.connected() as web:
                together()
                time.sleep(random.uniform(0, 0.02))  # noqa: S311 - no secret
                web.execute(END, [someone.session_key])
                web.commit()
                ended.append(time.monotonic())

        at_once(reads, leaves)
        assert {event for event, _begun in views} <= events_of(place, someone)
        assert all(begun < ended[0] for _event, begun in views)
        assert set(refusals) <= {NO_SESSION}
        with place.connected() as web:
            for event in events_of(place, someone):
                assert refusal(web, READ, event, someone.session_key).sqlstate == NO_SESSION
        seen, refused = seen + len(views), refused + len(refusals)
    assert seen, "the sign-out always won"
    assert refused, "the sign-out never won"


def test_sign_out_that_is_not_done_yet_shows_all_of_a_child(place: Place) -> None:
    someone = place.newcomer()
    with place.connected() as web, place.connected() as leaving:
        event = opened(web, place, someone)
        leaving.execute(END, [someone.session_key])
        assert read_child(web, someone, event)
        web.commit()
        leaving.commit()
        assert refusal(web, READ, event, someone.session_key).sqlstate == NO_SESSION


def approves(place: Place, actor: Actor, person: int, refused: list[str | None]) -> Callable[[Together], None]:
    """All of it, by the actor, in one transaction. Where that is refused, by which state is added to `refused`."""

    def deed(together: Together) -> None:
        with place.connected() as web:
            together()
            try:
                show_session(web, actor)
                web.execute(RECORD, [actor.session_key, forged(actor, kind="user.approved", user_id=person)])
                web.execute(APPROVE, [actor.user_id, person])
                web.execute(LET_IN, [person])
                web.commit()
            except psycopg.Error as error:
                web.rollback()
                refused.append(error.sqlstate)

    return deed


def test_two_approvals_at_once_are_one(place: Place, council: Council) -> None:
    for _ in range(5):
        refused: list[str | None] = []
        person = lives.complete(council).pk
        at_once(approves(place, council.second, person, refused), approves(place, council.third, person, refused))
        assert set(refused) <= {NOT_BY_TWO}
        ((decided_by,),) = place.as_owner(DECIDED, person)
        assert decided_by in {council.second.user_id, council.third.user_id}
        assert place.as_owner("SELECT state, state_by_id FROM access_user WHERE id = %s", person) == [
            ("active", decided_by)
        ]


def test_two_approvals_of_whoever_asked_are_none(place: Place, council: Council) -> None:
    """In two sessions of theirs."""
    again = factories.actor_for(people.one(pk=council.first.user_id))
    for _ in range(5):
        refused: list[str | None] = []
        person = lives.complete(council).pk
        at_once(approves(place, council.first, person, refused), approves(place, again, person, refused))
        assert refused == [NOT_BY_TWO] * 2
        assert place.as_owner(DECIDED, person) == []
        assert place.as_owner("SELECT state FROM access_user WHERE id = %s", person) == [("joining",)]


def test_approval_of_whoever_asked_does_not_ride_on_anothers(place: Place, council: Council) -> None:
    """Both at once: whoever wins, it is the other administrator's approval that lets in."""
    for _ in range(5):
        refused: list[str | None] = []
        person = lives.complete(council).pk
        at_once(approves(place, council.first, person, refused), approves(place, council.second, person, refused))
        assert set(refused) <= {NOT_BY_TWO}
        assert place.as_owner(DECIDED, person) == [(council.second.user_id,)]
        assert place.as_owner("SELECT state, state_by_id FROM access_user WHERE id = %s", person) == [
            ("active", council.second.user_id)
        ]
