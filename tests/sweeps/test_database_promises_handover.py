"""Records that change hands, to an insider with the web role's own login and live sessions: nobody gives away what is
not theirs, takes what was not offered to them, or reads by our ids who anybody is.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation
from audit.actors import Actor
from contactpoint.local.servers import Servers
from registry.models import Child
from registry.rules.numbers import OWN, number_fingerprint
from registry.worker.severing import sever_approved
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.integration.registry.severing import number_of
from tests.integration.registry.shielding import file_shielded
from tests.sweeps import severing
from tests.sweeps.attacking import OPENED, Place, Web, commit_event, confirm, placed, read_child, record, refusal, show
from tests.sweeps.handing import (
    administrator_of,
    another_authority,
    authority_of,
    listed,
    look_up,
    offer,
    read,
    shield,
    step,
)
from tests.sweeps.severing import NO_EVENT, NOT_THEIRS, another_session, how


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town))
    return int(made[0].pk)


@pytest.fixture
def away(place: Place) -> Organisation:
    return another_authority()


@pytest.fixture
def gives(place: Place, child: int) -> Actor:
    """An administrator of the authority that answers, who looked the child's number up and read who it is."""
    actor = administrator_of(place.town.authority)
    with place.connected() as web:
        assert look_up(web, actor, number_of(child)) == child
        assert read(web, actor, child)
    return actor


@pytest.fixture
def takes(place: Place, away: Organisation) -> Actor:
    return administrator_of(away)


@pytest.fixture
def offered(place: Place, child: int, gives: Actor, away: Organisation) -> int:
    with place.connected() as web:
        made = offer(web, gives, child, away.pk)
        web.commit()
    assert made
    return made


def test_web_role_has_no_right_on_offers_and_none_to_change_who_answers(place: Place) -> None:
    with place.connected() as web:
        for statement in (
            "SELECT 1 FROM registry_handover",
            "SELECT xmin, ctid FROM registry_handover",
            "INSERT INTO registry_handover DEFAULT VALUES",
            "UPDATE registry_handover SET outcome = 'accepted'",
            "DELETE FROM registry_handover",
            "SELECT last_value FROM registry_handover_id_seq",
            "UPDATE registry_child SET responsible_authority_id = 1",
            "SELECT registry_handover_goes_along(NULL, 1)",
            "SELECT registry_handover_may_know(NULL, NULL)",
            "SELECT registry_handover_led_to(NULL, NULL)",
            "SELECT registry_handover_is_read(NULL)",
            "SELECT registry_identity_goes_on(1)",
            "SELECT registry_who(NULL)",
        ):
            assert isinstance(refusal(web, statement), InsufficientPrivilege), statement


def test_no_step_without_its_event_in_the_same_transaction(
    place: Place, child: int, gives: Actor, takes: Actor, away: Organisation
) -> None:
    with place.connected() as web:
        assert refusal(web, "SELECT registry_handover_offer()").sqlstate == NO_EVENT
        told = {"child_id": child, "reason": "moved_home", "fields": [f"authority.{away.pk}"]}
        commit_event(web, gives, kind="handover.offered", **told)
        assert refusal(web, "SELECT registry_handover_offer()").sqlstate == NO_EVENT
        made = offer(web, gives, child, away.pk)
        web.commit()
        assert made
        assert read(web, takes, child)
        commit_event(
            web, takes, kind="handover.accepted", child_id=child, reason="moved_home", fields=[f"handover.{made}"]
        )
        for statement in (
            f"SELECT registry_handover_step({made}, 0)",
            "SELECT * FROM registry_handovers()",
            "SELECT registry_handover_who()",
            "SELECT registry_handover_child('x')",
        ):
            assert refusal(web, statement).sqlstate == NO_EVENT, statement
        # Nor by the event of another offer, or of another step.
        record(
            web, takes, kind="handover.accepted", child_id=child, reason="moved_home", fields=[f"handover.{made + 1}"]
        )
        assert refusal(web, f"SELECT registry_handover_step({made}, 0)").sqlstate == NO_EVENT
    assert authority_of(place, child) == place.town.authority.pk


def test_a_number_leads_to_ones_own_records_alone(place: Place, child: int, takes: Actor) -> None:
    number = number_of(child)
    own = administrator_of(place.town.authority)
    with place.connected() as web:
        assert look_up(web, own, number) == child
        assert look_up(web, takes, number) is None
        # Neither another number than the event's, nor by the event of another kind.
        show(web, own, commit_event(web, own, kind="handover.listed", fields=["asked." + "0" * 64]))
        presented = number_fingerprint(OWN, number)
        assert refusal(web, "SELECT registry_handover_child(%s)", presented).sqlstate == NO_EVENT
        web.rollback()
        with pytest.raises(psycopg.Error, match="looking a number up is recorded first"):
            look_up(web, own, number, kind="identity.listed")


