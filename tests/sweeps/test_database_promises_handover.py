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
from registry.rules.numbers import OWN, number_fingerprint
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import stranger
from tests.integration.registry.severing import number_of
from tests.sweeps.attacking import Place, commit_event, confirm, placed, record, refusal, show
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
    return giving(place, child)


@pytest.fixture
def takes(place: Place, away: Organisation) -> Actor:
    return administrator_of(away)


@pytest.fixture
def offered(place: Place, child: int, gives: Actor, away: Organisation) -> int:
    return offered_by(place, child, gives, away)


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
            "SELECT registry_number_led_to(NULL, NULL, NULL)",
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
