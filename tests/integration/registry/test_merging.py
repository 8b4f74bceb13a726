"""Two records under one: what is read, found and changed of them, and that parted each is as it was."""

from dataclasses import replace
from datetime import date
from unittest import mock

import pytest
from django.db import DatabaseError, connection

from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from audit.events import EventKind
from audit.reasons import MergeReason, MergeRefusal, Mistake
from registry.actions import involvements, merging
from registry.actions.involvements import Entry
from registry.actions.merging import OTHERS_UNDER, Two
from registry.actions.steps import ChangedError
from registry.models import Child, ChildTraits, Involvement, MergeRequest, Shield
from registry.rules.numbers import shown
from registry.search.index.filing import living
from registry.search.index.rebuilding import file_block
from registry.traits import values
from registry.traits.rebuilding import make_block
from registry.vocabulary import AddressState, NameKind, Service
from registry.worker import refiling
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.merging import (
    OTHER_HOME,
    OTHER_NHS,
    Bureau,
    amina,
    do_approved,
    found,
    opened,
    said_of,
)
from tests.integration.registry.people import (
    BORN,
    AddChildren,
    Town,
    address,
    draft,
)
from tests.integration.registry.severing import number_of
from tests.log import events

# Rows of these are made anew when a record is filed; what they say is compared apart.
SEALED_ANEW = {"registry_child", "registry_childtraits"}
OWN = {"registry_mergerequest"}
HIDDEN = {"registry_childnumber"}  # from the owner, where its record is


@pytest.fixture
def bureau(town: Town, add: AddChildren) -> Bureau:
    return amina(town, add)


