"""That sources differ: worked out as they speak, kept with the record, told on its page, and gone with it."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.db import connection

from audit.reasons import Reason
from encryption.seal import cohort_of_sealed
from feeds.models import Supplier
from registry.actions.finding import open_record
from registry.models import Child, ChildSaidBy
from registry.record import Record
from registry.values import UNSAID, Difference, SaidBy, WhoSaid
from registry.vocabulary import Part, Source
from registry.worker.resealing import seal_for_term
from registry.worker.retention import archive_at_once
from tests.conftest import as_worker
from tests.integration.feeds.sending import AMINA, NOBODY, child_of, supplier, take, take_back, values
from tests.integration.registry.keeping import years_ago
from tests.integration.registry.merging import OTHER_NHS, Bureau, build_bureau, shield
from tests.integration.registry.people import AddChildren, Town, draft
from tests.integration.registry.visiting import Visitor, main_of

PDS, CENSUS = Source.PERSONAL_DEMOGRAPHICS, Source.SCHOOL_CENSUS
NHS = "9434765919"
HEALTH = {**AMINA, "nhs_number": NHS}
BOY = {**HEALTH, "gender": "M"}
GENDER = Difference(Part.GENDER, PDS, (CENSUS,), ())
IN_WORDS = "Sources differ about the gender. The NHS Personal Demographics Service counts before the school census."


@pytest.fixture
def health(town: Town) -> Supplier:
    return supplier(town.authority, PDS)


@pytest.fixture
def census(town: Town) -> Supplier:
    return supplier(town.authority)


@pytest.fixture
def amina(health: Supplier) -> int:
    """Her record, made of what the Personal Demographics Service says."""
    made = child_of(take(health, HEALTH), 2)
    assert made is not None
    return made


def said_by(child_id: int) -> SaidBy:
    return values(child_id).said_by


def stored(child_id: int) -> list[ChildSaidBy]:
    with as_worker():
        return list(ChildSaidBy.objects.filter(child=child_id).select_related("child"))


def opened(town: Town, child_id: int) -> Record:
    return open_record(actor=town.actor("social_worker"), child_id=child_id, reason=Reason.SAFEGUARDING)


def page(town: Town) -> str:
    visitor = Visitor(town.social_worker)
    told = main_of(visitor.give_reason(visitor.reference()))
    return " ".join(unescape(re.sub("<[^>]*>", " ", told)).split())


def test_a_record_that_a_row_made_says_whose_words_stand(amina: int, town: Town) -> None:
    said = WhoSaid(PDS, date(2026, 9, 1))
    assert said_by(amina) == SaidBy(date_of_birth=said, gender=said)
    told = page(town)
    assert "Name, date of birth and gender: NHS Personal Demographics Service, confirmed 1 September 2026" in told
    assert "943 476 5919 NHS Personal Demographics Service, confirmed 1 September 2026" in told
    assert "differ" not in told


def test_that_sources_differ_stands_on_the_page_with_which_counts_and_why(
    amina: int, census: Supplier, town: Town
) -> None:
    take(census, {**BOY, "address_1": "4 Elsewhere Road"})
    address = Difference(Part.ADDRESS, PDS, (CENSUS,), ())
    assert set(said_by(amina).differ) == {GENDER, address}
    told = page(town)
    assert IN_WORDS in told
    assert "Sources differ about the address." in told
    assert "Male" not in told
    assert "Elsewhere" not in told


def test_they_agree_again_and_it_is_gone(amina: int, census: Supplier, town: Town) -> None:
    before = said_by(amina)
    take(census, BOY)
    (row,) = stored(amina)
    take(census, AMINA)
    assert said_by(amina) == before
    assert len(stored(amina)) == 1
    assert stored(amina)[0].pk != row.pk
    assert "differ" not in page(town)


def test_whether_they_differ_does_not_show_in_the_size(amina: int, census: Supplier, health: Supplier) -> None:
    other = child_of(take(health, NOBODY), 2)
    assert other is not None
    take(census, {**BOY, "given": "Aminah", "address_1": "4 Elsewhere Road", "date_of_birth": "2017-04-09"})
    assert len(said_by(amina).differ) == 3
    assert not said_by(other).differ
    assert len({len(row.__dict__["details"]) for child in (amina, other) for row in stored(child)}) == 1


def test_a_batch_that_is_taken_back_leaves_nothing_of_it(amina: int, census: Supplier) -> None:
    before = said_by(amina)
    batch = take(census, BOY)
    take_back(batch)
    assert said_by(amina) == before


def test_where_another_spoke_since_those_who_are_left_are_compared(amina: int, census: Supplier, town: Town) -> None:
    batch = take(census, BOY)
    benefit = supplier(town.authority, Source.CHILD_BENEFIT)
    take(benefit, {**BOY, "given": "Aminah"})
    assert len(said_by(amina).differ) == 2
    take_back(batch)
    assert set(said_by(amina).differ) == {
        Difference(Part.GENDER, PDS, (Source.CHILD_BENEFIT,), ()),
        Difference(Part.NAME, PDS, (Source.CHILD_BENEFIT,), ()),
    }


def test_of_a_record_that_nobody_tells_of_nothing_is_kept(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town))
    assert stored(child.pk) == []
    assert opened(town, child.pk).said_by == UNSAID


def test_of_a_child_whose_details_are_hidden_nothing_is_told(amina: int, census: Supplier, town: Town) -> None:
    take(census, BOY)
    with as_worker():
        child = Child.objects.get(pk=amina)
    shield(build_bureau(town, child, child), amina)
    record = opened(town, amina)
    assert (record.shielded, record.said_by) == (True, UNSAID)
    told = page(town)
    assert "differ" not in told
    assert "Personal Demographics" not in told


def test_they_end_with_the_record(amina: int, census: Supplier) -> None:
    take(census, BOY)
    with as_worker():
        child = Child.objects.get(pk=amina)
        child.date_of_death = years_ago(2)
        child.save()
        seal_for_term(amina)
        child = Child.objects.get(pk=amina)
        assert {cohort_of_sealed(row.__dict__["details"]) for row in stored(amina)} == {child.cohort()}
        archive_at_once(amina)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_child WHERE id = %s", [amina])
    assert stored(amina) == []


class TestTogether:
    """Two records under one."""

    other = {
        **AMINA,
        "key": "B2",
        "family": "Siddiqui",
        "date_of_birth": "2017-09-04",
        "address_1": "4 Other Street",
        "postcode": "OL4 1AA",
        "nhs_number": OTHER_NHS,
    }

    @pytest.fixture
    def bureau(self, amina: int, health: Supplier, census: Supplier, town: Town) -> Bureau:
        """Hers, and another, of whose address the two sources differ."""
        under = child_of(take(health, self.other), 2)
        assert under is not None
        assert child_of(take(census, {**self.other, "address_1": "9 Census Street"}), 2) == under
        with as_worker():
            return build_bureau(town, *Child.objects.filter(pk__in=[amina, under]).order_by("pk"))

    def differing(self, bureau: Bureau, child: int) -> set[Part]:
        return {each.part for each in opened(bureau.town, child).said_by.differ}

    def test_it_counts_for_both_and_for_each_once_they_are_parted(self, bureau: Bureau) -> None:
        two = bureau.two
        bureau.put_together()
        assert self.differing(bureau, two.stays) == {Part.ADDRESS}
        bureau.part()
        assert self.differing(bureau, two.stays) == set()
        assert self.differing(bureau, two.under) == {Part.ADDRESS}

    def test_once_a_supplier_speaks_it_is_worked_out_for_both(self, bureau: Bureau, census: Supplier) -> None:
        two = bureau.two
        before = said_by(two.stays)
        bureau.put_together()
        news = {**self.other, "address_1": "7 Census Street", "confirmed_on": "2026-09-20"}
        assert child_of(take(census, news), 2) == two.stays
        assert said_by(two.stays).also_of == (two.under,)
        assert Part.DATE_OF_BIRTH in self.differing(bureau, two.stays)
        bureau.part()
        assert said_by(two.stays) == before
        assert self.differing(bureau, two.stays) == set()
        assert self.differing(bureau, two.under) == {Part.ADDRESS}

    def test_what_is_counted_already_is_not_told_from_before(self, bureau: Bureau, census: Supplier) -> None:
        """The one below still has its own row, which says what differed then."""
        two = bureau.two
        with as_worker():
            (below,) = ChildSaidBy.objects.filter(child=two.under)
            below.details = replace(below.details.open(), differ=(GENDER,))
            below.save()
        bureau.put_together()
        assert self.differing(bureau, two.stays) == {Part.GENDER}
        news = {**self.other, "address_1": "7 Census Street", "confirmed_on": "2026-09-20"}
        assert child_of(take(census, news), 2) == two.stays
        assert Part.GENDER not in self.differing(bureau, two.stays)

    def test_taken_back_each_counts_by_itself_again(self, bureau: Bureau, census: Supplier) -> None:
        two = bureau.two
        bureau.put_together()
        batch = take(census, {**self.other, "address_1": "7 Census Street", "confirmed_on": "2026-09-20"})
        take_back(batch)
        assert said_by(two.stays).also_of == ()
        assert self.differing(bureau, two.stays) == {Part.ADDRESS}
