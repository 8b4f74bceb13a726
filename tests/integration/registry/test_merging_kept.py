"""A consent to keep the child's record is for all that lie together; and where the child lives says the one above."""

from datetime import date, timedelta

import pytest

from encryption.keys import cohort_of
from registry.models import Child, Keeping
from registry.rules.retention import destroy_on
from registry.vocabulary import AddressState
from registry.worker.retention import Kept
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.keeping import (
    cohorts,
    in_years,
    is_archived,
    keep_no_more,
    keep_record,
    night,
    years_ago,
)
from tests.integration.registry.merging import Bureau, build_bureau
from tests.integration.registry.merging import Two as Pair
from tests.integration.registry.people import AddChildren, Town, draft, full_draft
from tests.integration.registry.test_left_england import away

BORN = years_ago(18, days=40)  # seventeen, and of age in some weeks
ORDINARY, KEPT = cohort_of(destroy_on(BORN, None)), cohort_of(in_years(BORN, 31))
LATER = years_ago(5)


@pytest.fixture
def bureau(town: Town, add: AddChildren) -> Bureau:
    other = draft(town, "Aminah", "Siddiqui", numbers=[], date_of_birth=BORN)
    return build_bureau(town, *add(full_draft(town, date_of_birth=BORN), other))


def consent(bureau: Bureau, child: int) -> None:
    keep_record(bureau.asks, child, factories.today())


def kept(*children: int) -> list[bool]:
    """Whether a consent to keep each of them is in force."""
    with as_owner_here():
        return [Keeping.objects.filter(child=each, ended_at=None).exists() for each in children]


def lies_under(child: int) -> int | None:
    with as_worker():
        return Child.objects.get(pk=child).merged_into_id


@pytest.mark.parametrize("whose", ["stays", "under"])
def test_a_consent_of_either_keeps_both_while_they_lie_together(bureau: Bureau, whose: str) -> None:
    stays, under = bureau.two.stays, bureau.two.under
    consent(bureau, getattr(bureau.two, whose))
    bureau.put_together()
    assert kept(stays, under) == [True, True]
    assert night() == Kept()
    assert (cohorts(stays), cohorts(under)) == ({KEPT}, {KEPT})
    assert night(in_years(BORN, 25) - timedelta(days=1)) == Kept()
    assert lies_under(under) == stays
    assert night(in_years(BORN, 25)) == Kept(archived=2)
    assert night(in_years(BORN, 31) - timedelta(days=1)) == Kept()
    assert night(in_years(BORN, 31)) == Kept(destroyed=2)


@pytest.mark.parametrize("whose", ["stays", "under"])
def test_parted_each_is_kept_by_its_own_consent(bureau: Bureau, whose: str) -> None:
    both = (bureau.two.stays, bureau.two.under)
    consent(bureau, getattr(bureau.two, whose))
    bureau.put_together()
    night()
    bureau.part()
    assert kept(*both) == [each == getattr(bureau.two, whose) for each in both]
    assert night() == Kept()
    assert [cohorts(each) for each in both] == [{KEPT} if each else {ORDINARY} for each in kept(*both)]
    assert night(in_years(BORN, 18)) == Kept(archived=1)


def test_what_is_said_while_they_lie_together_is_said_of_both(bureau: Bureau) -> None:
    both = (bureau.two.stays, bureau.two.under)
    bureau.put_together()
    consent(bureau, bureau.two.stays)
    assert kept(*both) == [True, True]
    keep_no_more(bureau.asks, bureau.two.stays)
    assert kept(*both) == [False, False]
    consent(bureau, bureau.two.stays)
    bureau.part()
    # It was asked for the child of both: nobody knows of which it was meant.
    assert kept(*both) == [True, True]


def test_who_withdraws_a_consent_that_was_taken_over_ends_it_for_both(bureau: Bureau) -> None:
    consent(bureau, bureau.two.under)
    bureau.put_together()
    keep_no_more(bureau.asks, bureau.two.stays)
    bureau.part()
    assert kept(bureau.two.stays, bureau.two.under) == [False, False]


def test_of_three_a_consent_ends_for_those_that_are_told_apart(bureau: Bureau, add: AddChildren) -> None:
    stays, under = bureau.two.stays, bureau.two.under
    (third,) = add(draft(bureau.town, "Aminata", numbers=[], date_of_birth=BORN))
    consent(bureau, third.pk)
    bureau.put_together()
    bureau.put_together(Pair(stays, third.pk))
    assert kept(stays, under, third.pk) == [True, True, True]
    bureau.part()  # the one that took it over by way of the one above
    assert kept(stays, under, third.pk) == [True, False, True]
    bureau.put_together()
    bureau.part(Pair(stays, third.pk))
    assert kept(stays, under, third.pk) == [False, False, True]


def test_where_the_child_lives_says_the_record_that_stays(town: Town, add: AddChildren) -> None:
    """The other's, which nobody puts right any more, neither archives it nor destroys it early."""
    left = away(AddressState.LEFT_NOT_RETURNING, date(2019, 1, 2))
    other = draft(town, "Aminah", "Siddiqui", numbers=[], date_of_birth=BORN, addresses=(left,))
    bureau = build_bureau(town, *add(full_draft(town, date_of_birth=BORN), other))
    stays, under = bureau.two.stays, bureau.two.under
    bureau.put_together()
    assert night() == Kept()
    assert (lies_under(under), cohorts(under)) == (stays, {ORDINARY})
    assert night(in_years(BORN, 18)) == Kept(archived=2)
    assert cohorts(under) == {ORDINARY}
    assert night(in_years(BORN, 24) - timedelta(days=35)) == Kept()
    assert night(in_years(BORN, 24)) == Kept(destroyed=2)


def test_parted_its_own_address_ends_it(town: Town, add: AddChildren) -> None:
    left = away(AddressState.LEFT_NOT_RETURNING, date(2024, 1, 2))
    other = draft(town, "Aminah", "Siddiqui", numbers=[], date_of_birth=BORN, addresses=(left,))
    bureau = build_bureau(town, *add(full_draft(town, date_of_birth=BORN), other))
    bureau.put_together()
    night()
    bureau.part()
    assert night() == Kept(archived=1)
    assert is_archived(bureau.two.under)


def test_what_ended_by_the_others_address_is_destroyed_with_it(town: Town, add: AddChildren) -> None:
    """Also in the archive, where nothing says any more that they lay together: the month of its key does."""
    left = factories.today().replace(day=1)
    gone = left.replace(year=left.year + 7)
    other = draft(town, "Aminah", "Siddiqui", numbers=[], date_of_birth=LATER)
    stays = full_draft(town, date_of_birth=LATER, addresses=(away(AddressState.LEFT_NOT_RETURNING, left),))
    bureau = build_bureau(town, *add(stays, other))
    bureau.put_together()
    assert night(left.replace(year=left.year + 1)) == Kept(archived=2)
    assert cohorts(bureau.two.under) == {cohort_of(gone)}
    assert night(gone).destroyed >= 1
    assert night(gone.replace(day=28) + timedelta(days=4)).failed == 0
    with as_worker():
        assert not Child.objects.exists()
