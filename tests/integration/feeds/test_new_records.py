"""Records that rows make: without a number that is another child's, of the authority where the child is now."""

from datetime import date

import pytest

from access.models import Organisation, OrganisationKind
from feeds.models import NUMBER_TAKEN, Supplier, VerdictKind
from feeds.rows import RowAttendance
from feeds.worker.saying import Made, Saying
from registry.models import Child
from registry.vocabulary import NumberKind, Service, Source
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.sending import (
    NOBODY,
    child_of,
    decide,
    matches,
    outcomes,
    said_of,
    send,
    supplier,
    take,
    values,
)
from tests.integration.feeds.test_matching import OTHER_NHS_NUMBER, row
from tests.integration.registry.people import NHS_NUMBER, PUPIL_NUMBER, Town

Elsewhere = tuple[Organisation, Organisation]


@pytest.fixture
def elsewhere(town: Town) -> Elsewhere:
    """A school and a practice of another authority."""
    with as_owner_here():
        school = factories.organisation(kind=OrganisationKind.SCHOOL)
        authority = school.responsible_authority
        return school, factories.organisation(kind=OrganisationKind.GP_PRACTICE, authority=authority)


def attends(place: Organisation, ended_on: date | None = None) -> RowAttendance:
    service = Service.SCHOOL if place.kind == OrganisationKind.SCHOOL else Service.GP
    return RowAttendance(service, place.directory_code, date(2021, 9, 1), ended_on)


def created(of: Supplier, *rows: object) -> list[Made]:
    """Records made of rows that matching calls new."""
    batch = send(of, NOBODY)
    with as_worker():
        saying = Saying(batch)
        return saying.create(saying.known(rows))  # type: ignore[arg-type]


def authority_of(made: Made) -> int:
    with as_worker():
        return Child.objects.get(pk=made.child_id).responsible_authority_id


def test_a_number_of_another_child_is_not_put_on_the_record(child: Child, health: Supplier) -> None:
    batch = take(health, {**NOBODY, "nhs_number": NHS_NUMBER})
    (doubt,) = matches(batch)
    assert doubt.child_id == child.pk
    decide(doubt, VerdictKind.DIFFERENT)
    assert outcomes(batch) == [(2, "created", NUMBER_TAKEN)]
    made = child_of(batch, 2)
    assert made is not None
    assert values(made).numbers == ()
    assert values(made).names[0][1].family == NOBODY["family"]
    assert said_of(made) == [(health.source, True)]


def test_of_two_with_one_number_neither_has_it(health: Supplier) -> None:
    """Nobody can say whose it is."""
    both = [row(given, key=given, place=place, nhs_number=NHS_NUMBER) for place, given in enumerate(("Ola", "Zara"), 1)]
    *two, third = created(health, *both, row("Ida", key="3", place=3, nhs_number=OTHER_NHS_NUMBER))
    assert [(each.code, values(each.child_id).numbers) for each in two] == [(NUMBER_TAKEN, ())] * 2
    assert third.code == ""
    assert [(kind, each.value) for kind, each in values(third.child_id).numbers] == [(NumberKind.NHS, OTHER_NHS_NUMBER)]


def test_a_number_that_its_source_may_not_say_is_no_reason(child: Child, town: Town) -> None:
    """A pupil's number by the census is on record; the NHS number beside it is not heard at all."""
    pupil = "X801200001002"
    (made,) = created(supplier(town.authority), row("Ola", nhs_number=NHS_NUMBER, pupil_number=pupil))
    assert (made.code, [each.value for _kind, each in values(made.child_id).numbers]) == ("", [pupil])
    (other,) = created(supplier(town.authority, Source.LOCAL_AUTHORITY), row("Zara", pupil_number=PUPIL_NUMBER))
    assert (other.code, values(other.child_id).numbers) == (NUMBER_TAKEN, ())


def test_it_is_of_the_authority_where_the_child_is_and_not_where_they_were(town: Town, elsewhere: Elsewhere) -> None:
    left, now = attends(elsewhere[0], date(2025, 7, 20)), attends(town.school)
    census = supplier(elsewhere[0].responsible_authority)  # type: ignore[arg-type]
    either_way = ((left, now), (now, left))
    made = created(census, *(row(key=str(at), place=at, attendances=each) for at, each in enumerate(either_way)))
    assert [authority_of(each) for each in made] == [town.authority.pk] * 2


def test_who_is_nowhere_now_is_of_where_they_were_and_else_of_who_sends(town: Town, elsewhere: Elsewhere) -> None:
    census = supplier(town.authority)
    nowhere = row(key="2", place=2)
    left, none = created(census, row(place=1, attendances=(attends(elsewhere[0], date(2025, 7, 20)),)), nowhere)
    assert authority_of(left) == elsewhere[0].authority_id
    assert authority_of(none) == town.authority.pk


def test_a_place_that_its_source_may_not_say_does_not_count(town: Town, elsewhere: Elsewhere) -> None:
    """Of practices a census knows by hearsay."""
    attendances = (attends(elsewhere[1]), attends(town.school))
    (made,) = created(supplier(elsewhere[0].responsible_authority), row(place=1, attendances=attendances))
    assert authority_of(made) == town.authority.pk
