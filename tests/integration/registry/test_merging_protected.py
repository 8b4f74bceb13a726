"""Two records under one where a shield hides the child, or a new identity is asked for: nothing opens by it."""

import pytest
from django.db import DatabaseError, connection

from access.rules.errors import NotFoundError, WrongStateError
from audit.events import EventKind
from audit.reasons import IdentityReason, MergeReason, Reason
from registry.actions import identities, merging
from registry.actions.finding import open_record
from registry.actions.merging import PROTECTED_STAYS, Two
from registry.models import Child, Shield
from registry.protection.new_identity import Wanted
from registry.record import Record
from registry.vocabulary import Gender
from registry.worker import refiling
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.emergencies import build_refuge
from tests.integration.registry.merging import (
    OTHER_HOME,
    OTHER_NHS,
    Bureau,
    amina,
    build_bureau,
    do_approved,
    found,
    in_force,
    opened,
    shield,
)
from tests.integration.registry.people import (
    BORN,
    AddChildren,
    Town,
    address,
    draft,
)
from tests.integration.registry.severing import build_desk, number_of
from tests.integration.registry.shielding import build_office
from tests.log import events


@pytest.fixture
def bureau(town: Town, add: AddChildren) -> Bureau:
    return amina(town, add)


# Shields -------------------------------------------------------------------------------------------------------


def test_the_protected_record_is_the_one_that_stays(bureau: Bureau) -> None:
    shield(bureau, bureau.two.under)
    actor = bureau.asks
    bureau.look_up(actor)
    compared = merging.compare(actor=actor, two=bureau.two)
    assert compared.hindrance == PROTECTED_STAYS
    # Of neither more than who it is: the second record would tell of the first.
    for one in (compared.stays, compared.under):
        assert one.hidden
        assert (one.addresses, one.numbers, one.guardians, len(one.names)) == ((), (), (), 1)
    with pytest.raises(WrongStateError):
        merging.ask(actor=actor, two=bureau.two, reason=MergeReason.SAME_NUMBER)
    turned = Two(bureau.two.under, bureau.two.stays)
    bureau.put_together(turned)
    assert opened(bureau, child=turned.stays).shielded


def test_with_a_protected_record_nothing_of_the_other_shows(bureau: Bureau) -> None:
    stays, under = bureau.two.stays, bureau.two.under
    shield(bureau, stays)
    bureau.put_together()
    record = opened(bureau)
    assert record.shielded
    assert (record.addresses, record.names, record.guardians, record.current) == ((), (), (), ())
    for hidden in (
        {"number": OTHER_NHS},
        {"family": "Siddiqui", "date_of_birth": BORN},
        {"given": "Amina", "family": "Siddiqui", "postcode": OTHER_HOME},
    ):
        assert found(bureau, **hidden) == [], hidden
    assert found(bureau, number=number_of(under)) == [stays]
    with pytest.raises(NotFoundError):
        opened(bureau, child=under)
    bureau.part()
    # It was protected before, and the other was not.
    assert (in_force(stays), in_force(under)) == ([False], [])
    assert not opened(bureau, child=under).shielded


def test_who_lives_where_the_other_record_says_is_protected_with_it(bureau: Bureau, add: AddChildren) -> None:
    (brother,) = add(draft(bureau.town, "Idris", addresses=(address(OTHER_HOME),), numbers=[]))
    shield(bureau, bureau.two.stays)
    assert in_force(brother.pk) == []
    bureau.put_together()
    assert in_force(brother.pk) == [True]
    (sister,) = add(draft(bureau.town, "Zara", addresses=(address(OTHER_HOME),), numbers=[]))
    assert in_force(sister.pk) == [True]


def test_a_shield_that_came_while_they_lay_together_is_both_childrens(bureau: Bureau) -> None:
    bureau.put_together()
    shield(bureau, bureau.two.stays)
    bureau.part()
    assert (in_force(bureau.two.stays), in_force(bureau.two.under)) == ([False], [True])
    assert opened(bureau, child=bureau.two.under).shielded
    assert found(bureau, given="Amina", family="Siddiqui", postcode=OTHER_HOME) == []
    (told,) = events(kind=EventKind.SHIELD_SPREAD, child_id=bureau.two.under)
    assert told.process


