"""A shield is taken over by whoever lives with the child, and by a record of the same child that is added later."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.db import connection
from structlog.testing import capture_logs

from access.models import OrganisationKind
from audit.events import EventKind
from audit.reasons import Reason, ShieldLifting
from registry.actions import shields
from registry.actions.finding import open_record
from registry.models import Child, Shield
from registry.protection import households
from registry.values import Address
from registry.vocabulary import AddressState, NameKind
from registry.worker.changing import change_each
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import (
    BORN,
    AddChildren,
    Town,
    address,
    draft,
    full_draft,
    guardian,
    name,
)
from tests.integration.registry.shielding import URGENT, Office, build_office, file_shielded
from tests.log import events

pytestmark = pytest.mark.usefixtures("own_database")

PATIENCE = 30  # seconds
ELSEWHERE = address("OL1 2CD")
SISTER = {"given": "Zara", "date_of_birth": date(2012, 1, 30)}


@pytest.fixture
def office(town: Town, add: AddChildren) -> Office:
    (child,) = add(full_draft(town))
    with as_owner_here():
        return build_office(town, child)


def shielded_urgently(office: Office) -> None:
    office.asked(URGENT)
    file_shielded()


def shields_of(*children: Child) -> list[Shield | None]:
    with as_owner_here():
        return [Shield.objects.filter(child=child, ended_on=None).first() for child in children]


def is_hidden(office: Office, child: Child) -> bool:
    return open_record(actor=office.town.actor("colleague"), child_id=child.pk, reason=Reason.SAFEGUARDING).shielded


def sister(town: Town, **changes: object) -> factories.Draft:
    return draft(town, **{"given": "Zara", "family": "Malik", "date_of_birth": date(2012, 1, 30), **changes})


def test_children_of_the_same_home_are_shielded_too_whatever_they_are_called(office: Office, add: AddChildren) -> None:
    together, apart, none_known = add(
        sister(office.town),
        sister(office.town, addresses=(ELSEWHERE, address())),
        sister(office.town, addresses=(Address(AddressState.NONE_KNOWN, None, None, None, ELSEWHERE.provenance),)),
    )
    shielded_urgently(office)
    assert is_hidden(office, together)
    assert not is_hidden(office, apart)
    assert not is_hidden(office, none_known)
    (made,) = shields_of(together)
    assert made
    assert (made.spread, made.request_id) == (True, None)
    assert made.filed_at, "the worker files it in the same round"
    assert made.review_on == factories.today() + households.REVIEWED_AFTER


def test_flats_of_one_house_are_homes_of_their_own(town: Town, add: AddChildren) -> None:
    def flat(number: int) -> Address:
        postal = address().postal
        assert postal
        return replace(address(), postal=replace(postal, lines=(f"Flat {number}", "12 Hidden Lane")))

    homes = {"Anna": 1, "Boris": 2, "Zoe": 1}
    child, beside, same = add(*(sister(town, given=name, addresses=(flat(n),)) for name, n in homes.items()))
    with as_owner_here():
        office = build_office(town, child)
    shielded_urgently(office)
    assert is_hidden(office, same)
    assert not is_hidden(office, beside)


def test_each_that_is_taken_over_is_recorded_for_the_authority_that_answers(office: Office, add: AddChildren) -> None:
    with as_owner_here():
        other = factories.organisation(kind=OrganisationKind.AUTHORITY)
    (together,) = add(replace(sister(office.town), authority_id=other.pk))
    shielded_urgently(office)
    (event,) = events(kind=EventKind.SHIELD_SPREAD)
    assert (event.child_id, event.process, event.authority_id) == (together.pk, households.SHIELDS, other.pk)
    assert (event.actor_id, event.fields) == (None, []), "from whom is not said"


def test_administrators_see_it_and_it_is_lifted_by_two_for_itself(office: Office, add: AddChildren) -> None:
    (together,) = add(sister(office.town))
    shielded_urgently(office)
    decider, approver = (factories.actor_for(each) for each in (office.decider, office.approver))
    listed = {each.child_id: each for each in shields.list_shields(actor=decider).shields}
    made = listed[together.pk]
    about = {"child_id": together.pk, "shield_id": made.pk}
    shields.ask_lifting(actor=decider, **about, why=ShieldLifting.NEVER_NEEDED, seen=made.steps)
    shields.lift_shield(actor=approver, **about, seen=made.steps + 1)
    file_shielded()
    assert not is_hidden(office, together)
    assert is_hidden(office, office.child)
    assert shields_of(together) == [None], "it is not taken over again"


def test_shield_that_was_taken_over_spreads_no_further(town: Town, add: AddChildren) -> None:
    """Only what was asked for spreads: who lives with a child who lived with the child is another family."""
    child, together = add(full_draft(town), sister(town))
    with as_owner_here():
        office = build_office(town, child)
    shielded_urgently(office)
    with as_owner_here():
        Shield.objects.filter(child=together).update(filed_at=None)
    (late,) = add(sister(town, given="Late", addresses=(ELSEWHERE,)))
    file_shielded()
    assert shields_of(late) == [None]


def test_of_a_large_home_only_the_family_is_shielded_and_it_is_logged(office: Office, add: AddChildren) -> None:
    strangers = [
        sister(office.town, given=f"Stranger{place}", family="Quaye") for place in range(households.MOST_OF_A_HOME)
    ]
    by_name, by_guardian, *others = add(
        sister(office.town, names=[(NameKind.LEGAL, name("Zara", "Hussain"))]),
        sister(office.town, given="Omar", guardians=(replace(guardian("Farah"), telephone=None),)),
        *strangers,
    )
    with capture_logs() as logs:
        shielded_urgently(office)
    assert all(shields_of(by_name, by_guardian))
    assert set(shields_of(*others)) == {None}
    assert [log["children"] for log in logs if log["event"] == "shield.large_home"] == [len(strangers) + 2]


def test_home_with_no_more_than_the_most_is_shielded_whole(office: Office, add: AddChildren) -> None:
    strangers = add(
        *(
            sister(
                office.town, given=f"Stranger{place}", family="Quaye", date_of_birth=BORN + timedelta(days=40 * place)
            )
            for place in range(households.MOST_OF_A_HOME)
        )
    )
    shielded_urgently(office)
    assert all(shields_of(*strangers))


def test_child_who_is_added_later_at_that_home_is_shielded_from_the_beginning(office: Office, add: AddChildren) -> None:
    shielded_urgently(office)
    (baby,) = add(sister(office.town, given="Baby"))
    assert is_hidden(office, baby)
    (made,) = shields_of(baby)
    assert made
    assert made.spread
    assert [event.child_id for event in events(kind=EventKind.SHIELD_SPREAD)] == [baby.pk]


def test_child_who_is_being_added_while_the_shield_is_filed_is_shielded(office: Office) -> None:
    added, go_on, filed = Event(), Event(), Event()

    def add_slowly() -> None:
        with as_owner_here():
            factories.children(sister(office.town))
            added.set()
            assert go_on.wait(PATIENCE)
        connection.close()

    def file() -> None:
        file_shielded()
        filed.set()
        connection.close()

    adding, filing = Thread(target=add_slowly), Thread(target=file)
    adding.start()
    assert added.wait(PATIENCE)
    office.asked(URGENT)
    filing.start()
    assert not filed.wait(1), "it waits for who is being added"
    go_on.set()
    adding.join(PATIENCE)
    assert filed.wait(PATIENCE)
    with as_owner_here():
        newest = Child.objects.order_by("pk").last()
    assert newest is not None
    assert shields_of(newest) != [None]


def test_stranger_added_at_a_large_home_is_not(office: Office, add: AddChildren) -> None:
    add(*(sister(office.town, given=f"S{place}", family="Quaye") for place in range(households.MOST_OF_A_HOME + 1)))
    shielded_urgently(office)
    stranger, cousin = add(
        sister(office.town, given="New", family="Quaye"),
        sister(office.town, given="Kin", family="Quaye", guardians=(guardian("Farah"),)),
    )
    assert not is_hidden(office, stranger)
    assert is_hidden(office, cousin)


@pytest.mark.parametrize(
    ("given", "family", "born", "hidden"),
    [
        ("Amina", "Hussain", BORN, True),
        ("Ameena", "Husain", BORN, True),
        ("Amina", "Malik", BORN, True),
        ("Amina", "Hussain", BORN + timedelta(days=1), False),
        ("Zara", "Hussain", BORN, False),
        ("Amina", "Quaye", BORN, False),
    ],
    ids=["the same", "by sound", "under the former name", "another day", "another given name", "another family"],
)
def test_second_record_of_a_shielded_child_is_shielded(
    office: Office, add: AddChildren, given: str, family: str, born: date, hidden: bool
) -> None:
    shielded_urgently(office)
    (second,) = add(draft(office.town, given, family, date_of_birth=born, addresses=(ELSEWHERE,)))
    assert is_hidden(office, second) is hidden


def test_second_record_is_not_shielded_once_the_shield_was_lifted(office: Office, add: AddChildren) -> None:
    shielded_urgently(office)
    with as_owner_here():
        Shield.objects.all().delete()
    (second,) = add(draft(office.town, addresses=(ELSEWHERE,)))
    assert shields_of(second) == [None]


def test_where_siblings_cannot_be_shielded_the_child_stays_out_of_search_and_is_tried_again(
    office: Office, add: AddChildren, monkeypatch: pytest.MonkeyPatch
) -> None:
    (together,) = add(sister(office.town))
    office.asked(URGENT)
    with monkeypatch.context() as broken:
        broken.setattr(households, "_children_at", lambda _address: 1 / 0)
        assert file_shielded() == 0
    (own,) = shields_of(office.child)
    assert own
    assert own.filed_at is None
    assert file_shielded() == 2
    assert is_hidden(office, together)


def test_another_record_of_the_child_that_was_there_before_is_shielded_with_it(
    office: Office, add: AddChildren
) -> None:
    second, birth_name, another = add(
        draft(office.town, "Ameena", "Husain", addresses=(ELSEWHERE,)),
        draft(office.town, family="Malik", addresses=(ELSEWHERE,)),
        draft(office.town, family="Quaye", addresses=(ELSEWHERE,)),
    )
    shielded_urgently(office)
    assert all(shields_of(second, birth_name))
    assert shields_of(another) == [None]


def test_whoever_adds_block_after_block_sees_who_was_shielded_moved_or_freed_since(
    office: Office, town: Town, add: AddChildren
) -> None:
    """What is known of the shielded is kept in between, and opened anew where a record has changed."""
    with as_worker():
        known = households.Protected()
        known.refresh()
    assert not covers(known)
    shielded_urgently(office)
    with as_worker():
        known.refresh()
    assert covers(known)
    assert not covers(known, ELSEWHERE)

    with as_worker():
        change_each(
            actor=factories.SETTING_UP, makes={office.child.pk: lambda now: replace(now, addresses=(ELSEWHERE,))}
        )
        known.refresh()
    assert covers(known, ELSEWHERE)
    assert not covers(known)

    with as_owner_here():
        Shield.objects.filter(child=office.child).delete()
    with as_worker():
        known.refresh()
    assert not covers(known, ELSEWHERE)


def covers(known: households.Protected, home: Address | None = None) -> bool:
    with as_worker():
        return known.covers(
            born=date(2013, 1, 3), names=[name("Zara", "Malik")], addresses=[home or address()], guardians=[]
        )
