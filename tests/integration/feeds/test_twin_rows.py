"""Rows of one block that are about each other's child: what the first one says is known of the second."""

from datetime import date

from access.models import Organisation
from feeds.models import Supplier, VerdictKind
from tests.conftest import as_owner_here
from tests.integration.feeds.sending import (
    AMINA,
    NOBODY,
    child_of,
    children,
    content_of,
    decide,
    matches,
    outcomes,
    said_of,
    supplier,
    take,
    take_back,
    values,
)
from tests.integration.registry.people import NHS_NUMBER, AddChildren, Town, draft

NUMBERED = {**NOBODY, "nhs_number": NHS_NUMBER}
CONTRARY = {**NOBODY, "key": "N2", "nhs_number": "9434765870"}


def test_of_two_new_rows_with_different_numbers_the_second_waits_beside_the_first(health: Supplier) -> None:
    batch = take(health, NUMBERED, CONTRARY)
    assert outcomes(batch) == [(2, "created", ""), (3, "queued", "number_contradicts")]
    (doubt,) = matches(batch)
    assert doubt.child_id == child_of(batch, 2)
    decide(doubt, VerdictKind.DIFFERENT)
    assert outcomes(batch) == [(2, "created", ""), (3, "created", "")]
    assert child_of(batch, 3) not in (None, child_of(batch, 2))


def test_of_two_new_children_with_one_number_the_second_waits_and_has_it_not(health: Supplier) -> None:
    other = {**NUMBERED, "key": "N3", "given": "Ola", "family": "Quaye", "date_of_birth": "2012-01-30"}
    batch = take(health, NUMBERED, other)
    assert outcomes(batch) == [(2, "created", ""), (3, "queued", "number_contradicts")]
    (doubt,) = matches(batch)
    assert doubt.child_id == child_of(batch, 2)
    decide(doubt, VerdictKind.DIFFERENT)
    assert outcomes(batch) == [(2, "created", ""), (3, "created", "number_taken")]


def test_of_two_about_one_child_the_second_sees_what_the_first_said(town: Town, add: AddChildren) -> None:
    """By two numbers of one supplier. Each takes back its own."""
    (child,) = add(draft(town))
    with as_owner_here():
        Organisation.objects.filter(pk=town.school.pk).update(directory_code="100001")
    school = {"school_code": "100001", "school_started_on": "2021-09-01"}
    before = values(child.pk)
    batch = take(supplier(town.authority), {**AMINA, **school}, {**AMINA, "key": "A2", "known_as_given": "Mimi"})
    assert outcomes(batch) == [(2, "linked", ""), (3, "linked", "")]
    ((_lead, at_school),) = values(child.pk).involvements
    assert (at_school.started_on, at_school.ended_on) == (date(2021, 9, 1), None)
    assert ["2021-09-01" in content_of(batch, line) for line in (2, 3)] == [False, True]
    take_back(batch)
    assert values(child.pk) == before


def test_of_two_about_one_new_child_one_record_is_made(town: Town) -> None:
    census = supplier(town.authority)
    batch = take(census, {**NOBODY, "pupil_number": "X801200001002"}, {**NOBODY, "key": "N2", "gender": "F"})
    assert outcomes(batch) == [(2, "created", ""), (3, "linked", "")]
    made = child_of(batch, 2)
    assert child_of(batch, 3) == made is not None
    assert children() == 1
    assert said_of(made) == [("school_census", True)] * 2
    assert [each.value for _kind, each in values(made).numbers] == ["X801200001002"]