def test_a_shield_that_came_before_it_was_done_hides_both(bureau: Bureau) -> None:
    bureau.asked()
    bureau.approved()
    shield(bureau, bureau.two.under)
    assert do_approved() == 1
    assert in_force(bureau.two.stays) == [True]
    assert opened(bureau).shielded


def test_no_protection_ends_while_one_that_lies_under_has_its_own(bureau: Bureau) -> None:
    shield(bureau, bureau.two.under)
    shield(bureau, bureau.two.stays)
    bureau.put_together()

    def lift() -> None:
        with as_owner_here():
            decider = bureau.first.pk
            Shield.objects.filter(child=bureau.two.stays).update(
                ended_on=factories.today(),
                lift_reason="risk_is_over",
                lift_asked_by=decider,
                lift_asked_at="2026-11-29T12:00Z",
                lifted_by=bureau.second.pk,
            )

    with pytest.raises(DatabaseError, match="is protected"):
        lift()
    bureau.part()
    lift()


def test_leave_to_see_the_one_opens_no_other_shield(town: Town, add: AddChildren) -> None:
    with as_owner_here():
        refuge = build_refuge(town)
    refuge.gives(refuge.officer)
    (under,) = add(draft(town, "Leila", "Siddiqui", addresses=(address(OTHER_HOME),), numbers=[]))
    bureau = build_bureau(town, refuge.child, under)

    def seen() -> Record:
        actor = factories.actor_for(refuge.officer)
        return open_record(actor=actor, child_id=refuge.child.pk, reason=Reason.SAFEGUARDING)

    bureau.put_together()
    assert OTHER_HOME in [each.postal.postcode for each in seen().addresses if each.postal]
    bureau.part()
    shield(bureau, under.pk)
    assert not seen().shielded
    bureau.put_together()
    assert seen().shielded


def test_a_shield_of_the_other_record_hides_the_one_all_the_same(bureau: Bureau) -> None:
    """Even where the one has none of its own any more, whoever took it away."""
    shield(bureau, bureau.two.under)
    shield(bureau, bureau.two.stays)
    bureau.put_together()
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_shield WHERE child_id = %s", [bureau.two.stays])
    assert opened(bureau).shielded
    with as_worker():
        refiling.file_anew(bureau.two.stays)
        assert Child.objects.get(pk=bureau.two.stays).summary.open().shielded


# New identities ------------------------------------------------------------------------------------------------


def test_a_record_with_a_new_identity_asked_for_is_as_none(bureau: Bureau, add: AddChildren) -> None:
    with as_owner_here():
        office = build_office(bureau.town, Child.objects.get(pk=bureau.two.under))
    desk = build_desk(office)
    assert "You have asked for a new identity" in desk.ask()
    with pytest.raises(NotFoundError):
        bureau.look_up(bureau.asks)


def test_no_new_identity_while_records_lie_together_or_are_asked_to(bureau: Bureau) -> None:
    wanted = Wanted("Wren", "Alderton", BORN, Gender.FEMALE, bureau.town.authority.pk, None)

    def ask() -> None:
        actor = bureau.asks
        identities.find_record(actor=actor, number=number_of(bureau.two.stays))
        identities.ask_identity(actor=actor, child_id=bureau.two.stays, reason=IdentityReason.ADOPTED, wanted=wanted)

    def assert_told_why() -> None:
        with pytest.raises(WrongStateError) as told:
            ask()
        assert told.value.sentence == identities.TOGETHER

    bureau.asked()
    assert_told_why()
    bureau.approved()
    do_approved()
    assert_told_why()
    bureau.part()
    ask()


def test_a_record_that_others_lie_under_is_not_closed(bureau: Bureau) -> None:
    bureau.put_together()
    for child in (bureau.two.stays, bureau.two.under):
        with pytest.raises(DatabaseError, match="parted first"), as_worker():
            Child.objects.filter(pk=child).update(severed=True)
        with pytest.raises(DatabaseError, match="parted first"), as_worker():
            Child.objects.filter(pk=child).update(archived=True)
