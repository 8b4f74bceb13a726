"""Directories of schools and practices: what they add, change, close and open again, and what nobody gets by it."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from access.models import Organisation, OrganisationKind, User
from audit.events import EventKind
from contactpoint.local.servers import Servers
from feeds.worker import directories
from feeds.worker.listed import Change, Found
from tests import factories
from tests.conftest import OwnerContext, as_owner_here, as_worker
from tests.integration.feeds.listing import (
    BEECH,
    CLOSED,
    OAKFIELD,
    POSTCODES,
    SURGERY,
    many,
    on_record,
    practices,
    schools,
    take_in,
)
from tests.integration.registry.people import RefuseEvents
from tests.log import events

OAK, BEECHES, PRACTICE = "900001", "900002", "P99001"


@pytest.fixture
def authority(db: None, as_owner: OwnerContext) -> Organisation:
    """Trafford, as the Department for Education numbers it."""
    with as_owner():
        return _authority("358")


def _authority(code: str) -> Organisation:
    made = factories.organisation(kind=OrganisationKind.AUTHORITY)
    made.directory_code = code
    made.save()
    return made


def _given(code: str, **values: object) -> None:
    with as_owner_here():
        assert Organisation.objects.filter(directory_code=code).update(**values) == 1


def told_of_the_run() -> list[list[str]]:
    return [each.fields[:-1] for each in events(kind=EventKind.DIRECTORY_TAKEN_IN)]


def test_schools_are_added_and_nobody_gets_access_by_it(authority: Organisation, tmp_path: Path) -> None:
    said = take_in("schools", schools(OAKFIELD, BEECH), tmp_path)
    assert "new 2, changed 0" in said
    found = on_record([OAK, BEECHES])
    oak = found[OAK]
    assert (oak.name, oak.kind, oak.town, oak.postcode) == ("Oakfield Primary School", "school", "Sale", "M33 4AB")
    assert (oak.telephone, oak.transfer_code, oak.closed_on) == ("+441614960101", "3589001", None)
    assert found[BEECHES].name == "St Zoë's School, Beech Road"
    assert {each.responsible_authority for each in found.values()} == {authority}
    assert {each.accredited_until for each in found.values()} == {None}
    with as_worker():
        assert not User.objects.filter(organisation__in=[each.pk for each in found.values()]).exists()
    assert told_of_the_run() == [["schools", "added.2", "changed.0", "closed.0", "reopened.0"]]
    (event,) = events(kind=EventKind.DIRECTORY_TAKEN_IN)
    assert (event.process, event.actor_id) == ("directories", None)


def test_authority_is_known_by_its_national_code_too(authority: Organisation, tmp_path: Path) -> None:
    _given("358", directory_code="E08000009")
    take_in("schools", schools(OAKFIELD), tmp_path)
    assert on_record([OAK])[OAK].responsible_authority == authority


def test_taken_twice_changes_nothing(authority: Organisation, tmp_path: Path) -> None:
    content = schools(OAKFIELD, BEECH, *many(3, **CLOSED))
    take_in("schools", content, tmp_path)
    before = {code: vars(each) | {"_state": None} for code, each in on_record().items()}
    said = take_in("schools", content, tmp_path)
    assert "new 0, changed 0, open again 0" in said
    assert said.endswith("Nothing was changed.\n")
    assert {code: vars(each) | {"_state": None} for code, each in on_record().items()} == before
    assert len(events(kind=EventKind.DIRECTORY_TAKEN_IN)) == 1


def test_dry_run_says_it_and_changes_nothing(authority: Organisation, tmp_path: Path) -> None:
    said = take_in("schools", schools(OAKFIELD), tmp_path, "--dry-run")
    assert "new 1" in said
    assert on_record([OAK]) == {}
    assert events(kind=EventKind.DIRECTORY_TAKEN_IN) == []


def test_what_the_directory_says_differently_is_changed(authority: Organisation, tmp_path: Path) -> None:
    take_in("schools", schools(OAKFIELD, BEECH), tmp_path)
    now = OAKFIELD | {"EstablishmentName": "OAKFIELD PRIMARY SCHOOL", "TelephoneNum": "0161 496 0999", "Town": ""}
    other = BEECH | {"EstablishmentName": "Beech Road Academy", "TelephoneNum": ""}
    take_in("schools", schools(now, other), tmp_path)
    oak, beech = on_record([OAK, BEECHES]).values()
    # Capitals alone are no other name, and what is left out is not taken away.
    assert (oak.name, oak.telephone, oak.town) == ("Oakfield Primary School", "+441614960999", "Sale")
    assert (beech.name, beech.telephone) == ("Beech Road Academy", "+441614960102")
    assert told_of_the_run()[1] == ["schools", "added.0", "changed.2", "closed.0", "reopened.0"]
    assert events(kind=EventKind.ORGANISATION_CHANGED) == []


def test_school_closes_and_opens_again(authority: Organisation, tmp_path: Path) -> None:
    take_in("schools", schools(OAKFIELD, BEECH), tmp_path)
    said = take_in("schools", schools(OAKFIELD | CLOSED, BEECH), tmp_path, "--yes-close=1")
    assert "closed: 1\n    900001 Oakfield Primary School" in said
    assert on_record([OAK])[OAK].closed_on == date(2025, 8, 31)
    take_in("schools", schools(OAKFIELD | CLOSED | {"CloseDate": ""}, BEECH), tmp_path)
    assert on_record([OAK])[OAK].closed_on == date(2025, 8, 31)
    take_in("schools", schools(OAKFIELD, BEECH), tmp_path)
    assert on_record([OAK])[OAK].closed_on is None
    assert [told[3:] for told in told_of_the_run()] == [
        ["closed.0", "reopened.0"],
        ["closed.1", "reopened.0"],
        ["closed.0", "reopened.1"],
    ]


@pytest.mark.parametrize("written", ["", "31-12-2098"])
def test_without_a_day_that_was_it_closes_today(authority: Organisation, tmp_path: Path, written: str) -> None:
    take_in("schools", schools(OAKFIELD), tmp_path)
    take_in("schools", schools(OAKFIELD | CLOSED | {"CloseDate": written}), tmp_path, "--yes-close=1")
    assert on_record([OAK])[OAK].closed_on == factories.today()


def test_closing_shuts_nobody_out_and_is_in_the_log_of_the_authority(
    authority: Organisation, tmp_path: Path, as_owner: OwnerContext
) -> None:
    take_in("schools", schools(OAKFIELD), tmp_path)
    oak = on_record([OAK])[OAK]
    until = factories.today() + timedelta(days=200)
    _given(OAK, accredited_until=until)
    with as_owner():
        teacher = factories.user(works_for=Organisation.objects.get(pk=oak.pk))
    said = take_in("schools", schools(OAKFIELD | CLOSED), tmp_path, "--yes-close=1")
    assert "of these with people who work there" in said
    now = on_record([OAK])[OAK]
    assert (now.closed_on, now.accredited_until) == (date(2025, 8, 31), until)
    assert factories.signed_in(teacher).get("/").status_code == 200
    (event,) = events(kind=EventKind.ORGANISATION_CHANGED)
    assert event.fields == [str(oak.pk), "closed_on"]
    assert (event.process, event.organisation_id, event.authority_id) == ("directories", oak.pk, authority.pk)


def test_closed_before_is_not_added(authority: Organisation, tmp_path: Path) -> None:
    said = take_in(
        "schools", schools(OAKFIELD | CLOSED, BEECH | {"EstablishmentStatus (name)": "Proposed to open"}), tmp_path
    )
    assert "closed before or are not open yet: 2" in said
    assert on_record([OAK, BEECHES]) == {}


def test_many_close_at_once_only_when_somebody_says_so(authority: Organisation, tmp_path: Path) -> None:
    listed = many(60)
    take_in("schools", schools(*listed), tmp_path)
    one, two = ([each | CLOSED for each in listed[:number]] + listed[number:] for number in (1, 2))
    with pytest.raises(CommandError, match=r"2 of 60 .* would close at once.*--yes-close 2\. Nothing was changed"):
        take_in("schools", schools(*two), tmp_path)
    with pytest.raises(CommandError, match="would close at once"):
        take_in("schools", schools(*two), tmp_path, "--yes-close=1")
    with pytest.raises(CommandError, match="would close at once"):
        take_in("schools", schools(*two), tmp_path, "--dry-run")
    assert not [each for each in on_record().values() if each.closed_on]
    take_in("schools", schools(*one), tmp_path)
    take_in("schools", schools(*two), tmp_path)
    assert len([each for each in on_record().values() if each.closed_on]) == 2


def test_file_with_few_of_those_known_is_refused(authority: Organisation, tmp_path: Path) -> None:
    listed = many(20)
    take_in("schools", schools(*listed), tmp_path)
    said = take_in("schools", schools(*listed[2:]), tmp_path)
    assert "on record and open, and not in the file: 2\n    910000 School 0" in said
    with pytest.raises(CommandError, match=r"3 of 20 .* are not in the file.*--yes-missing 3"):
        take_in("schools", schools(*listed[3:], OAKFIELD), tmp_path)
    assert on_record([OAK]) == {}
    take_in("schools", schools(*listed[3:], OAKFIELD), tmp_path, "--yes-missing=3")
    # What is not in the file is left as it is: a directory says of each that closed that it did.
    assert len([each for each in on_record().values() if each.kind == "school" and each.closed_on is None]) == 21


def test_line_that_is_wrong_keeps_no_other_from_it(authority: Organisation, tmp_path: Path) -> None:
    wrong = many(1, OpenDate="31-02-2001")
    said = take_in("schools", schools(*many(30)[1:], *wrong, OAKFIELD, OAKFIELD), tmp_path)
    assert "new 30" in said
    assert "lines that cannot be read: 2\n" in said
    assert "line 31: date, opened_on. A date cannot be read" in said
    assert "line 33: twice, code. The same number stands there before" in said


def test_what_is_mostly_unreadable_is_no_directory(authority: Organisation, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="1 of 3 lines cannot be read"):
        take_in("schools", schools(OAKFIELD, BEECH, *many(1, URN="")), tmp_path)
    with pytest.raises(CommandError, match="There is nothing in it"):
        take_in("schools", schools(), tmp_path)
    with pytest.raises(CommandError, match="A column is missing"):
        take_in("schools", practices(SURGERY), tmp_path)
    assert on_record([OAK]) == {}


@pytest.mark.parametrize("cut", [1, 40])
def test_half_a_file_changes_nothing(authority: Organisation, tmp_path: Path, cut: int) -> None:
    with pytest.raises(CommandError, match=r"ends before it is whole.*Nothing was changed"):
        take_in("schools", schools(*many(1200), OAKFIELD)[:-cut], tmp_path)
    assert len(on_record()) == 1
    assert events(kind=EventKind.DIRECTORY_TAKEN_IN) == []


def test_without_its_event_nothing_is_changed(
    authority: Organisation, tmp_path: Path, refuse_events: RefuseEvents
) -> None:
    refuse_events(EventKind.DIRECTORY_TAKEN_IN)
    with pytest.raises(DatabaseError, match="log_full"):
        take_in("schools", schools(OAKFIELD), tmp_path)
    assert on_record([OAK]) == {}


def test_what_is_looked_at_is_asked_again_when_it_is_done(authority: Organisation, tmp_path: Path) -> None:
    """Between the look and the change somebody may have changed what is on record."""
    take_in("schools", schools(*many(10)), tmp_path)
    closing = schools(*many(10, **CLOSED))
    with (
        mock.patch.object(directories, "look", return_value=Found(listed=10, before=10)),
        pytest.raises(CommandError, match="would close at once"),
    ):
        take_in("schools", closing, tmp_path)
    assert not [each for each in on_record().values() if each.closed_on]


def test_what_somebody_does_meanwhile_stands(authority: Organisation, tmp_path: Path, as_owner: OwnerContext) -> None:
    """What the directory says no differently stays as it is; and whoever begins to work there keeps its authority."""
    take_in("schools", schools(OAKFIELD), tmp_path)
    with as_owner():
        _authority("942")
    write = directories._write

    def meanwhile(changes: Sequence[Change]) -> None:
        _given(OAK, telephone="01614960999")
        with as_owner_here():
            factories.user(works_for=Organisation.objects.get(directory_code=OAK), vetted=False)
        write(changes)

    moved = {"LA (code)": "942", "GSSLACode (name)": "E06000063", "EstablishmentName": "Oakfield Academy"}
    with mock.patch.object(directories, "_write", meanwhile):
        take_in("schools", schools(OAKFIELD | moved), tmp_path)
    (oak,) = on_record([OAK]).values()
    assert (oak.name, oak.telephone, oak.responsible_authority) == ("Oakfield Academy", "01614960999", authority)


def test_one_is_taken_in_at_a_time(
    authority: Organisation, tmp_path: Path, running_servers: Servers, own_database: str
) -> None:
    with psycopg.connect(running_servers.database_address("worker", own_database)) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [directories.LOCK])
        with pytest.raises(CommandError, match=r"Another directory is being taken in at this moment\. Nothing was"):
            take_in("schools", schools(OAKFIELD), tmp_path)
    assert on_record([OAK]) == {}


def test_authorities_that_are_not_on_record_are_told(authority: Organisation, tmp_path: Path) -> None:
    elsewhere = {"LA (code)": "873", "LA (name)": "Cambridgeshire", "GSSLACode (name)": "E10000003"}
    said = take_in("schools", schools(OAKFIELD, *many(3, **elsewhere)), tmp_path)
    assert "no authority on record answers for them: 3\n    3: 873 Cambridgeshire" in said
    assert len(on_record()) == 2


def test_department_of_an_authority_answers_for_no_school(
    authority: Organisation, tmp_path: Path, as_owner: OwnerContext
) -> None:
    with as_owner():
        department = factories.organisation(kind=OrganisationKind.AUTHORITY, authority=authority)
    _given("358", directory_code="359")
    _given(department.directory_code, directory_code="358")
    assert "no authority on record answers for them: 1" in take_in("schools", schools(OAKFIELD), tmp_path)


def test_number_of_another_kind_of_organisation_is_left_alone(
    authority: Organisation, tmp_path: Path, as_owner: OwnerContext
) -> None:
    with as_owner():
        police = factories.organisation(kind=OrganisationKind.POLICE, authority=authority)
    _given(police.directory_code, directory_code=OAK)
    said = take_in("schools", schools(OAKFIELD), tmp_path)
    assert f"their number is another organisation's: 1\n    900001 {police.name}" in said
    assert on_record([OAK])[OAK].name == police.name


def test_school_goes_over_to_another_authority_unless_people_depend_on_it(
    authority: Organisation, tmp_path: Path, as_owner: OwnerContext
) -> None:
    take_in("schools", schools(OAKFIELD, BEECH), tmp_path)
    with as_owner():
        new = _authority("942")
        factories.user(works_for=Organisation.objects.get(directory_code=BEECHES), vetted=False)
    moved = {"LA (code)": "942", "LA (name)": "Cumberland", "GSSLACode (name)": "E06000063"}
    said = take_in("schools", schools(OAKFIELD | moved, BEECH | moved), tmp_path)
    assert f"though the file says another: 1\n    {BEECHES}" in said
    oak, beech = on_record([OAK, BEECHES]).values()
    assert (oak.responsible_authority, beech.responsible_authority) == (new, authority)
    assert oak.transfer_code == "9429001"


def test_practices_have_an_authority_only_where_somebody_says_which(authority: Organisation, tmp_path: Path) -> None:
    content = practices(SURGERY, SURGERY | {"code": "Y00001", "setting": "1"})
    said = take_in("practices", content, tmp_path)
    assert "no authority on record answers for them: 1\n    1: none was named" in said
    assert on_record([PRACTICE]) == {}
    with pytest.raises(CommandError, match="No authority has the directory code 999"):
        take_in("practices", content, tmp_path, "--authority=999")
    take_in("practices", content, tmp_path, "--authority=358")
    found = on_record([PRACTICE])[PRACTICE]
    assert (found.kind, found.name, found.responsible_authority) == ("gp_practice", "THE OAKFIELD SURGERY", authority)
    assert (found.town, found.postcode, found.accredited_until) == ("", "M33 4AB", None)
    with pytest.raises(CommandError, match="Of schools the file says"):
        take_in("schools", schools(OAKFIELD), tmp_path, "--authority=358")


@pytest.mark.parametrize("headings", [POSTCODES, "pcd7,pcds,doterm,cty25cd,lad25cd\n"])
def test_practices_have_the_authority_in_whose_area_they_lie(
    authority: Organisation, tmp_path: Path, as_owner: OwnerContext, headings: str
) -> None:
    _given("358", directory_code="E08000009")
    with as_owner():
        county = _authority("E10000003")
    codes = tmp_path / "postcodes.csv"
    codes.write_text(
        headings
        + "M33 4AB,M33 4AB,,E99999999,E08000009\n"
        + "CB1 2AB,CB1 2AB,,E10000003,E07000008\n"
        + "L1  1AA,L1 1AA,,E99999999,E08000012\n"
    )
    listed = {"P99001": "M33 4AB", "D99002": "CB1 2AB", "N99003": "L1 1AA", "N99004": "ZE1 0AA", "N99005": ""}
    content = practices(*(SURGERY | {"code": code, "postcode": at} for code, at in listed.items()))
    said = take_in("practices", content, tmp_path, f"--postcodes={codes}")
    assert "1: E08000012\n" in said
    assert "2: postcode not in the list of postcodes" in said
    found = on_record(listed)
    assert {code: each.responsible_authority for code, each in found.items()} == {"D99002": county, "P99001": authority}
    codes.write_text("postcode\nM33 4AB\n")
    with pytest.raises(CommandError, match="no column for the district"):
        take_in("practices", content, tmp_path, f"--postcodes={codes}")


def test_practice_under_the_authority_that_was_named_stays_there(
    authority: Organisation, tmp_path: Path, as_owner: OwnerContext
) -> None:
    take_in("practices", practices(SURGERY), tmp_path, "--authority=358")
    with as_owner():
        _authority("359")
    said = take_in("practices", practices(SURGERY | {"name": "OAKFIELD MEDICAL CENTRE"}), tmp_path, "--authority=359")
    assert "changed 1" in said
    assert on_record([PRACTICE])[PRACTICE].responsible_authority == authority


def test_what_comes_through_a_pipe_is_taken_in(authority: Organisation) -> None:
    piped = mock.Mock(buffer=io.BytesIO(schools(OAKFIELD)))
    with mock.patch("sys.stdin", piped), as_worker():
        call_command("take_in_directory", "schools", "-", stdout=io.StringIO())
    assert list(on_record([OAK])) == [OAK]


def test_file_that_is_not_there_is_told(authority: Organisation, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"No such file.*Nothing was changed"):
        call_command("take_in_directory", "schools", str(tmp_path / "none.csv"))
