"""What somebody was vetted on is read because of a committed event that names them, and written without being read."""

from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.actors import Actor
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import (
    NO_SESSION,
    Place,
    Web,
    commit_event,
    outright,
    placed,
    record,
    refusal,
    show,
    show_session,
)

SEEN = "SELECT DISTINCT user_id FROM access_vettingitem"
SHOW = "SELECT access_show_ticket(%s, %s)"
NUMBER = "SELECT access_item_number()"
KEEP = "SELECT access_item_keep(%s, %s, %s, %s, %s, NULL, %s, %s)"
ITEMS = "SELECT jsonb_agg(each ORDER BY id) FROM access_vettingitem AS each"
# Events of an administrator that name the person whom they are about; and of anybody about themselves.
ABOUT_ANOTHER = ("user.read", "user.vetted", "user.asked", "user.suspended", "user.approved", "user.declined")
ABOUT_ONESELF = ("access.refused", "history.read", "user.agreed", "user.read")
# Events of an administrator that name nobody.
ABOUT_NOBODY = ("access.refused", "history.read", "organisation.read", "people.listed")


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def council(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture(scope="module")
def vetted(council: Council) -> int:
    with as_owner_here():
        return factories.user(works_for=council.school).pk


@pytest.fixture(scope="module")
def neighbour(council: Council) -> int:
    """Somebody of the same school whom no event names."""
    with as_owner_here():
        return factories.user(works_for=council.school).pk


def seen(web: Web) -> set[int]:
    """Whose vetting the rest of the transaction sees."""
    return {person for (person,) in web.execute(SEEN).fetchall()}


def naming(kind: str, person: int) -> dict[str, object]:
    """An event of that kind that names the person."""
    return {"kind": kind, "shown": [person]} if kind == "people.listed" else {"kind": kind, "user_id": person}


def commit(web: Web, actor: Actor, event: dict[str, object]) -> int:
    return commit_event(web, actor, **event)


@pytest.mark.parametrize("kind", [*ABOUT_ANOTHER, "people.listed"])
def test_committed_event_shows_whom_it_names_and_whose_it_is(
    place: Place, council: Council, vetted: int, neighbour: int, kind: str
) -> None:
    with place.connected() as web:
        event = commit(web, council.first, naming(kind, vetted))
        assert seen(web) == set(), "not without its ticket"
        show(web, council.first, event)
        assert seen(web) == {vetted, council.first.user_id}
        web.commit()
        assert seen(web) == set(), "nor in the next transaction"


@pytest.mark.parametrize("kind", ABOUT_ONESELF)
def test_committed_event_shows_oneself(place: Place, kind: str) -> None:
    person = place.newcomer()
    with place.connected() as web:
        show(web, person, commit(web, person, naming(kind, person.user_id)))
        assert seen(web) == {person.user_id}


@pytest.mark.parametrize("kind", ABOUT_NOBODY)
def test_event_that_names_nobody_shows_nobody_else(place: Place, council: Council, vetted: int, kind: str) -> None:
    with place.connected() as web:
        fields = [str(council.school.pk)] if kind == "organisation.read" else []
        show(web, council.first, commit_event(web, council.first, kind=kind, fields=fields))
        assert seen(web) == {council.first.user_id}


@pytest.mark.parametrize("kind", [*ABOUT_ANOTHER, "people.listed"])
def test_event_that_is_not_committed_shows_nothing(place: Place, council: Council, vetted: int, kind: str) -> None:
    """Recorded, read and rolled back: not in its own transaction, after a savepoint or to another connection."""
    with place.connected() as web:
        event = record(web, council.first, **naming(kind, vetted))
        assert seen(web) == set()
        assert refusal(web, SHOW, event, council.first.session_key).sqlstate == NO_SESSION
        web.execute("SAVEPOINT after")
        assert seen(web) == set()
        assert refusal(web, SHOW, event, council.first.session_key).sqlstate == NO_SESSION
        with place.connected() as other:
            show_session(other, council.first)
            assert refusal(other, SHOW, event, council.first.session_key).sqlstate == NO_SESSION
            assert seen(other) == set()
        web.rollback()
        assert seen(web) == set()


@pytest.mark.parametrize("kind", ABOUT_ONESELF)
def test_ones_own_event_that_is_not_committed_shows_nothing(place: Place, kind: str) -> None:
    person = place.newcomer()
    with place.connected() as web:
        event = record(web, person, **naming(kind, person.user_id))
        assert seen(web) == set()
        assert refusal(web, SHOW, event, person.session_key).sqlstate == NO_SESSION


def test_ticket_of_one_event_shows_nothing_of_another_that_is_not_committed(
    place: Place, council: Council, vetted: int
) -> None:
    with place.connected() as web:
        show(web, council.first, commit_event(web, council.first, kind="people.listed"))
        record(web, council.first, kind="user.read", user_id=vetted)
        assert seen(web) == {council.first.user_id}


def test_view_that_is_taken_back_leaves_the_record(place: Place, council: Council, vetted: int) -> None:
    with place.connected() as web:
        event = commit_event(web, council.first, kind="user.read", user_id=vetted)
        show(web, council.first, event)
        assert vetted in seen(web)
        web.rollback()
    assert place.as_owner("SELECT user_id FROM audit_event WHERE id = %s", event) == [(vetted,)]


def test_event_of_another_session_shows_nothing(place: Place, council: Council, vetted: int) -> None:
    """Not to a stranger, and not to another administrator who might look after the same person."""
    stranger = place.newcomer(Role.ADMINISTRATOR)
    with place.connected() as web:
        event = commit_event(web, council.first, kind="user.read", user_id=vetted)
        for presented in (council.second.session_key, stranger.session_key, "0" * 32, "", None):
            assert refusal(web, SHOW, event, presented).sqlstate == NO_SESSION
            assert seen(web) == set()


@pytest.mark.parametrize(("seconds", "shows"), [(20, True), (31, False), (3600, False)])
def test_event_shows_vetting_for_half_a_minute(
    place: Place, council: Council, vetted: int, seconds: int, shows: bool
) -> None:
    with place.connected() as web:
        event = place.aged(commit_event(web, council.first, kind="user.read", user_id=vetted), seconds)
        if shows:
            show(web, council.first, event)
            assert vetted in seen(web)
        else:
            assert refusal(web, SHOW, event, council.first.session_key).sqlstate == NO_SESSION
            assert seen(web) == set()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_old_snapshot_shows_nothing(place: Place, council: Council, vetted: int, level: str) -> None:
    with place.connected() as web:
        event = commit_event(web, council.first, kind="user.read", user_id=vetted)
        web.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        assert refusal(web, SHOW, event, council.first.session_key).sqlstate == NO_SESSION
        assert seen(web) == set()


def test_session_that_ended_after_the_event_shows_nothing(place: Place, vetted: int) -> None:
    person = place.newcomer()
    with place.connected() as web:
        event = commit_event(web, person, kind="user.read", user_id=person.user_id)
        place.as_owner("DELETE FROM access_session WHERE id = %s", person.session_id)
        assert refusal(web, SHOW, event, person.session_key).sqlstate == NO_SESSION


@pytest.mark.parametrize("copied", [True, False])
def test_ticket_that_was_made_up_or_kept_shows_nothing(
    place: Place, council: Council, vetted: int, copied: bool
) -> None:
    with place.connected() as web:
        event = commit_event(web, council.first, kind="user.read", user_id=vetted)
        show(web, council.first, event)
        kept = web.execute("SELECT current_setting('contactpoint.ticket')").fetchone()
        web.commit()
        made_up = f"{event} {2**40} {'0' * 64}"
        web.execute("SELECT set_config('contactpoint.ticket', %s, false)", [kept[0] if copied and kept else made_up])
        assert seen(web) == set()


def test_nobody_reads_the_vetting_of_anothers_people(place: Place, council: Council, vetted: int) -> None:
    """The event itself is refused: of a practitioner, and of an administrator elsewhere."""
    stranger = place.newcomer(Role.ADMINISTRATOR)
    with place.connected() as web:
        for actor in (place.teacher, stranger):
            for kind in ("user.read", "people.listed"):
                with pytest.raises(psycopg.Error) as refused:
                    record(web, actor, **naming(kind, vetted))
                assert refused.value.sqlstate == "CP004"
                web.rollback()


TODAY = factories.today()


def kept(
    web: Web,
    person: int,
    who: int,
    *,
    kind: str = "dbs",
    checked_on: date = TODAY,
    until: date = TODAY + timedelta(days=365),
    version: str = "",
) -> None:
    (number,) = web.execute(NUMBER).fetchone() or (0,)
    web.execute(KEEP, [number, person, kind, checked_on, until, who, version])


def test_item_is_written_beside_its_event_without_being_seen(place: Place, council: Council) -> None:
    """Also in the place of another, of which nothing is told; and until when the vetting holds follows it."""
    person = place.newcomer()
    with as_owner_here():
        person = factories.actor_for(factories.user(works_for=council.school))
    with place.connected() as web:
        record(web, council.first, kind="user.vetted", user_id=person.user_id, fields=["dbs"])
        kept(web, person.user_id, council.first.user_id, until=TODAY + timedelta(days=50))
        assert seen(web) == set()
        web.commit()
    rows = place.as_owner(
        "SELECT expires_on, recorded_by_id, valid_until FROM access_vettingitem AS item"
        " JOIN access_user AS person ON person.id = user_id WHERE user_id = %s AND kind = 'dbs'",
        person.user_id,
    )
    assert rows == [(TODAY + timedelta(days=50), council.first.user_id, TODAY + timedelta(days=50))]


def test_item_is_written_that_was_not_there(place: Place, council: Council) -> None:
    with as_owner_here():
        person = factories.user(works_for=council.school, vetted=False).pk
    with place.connected() as web:
        record(web, council.first, kind="user.vetted", user_id=person, fields=["dbs"])
        kept(web, person, council.first.user_id)
        web.commit()
    assert place.as_owner("SELECT kind FROM access_vettingitem WHERE user_id = %s", person) == [("dbs",)]


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "identity"},
        {"until": TODAY + timedelta(days=4 * 365)},
        {"checked_on": TODAY + timedelta(days=9)},
        {"kind": "agreement", "version": "2024-01-01"},
    ],
    ids=["another kind", "longer than it holds", "a day that has not come", "the agreement"],
)
def test_item_is_not_other_than_its_event(
    place: Place, council: Council, vetted: int, other: dict[str, object]
) -> None:
    before = place.as_owner(ITEMS)
    with place.connected() as web:
        record(web, council.first, kind="user.vetted", user_id=vetted, fields=["dbs"])
        with pytest.raises(InsufficientPrivilege):
            kept(web, vetted, council.first.user_id, **other)  # type: ignore[arg-type]
        web.rollback()
    assert place.as_owner(ITEMS) == before


