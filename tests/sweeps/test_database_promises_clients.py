"""Software that speaks for its organisation, to an insider with the web role's own login: nobody makes a token or has
one last longer, says anything in a system's name without one, or does with one what its system is not there for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import ClientSystem, Organisation, OrganisationKind, SystemPurpose, User
from audit.events import EventKind
from contactpoint.local.servers import Servers
from feeds.models import Batch, Supplier
from feeds.sealed_stream import seal_part
from registry.vocabulary import Source
from tests import factories, people
from tests.conftest import as_owner_here, as_worker
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import NO_SESSION, Place, confirm, forged, placed, refusal, show_session
from tests.sweeps.in_systems import WITHOUT_GUARD, key

NOT_THEIRS = "CP004"
GIVE, END, RECORD, TICKET = (
    f"SELECT {name}"
    for name in (
        "access_token_give(%s, %s)",
        "access_token_end(%s, %s)",
        "audit_record_token(%s, %s)",
        "access_show_ticket(%s, %s)",
    )
)
ADD = (
    "INSERT INTO access_systemtoken (token_fingerprint, system_id, given_at, expires_at)"
    " VALUES ('x', {}, now(), now() + interval '1 day')"
)
LOAD = "SELECT system_id, standing FROM access_token_load(%s)"
ALWAYS = {EventKind.ACCESS_REFUSED}
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
# What may become of a system, by the owner's hand and past the guard: no token goes by it.
SPOILT = {
    "it is revoked": "UPDATE access_clientsystem SET revoked_at = now() WHERE id = {system}",
    "its day is over": "UPDATE access_clientsystem SET accredited_until = current_date - 1 WHERE id = {system}",
    "nobody accredited it": (
        "UPDATE access_clientsystem SET accredited_at = NULL, accredited_by_id = NULL WHERE id = {system}"
    ),
    "its organisation is accredited no more": (
        "UPDATE access_organisation SET accredited_until = current_date - 1 WHERE id = {authority}"
    ),
    "its organisation is stopped": (
        "INSERT INTO access_stop (scope, organisation_id, reason, begun_at)"
        " VALUES ('organisation', {authority}, 'incident', now())"
    ),
    "the service is stopped": (
        "INSERT INTO access_stop (scope, reason, begun_at) VALUES ('service', 'incident', now())"
    ),
    "people work in it": (
        "UPDATE access_clientsystem SET purpose = 'people', feed = NULL, addresses = '{{https://a.example}}'"
        " WHERE id = {system}"
    ),
}


@dataclass(frozen=True)
class Held:
    """An authority with a school and a feed, a system of its own, and the fingerprint of a token that this fetched."""

    place: Place
    council: Council
    authority: Organisation
    teacher: User
    feed: int
    system: ClientSystem
    token: str

    def told(self, kind: str, **changes: object) -> str:
        """An event that the system says, with the tag of the web process's own key."""
        says: dict[str, object] = {
            "actor_id": None,
            "session_id": None,
            "role": "",
            "process": f"system.{self.system.pk}",
            "organisation_id": self.authority.pk,
            "authority_id": self.authority.pk,
        }
        return forged(self.council.first, kind=kind, **(says | changes))

    def spoil(self, how: str) -> None:
        with self.place.connected("owner") as owner:
            owner.execute(WITHOUT_GUARD.format(SPOILT[how].format(system=self.system.pk, authority=self.authority.pk)))
            owner.commit()

    @property
    def named(self) -> list[str]:
        return [str(self.authority.pk), str(self.system.pk)]


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


def system_of(council: Council, authority: Organisation, purpose: SystemPurpose, feed: int | None) -> ClientSystem:
    asked, accredited = (people.one(pk=each.user_id) for each in (council.first, council.second))
    with transaction.atomic(), as_owner_here():
        return factories.client_system(
            authority,
            asked_by=asked,
            accredited_by=accredited,
            purpose=purpose,
            feed=feed if purpose == SystemPurpose.FEED else None,
        )


def held(place: Place, council: Council, purpose: SystemPurpose) -> Held:
    with transaction.atomic(), as_owner_here():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        teacher = factories.user(works_for=factories.organisation(authority=authority))
    with transaction.atomic(), as_worker():
        feed = Supplier.objects.create(organisation=authority, source=Source.SCHOOL_CENSUS, format="table")
    system = system_of(council, authority, purpose, feed.pk)
    made = Held(place, council, authority, teacher, feed.pk, system, key())
    with place.connected("sign_in") as sign_in:
        if purpose != SystemPurpose.PEOPLE:
            sign_in.execute(GIVE, [made.token, made.told("system.token_given", fields=made.named)])
            sign_in.commit()
    return made