def test_only_who_looked_the_number_up_and_read_offers_and_to_another_authority_alone(
    place: Place, child: int, gives: Actor, takes: Actor, away: Organisation
) -> None:
    own = place.town.authority
    with place.connected() as web:
        blind = administrator_of(own)
        assert read(web, blind, child) is None
        assert how(offer, web, blind, child, away.pk) == NOT_THEIRS
        assert look_up(web, blind, number_of(child)) == child
        record(web, blind, kind="handover.read", child_id=child)
        assert how(offer, web, another_session(gives), child, away.pk) == NOT_THEIRS
        web.rollback()
        led = administrator_of(own)
        look_up(web, led, number_of(child))
        assert how(offer, web, led, child, away.pk) == NOT_THEIRS, "they have not read who it is"
        record(web, led, kind="handover.read", child_id=child)
        assert how(offer, web, led, child, away.pk) == NOT_THEIRS, "what is not committed can be rolled back"
        web.rollback()
        assert read(web, another_session(gives), child) is None, "each session looks it up by itself"
        # Who knows the number says that they look it up and read, is told nothing, and gives away nothing.
        assert (look_up(web, takes, number_of(child)), read(web, takes, child)) == (None, None)
        third = another_authority()
        for stranger_ in (takes, place.newcomer()):
            for to in (own.pk, third.pk):
                assert how(offer, web, stranger_, child, to) == NOT_THEIRS
        for to in (own.pk, place.town.school.pk, 10**15):
            assert how(offer, web, gives, child, to) == NOT_THEIRS, to
        for to in ("", "1; drop", f"{away.pk}.{away.pk}"):
            assert how(offer, web, gives, child, to), to
        for reason in ("", "made_up", "lives_elsewhere"):
            assert how(offer, web, gives, child, away.pk, reason), reason
        assert how(offer, web, gives, place.child, away.pk) == NOT_THEIRS
        assert offer(web, gives, child, away.pk)
        web.commit()
        assert offer(web, gives, child, away.pk) is None, "it is offered once"
        web.rollback()


def test_who_a_child_is_shows_to_those_to_whom_it_is_offered_and_to_nobody_by_id(
    place: Place, child: int, gives: Actor, takes: Actor, away: Organisation
) -> None:
    with place.connected() as web:
        assert read(web, takes, child) is None
        assert listed(web, takes) == []
        made = offer(web, gives, child, away.pk)
        web.commit()
        told = read(web, takes, child)
        assert told
        assert (len(told["names"]), told["child"]["date_of_death"], told["addresses"]) == (1, None, None)
        assert told["child"]["responsible_authority_id"] is None
        assert listed(web, takes) == [(made, child, "", False)]
        third = administrator_of(another_authority())
        assert (read(web, third, child), listed(web, third)) == (None, [])
        assert read(web, takes, place.child) is None
        practitioner = place.newcomer()
        assert how(step, web, practitioner, "accepted", child, made) == NOT_THEIRS
        assert step(web, gives, "withdrawn", child, made)
        web.commit()
        assert (read(web, takes, child), listed(web, takes)) == (None, [])


def test_a_shielded_child_is_told_as_any_other(place: Place, away: Organisation, takes: Actor) -> None:
    with transaction.atomic(), as_owner_here():
        made = [each.pk for each in factories.children(stranger(place.town), stranger(place.town))]
    shield(place, made[0])
    own = administrator_of(place.town.authority)
    told = []
    with place.connected() as web:
        for each in made:
            look_up(web, own, number_of(each))
            read(web, own, each)
            assert offer(web, own, each, away.pk)
            web.commit()
            who = read(web, takes, each)
            assert who
            told.append((sorted(who), sorted(who["child"]), len(who["names"]), who["shielded"], who["numbers"]))
    assert told[0] == told[1]


