"""What goes along as a record changes hands, and what does not: its shield and what was asked about it, leave to see
it, what is sealed, a new identity. To an insider with the web role's own login and live sessions.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation
from audit.actors import Actor
from contactpoint.local.servers import Servers
from registry.models import Child
from registry.worker.severing import sever_approved
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import stranger
from tests.integration.registry.severing import number_of
from tests.integration.registry.shielding import file_shielded
from tests.sweeps import severing
from tests.sweeps.attacking import OPENED, Place, Web, commit_event, placed, read_child, record, show
from tests.sweeps.handing import (
    administrator_of,
    another_authority,
    authority_of,
    giving,
    listed,
    look_up,
    offer,
    offered_by,
    read,
    shield,
    step,
)
from tests.sweeps.severing import NOT_THEIRS, how


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
    return giving(place, child)


@pytest.fixture
def takes(place: Place, away: Organisation) -> Actor:
    return administrator_of(away)


@pytest.fixture
def offered(place: Place, child: int, gives: Actor, away: Organisation) -> int:
    return offered_by(place, child, gives, away)


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
