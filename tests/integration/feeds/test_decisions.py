"""What people decided about doubtful rows, carried out: of whatever has come meanwhile nothing is undone by it."""

import json
from datetime import date
from unittest import mock

import pytest
from django.utils import timezone

from encryption.errors import KeyMissingError
from feeds.models import NUMBER_TAKEN, Batch, BatchRow, BatchState, Match, Supplier, VerdictKind
from feeds.worker.deciding import carry_out_decided, suppliers_with_decisions
from registry.models import Child
from tests.conftest import as_worker
from tests.integration.feeds.sending import (
    ALIKE,
    again,
    child_of,
    children,
    content_of,
    decide,
    matches,
    outcomes,
    said_of,
    take,
    values,
)
from tests.integration.registry.merging import OTHER_NHS, build_bureau
from tests.integration.registry.people import AddChildren, Town, draft, numbers

MOVED = {**ALIKE, "address_1": "3 Elm Close", "postcode": "OL1 2CD"}


@pytest.mark.parametrize("verdict", [VerdictKind.SAME, VerdictKind.DIFFERENT])
def test_what_the_supplier_said_since_counts_whatever_is_decided(
    child: Child, health: Supplier, verdict: VerdictKind
) -> None:
    batch = take(health, MOVED)
    take(health, {**MOVED, "given": "Amina", "postcode": "M33 5XY"})
    before = values(child.pk)
    decide(*matches(batch), verdict)
    assert values(child.pk) == before
    assert outcomes(batch) == [(2, "linked", "")]
    assert (child_of(batch, 2), again(batch.pk).linked, children()) == (child.pk, 1, 1)


def test_what_was_decided_of_the_same_row_before_stands(child: Child, health: Supplier) -> None:
    first, second = take(health, ALIKE), take(health, ALIKE, {**ALIKE, "key": "P9", "given": "Zara"})
    decide(*matches(first), VerdictKind.DIFFERENT)
    decide(matches(second)[0], VerdictKind.SAME)
    assert outcomes(second)[0] == (2, "linked", "")
    assert child_of(second, 2) == child_of(first, 2) != child.pk
    assert said_of(child.pk) == []


def test_whose_number_has_led_to_another_child_since_is_that_child(child: Child, health: Supplier) -> None:
    first, second = take(health, ALIKE), take(health, MOVED)
    decide(*matches(first), VerdictKind.DIFFERENT)
    made = child_of(first, 2)
    decide(*matches(second), VerdictKind.DIFFERENT)
    assert outcomes(second) == [(2, "linked", "")]
    assert child_of(second, 2) == made
    assert children() == 2
    assert made is not None
    assert values(made).addresses[0].postal.postcode == "OL1 2CD"  # type: ignore[union-attr]


@pytest.mark.parametrize("why", ["taken back", "stopped"])
def test_of_a_batch_that_is_taken_back_or_a_supplier_who_is_stopped_nothing_is_done(
    child: Child, health: Supplier, why: str
) -> None:
    batch = take(health, MOVED)
    before = values(child.pk)
    with as_worker():
        if why == "stopped":
            Supplier.objects.update(stopped_at=timezone.now())
        else:
            Batch.objects.update(state=BatchState.UNDOING)
        Match.objects.update(outcome=VerdictKind.SAME, decided_at=timezone.now())
        assert (suppliers_with_decisions(), carry_out_decided(health.pk)) == ([], 0)
    assert values(child.pk) == before
    assert outcomes(batch) == [(2, "queued", "alike")]
    assert [each.applied_at for each in matches(batch)] == [None]


def test_candidates_who_were_put_under_one_meanwhile_are_the_one_that_stays(
    town: Town, add: AddChildren, health: Supplier
) -> None:
    stays, under = add(draft(town), draft(town))
    batch = take(health, {**MOVED, "given": "Amina", "postcode": "M33 4AB"})
    build_bureau(town, stays, under).put_together()
    (of_under,) = (each for each in matches(batch) if each.child_id == under.pk)
    decide(of_under, VerdictKind.SAME)
    assert outcomes(batch) == [(2, "linked", "")]
    assert child_of(batch, 2) == stays.pk
    assert values(stays.pk).addresses[0].provenance.source == health.source
    assert [bool(each.applied_at) for each in matches(batch)] == [True, True]