def test_nobody_accepts_alone_late_unread_or_for_another_reason_child_or_offer(
    place: Place, child: int, gives: Actor, takes: Actor, offered: int
) -> None:
    with place.connected() as web:
        assert how(step, web, takes, "accepted", child, offered) == NOT_THEIRS, "they have not read who it is"
        record(web, takes, kind="handover.read", child_id=child)
        assert how(step, web, takes, "accepted", child, offered) == NOT_THEIRS
        web.rollback()
        assert read(web, takes, child)
        for stranger_ in (gives, administrator_of(place.town.authority), administrator_of(another_authority())):
            read(web, stranger_, child)
            assert how(step, web, stranger_, "accepted", child, offered) == NOT_THEIRS
            assert how(step, web, stranger_, "declined", child, offered) == NOT_THEIRS
        assert how(step, web, takes, "withdrawn", child, offered) == NOT_THEIRS
        assert how(step, web, takes, "accepted", place.child, offered) == NOT_THEIRS
        for seen in (1, None):
            assert how(step, web, takes, "accepted", child, offered, seen) is None
        assert how(step, web, takes, "accepted", child, offered, 0, "never_ours") is None
        assert how(step, web, takes, "declined", child, offered, 0, "moved_home"), "a reason of the other list"
        confirm(place, takes, "7 minutes")
        assert how(step, web, takes, "accepted", child, offered) == NO_EVENT
        confirm(place, takes)
        assert step(web, takes, "accepted", child, offered)
        web.rollback()
        assert authority_of(place, child) == place.town.authority.pk, "rolled back with its event"
        assert step(web, takes, "accepted", child, offered)
        web.commit()
        for what, who in (("accepted", takes), ("declined", takes), ("withdrawn", takes)):
            assert not step(web, who, what, child, offered, 1), what
            web.rollback()
    assert authority_of(place, child) == takes.authority_id


def test_no_offer_is_accepted_by_the_event_of_another_child(
    place: Place, child: int, takes: Actor, away: Organisation, offered: int
) -> None:
    with transaction.atomic(), as_owner_here():
        (other,) = (each.pk for each in factories.children(stranger(place.town)))
    gives = administrator_of(place.town.authority)
    with place.connected() as web:
        look_up(web, gives, number_of(other))
        read(web, gives, other)
        assert offer(web, gives, other, away.pk)
        web.commit()
        assert read(web, takes, other)
        assert how(step, web, takes, "accepted", other, offered) == NOT_THEIRS


def test_who_administers_both_authorities_does_not_take_what_they_offered(
    place: Place, child: int, gives: Actor, away: Organisation, offered: int
) -> None:
    place.as_owner(
        "INSERT INTO access_grant (user_id, permission_id, organisation_id, expires_on)"
        " SELECT %s, allowed.id, %s, current_date + 9 FROM auth_permission AS allowed"
        " WHERE codename = 'administer_organisation'",
        gives.user_id,
        away.pk,
    )
    with place.connected() as web:
        assert read(web, gives, child)
        for what in ("accepted", "declined"):
            assert how(step, web, gives, what, child, offered) == NOT_THEIRS


def test_what_was_sealed_opens_after_the_record_changed_hands(
    place: Place, child: int, takes: Actor, offered: int
) -> None:
    with as_worker():
        before = Child.objects.get(pk=child)
        number, born = before.number.open(), before.date_of_birth.open()
    with place.connected() as web:
        read(web, takes, child)
        assert step(web, takes, "accepted", child, offered)
        web.commit()
    with as_worker():
        after = Child.objects.get(pk=child)
        assert (after.number.open(), after.date_of_birth.open(), after.row_version) == (
            number,
            born,
            before.row_version,
        )
        assert after.summary.open().date_of_birth == born
        assert after.responsible_authority_id == takes.authority_id


def test_a_shield_goes_along_and_no_step_of_the_old_authority_ends_it(
    place: Place, child: int, gives: Actor, takes: Actor, away: Organisation
) -> None:
    old = administrator_of(place.town.authority)
    with place.connected() as web:
        shield(place, child)
        ((which, seen),) = place.as_owner("SELECT id, steps FROM registry_shield WHERE child_id = %s", child)
        asks = {"child_id": child, "fields": [f"shield.{which}"], "reason": "risk_is_over"}
        record(web, gives, kind="shield.lift_asked", **asks)
        assert web.execute("SELECT registry_shield_step(%s, %s)", [which, seen]).fetchall() == [(True,)]
        web.commit()
        made = offer(web, gives, child, away.pk)
        web.commit()
        assert made
        read(web, takes, child)
        assert step(web, takes, "accepted", child, made)
        web.commit()
        # What the old authority asked for is gone: neither it nor the new one lifts the shield by it.
        for actor, refused in ((old, NOT_THEIRS), (takes, None)):
            assert how(_lift, web, actor, which, asks, seen + 2) == refused
        opener = place.newcomer()
        told = read_child(web, opener, commit_event(web, opener, child_id=child, **OPENED))
        assert told
        assert (told["shielded"], told["addresses"]) == (True, None)
        web.commit()
        show(web, takes, commit_event(web, takes, kind="shield.listed"))
        rows = web.execute(
            "SELECT child_id, authority_id, review_on <= current_date FROM registry_shields()"
        ).fetchall()
        assert rows == [(child, away.pk, True)]


