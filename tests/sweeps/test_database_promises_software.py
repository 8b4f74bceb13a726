"""What software says with its token, to an insider with the web role's own login: what its system is there for, of its
own organisation's people or its own feed, and while it is good; and it reads numbers of its own batches alone.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from access.models import SystemPurpose
from audit.events import EventKind
from contactpoint.local.servers import Servers
from feeds.models import Batch, Supplier
from feeds.sealed_stream import seal_part
from registry.vocabulary import Source
from tests.conftest import as_owner_here, as_worker
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import NO_SESSION, Place, placed, refusal, show_session
from tests.sweeps.in_software import LOAD, NOT_THEIRS, RECORD, SPOILT, TICKET, Held, held
from tests.sweeps.in_systems import key

# What a system records, by what it is there for.
RECORDS = {
    SystemPurpose.LEAVERS: {
        EventKind.FEED_RECEIVED,
        EventKind.GRANT_TAKEN,
        EventKind.PEOPLE_LISTED,
        EventKind.USER_LEFT,
        EventKind.USER_READ,
        EventKind.USER_SUSPENDED,
        EventKind.USER_WITHDRAWN,
    },
    SystemPurpose.FEED: {EventKind.BATCH_LISTED, EventKind.BATCH_RECEIVED},
}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def council(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture(autouse=True)
def serves_again(place: Place) -> Iterator[None]:
    yield
    place.as_owner("DELETE FROM access_stop WHERE scope = 'service'")


@pytest.fixture
def leavers(place: Place, council: Council) -> Held:
    return held(place, council, SystemPurpose.LEAVERS)


@pytest.fixture
def feed(place: Place, council: Council) -> Held:
    return held(place, council, SystemPurpose.FEED)


# Using one


@pytest.mark.parametrize("purpose", RECORDS)
def test_short_list_of_each_purpose_is_recorded_and_nothing_else(
    place: Place, council: Council, purpose: SystemPurpose
) -> None:
    one = held(place, council, purpose)
    ways: tuple[dict[str, Any], ...] = (
        {},
        {"user_id": one.teacher.pk},
        {"fields": [f"supplier.{one.feed}"]},
        {"fields": ["1", "1"]},
        {"child_id": place.child, "reason": "safeguarding"},
        {"shown": [1]},
    )
    taken: set[EventKind] = set()
    with place.connected() as web:
        for kind in EventKind:
            for more in ways:
                with web.transaction(force_rollback=True):
                    try:
                        with web.transaction():
                            web.execute(RECORD, [one.token, one.told(kind, **more)])
                    except psycopg.DatabaseError as error:
                        assert error.sqlstate == NO_SESSION, (kind, more)  # noqa: PT017 - some are taken
                        continue
                    taken.add(kind)
                    assert not {"child_id", "shown"} & {*more}
    assert taken == RECORDS[purpose] | {EventKind.ACCESS_REFUSED}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("purpose", RECORDS)
def test_nothing_is_recorded_where_something_speaks_against_it(
    place: Place, council: Council, purpose: SystemPurpose, how: str
) -> None:
    one = held(place, council, purpose)
    one.spoil(how)
    with place.connected() as web:
        for kind in RECORDS[purpose]:
            fields = [f"supplier.{one.feed}"] if kind == EventKind.BATCH_RECEIVED else []
            assert refusal(web, RECORD, one.token, one.told(kind, fields=fields)).sqlstate == NO_SESSION
        assert web.execute(RECORD, [one.token, one.told("access.refused")]).fetchall(), "that it was refused is said"


def test_nothing_is_recorded_with_one_that_is_over_or_in_an_older_snapshot(place: Place, leavers: Held) -> None:
    suspended = leavers.told("user.suspended", user_id=leavers.teacher.pk)
    with place.connected() as web:
        for level in ("REPEATABLE READ", "SERIALIZABLE"):
            web.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
            assert refusal(web, RECORD, leavers.token, suspended).sqlstate == NO_SESSION
            web.rollback()
        place.as_owner("UPDATE access_systemtoken SET expires_at = now() WHERE token_fingerprint = %s", leavers.token)
        for kind in ("user.suspended", "access.refused"):
            event = leavers.told(kind, user_id=leavers.teacher.pk)
            assert refusal(web, RECORD, leavers.token, event).sqlstate == NO_SESSION
        assert web.execute(LOAD, [leavers.token]).fetchall() == []


def test_of_nobody_elsewhere_and_in_no_other_name(place: Place, council: Council, leavers: Held, feed: Held) -> None:
    stranger = feed.teacher.pk
    wrong: tuple[dict[str, Any], ...] = (
        {"user_id": stranger},
        {"user_id": None, "process": f"system.{feed.system.pk}"},
        {"process": f"token.{leavers.system.pk}"},
        {"organisation_id": feed.authority.pk},
        {"authority_id": feed.authority.pk},
        {"actor_id": council.first.user_id, "process": ""},
        {"session_id": council.first.session_id},
    )
    with place.connected() as web:
        for changes in wrong:
            event = leavers.told("user.read", **({"user_id": leavers.teacher.pk} | changes))
            assert refusal(web, RECORD, leavers.token, event).sqlstate == NO_SESSION, changes
        for worthless in (feed.token, key(), "", None):
            event = leavers.told("user.read", user_id=leavers.teacher.pk)
            assert refusal(web, RECORD, worthless, event).sqlstate == NO_SESSION


# Delivering


def begin(web: psycopg.Connection[Any], feed: Held) -> int:
    web.execute(RECORD, [feed.token, feed.told("batch.received", fields=[f"supplier.{feed.feed}"])])
    ((batch,),) = web.execute("SELECT feeds_batch_begin()").fetchall()
    return int(batch)


def delivered(place: Place, feed: Held) -> int:
    with place.connected() as web:
        batch = begin(web, feed)
        web.execute("SELECT feeds_batch_part(%s, 0, %s)", [batch, seal_part(b"key", batch_id=batch, place=0)])
        web.execute("SELECT feeds_batch_end(%s, %s, 3)", [batch, bytes.fromhex(key())])
        web.commit()
    return batch


def test_only_its_own_feed_is_delivered(place: Place, council: Council, feed: Held) -> None:
    other = held(place, council, SystemPurpose.FEED)
    with place.connected() as web:
        for fields in ([f"supplier.{other.feed}"], [], [f"supplier.{feed.feed}", "x"], [f"batch.{feed.feed}"]):
            error = refusal(web, RECORD, feed.token, feed.told("batch.received", fields=fields))
            assert error.sqlstate == NO_SESSION, fields
        by_itself = feed.told("batch.received", fields=[f"supplier.{feed.feed}"])
        assert refusal(web, "SELECT audit_record_process(%s)", by_itself).sqlstate == NO_SESSION
        assert refusal(web, "SELECT feeds_batch_begin()").sqlstate == NO_SESSION
    batch = delivered(place, feed)
    with transaction.atomic(), as_worker():
        assert Batch.objects.get(pk=batch).system_id == feed.system.pk
        assert Batch.objects.get(pk=batch).received_by_id is None


@pytest.mark.parametrize("how", ["it is another council's", "it is stopped", "it is none"])
def test_feed_is_asked_for_again_at_each_delivery(place: Place, council: Council, feed: Held, how: str) -> None:
    statement = {
        "it is another council's": f"SET organisation_id = {council.authority.pk}",
        "it is stopped": "SET stopped_at = now()",
        "it is none": "SET id = id + 1000000",
    }[how]
    place.as_owner(f"UPDATE feeds_supplier {statement} WHERE id = %s", feed.feed)
    with place.connected() as web:
        web.execute(RECORD, [feed.token, feed.told("batch.received", fields=[f"supplier.{feed.feed}"])])
        assert refusal(web, "SELECT feeds_batch_begin()").sqlstate == NOT_THEIRS


def test_what_was_begun_stops_with_its_system(place: Place, feed: Held) -> None:
    with place.connected() as web:
        batch = begin(web, feed)
        feed.spoil("it is revoked")
        part = seal_part(b"key", batch_id=batch, place=0)
        assert refusal(web, "SELECT feeds_batch_part(%s, 0, %s)", batch, part).sqlstate == NOT_THEIRS
        assert refusal(web, "SELECT feeds_batch_end(%s, %s, 3)", batch, bytes(16)).sqlstate == NOT_THEIRS


def test_nothing_is_added_to_the_batch_of_another(place: Place, council: Council, feed: Held) -> None:
    theirs = delivered(place, held(place, council, SystemPurpose.FEED))
    with place.connected() as web:
        begin(web, feed)
        part = seal_part(b"key", batch_id=theirs, place=1)
        assert refusal(web, "SELECT feeds_batch_part(%s, 1, %s)", theirs, part).sqlstate == NOT_THEIRS


def listed(web: psycopg.Connection[Any], one: Held, kind: str = "batch.listed") -> int:
    """The number of an event that the system recorded, committed."""
    ((event,),) = web.execute(RECORD, [one.token, one.told(kind)]).fetchall()
    web.commit()
    return int(event)


def test_batches_of_its_own_feed_are_told_after_the_event_alone(place: Place, council: Council, feed: Held) -> None:
    own, other = delivered(place, feed), held(place, council, SystemPurpose.FEED)
    theirs = delivered(place, other)
    told = "SELECT id FROM feeds_batches(10)"
    with place.connected() as web:
        assert refusal(web, told).sqlstate == NO_SESSION
        ((open_event,),) = web.execute(RECORD, [feed.token, feed.told("batch.listed")]).fetchall()
        assert refusal(web, TICKET, open_event, feed.token).sqlstate == NO_SESSION, "it is not committed"
        web.commit()
        event = listed(web, feed)
        for wrong in (other.token, council.first.session_key, key()):
            assert refusal(web, TICKET, event, wrong).sqlstate == NO_SESSION
        aged = place.aged(event, 40)
        assert refusal(web, TICKET, aged, feed.token).sqlstate == NO_SESSION
        web.rollback()
        web.execute(TICKET, [event, feed.token])
        assert web.execute(told).fetchall() == [(own,)]
        assert web.execute(f"SELECT id FROM feeds_batches(10, {theirs})").fetchall() == []
        assert web.execute("SELECT * FROM feeds_suppliers()").fetchall() == []
        for statement in ("SELECT * FROM feeds_refused()", "SELECT * FROM feeds_matches()"):
            assert refusal(web, statement).sqlstate == NO_SESSION
        web.rollback()
        feed.spoil("its day is over")
        assert refusal(web, TICKET, event, feed.token).sqlstate == NO_SESSION


def test_ticket_is_for_who_delivers_and_shows_nobody(place: Place, leavers: Held) -> None:
    """What software says of people lets it read nothing of them that it is not told."""
    with place.connected() as web:
        for kind in ("people.listed", "user.read"):
            changes = {"user_id": leavers.teacher.pk} if kind == "user.read" else {}
            ((event,),) = web.execute(RECORD, [leavers.token, leavers.told(kind, **changes)]).fetchall()
            web.commit()
            assert refusal(web, TICKET, event, leavers.token).sqlstate == NO_SESSION
            web.rollback()


def test_feeds_are_named_to_administrators_of_their_organisations_alone(
    place: Place, council: Council, feed: Held, leavers: Held
) -> None:
    """The council may keep others by now: all of them are its own."""
    with transaction.atomic(), as_worker():
        Supplier.objects.create(organisation=council.school, source=Source.SCHOOL_CENSUS, format="table")
        kept_by = [council.school.pk, council.authority.pk]
        own = set(Supplier.objects.filter(organisation__in=kept_by).values_list("pk", flat=True))
    named = "SELECT id FROM feeds_named()"
    with place.connected() as web:
        assert web.execute(named).fetchall() == []
        show_session(web, council.third)
        assert {number for (number,) in web.execute(named).fetchall()} == own
        show_session(web, place.teacher)
        assert web.execute(named).fetchall() == []
        web.execute(LOAD, [feed.token])
        assert web.execute(named).fetchall() == [], "it delivers one, and lists none"
