"""Whoever left England has a record for a year more, or three, and the worker finds it without opening the others."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import mock

import pytest

from registry.models import Child, ChildAddress
from registry.values import Address
from registry.vocabulary import AddressState
from registry.worker import retention
from registry.worker.resealing import seal_for_term
from registry.worker.retention import Kept
from tests.conftest import as_worker
from tests.integration.registry.keeping import cohorts, is_archived, night
from tests.integration.registry.people import BORN, CONFIRMED, AddChildren, Town, address, draft, full_draft

LEFT = date(2026, 3, 4)
BY_BIRTH = f"{BORN.year + 24}-{BORN.month:02}"


def away(state: AddressState, since: date | None = LEFT) -> Address:
    return Address(state, None, since, None, CONFIRMED)


def move(child: Child, told: Address) -> bool:
    """As a feed does: the present address is another from now on, and the record is sealed for its term."""
    with as_worker():
        row = ChildAddress.objects.get(child=child.pk, present=True)
        row.details = told
        row.save()
        return seal_for_term(child.pk)


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


@pytest.mark.parametrize(
    ("state", "years"),
    [(AddressState.LEFT_NOT_RETURNING, 1), (AddressState.LEFT_RETURNING, 3), (AddressState.LEFT_UNKNOWN, 3)],
)
def test_archived_when_the_time_is_over_and_destroyed_six_years_later(
    child: Child, state: AddressState, years: int
) -> None:
    assert cohorts(child.pk) == {BY_BIRTH}
    assert move(child, away(state))
    assert cohorts(child.pk) == {f"{LEFT.year + years + 6}-03"}
    over = LEFT.replace(year=LEFT.year + years)
    assert night(over - timedelta(days=1)) == Kept()
    assert night(over) == Kept(archived=1)
    gone = over.replace(year=over.year + 6)
    assert night(gone - timedelta(days=1)) == Kept()
    assert night(gone) == Kept(destroyed=1)


def test_who_comes_back_in_time_has_a_record_as_before(child: Child) -> None:
    move(child, away(AddressState.LEFT_RETURNING))
    assert move(child, address())
    assert cohorts(child.pk) == {BY_BIRTH}
    assert not move(child, replace(address(), valid_from=date(2025, 1, 2)))
    assert night(LEFT.replace(year=LEFT.year + 4)) == Kept()


def test_of_whom_it_is_known_from_the_start(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town, addresses=(away(AddressState.LEFT_NOT_RETURNING), address())))
    assert cohorts(child.pk) == {f"{LEFT.year + 7}-03"}
    assert night(LEFT.replace(year=LEFT.year + 1)) == Kept(archived=1)


def test_only_those_are_opened_whose_month_it_is(town: Town, child: Child, add: AddChildren) -> None:
    add(*(draft(town, "Bo", date_of_birth=BORN + timedelta(days=31 * each)) for each in range(2, 8)))
    move(child, away(AddressState.LEFT_NOT_RETURNING))
    with mock.patch.object(retention, "stage_on", wraps=retention.stage_on) as asked:
        night(LEFT.replace(year=LEFT.year + 1))
    assert asked.call_count == 1


def test_who_left_so_long_ago_that_it_should_be_gone_goes_the_next_night(child: Child) -> None:
    move(child, away(AddressState.LEFT_NOT_RETURNING, date(2018, 1, 2)))
    assert night() == Kept(archived=1, destroyed=1)


def test_an_address_that_does_not_open_keeps_no_record_from_its_end(child: Child) -> None:
    with as_worker():
        ChildAddress.objects.filter(child=child.pk, present=True).update(row_version=7)  # as if damaged
    assert night(date(BORN.year + 24, BORN.month, BORN.day)) == Kept(archived=1, destroyed=1)


def test_a_return_that_nobody_sealed_for_is_noticed_when_its_month_comes(child: Child) -> None:
    move(child, away(AddressState.LEFT_NOT_RETURNING))
    with as_worker():
        row = ChildAddress.objects.get(child=child.pk, present=True)
        row.details = address()
        row.save()
    assert night(LEFT.replace(year=LEFT.year + 1)) == Kept()
    assert cohorts(child.pk) == {BY_BIRTH}
    assert not is_archived(child.pk)