def _lift(web: Web, actor: Actor, which: int, asks: dict[str, object], seen: int) -> bool:
    record(web, actor, kind="shield.lifted", **asks)
    ((taken,),) = web.execute("SELECT registry_shield_step(%s, %s)", [which, seen]).fetchall()
    return bool(taken)


def test_while_a_new_identity_is_asked_for_nobody_offers_takes_or_sees_an_offer(
    place: Place, child: int, gives: Actor, takes: Actor, away: Organisation, offered: int
) -> None:
    number = number_of(child)
    with place.connected() as web:
        assert read(web, takes, child)
        asker = severing.looked(place, web, child)
        about = severing.asked(web, asker, child)
        assert (read(web, takes, child), listed(web, takes)) == (None, [])
        assert how(step, web, takes, "accepted", child, offered) is None
        assert how(step, web, takes, "declined", child, offered) is None
        assert (offered, child, "", True) in listed(web, gives)
        assert step(web, gives, "withdrawn", child, offered)
        web.commit()
        assert offer(web, gives, child, away.pk) is None
        web.rollback()
        assert severing.decide(
            web, administrator_of(place.town.authority), "identity.approved", child, about, 0, "adopted"
        )
        web.commit()
        file_shielded()
        with as_worker():
            assert sever_approved() == 1
        # Closed, it is told of as of a record that is not there.
        assert look_up(web, gives, number) is None
        assert (read(web, gives, child), listed(web, gives, kind="handover.read", child_id=child)) == (None, [])
        assert how(offer, web, gives, child, away.pk) == NOT_THEIRS


def test_archived_records_are_not_there(place: Place, child: int, gives: Actor, takes: Actor, offered: int) -> None:
    with place.connected() as web:
        assert read(web, takes, child)
        with as_worker():
            Child.objects.filter(pk=child).update(archived=True)
        number = number_of(child)
        assert look_up(web, gives, number) is None
        assert (read(web, gives, child), read(web, takes, child), listed(web, takes)) == (None, None, [])
        for who, what in ((takes, "accepted"), (takes, "declined"), (gives, "withdrawn")):
            assert how(step, web, who, what, child, offered) == NOT_THEIRS


def test_leave_to_see_a_shielded_child_ends_and_does_not_come_back(
    place: Place, child: int, gives: Actor, takes: Actor, away: Organisation, offered: int
) -> None:
    shield(place, child)
    holder = place.newcomer()
    place.as_owner(
        "WITH asked AS ("
        " INSERT INTO registry_leaverequest (child_id, user_id, shield_id, until, asked_by_id, asked_at, outcome,"
        " decided_by_id, decided_at, steps)"
        " SELECT child_id, %s, id, current_date + 9, %s, now(), 'given', %s, now(), 1 FROM registry_shield"
        " WHERE child_id = %s RETURNING id, child_id, shield_id, user_id"
        ") INSERT INTO registry_childgrant (user_id, permission_id, child_id, request_id, shield_id, organisation_id,"
        " authority_id, expires_on, given_at) SELECT asked.user_id, what.id, asked.child_id, asked.id, asked.shield_id,"
        " person.organisation_id, %s, current_date + 9, now()"
        " FROM asked, auth_permission AS what, access_user AS person"
        " WHERE what.codename = 'open_shielded_child' AND person.id = asked.user_id",
        holder.user_id,
        gives.user_id,
        administrator_of(place.town.authority).user_id,
        child,
        place.town.authority.pk,
    )
    leave = "SELECT registry_leave_of(%s, %s) IS NOT NULL"
    assert place.as_owner(leave, holder.user_id, child) == [(True,)]
    with place.connected() as web:
        read(web, takes, child)
        assert step(web, takes, "accepted", child, offered)
        web.commit()
        assert place.as_owner(leave, holder.user_id, child) == [(False,)]
        look_up(web, takes, number_of(child))
        back = offer(web, takes, child, place.town.authority.pk)
        web.commit()
        assert back
        returns = administrator_of(place.town.authority)
        read(web, returns, child)
        assert step(web, returns, "accepted", child, back)
        web.commit()
    assert authority_of(place, child) == place.town.authority.pk
    assert place.as_owner(leave, holder.user_id, child) == [(False,)]
    assert place.as_owner("SELECT taken_at IS NOT NULL FROM registry_leaverequest WHERE child_id = %s", child) == [
        (True,)
    ]