def rows() -> dict[str, list[str]]:
    """Every row of the registry's tables, as it stands, as bytes."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'registry\\_%'")
        tables = {table for (table,) in cursor.fetchall()} - OWN - SEALED_ANEW
        kept = {table: _rows(table) for table in sorted(tables - HIDDEN)}
    with as_worker():
        return kept | {table: _rows(table) for table in HIDDEN}


def _rows(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT one::text FROM {table} AS one ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


def row_of(child: int) -> tuple[object, ...]:
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("SELECT one::text FROM registry_child AS one WHERE id = %s", [child])
        return tuple(cursor.fetchall())


def test_whoever_opens_the_one_reads_what_both_say(bureau: Bureau) -> None:
    bureau.put_together()
    record = opened(bureau)
    assert record.identity.name == "Amina Hussain"
    assert record.further_numbers == (shown(number_of(bureau.two.under)),)
    said = [(kind, said.given, said.family) for kind, said in record.names]
    assert (NameKind.KNOWN_AS, "Amina", "Siddiqui") in said
    assert (NameKind.FORMER, "Aminah", "Begum") in said
    assert said[0] == (NameKind.LEGAL, "Amina", "Hussain")
    assert [each.state for each in record.addresses].count(
        AddressState.CURRENT
    ) == 2  # the earlier one of old has an end
    assert record.addresses[0].postal == address().postal
    (other,) = [each for each in record.addresses if each.postal == address(OTHER_HOME).postal]
    assert other.state == AddressState.LAST_KNOWN
    assert OTHER_NHS in [value for _kind, value, _said in record.numbers]
    assert {each.given for each in record.guardians} == {"Farah", "Yusuf", "Nadia"}
    assert record.sensitive
    assert [each.details.started_on for each in record.current if each.organisation == bureau.town.school] == [
        date(2022, 9, 1),
        date(2021, 9, 1),
    ]


def test_the_other_record_is_opened_by_nobody_by_itself(bureau: Bureau) -> None:
    bureau.put_together()
    with pytest.raises(NotFoundError):
        opened(bureau, child=bureau.two.under)
    for who in ("teacher", "social_worker"):
        with pytest.raises(NotFoundError):
            involvements.child_to_change(actor=bureau.town.actor(who), child_id=bureau.two.under)


def test_both_numbers_and_all_names_lead_to_the_one_that_stays(bureau: Bureau) -> None:
    stays, under = bureau.two.stays, bureau.two.under
    asked = (
        {"number": number_of(under)},
        {"number": OTHER_NHS},
        {"given": "Amina", "family": "Siddiqui", "date_of_birth": BORN},
        {"given": "Aminah", "family": "Begum", "date_of_birth": BORN},
    )
    before = [found(bureau, **each) for each in asked]
    assert all(each[0] == under for each in before)
    bureau.put_together()
    for each in asked:
        assert found(bureau, **each) == [stays], each
    assert found(bureau, number=number_of(stays)) == [stays]
    assert under not in found(bureau, given="Amina", family="Hussain", date_of_birth=BORN)
    bureau.part()
    assert [found(bureau, **each) for each in asked] == before
    assert found(bureau, number=number_of(stays)) == [stays]


def test_parted_everything_is_as_it_was(bureau: Bureau) -> None:
    stays, under = bureau.two.stays, bureau.two.under
    before, kept, said = rows(), row_of(under), (said_of(stays), said_of(under))
    opened_before = opened(bureau), opened(bureau, child=under)
    bureau.put_together()
    assert rows() == before  # no row of any table moves: not while they lie together either
    bureau.part()
    assert rows() == before
    assert row_of(under) == kept
    assert (said_of(stays), said_of(under)) == said
    assert (opened(bureau), opened(bureau, child=under)) == opened_before
    with as_worker():
        assert ChildTraits.objects.filter(child__in=[stays, under]).count() == 2


def test_each_step_stands_in_the_log_and_names_the_one_that_stays(bureau: Bureau) -> None:
    stays, under = bureau.two.stays, bureau.two.under
    bureau.put_together()
    bureau.part()
    told = [
        (each.kind, each.child_id, each.fields)
        for each in events(kind__regex="^(merge|child[.](merged|parted))")
        if each.kind not in (EventKind.MERGE_READ, EventKind.MERGE_LISTED)
    ]
    with as_worker():
        merge, part = MergeRequest.objects.order_by("id").values_list("pk", flat=True)
    assert told == [
        (EventKind.MERGE_ASKED, stays, [f"under.{under}"]),
        (EventKind.MERGE_APPROVED, stays, [f"merge.{merge}"]),
        (EventKind.CHILD_MERGED, stays, [f"merge.{merge}", f"under.{under}"]),
        (EventKind.MERGE_PART_ASKED, stays, [f"under.{under}"]),
        (EventKind.MERGE_PART_APPROVED, stays, [f"merge.{part}"]),
        (EventKind.CHILD_PARTED, stays, [f"merge.{part}", f"under.{under}"]),
    ]
    # Comparing is told of each of the two, before it is read.
    assert {each.child_id for each in events(kind=EventKind.MERGE_READ)} == {stays, under}
    opened(bureau)
    assert not events(kind=EventKind.CHILD_OPENED, child_id=under)


def test_nobody_approves_alone_or_what_changed(bureau: Bureau) -> None:
    asks = bureau.asked()
    (request,) = merging.list_merges(actor=asks)
    about = {"two": bureau.two, "request_id": request.id}
    with pytest.raises(OwnCaseError):
        merging.approve(actor=asks, seen=0, **about)
    second = bureau.approves
    with pytest.raises(ChangedError):
        merging.approve(actor=second, seen=1, **about)
    with pytest.raises(WrongStateError):
        merging.ask(actor=second, two=bureau.two, reason=MergeReason.SAME_NUMBER)
    merging.refuse(actor=asks, why=MergeRefusal.NOT_NEEDED, seen=0, **about)
    with pytest.raises(NotFoundError):  # what was refused leads the second nowhere any more
        merging.approve(actor=second, seen=1, **about)
    assert do_approved() == 0
    bureau.asked()  # anew


def test_records_of_another_council_or_that_are_not_there_are_told_apart_by_nobody(bureau: Bureau) -> None:
    with as_owner_here():
        stranger = factories.actor_for(factories.user(role=factories.Role.ADMINISTRATOR))
    with pytest.raises(NotFoundError):
        bureau.look_up(stranger)
    with pytest.raises(NotFoundError):
        merging.compare(actor=stranger, two=bureau.two)
    # By our ids, without the numbers.
    with pytest.raises(NotFoundError):
        merging.compare(actor=bureau.asks, two=bureau.two)
    number = number_of(bureau.two.stays)
    with pytest.raises(WrongStateError):
        merging.find_two(actor=bureau.asks, stays=number, under=number)


def test_a_record_with_others_under_it_goes_under_none(bureau: Bureau, add: AddChildren) -> None:
    (third,) = add(draft(bureau.town, "Aminata", numbers=[]))
    bureau.put_together()
    actor = bureau.asks
    two = Two(third.pk, bureau.two.stays)
    bureau.look_up(actor, two)
    assert merging.compare(actor=actor, two=two).hindrance == OTHERS_UNDER
    with pytest.raises(WrongStateError):
        merging.ask(actor=actor, two=two, reason=MergeReason.SAME_NUMBER)
    with pytest.raises(NotFoundError):  # and what lies under another is reached with that one alone
        bureau.look_up(actor, Two(third.pk, bureau.two.under))
    bureau.put_together(Two(bureau.two.stays, third.pk))  # several under one
    assert len(opened(bureau).further_numbers) == 2
    bureau.part()
    assert opened(bureau).further_numbers == (shown(number_of(third.pk)),)


def test_postgresql_puts_no_record_under_another_without_two_people(bureau: Bureau) -> None:
    stays, under = bureau.two.stays, bureau.two.under

    def put(child: int, into: int | None) -> None:
        with as_worker():
            Child.objects.filter(pk=child).update(merged_into=into)

    for child, into in ((under, stays), (stays, under), (under, under)):
        with pytest.raises(DatabaseError, match=r"two people said so|under_itself"):
            put(child, into)
    bureau.asked()
    with pytest.raises(DatabaseError, match="two people said so"):
        put(under, stays)
    bureau.approved()
    with pytest.raises(DatabaseError, match="two people said so"):
        put(stays, under)
    put(under, stays)
    with pytest.raises(DatabaseError, match="two people said so"):
        put(under, None)


def test_nothing_but_the_worker_brings_the_other_record_back(bureau: Bureau) -> None:
    under = bureau.two.under
    bureau.put_together()
    with as_worker():
        Shield.objects.filter(child=under).update(filed_at=None)
        refiling.file_anew(under)
        assert make_block(range(under, under + 1), all_of_them=True) == 0
        assert all(file_block(epoch, range(under, under + 1)) == 0 for epoch in living())
        assert not ChildTraits.objects.filter(child=under).exists()
    assert under not in found(bureau, given="Amina", family="Siddiqui", date_of_birth=BORN)


def test_what_fails_is_done_the_next_time(bureau: Bureau) -> None:
    bureau.asked()
    bureau.approved()
    with mock.patch("registry.worker.merging.file_anew", side_effect=ValueError):
        assert do_approved() == 0
    assert said_of(bureau.two.under)[1] is None
    assert not events(kind=EventKind.CHILD_MERGED)
    assert do_approved() == 1
    assert do_approved() == 0


# Who works with the child --------------------------------------------------------------------------------------


def own(bureau: Bureau, child: int, service: Service) -> Involvement:
    with as_worker():
        of_child = Involvement.objects.filter(child=child)
        return next(each for each in of_child if each.details.open().service == service)


def entry(**changes: object) -> Entry:
    told = Entry(Service.SCHOOL, "Ada Bell", "+441614960999", date(2023, 2, 1), lead=False)
    return replace(told, **changes)  # type: ignore[arg-type]


def test_services_of_both_are_changed_where_they_stand(bureau: Bureau) -> None:
    stays, under, teacher = bureau.two.stays, bureau.two.under, bureau.town.actor("teacher")
    before = own(bureau, under, Service.SCHOOL)
    bureau.put_together()
    about = {"actor": teacher, "child_id": stays, "involvement_id": before.pk}
    corrected = involvements.correct_involvement(**about, read_version=before.row_version, entry=entry(lead=False))
    ended = involvements.end_involvement(**about, read_version=corrected.row_version, ended_on=date(2025, 3, 1))
    assert ended.child_id == under
    added = involvements.record_involvement(actor=teacher, child_id=stays, entry=entry(started_on=date(2025, 9, 1)))
    assert added.child_id == stays
    bureau.part()
    assert own(bureau, under, Service.SCHOOL).details.open().ended_on == date(2025, 3, 1)
    with as_worker():
        assert Involvement.objects.filter(child=stays, pk=added.pk).exists()
    # And of the other alone, once parted, nobody changes anything by the one.
    with pytest.raises(NotFoundError):
        involvements.end_involvement(**about, read_version=ended.row_version, ended_on=date(2025, 3, 2))


def test_a_service_of_the_other_record_is_withdrawn(bureau: Bureau) -> None:
    before = own(bureau, bureau.two.under, Service.SCHOOL)
    bureau.put_together()
    involvements.withdraw_involvement(
        actor=bureau.town.actor("teacher"),
        child_id=bureau.two.stays,
        involvement_id=before.pk,
        read_version=before.row_version,
        reason=Mistake.TWICE,
    )
    with as_worker():
        withdrawn = Involvement.objects.get(pk=before.pk)
        assert (withdrawn.child_id, withdrawn.withdrawal.open().reason) == (bureau.two.under, Mistake.TWICE)


def test_no_service_moves_from_one_record_to_the_other(bureau: Bureau) -> None:
    bureau.put_together()
    service = own(bureau, bureau.two.under, Service.SCHOOL)
    with pytest.raises(DatabaseError, match="stays with its record"), as_owner_here():
        Involvement.objects.filter(pk=service.pk).update(child=bureau.two.stays)


def test_who_takes_the_lead_asks_all_who_have_it(bureau: Bureau) -> None:
    bureau.put_together()  # the council leads by the one record, the school by the other
    teacher, stays = bureau.town.actor("teacher"), bureau.two.stays
    with pytest.raises(involvements.LeadTakenError):
        involvements.record_involvement(actor=teacher, child_id=stays, entry=entry(lead=True))


def test_what_can_be_compared_of_the_one_is_what_both_say(bureau: Bureau) -> None:
    made = list[tuple[int, int, values.ChildTraits]]()
    with mock.patch("registry.traits.rebuilding.put", side_effect=made.extend):
        bureau.put_together()
    ((_child, _version, traits),) = made
    assert len(traits.homes) == 3
    assert len(traits.guardians) == 3
