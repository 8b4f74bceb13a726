"""What becomes of two records, and of what was asked about them, when one passes into the archive."""

from collections.abc import Callable
from datetime import date
from unittest import mock

import pytest

from audit.events import EventKind
from audit.reasons import IdentityReason, PartReason
from registry.actions import identities
from registry.models import Child, MergeRequest
from registry.protection.new_identity import Wanted
from registry.vocabulary import Gender
from registry.worker import merging, retention
from registry.worker.retention import Kept
from tests.conftest import as_worker
from tests.integration.registry.keeping import cohorts, is_archived, night
from tests.integration.registry.merging import OTHER_HOME, Bureau, build_bureau, do_approved, in_force, shield
from tests.integration.registry.people import BORN, AddChildren, Town, address, draft, full_draft
from tests.integration.registry.severing import number_of
from tests.log import events

OLDER = BORN.replace(year=BORN.year - 1)
OLDER_GROWN_UP, GROWN_UP = OLDER.replace(year=OLDER.year + 18), BORN.replace(year=BORN.year + 18)


@pytest.fixture
def bureau(town: Town, add: AddChildren) -> Bureau:
    """The one that stays, and another that is archived a year before it."""
    return build_bureau(town, *add(full_draft(town), draft(town, "Aminah", numbers=[], date_of_birth=OLDER)))


def ask_identity(bureau: Bureau, child: int) -> None:
    actor = bureau.asks
    wanted = Wanted("Wren", "Alderton", BORN, Gender.FEMALE, bureau.town.authority.pk, None)
    identities.find_record(actor=actor, number=number_of(child))
    identities.ask_identity(actor=actor, child_id=child, reason=IdentityReason.ADOPTED, wanted=wanted)


def asked(bureau: Bureau) -> None:
    bureau.asked()


def approved(bureau: Bureau) -> None:
    bureau.asked()
    bureau.approved()


def parting_asked(bureau: Bureau) -> None:
    bureau.put_together()
    bureau.asked(PartReason.TWO_CHILDREN)


def parting_approved(bureau: Bureau) -> None:
    parting_asked(bureau)
    bureau.approved()


@pytest.mark.parametrize("so_far", [asked, approved, parting_asked, parting_approved])
@pytest.mark.parametrize("at_once", [False, True])
def test_what_was_asked_about_one_that_is_archived_does_not_lock_the_other(
    bureau: Bureau, so_far: Callable[[Bureau], None], at_once: bool
) -> None:
    so_far(bureau)
    if at_once:
        with as_worker():
            retention.archive_at_once(bureau.two.under)
    else:
        assert night(OLDER_GROWN_UP) == Kept(archived=1)
    assert do_approved() == 0
    with as_worker():
        assert not MergeRequest.objects.filter(done_at=None).exists()
    ask_identity(bureau, bureau.two.stays)


def test_what_was_refused_before_is_still_told(bureau: Bureau) -> None:
    bureau.asked()
    with as_worker():
        (request,) = MergeRequest.objects.values_list("pk", flat=True)
    bureau.refused()
    night(OLDER_GROWN_UP)
    with as_worker():
        assert list(MergeRequest.objects.values_list("pk", flat=True)) == [request]


def test_what_is_archived_while_it_is_done_is_left(bureau: Bureau) -> None:
    """Asked for once more when both are locked."""
    approved(bureau)
    with as_worker():
        (request,) = MergeRequest.objects.values_list("pk", flat=True)
        with mock.patch.object(merging.households, "lock", side_effect=lambda: night(OLDER_GROWN_UP)):
            assert not merging.do(request)


# Shields -------------------------------------------------------------------------------------------------------


def test_a_shield_that_came_while_they_lay_together_goes_into_the_archive(bureau: Bureau) -> None:
    bureau.put_together()
    shield(bureau, bureau.two.stays)
    assert night(OLDER_GROWN_UP) == Kept(archived=1)
    assert (in_force(bureau.two.stays), in_force(bureau.two.under)) == ([False], [True])
    assert [each.process for each in events(kind=EventKind.SHIELD_SPREAD, child_id=bureau.two.under)] == ["shields"]


@pytest.mark.parametrize(("born", "day"), [(OLDER, OLDER_GROWN_UP), (BORN, GROWN_UP)])
def test_so_does_one_from_before_since_nobody_said_that_they_are_two(
    town: Town, add: AddChildren, born: date, day: date
) -> None:
    """By another name and at another home, so that nothing else has it shielded."""
    homes = (address(OTHER_HOME),)
    other = draft(town, "Aminah", "Siddiqui", numbers=[], date_of_birth=born, addresses=homes)
    bureau = build_bureau(town, *add(full_draft(town), other))
    shield(bureau, bureau.two.stays)
    bureau.put_together()
    assert (in_force(bureau.two.stays), in_force(bureau.two.under)) == ([False], [])
    night(day)
    assert is_archived(bureau.two.under)
    assert (in_force(bureau.two.stays), in_force(bureau.two.under)) == ([False], [True])


# At once, and meanwhile ----------------------------------------------------------------------------------------


def test_archived_at_once_a_record_takes_with_it_what_lies_under_it(town: Town, add: AddChildren) -> None:
    under = draft(town, "Aminah", numbers=[], date_of_birth=BORN)
    bureau = build_bureau(town, *add(full_draft(town), under))
    bureau.put_together()
    sealed = cohorts(bureau.two.under)
    with as_worker():
        retention.archive_at_once(bureau.two.stays)
        retention.archive_at_once(bureau.two.stays)
        assert set(Child.objects.values_list("archived", "merged_into")) == {(True, None)}
    assert [each.child_id for each in events(kind=EventKind.CHILD_PARTED)] == [bureau.two.stays]
    told = [each.child_id for each in events(kind=EventKind.CHILD_ARCHIVED)]
    assert sorted(told) == sorted([bureau.two.stays, bureau.two.under])
    assert cohorts(bureau.two.under) == sealed


def test_archived_at_once_a_record_is_sealed_for_its_month(town: Town, add: AddChildren) -> None:
    """As each that is archived is: what stands beside it does not open longer than it."""
    (child,) = add(full_draft(town))
    with as_worker():
        known = Child.objects.get(pk=child.pk)
        known.date_of_death = BORN.replace(year=BORN.year + 8)
        known.save()
        assert len(cohorts(child.pk)) == 2
        retention.archive_at_once(child.pk)
    assert len(cohorts(child.pk)) == 1


def test_what_is_put_under_one_while_others_are_locked_is_archived_all_the_same(town: Town, add: AddChildren) -> None:
    """The records that lie together are asked for before they are locked."""
    under = draft(town, "Aminah", numbers=[], date_of_birth=BORN.replace(year=BORN.year + 1))
    stays, other, other_too = add(full_draft(town), under, draft(town, "Bo", numbers=[]))
    bureau = build_bureau(town, stays, other)
    bureau.put_together()
    real, missed = merging.locked_with, list[bool]()

    def late(ids: list[int]) -> list[Child]:
        if missed:
            return real(ids)
        missed.append(True)
        return [child for child in real(ids) if child.pk in ids]

    with mock.patch.object(merging, "locked_with", side_effect=late):
        assert night(GROWN_UP) == Kept(archived=3)
    with as_worker():
        assert set(Child.objects.values_list("archived", "merged_into")) == {(True, None)}
        assert Child.objects.filter(pk__in=[stays.pk, other.pk, other_too.pk]).count() == 3