def test_item_is_nobody_elses_and_in_nobody_elses_name(
    place: Place, council: Council, vetted: int, neighbour: int
) -> None:
    for person, who in ((neighbour, council.first.user_id), (vetted, council.second.user_id)):
        with place.connected() as web:
            record(web, council.first, kind="user.vetted", user_id=vetted, fields=["dbs"])
            with pytest.raises(InsufficientPrivilege):
                kept(web, person, who)


def test_item_is_not_written_because_of_another_transactions_event(place: Place, council: Council, vetted: int) -> None:
    """Not with its ticket either."""
    with place.connected() as web:
        event = commit_event(web, council.first, kind="user.vetted", user_id=vetted, fields=["dbs"])
        show(web, council.first, event)
        with pytest.raises(InsufficientPrivilege):
            kept(web, vetted, council.first.user_id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_vettingitem SET expires_on = expires_on",
        "DELETE FROM access_vettingitem",
        "SELECT FROM access_vettingitem FOR UPDATE",
        "TRUNCATE access_vettingitem",
        "INSERT INTO access_vettingitem SELECT * FROM access_vettingitem",
        "SELECT nextval('access_vettingitem_id_seq')",
        "SELECT access_item_is_told(1, 'dbs', current_date, current_date + 9, 1, '')",
    ],
)
def test_items_are_written_in_no_other_way(place: Place, council: Council, vetted: int, statement: str) -> None:
    """Whatever is shown and recorded."""
    with place.connected() as web:
        show(web, council.first, commit_event(web, council.first, kind="user.read", user_id=vetted))
        record(web, council.first, kind="user.vetted", user_id=vetted, fields=["dbs"])
        assert isinstance(outright(web, statement), InsufficientPrivilege)
