"""Rows that name a school or a practice find it once a directory has brought it, and the child's record says so."""

from pathlib import Path

import pytest

from access.models import Organisation
from feeds.places import places_of
from feeds.rows import Row, RowAttendance, RowName
from registry.values import InvolvementDetails
from registry.vocabulary import Service, Source
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.listing import BEECH, CLOSED, OAKFIELD, SURGERY, on_record, practices, schools, take_in
from tests.integration.feeds.sending import AMINA, NOBODY, child_of, supplier, take, values
from tests.integration.registry.people import BORN, Town
from tests.integration.registry.visiting import Visitor, text_of

OAK, BEECHES = "900001", "900002"
PUPIL = NOBODY | {"school_code": OAK, "school_started_on": "2024-09-02"}


@pytest.fixture
def trafford(town: Town) -> Organisation:
    with as_owner_here():
        Organisation.objects.filter(pk=town.authority.pk).update(directory_code="358")
    return town.authority


def attended(child_id: int | None) -> list[InvolvementDetails]:
    assert child_id is not None
    return [details for _leads, details in values(child_id).involvements]


def _named(*codes: str) -> Row:
    attendances = tuple(RowAttendance(Service.SCHOOL, code) for code in codes)
    return Row(line=1, key="1", name=RowName("A", "B"), date_of_birth=BORN, attendances=attendances)


def found(*codes: str) -> dict[str, str]:
    with as_worker():
        return {code: each.directory_code for code, each in places_of([_named(*codes)]).items()}


def test_school_in_a_census_row_becomes_the_childs_school(trafford: Organisation, town: Town, tmp_path: Path) -> None:
    take_in("schools", schools(OAKFIELD), tmp_path)
    (school,) = attended(child_of(take(supplier(town.authority), PUPIL), 2))
    assert (school.organisation_id, school.service) == (on_record([OAK])[OAK].pk, Service.SCHOOL)
    assert (school.telephone, f"{school.started_on}", school.ended_on) == ("+441614960101", "2024-09-02", None)


def test_practice_in_a_row_becomes_the_childs_practice(trafford: Organisation, town: Town, tmp_path: Path) -> None:
    take_in("practices", practices(SURGERY), tmp_path, "--authority=358")
    feed = supplier(town.authority, Source.PERSONAL_DEMOGRAPHICS)
    (practice,) = attended(child_of(take(feed, NOBODY | {"practice_code": "P99001"}), 2))
    assert practice.organisation_id == on_record(["P99001"])["P99001"].pk


def test_school_that_nobody_knew_is_found_when_the_row_is_sent_again(
    trafford: Organisation, town: Town, tmp_path: Path
) -> None:
    feed = supplier(town.authority)
    child_id = child_of(take(feed, PUPIL), 2)
    assert attended(child_id) == []
    take_in("schools", schools(OAKFIELD), tmp_path)
    again = take(feed, PUPIL, NOBODY | {"key": "N7", "given": "Ola", "date_of_birth": "2015-02-02"})
    assert child_of(again, 2) == child_id
    assert [each.organisation_id for each in attended(child_id)] == [on_record([OAK])[OAK].pk]


def test_school_is_found_by_authority_and_establishment_number(trafford: Organisation, tmp_path: Path) -> None:
    take_in("schools", schools(OAKFIELD, BEECH), tmp_path)
    assert found("3589001", BEECHES, "3589003") == {"3589001": OAK, BEECHES: BEECHES}


def test_academy_that_keeps_the_number_is_meant_and_two_that_are_open_are_not(
    trafford: Organisation, tmp_path: Path
) -> None:
    academy = BEECH | {"EstablishmentNumber": "9001"}
    take_in("schools", schools(OAKFIELD, academy), tmp_path)
    assert found("3589001") == {}
    take_in("schools", schools(OAKFIELD | CLOSED, academy), tmp_path, "--yes-close=1")
    assert found("3589001", OAK) == {"3589001": BEECHES, OAK: OAK}


def test_record_says_that_the_school_has_closed(trafford: Organisation, town: Town, tmp_path: Path) -> None:
    take_in("schools", schools(OAKFIELD), tmp_path)
    child_id = child_of(take(supplier(town.authority), AMINA | {"school_code": OAK}), 2)
    take_in("schools", schools(OAKFIELD | CLOSED), tmp_path, "--yes-close=1")
    assert [each.ended_on for each in attended(child_id)] == [None]
    visitor = Visitor(town.teacher)
    record = text_of(visitor.give_reason(visitor.reference()))
    assert "Oakfield Primary School" in record
    assert "<span>Closed on 31 August 2025</span>" in record