def test_where_it_is_none_of_several_one_record_is_made(town: Town, add: AddChildren, health: Supplier) -> None:
    add(draft(town), draft(town))
    batch = take(health, {**ALIKE, "given": "Amina"})
    one, other = matches(batch)
    decide(one, VerdictKind.DIFFERENT)
    assert outcomes(batch) == [(2, "queued", "several")]
    decide(other, VerdictKind.DIFFERENT)
    assert outcomes(batch) == [(2, "created", "")]
    assert children() == 3


def test_a_row_with_the_number_of_another_child_is_refused(
    town: Town, child: Child, add: AddChildren, health: Supplier
) -> None:
    add(draft(town, "Omar", "Khan", date_of_birth=date(2012, 3, 4), numbers=numbers(OTHER_NHS)[:1]))
    batch = take(health, {**ALIKE, "given": "Amina", "nhs_number": OTHER_NHS})
    before = values(child.pk)
    (of_child,) = (each for each in matches(batch) if each.child_id == child.pk)
    decide(of_child, VerdictKind.SAME)
    assert values(child.pk) == before
    assert outcomes(batch) == [(2, "refused", NUMBER_TAKEN)]
    assert child_of(batch, 2) is None
    assert json.loads(content_of(batch, 2))["nhs_number"] == OTHER_NHS
    batch = again(batch.pk)
    assert (batch.queued, batch.refused, batch.faults) == (0, 1, {NUMBER_TAKEN: 1})


@pytest.mark.parametrize(("number", "code"), [("", ""), (OTHER_NHS, NUMBER_TAKEN)])
def test_what_is_decided_after_the_month_of_its_key_is_carried_out(
    town: Town, child: Child, add: AddChildren, health: Supplier, number: str, code: str
) -> None:
    """Doubtful rows wait for as long as nobody decides. Of the batch nothing is kept any more then, and no key."""
    add(draft(town, "Omar", "Khan", date_of_birth=date(2012, 3, 4), numbers=numbers(OTHER_NHS)[:1]))
    batch = take(health, MOVED | ({"given": "Amina", "nhs_number": number} if number else {}))
    (of_child,) = (each for each in matches(batch) if each.child_id == child.pk)
    content = BatchRow._meta.get_field("content")
    kept = content.pre_save

    def pre_save(row: BatchRow, add: bool) -> object:
        if row.content.open() is not None:
            raise KeyMissingError("gone")
        return kept(row, add)

    with mock.patch.object(content, "pre_save", pre_save):
        decide(of_child, VerdictKind.SAME)
    assert [each[2] for each in outcomes(batch)] == [code]
    assert again(batch.pk).queued == 0
    assert content_of(batch, 2) == ""
    assert (values(child.pk).addresses[0].postal.postcode == "OL1 2CD") is not bool(number)
    assert all(each.applied_at and each.said.open() is None for each in matches(batch))


@pytest.mark.parametrize(("given", "outcome"), [("Aminah", "linked"), ("Zara", "created")])
def test_row_that_is_none_of_those_who_were_shown_is_held_against_who_came_since(
    child: Child, census: Supplier, health: Supplier, given: str, outcome: str
) -> None:
    waits, since = take(census, ALIKE), take(health, {**ALIKE, "key": "H1", "given": given})
    for match in matches(since):
        decide(match, VerdictKind.DIFFERENT)
    assert children() == 2
    decide(*matches(waits), VerdictKind.DIFFERENT)
    assert outcomes(waits) == [(2, outcome, "")]
    assert (child_of(waits, 2) == child_of(since, 2)) is (outcome == "linked")


def test_of_who_may_be_meant_and_came_since_people_are_asked(child: Child, census: Supplier, health: Supplier) -> None:
    waits, since = take(census, ALIKE), take(health, {**ALIKE, "key": "H1", "given": "Amiinah"})
    decide(*matches(since), VerdictKind.DIFFERENT)
    decide(*matches(waits), VerdictKind.DIFFERENT)
    assert outcomes(waits) == [(2, "queued", "alike")]
    assert again(waits.pk).queued == 1
    assert children() == 2
    _before, asked = matches(waits)
    assert (asked.child_id, asked.outcome) == (child_of(since, 2), "")
    decide(asked, VerdictKind.SAME)
    assert outcomes(waits)[0][1] == "linked"
    assert said_of(asked.child_id)[-1] == (census.source, True)