@pytest.fixture
def leavers(place: Place, council: Council) -> Held:
    return held(place, council, SystemPurpose.LEAVERS)


@pytest.fixture
def feed(place: Place, council: Council) -> Held:
    return held(place, council, SystemPurpose.FEED)


def tokens(place: Place) -> list[tuple[Any, ...]]:
    return place.as_owner("SELECT * FROM access_systemtoken ORDER BY id")


# Making one


@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "examiner", "reader"])
def test_whoever_signs_nobody_in_makes_none(place: Place, leavers: Held, role: str) -> None:
    before = tokens(place)
    with place.connected(role) as connection:
        for statement in (GIVE, END):
            event = leavers.told("system.token_given", fields=leavers.named)
            assert isinstance(refusal(connection, statement, key(), event), InsufficientPrivilege)
        for statement in (
            ADD.format(leavers.system.pk),
            "UPDATE access_systemtoken SET expires_at = now() + interval '1 day'",
            "SELECT token_fingerprint FROM access_systemtoken",
            "TRUNCATE access_systemtoken",
        ):
            assert isinstance(refusal(connection, statement), InsufficientPrivilege), statement
    assert tokens(place) == before


def test_worker_removes_what_is_over_alone(place: Place, leavers: Held, feed: Held) -> None:
    over = "UPDATE access_systemtoken SET expires_at = now() WHERE token_fingerprint = %s"
    place.as_owner(over, leavers.token)
    with place.connected("worker") as worker:
        worker.execute("DELETE FROM access_systemtoken")
        worker.commit()
    left = {row[1] for row in tokens(place)}
    assert feed.token in left
    assert leavers.token not in left


def test_whoever_signs_people_in_has_no_other_way(place: Place, leavers: Held) -> None:
    with place.connected("sign_in") as sign_in:
        for statement in (
            ADD.format(leavers.system.pk),
            "UPDATE access_systemtoken SET expires_at = now() + interval '1 day'",
            "SELECT 1 FROM access_systemtoken",
            "DELETE FROM access_systemtoken",
        ):
            assert isinstance(refusal(sign_in, statement), InsufficientPrivilege), statement


def test_given_for_a_quarter_of_an_hour_beside_its_event(place: Place, leavers: Held) -> None:
    ((minutes, events),) = place.as_owner(
        "SELECT extract(epoch FROM expires_at - given_at) / 60, (SELECT count(*) FROM audit_event"
        " WHERE kind = 'system.token_given' AND process = 'system.' || system_id)"
        " FROM access_systemtoken WHERE token_fingerprint = %s",
        leavers.token,
    )
    assert (minutes, events) == (15, 1)


@pytest.mark.parametrize("how", SPOILT)
def test_none_is_given_to_a_system_that_is_not_good(place: Place, leavers: Held, how: str) -> None:
    leavers.spoil(how)
    before = tokens(place)
    with place.connected("sign_in") as sign_in:
        event = leavers.told("system.token_given", fields=leavers.named)
        assert refusal(sign_in, GIVE, key(), event).sqlstate == NO_SESSION
    assert tokens(place) == before


def test_event_that_gives_one_says_what_is_so(place: Place, council: Council, leavers: Held) -> None:
    other = held(place, council, SystemPurpose.LEAVERS)
    wrong: tuple[dict[str, Any], ...] = (
        {"fields": other.named},
        {"fields": [str(other.authority.pk), str(leavers.system.pk)]},
        {"fields": []},
        {"fields": [*leavers.named, "1"]},
        {"process": f"system.{other.system.pk}"},
        {"process": "sign-in"},
        {"organisation_id": other.authority.pk},
        {"authority_id": other.authority.pk},
        {"actor_id": council.first.user_id, "process": ""},
        {"user_id": leavers.teacher.pk},
        {"child_id": place.child},
        {"shown": [1]},
        {"kind": "access.refused"},
        {"kind": "system.token_ended"},
        {"kind": "user.suspended", "user_id": leavers.teacher.pk},
    )
    with place.connected("sign_in") as sign_in:
        for changes in wrong:
            claims: dict[str, Any] = {"kind": "system.token_given", "fields": leavers.named} | changes
            error = refusal(sign_in, GIVE, key(), leavers.told(claims.pop("kind"), **claims))
            assert error.sqlstate == NO_SESSION, changes
        sign_in.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        event = leavers.told("system.token_given", fields=leavers.named)
        assert refusal(sign_in, GIVE, key(), event).sqlstate == NO_SESSION


