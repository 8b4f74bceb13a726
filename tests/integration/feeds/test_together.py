"""Two records of one child, of whom suppliers go on to tell, and that turn out to be two children's after all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import Organisation
from feeds.models import Batch, SourceRecord, Supplier
from feeds.worker.silence import named_and_silent
from registry.actions.merging import Two
from registry.models import Child
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.sending import AMINA, NOBODY, child_of, outcomes, said_of, supplier, take, values
from tests.integration.registry.merging import Bureau, build_bureau
from tests.integration.registry.people import Town

PUPIL_NUMBER, SCHOOL = "H801200001001", "106283"
OTHER = {
    **AMINA,
    "key": "B2",
    "given": "Amina",
    "family": "Siddiqui",
    "date_of_birth": "2017-09-04",
    "address_1": "4 Other Street",
    "postcode": "OL4 1AA",
}


@pytest.fixture
def census(town: Town) -> Supplier:
    with as_owner_here():
        Organisation.objects.filter(pk=town.school.pk).update(directory_code=SCHOOL)
    return supplier(town.authority)


@pytest.fixture
def bureau(town: Town, census: Supplier) -> Bureau:
    """Two records, each made of what the census says."""
    batch = take(census, AMINA, OTHER, NOBODY)
    stays, under = child_of(batch, 2), child_of(batch, 3)
    assert stays is not None
    assert under is not None
    with as_worker():
        return build_bureau(town, *Child.objects.filter(pk__in=[stays, under]).order_by("pk"))


def both(two: Two) -> tuple[object, object]:
    return values(two.stays), values(two.under)


def test_what_is_said_of_the_one_below_stands_on_the_one_that_stays_until_they_are_parted(
    bureau: Bureau, census: Supplier, town: Town
) -> None:
    two = bureau.two
    stays, _under = both(two)
    bureau.put_together()
    news = {**OTHER, "address_1": "9 New Road", "pupil_number": PUPIL_NUMBER, "school_code": SCHOOL}
    batch = take(census, {**news, "confirmed_on": "2026-09-20"})
    assert outcomes(batch) == [(2, "linked", "")]
    together = values(two.stays)
    assert together.addresses[0].postal.lines == ("9 New Road",)
    assert [number.value for _kind, number in together.numbers] == [PUPIL_NUMBER]
    assert [details.organisation_id for _lead, details in together.involvements] == [town.school.pk]
    bureau.part()
    assert values(two.stays) == stays
    under = values(two.under)
    assert under.addresses[0].postal.lines == ("9 New Road",)
    assert [number.value for _kind, number in under.numbers] == [PUPIL_NUMBER]
    assert [details.organisation_id for _lead, details in under.involvements] == [town.school.pk]
    assert said_of(two.under) == [("school_census", False), ("school_census", True)]


def test_where_no_supplier_spoke_meanwhile_nothing_is_said_anew(bureau: Bureau, census: Supplier) -> None:
    before = both(bureau.two)
    bureau.put_together()
    take(census, AMINA, OTHER)
    bureau.part()
    assert both(bureau.two) == before


def test_of_who_lies_under_another_a_feed_still_speaks(bureau: Bureau, census: Supplier) -> None:
    """And how many children it names does not tell that two records were put together."""
    a_year = timedelta(days=366)
    with as_worker():
        Batch.objects.update(received_at=timezone.now() - a_year)
        SourceRecord.objects.update(said_at=timezone.now() - a_year)
        assert named_and_silent(census, now=timezone.now()) == (3, 3)
    bureau.put_together()
    take(census, OTHER)
    with as_worker():
        assert named_and_silent(census, now=timezone.now()) == (3, 1)  # of the child of both it spoke
