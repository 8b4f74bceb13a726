"""Somebody by name may still see a shielded child: asked for by one, given by another, and it ends by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from access.models import Organisation, Role, StopReason, StopScope, User
from access.organisations.actions import stopping
from access.people.actions.deciding import ask_role, decide_role, reinstate, suspend
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from audit.events import EventKind
from audit.reasons import Reason, ShieldLifting
from registry.actions.finding import open_record, search
from registry.actions.leaves import UnknownPersonError, ask_leave, give_leave, refuse_leave, take_leave
from registry.actions.shields import ask_lifting, lift_shield, read_shield
from registry.actions.steps import ChangedError
from registry.models import Child, ChildGrant, LeaveRequest
from registry.record import Record
from registry.search.criteria import Criteria
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.emergencies import Refuge, build_refuge
from tests.integration.registry.people import BORN, Town
from tests.log import events, last_event


@pytest.fixture
def refuge(town: Town) -> Refuge:
    with as_owner_here():
        return build_refuge(town)


def seen(refuge: Refuge, person: User) -> Record:
    return open_record(actor=factories.actor_for(person), child_id=refuge.child.pk, reason=Reason.SAFEGUARDING)


def sees(refuge: Refuge, person: User) -> bool:
    return bool(seen(refuge, person).addresses)


def test_two_people_name_somebody_of_another_authority_who_then_sees_all_of_the_record(refuge: Refuge) -> None:
    person = refuge.officer
    number = refuge.asks(person)
    assert not sees(refuge, person)
    actor = factories.actor_for(refuge.second)
    give_leave(actor=actor, child_id=refuge.child.pk, leave_id=number, email=person.email.open(), seen=0)
    record = seen(refuge, person)
    assert (record.shielded, record.by_right, record.leave_until) == (False, "shield.grant", refuge.shield.review_on)
    assert len(record.addresses) == 2
    assert len(record.guardians) == 2
    assert record.authority.pk == refuge.town.authority.pk
    opening = last_event(kind=EventKind.CHILD_OPENED)
    assert (opening.actor_id, opening.fields) == (person.pk, ["shield.grant"])
    asked, given = (last_event(kind=kind) for kind in (EventKind.SHIELD_GRANT_ASKED, EventKind.SHIELD_GRANTED))
    assert (asked.user_id, asked.fields) == (person.pk, [f"until.{refuge.shield.review_on.isoformat()}"])
    assert (given.user_id, given.fields) == (person.pk, [f"leave.{number}"])


def test_nobody_else_sees_more_and_lists_stay_as_they_are(refuge: Refuge) -> None:
    refuge.gives(refuge.officer)
    for person in (refuge.town.social_worker, refuge.town.colleague):
        assert not sees(refuge, person)
        assert last_event(kind=EventKind.CHILD_OPENED).fields == []
    criteria = Criteria(today=factories.today(), given="Amina", family="Hussain", date_of_birth=BORN)
    actor = factories.actor_for(refuge.officer)
    (match,) = search(actor=actor, criteria=criteria, trail=factories.SETTING_UP_REQUEST).matches
    assert (match.summary.town, len(match.summary.names)) == ("", 1)


def test_a_mediator_sees_nothing_by_leave_of_whoever_rings(refuge: Refuge) -> None:
    refuge.gives(refuge.town.colleague)
    assert sees(refuge, refuge.town.colleague)
    in_call = refuge.town.actor("mediator")
    assert open_record(actor=in_call, child_id=refuge.child.pk, reason=Reason.SAFEGUARDING).shielded


def test_whoever_asks_does_not_give_and_both_name_the_same_person(refuge: Refuge) -> None:
    person = refuge.town.social_worker
    number = refuge.asks(person)
    about = {"child_id": refuge.child.pk, "leave_id": number, "seen": 0}
    with pytest.raises(OwnCaseError):
        give_leave(actor=factories.actor_for(refuge.first), email=person.email.open(), **about)
    second = factories.actor_for(refuge.second)
    with pytest.raises(UnknownPersonError):
        give_leave(actor=second, email=refuge.officer.email.open(), **about)
    assert not sees(refuge, person)
    refuse_leave(actor=factories.actor_for(refuge.first), **about)
    with pytest.raises(ChangedError):
        give_leave(actor=second, email=person.email.open(), **about)


def test_one_alone_takes_it_away(refuge: Refuge) -> None:
    person = refuge.town.social_worker
    number = refuge.gives(person)
    with pytest.raises(ChangedError):
        take_leave(actor=factories.actor_for(refuge.first), child_id=refuge.child.pk, leave_id=number, seen=0)
    take_leave(actor=factories.actor_for(refuge.first), child_id=refuge.child.pk, leave_id=number, seen=1)
    assert not sees(refuge, person)
    with as_owner_here():
        assert not ChildGrant.objects.exists()
    refuge.gives(person)
    assert sees(refuge, person)


@pytest.mark.parametrize("who", ["nobody", "administrator", "mediator", "suspended", "unvetted"])
def test_leave_is_for_practitioners_who_may_come_in_and_of_others_nothing_is_told(refuge: Refuge, who: str) -> None:
    with as_owner_here():
        person = {
            "nobody": lambda: None,
            "administrator": lambda: refuge.second,
            "mediator": lambda: refuge.town.mediator,
            "suspended": lambda: factories.user(works_for=refuge.town.school),
            "unvetted": lambda: factories.user(works_for=refuge.town.school, vetted=False),
        }[who]()
    if who == "suspended":
        suspend(actor=factories.actor_for(refuge.first), user_id=person.pk, reason=StopReason.LEFT)
    address = person.email.open() if person else "nobody.here@example.org"
    actor = factories.actor_for(refuge.first)
    with pytest.raises(UnknownPersonError, match="Nobody who can look children up today"):
        ask_leave(actor=actor, child_id=refuge.child.pk, email=address, until=factories.today())


def test_nobody_is_given_it_twice_nor_asked_for_twice(refuge: Refuge) -> None:
    person = refuge.town.social_worker
    refuge.asks(person)
    with pytest.raises(WrongStateError) as refused:
        refuge.asks(person, by=refuge.second)
    assert "may see the record already" in refused.value.sentence
    with as_owner_here():
        LeaveRequest.objects.all().delete()
    refuge.gives(person)
    with pytest.raises(WrongStateError) as refused:
        refuge.asks(person)


def test_a_stop_that_was_over_before_takes_nothing_away(refuge: Refuge) -> None:
    person = refuge.town.social_worker
    stop_and_let_go_on(refuge, person)
    refuge.gives(person)
    assert sees(refuge, person)


def test_it_holds_until_the_next_review_at_the_latest(refuge: Refuge) -> None:
    for day in (refuge.shield.review_on + timedelta(days=1), factories.today() - timedelta(days=1)):
        with pytest.raises(WrongStateError):
            refuge.asks(refuge.officer, until=day)
    refuge.gives(refuge.officer, until=factories.today())
    assert sees(refuge, refuge.officer)
    with as_owner_here():
        ChildGrant.objects.update(expires_on=factories.today() - timedelta(days=1))
    assert not sees(refuge, refuge.officer)


def test_of_a_child_who_is_not_shielded_and_by_another_authority_nobody_asks(refuge: Refuge) -> None:
    with as_owner_here():
        (other,) = factories.children(factories.draft(authority=refuge.town.authority))
    address = refuge.officer.email.open()
    with pytest.raises(NotFoundError):
        ask_leave(actor=factories.actor_for(refuge.first), child_id=other.pk, email=address, until=factories.today())
    with pytest.raises(NotFoundError):
        ask_leave(
            actor=factories.actor_for(refuge.chiefs[0]),
            child_id=refuge.child.pk,
            email=address,
            until=factories.today(),
        )


def lift(refuge: Refuge, person: User) -> None:
    about = {"child_id": refuge.child.pk, "shield_id": refuge.shield.pk}
    ask_lifting(actor=factories.actor_for(refuge.first), **about, why=ShieldLifting.RISK_OVER, seen=0)
    lift_shield(actor=factories.actor_for(refuge.second), **about, seen=1)
    with as_owner_here(), connection.cursor() as cursor:  # and protected anew, by others
        cursor.execute(
            "INSERT INTO registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps)"
            " VALUES (%s, %s, current_date, current_date + 182, '', 0)",
            [refuge.child.pk, refuge.town.authority.pk],
        )


def suspend_and_reinstate(refuge: Refuge, person: User) -> None:
    suspend(actor=factories.actor_for(refuge.first), user_id=person.pk, reason=StopReason.MISUSE)
    reinstate(actor=factories.actor_for(refuge.second), user_id=person.pk)


def stop_and_let_go_on(refuge: Refuge, person: User) -> None:
    about = {"scope": StopScope.USER, "target": person.pk}
    stopping.stop(actor=factories.actor_for(refuge.first), **about, reason=StopReason.MISUSE)
    stopping.lift(actor=factories.actor_for(refuge.second), **about)


def change_role_and_back(refuge: Refuge, person: User) -> None:
    for role in (Role.MEDIATOR, Role.PRACTITIONER):
        asked = ask_role(actor=factories.actor_for(refuge.first), user_id=person.pk, role=role)
        decide_role(actor=factories.actor_for(refuge.second), approval_id=asked.pk, approved=True)


def move_person(refuge: Refuge, person: User) -> None:
    with as_owner_here():
        User.objects.filter(pk=person.pk).update(organisation=refuge.town.school)
    person.organisation = refuge.town.school


def move_record(refuge: Refuge, person: User) -> None:
    with as_owner_here():
        elsewhere = Organisation.objects.get(pk=refuge.officer.organisation.responsible_authority_id)
        Child.objects.filter(pk=refuge.child.pk).update(responsible_authority=elsewhere)


@pytest.mark.parametrize(
    "happens",
    [lift, suspend_and_reinstate, stop_and_let_go_on, change_role_and_back, move_person, move_record],
    ids=lambda one: one.__name__,
)
def test_it_ends_by_itself_when_anything_is_otherwise(refuge: Refuge, happens: Callable[[Refuge, User], None]) -> None:
    person = refuge.town.social_worker
    refuge.gives(person)
    assert sees(refuge, person)
    happens(refuge, person)
    with as_owner_here():
        person.refresh_from_db()
    assert not sees(refuge, person)


@pytest.mark.parametrize("happens", [suspend_and_reinstate, stop_and_let_go_on], ids=lambda one: one.__name__)
def test_what_was_asked_for_is_not_given_to_somebody_kept_out_meanwhile(
    refuge: Refuge, happens: Callable[[Refuge, User], None]
) -> None:
    person = refuge.town.social_worker
    number = refuge.asks(person)
    happens(refuge, person)
    with pytest.raises(ChangedError):
        give_leave(
            actor=factories.actor_for(refuge.second),
            child_id=refuge.child.pk,
            leave_id=number,
            email=person.email.open(),
            seen=0,
        )
    assert not sees(refuge, person)


def test_those_who_decide_see_who_has_leave_and_whether_it_is_in_force(refuge: Refuge) -> None:
    refuge.gives(refuge.officer)
    actor = factories.actor_for(refuge.first)
    (leave,) = read_shield(actor=actor, child_id=refuge.child.pk).leaves
    assert (leave.user_id, leave.organisation_id, leave.in_force) == (
        refuge.officer.pk,
        refuge.officer.organisation_id,
        True,
    )
    move_record(refuge, refuge.officer)
    (after,) = read_shield(actor=factories.actor_for(refuge.chiefs[0]), child_id=refuge.child.pk).leaves
    assert not after.in_force


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("outcome_is_known", "outcome = 'made_up', decided_by_id = asked_by_id, decided_at = now()"),
        ("asked_by_another", "asked_by_id = user_id"),
        ("decided_with_an_outcome", "decided_at = now()"),
        ("given_by_a_second", "outcome = 'given', decided_by_id = asked_by_id, decided_at = now()"),
        ("taken_when_given", "taken_by_id = asked_by_id, taken_at = now()"),
    ],
)
def test_the_table_holds_to_it_by_itself(refuge: Refuge, constraint: str, change: str) -> None:
    refuge.asks(refuge.officer)
    with (
        pytest.raises(IntegrityError, match=f"registry_leaverequest_{constraint}"),
        as_owner_here(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE registry_leaverequest SET {change}")


def test_what_shows_more_is_recorded_of_whom_it_shows(refuge: Refuge) -> None:
    refuge.gives(refuge.officer)
    told = events(child_id=refuge.child.pk, kind__in=[EventKind.SHIELD_GRANT_ASKED, EventKind.SHIELD_GRANTED])
    assert {event.user_id for event in told} == {refuge.officer.pk}
    assert len({event.actor_id for event in told}) == 2