def test_that_one_was_given_is_said_in_no_other_way(place: Place, council: Council, leavers: Held) -> None:
    confirm(place, council.first)
    for role in ("web", "sign_in"):
        with place.connected(role) as connection:
            for kind in ("system.token_given", "system.token_ended"):
                own = [str(council.authority.pk), "1"]
                by_a_person = forged(council.first, kind=kind, fields=own)
                error = refusal(connection, "SELECT audit_record(%s, %s)", council.first.session_key, by_a_person)
                assert error.sqlstate in {NO_SESSION, NOT_THEIRS}
                nobodys = leavers.told(kind, fields=leavers.named)
                assert refusal(connection, "SELECT audit_record_process(%s)", nobodys).sqlstate == NO_SESSION
    with place.connected() as web:
        for kind in ("system.token_given", "system.token_ended"):
            event = leavers.told(kind, fields=leavers.named)
            assert refusal(web, RECORD, leavers.token, event).sqlstate == NO_SESSION


def test_given_back_by_its_own_system_once(place: Place, council: Council, leavers: Held, feed: Held) -> None:
    with place.connected("sign_in") as sign_in:
        theirs = feed.told("system.token_ended", fields=feed.named)
        assert refusal(sign_in, END, leavers.token, theirs).sqlstate == NO_SESSION
        own = leavers.told("system.token_ended", fields=leavers.named)
        assert refusal(sign_in, END, key(), own).sqlstate == NO_SESSION
        sign_in.execute(END, [leavers.token, own])
        sign_in.commit()
        assert refusal(sign_in, END, leavers.token, own).sqlstate == NO_SESSION
    with place.connected() as web:
        assert web.execute(LOAD, [leavers.token]).fetchall() == []


def test_tokens_go_as_their_system_is_revoked(place: Place, council: Council) -> None:
    asked, second = people.one(pk=council.first.user_id), council.second
    system = system_of(council, council.authority, SystemPurpose.LEAVERS, None)
    factories.client_token(system)
    assert asked
    confirm(place, second)
    with place.connected() as web:
        show_session(web, second)
        event = forged(second, kind="system.revoked", fields=[str(council.authority.pk), str(system.pk)])
        web.execute("SELECT audit_record(%s, %s)", [second.session_key, event])
        web.execute("UPDATE access_clientsystem SET revoked_at = now() WHERE id = %s", [system.pk])
        web.commit()
    assert place.as_owner("SELECT 1 FROM access_systemtoken WHERE system_id = %s", system.pk) == []


@pytest.mark.parametrize("column", ["purpose", "feed"])
def test_what_a_system_is_there_for_never_changes(place: Place, feed: Held, column: str) -> None:
    for role in ("web", "sign_in", "worker"):
        with place.connected(role) as connection:
            error = refusal(connection, f"UPDATE access_clientsystem SET {column} = {column}")
            assert isinstance(error, InsufficientPrivilege)
    with place.connected("owner") as owner:
        assert refusal(owner, f"UPDATE access_clientsystem SET {column} = {column}").sqlstate == NO_SESSION


@pytest.mark.parametrize(
    "wrong",
    [
        "purpose = 'everything'",
        "purpose = 'feed', feed = NULL, addresses = '{}'",
        "purpose = 'leavers', feed = 1",
        "purpose = 'leavers', feed = NULL, addresses = '{https://a.example}'",
        "purpose = 'people', feed = NULL, addresses = '{}'",
    ],
)
def test_what_does_not_go_with_a_purpose_is_not_there(place: Place, feed: Held, wrong: str) -> None:
    statement = f"UPDATE access_clientsystem SET {wrong} WHERE id = {feed.system.pk}"
    with place.connected("owner") as owner:
        error = refusal(owner, WITHOUT_GUARD.format(statement))
        assert isinstance(error, psycopg.errors.CheckViolation)


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
    assert taken == RECORDS[purpose] | ALWAYS


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
        asked = json.loads(leavers.told("people.listed")) | {"criteria": "\\x00"}
        assert refusal(web, RECORD, leavers.token, json.dumps(asked)).sqlstate == NO_SESSION
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
    with transaction.atomic(), as_worker():
        own = Supplier.objects.create(organisation=council.school, source=Source.SCHOOL_CENSUS, format="table").pk
    named = "SELECT id FROM feeds_named()"
    with place.connected() as web:
        assert web.execute(named).fetchall() == []
        show_session(web, council.third)
        assert web.execute(named).fetchall() == [(own,)]
        show_session(web, place.teacher)
        assert web.execute(named).fetchall() == []
        web.execute(LOAD, [feed.token])
        assert web.execute(named).fetchall() == [], "it delivers one, and lists none"
