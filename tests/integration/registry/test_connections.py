"""A connection is asked for by whoever opened the record, made by the management team, and tells the asker two ends."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from access.models import Role, User
from access.rules import grants
from access.rules.errors import NotFoundError, NotPermittedError, WrongStateError
from audit.errors import NotAllowedError
from audit.events import EventKind
from audit.reasons import ConnectionOutcome, ConnectionReason, ConnectionSoon, ConnectionStep, ShieldAsker, ShieldReason
from audit.reasons import ShieldIdentity as Checked
from registry.actions import connections, shields
from registry.actions.connections import ASKED_ALREADY, PROTECTED, Wanted
from registry.actions.steps import ChangedError
from registry.models import Child, ConnectionNote, ConnectionRequest
from registry.selectors.connections import LATE_AFTER, HowFar, OwnRequest, due_at, own_requests, waiting
from registry.vocabulary import Service
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.connecting import RUNG_ON, WANTED, Desk, build_desk, newest
from tests.integration.registry.people import AddChildren, Town, full_draft, involvement
from tests.log import events

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def desk(town: Town, add: AddChildren) -> Desk:
    (child,) = add(full_draft(town))
    with as_owner_here():
        return build_desk(town, child)


def how_far(desk: Desk, who: str = "social_worker") -> HowFar | None:
    """What the asker reads of it, in a new session."""
    actor = desk.town.actor(who)
    own = connections.connection_to_ask(actor=actor, child_id=desk.child.pk).own
    return own.how_far if own else None


def request(pk: int) -> ConnectionRequest:
    with as_owner_here():
        return ConnectionRequest.objects.get(pk=pk)


def shield(desk: Desk) -> None:
    """Have somebody else shield the child at once."""
    wanted = shields.Wanted(ShieldReason.REFUGE, ShieldAsker.CARER, Checked.NOT_YET, urgent=True)
    shields.ask_shield(actor=desk.asker("colleague"), child_id=desk.child.pk, wanted=wanted)


def test_from_the_asking_to_the_end(desk: Desk) -> None:
    asked = desk.asked()
    assert how_far(desk) == HowFar.WAITING
    actor = desk.maker()
    (listed,) = connections.list_connections(actor=actor)
    assert (listed.pk, listed.reason, listed.soon) == (asked.pk, ConnectionReason.SAFETY, ConnectionSoon.DAYS)
    assert listed.telephone.open() is None, "the list says where nobody is rung"
    read = connections.read_connection(actor=actor, child_id=desk.child.pk)
    assert [each.telephone.open() for each in read.requests] == [RUNG_ON]
    assert [each.details.practitioner for each in read.services] == ["Wanda Secret"]
    assert read.services[0].organisation == desk.town.clinic
    desk.note(asked, ConnectionStep.MESSAGE)
    assert how_far(desk) == HowFar.WORKING
    desk.note(asked, ConnectionStep.PASSED_ON, seen=1)
    assert how_far(desk) == HowFar.WORKING
    desk.close(asked, seen=2)
    assert how_far(desk) == HowFar.WILL_RING
    done = request(asked.pk)
    assert (done.outcome, done.closed_by_id, done.steps) == (ConnectionOutcome.WILL_RING, desk.first.pk, 3)
    assert done.telephone.open() is None, "nobody need be rung any more"
    with as_owner_here():
        noted = list(ConnectionNote.objects.order_by("pk").values_list("step", "noted_by_id"))
    assert noted == [("left_message", desk.first.pk), ("passed_on", desk.first.pk)]
    kinds = [event.kind for event in events(child_id=desk.child.pk) if event.kind.startswith("connection.")]
    assert [kind for kind in kinds if kind != EventKind.CONNECTION_READ] == [
        EventKind.CONNECTION_ASKED,
        EventKind.CONNECTION_NOTED,
        EventKind.CONNECTION_NOTED,
        EventKind.CONNECTION_CLOSED,
    ]


def test_what_is_read_is_recorded_before(desk: Desk) -> None:
    desk.asked()
    connections.list_connections(actor=desk.maker())
    connections.read_connection(actor=desk.maker(), child_id=desk.child.pk)
    (listed,), (read,) = (events(kind=kind) for kind in (EventKind.CONNECTION_LISTED, EventKind.CONNECTION_READ))
    assert (listed.child_id, read.child_id) == (None, desk.child.pk)


@pytest.mark.parametrize("outcome", ConnectionOutcome)
def test_the_asker_reads_one_of_two_ends(desk: Desk, outcome: ConnectionOutcome) -> None:
    desk.close(desk.asked(), outcome)
    made = outcome == ConnectionOutcome.WILL_RING
    assert how_far(desk) == (HowFar.WILL_RING if made else HowFar.NOT_MADE)
    # And may ask again.
    assert desk.asked().outcome == ""
    assert how_far(desk) == HowFar.WAITING


def test_only_services_that_are_sensitive_and_run_are_shown(town: Town, add: AddChildren) -> None:
    (child,) = add(
        full_draft(
            town,
            numbers=(),
            involvements=(
                (True, involvement(town.school, Service.SCHOOL)),
                (False, involvement(town.clinic, Service.MENTAL_HEALTH, practitioner="Ann One")),
                (False, involvement(town.clinic, Service.SEXUAL_HEALTH, practitioner="Bea Two")),
                (False, involvement(town.clinic, Service.SUBSTANCE_MISUSE, ended_on=date(2025, 3, 1))),
            ),
        )
    )
    with as_owner_here():
        desk = build_desk(town, child)
    asked = desk.asked()
    read = connections.read_connection(actor=desk.maker(), child_id=child.pk)
    assert sorted(each.details.practitioner for each in read.services) == ["Ann One", "Bea Two"]
    desk.close(asked)
    closed = connections.read_connection(actor=desk.maker(), child_id=child.pk)
    assert closed.services == (), "there is nothing to ring for any more"
    assert len(closed.requests) == 1


def test_one_open_request_each_and_a_second_one_is_shown_the_first(desk: Desk) -> None:
    first = desk.asked()
    with pytest.raises(WrongStateError) as told:
        desk.asked(wanted=Wanted(ConnectionReason.ENQUIRY, ConnectionSoon.TODAY, "+441614960888"))
    assert told.value.sentence == ASKED_ALREADY
    assert request(first.pk).soon == ConnectionSoon.DAYS
    # Of somebody else's nothing is told, and they ask for themselves.
    assert how_far(desk, "teacher") is None
    second = desk.asked(by="teacher")
    assert second.pk != first.pk
    assert len(connections.list_connections(actor=desk.maker())) == 2


def test_who_asks_has_opened_the_record_in_this_session(desk: Desk) -> None:
    desk.asker()
    with pytest.raises(NotAllowedError):
        connections.ask_connection(actor=desk.town.actor("social_worker"), child_id=desk.child.pk, wanted=WANTED)
    with as_owner_here():
        assert not ConnectionRequest.objects.exists()


@pytest.mark.parametrize("who", ["administrator", "mediator"])
def test_only_practitioners_ask(desk: Desk, who: str) -> None:
    with pytest.raises(NotPermittedError):
        connections.ask_connection(actor=desk.town.actor(who), child_id=desk.child.pk, wanted=WANTED)


def test_only_the_authority_that_answers_makes_it(desk: Desk, add: AddChildren) -> None:
    desk.asked()
    with as_owner_here():
        stranger = factories.actor_for(factories.user(role=Role.ADMINISTRATOR))
    factories.show(stranger)
    assert connections.list_connections(actor=stranger) == []
    assert waiting() == 0
    with pytest.raises(NotFoundError):
        connections.read_connection(actor=stranger, child_id=desk.child.pk)
    with pytest.raises(NotPermittedError):
        connections.list_connections(actor=desk.town.actor("social_worker"))
    # Nor of a child about whom nobody asked.
    (other,) = add(full_draft(desk.town, numbers=()))
    with pytest.raises(NotFoundError):
        connections.read_connection(actor=desk.maker(), child_id=other.pk)
    maker = desk.maker()
    factories.show(maker)
    assert waiting() == 1


def test_when_the_record_moved_its_new_authority_makes_it(desk: Desk) -> None:
    asked = desk.asked()
    with as_owner_here():
        newcomer = factories.user(role=Role.ADMINISTRATOR)
        Child.objects.filter(pk=desk.child.pk).update(responsible_authority=newcomer.organisation)
    with pytest.raises(NotFoundError):
        desk.close(asked)
    (listed,) = connections.list_connections(actor=factories.actor_for(newcomer))
    assert listed.pk == asked.pk


def test_who_asked_makes_none_of_it_also_after_they_became_an_administrator(desk: Desk) -> None:
    asked = desk.asked()
    with as_owner_here():
        worker = desk.town.social_worker
        User.objects.filter(pk=worker.pk).update(role=Role.ADMINISTRATOR)
        worker.role = Role.ADMINISTRATOR
        grants.grant(worker, grants.ADMINISTER, desk.town.authority)
    actor = factories.actor_for(worker)
    assert connections.list_connections(actor=actor) == []
    with pytest.raises(NotFoundError):
        connections.read_connection(actor=actor, child_id=desk.child.pk)
    # Somebody else's request about the same child they make, and do not see their own beside it.
    other = desk.asked(by="teacher")
    read = connections.read_connection(actor=actor, child_id=desk.child.pk)
    assert [each.pk for each in read.requests] == [other.pk]
    with pytest.raises(NotFoundError):
        connections.close_connection(
            actor=actor,
            child_id=desk.child.pk,
            request_id=asked.pk,
            outcome=ConnectionOutcome.WILL_RING,
            seen=0,
        )


def test_a_stale_step_changes_nothing(desk: Desk) -> None:
    asked = desk.asked()
    desk.note(asked)
    with pytest.raises(ChangedError):
        desk.close(asked, seen=0)
    desk.close(asked, ConnectionOutcome.DECLINED, seen=1)
    for seen in (1, 2):
        with pytest.raises(ChangedError):
            desk.close(asked, seen=seen)
        with pytest.raises(ChangedError):
            desk.note(asked, seen=seen)
    assert request(asked.pk).outcome == ConnectionOutcome.DECLINED


# --------------------------------------------------------------------------------------------- protected


def test_nobody_asks_about_a_protected_child(desk: Desk) -> None:
    asker = desk.asker()
    shield(desk)
    with pytest.raises(WrongStateError) as told:
        connections.ask_connection(actor=asker, child_id=desk.child.pk, wanted=WANTED)
    assert told.value.sentence == PROTECTED


def test_protected_meanwhile_the_asker_reads_no_more_and_the_team_has_the_request_without_the_services(
    desk: Desk,
) -> None:
    asked = desk.asked()
    before = connections.connection_to_ask(actor=desk.town.actor("social_worker"), child_id=desk.child.pk)
    shield(desk)
    after = connections.connection_to_ask(actor=desk.town.actor("social_worker"), child_id=desk.child.pk)
    assert (after.own, after.identity.name) == (before.own, before.identity.name)
    assert [each.pk for each in connections.list_connections(actor=desk.maker())] == [asked.pk]
    read = connections.read_connection(actor=desk.maker(), child_id=desk.child.pk)
    assert read.shielded
    assert read.services == ()
    assert [each.telephone.open() for each in read.requests] == [RUNG_ON]
    desk.close(asked, ConnectionOutcome.PROTECTED)
    assert how_far(desk) == HowFar.NOT_MADE


# -------------------------------------------------------------------------------------------------- late


@pytest.mark.parametrize("soon", ConnectionSoon)
def test_one_is_late_after_as_long_as_was_asked(desk: Desk, soon: ConnectionSoon) -> None:
    asked = desk.asked(wanted=Wanted(ConnectionReason.TREATMENT, soon, RUNG_ON))
    assert due_at(asked) - asked.asked_at == LATE_AFTER[soon]
    assert LATE_AFTER[soon] > timedelta(0)


def test_a_closed_one_is_told_for_four_weeks(desk: Desk) -> None:
    asked = desk.asked()
    desk.close(asked)
    for days, told in ((27, [asked.pk]), (29, [])):
        with as_owner_here():
            ConnectionRequest.objects.filter(pk=asked.pk).update(closed_at=timezone.now() - timedelta(days=days))
        desk.town.actor("social_worker")
        factories.show(desk.town.actor("social_worker"))
        own: list[OwnRequest] = own_requests()
        assert [each.id for each in own] == told


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("reason = 'made up'", "registry_connectionrequest_codes_are_known"),
        ("soon = 'made up'", "registry_connectionrequest_codes_are_known"),
        ("telephone = NULL", "registry_connectionrequest_rung_while_open"),
        ("outcome = 'will_ring'", "registry_connectionrequest_closed_by_another"),
        ("closed_at = now()", "registry_connectionrequest_closed_by_another"),
        (
            "closed_at = now(), closed_by_id = (SELECT max(id) FROM access_user), outcome = 'will_ring'",
            "registry_connectionrequest_rung_while_open",
        ),
        (
            "closed_at = now(), closed_by_id = asked_by_id, outcome = 'will_ring', telephone = NULL",
            "registry_connectionrequest_closed_by_another",
        ),
    ],
)
def test_the_table_itself_wants_codes_and_another_person(desk: Desk, change: str, broken: str) -> None:
    """Whatever a function should let through some day."""
    asked = desk.asked()
    with as_owner_here(), pytest.raises(IntegrityError, match=broken), connection.cursor() as cursor:
        cursor.execute(f"UPDATE registry_connectionrequest SET {change} WHERE id = %s", [asked.pk])


def test_the_number_stands_sealed(desk: Desk) -> None:
    desk.asked()
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("SELECT telephone FROM registry_connectionrequest")
        (stored,) = cursor.fetchone()
    assert b"4960777" not in bytes(stored)
    assert newest().telephone.open() == RUNG_ON
