"""The two national directories: schools and GP practices."""

import io
from datetime import date

import pytest

from feeds.readers.directories import COLUMNS, READERS, Directory, DirectoryEntry
from feeds.rows import Fault, FeedRefusedError, Refused
from registry.vocabulary import Service

SCHOOL_HEADINGS = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentStatus (name),OpenDate,CloseDate,Postcode,TelephoneNum\r\n"
)
OPEN_SCHOOL = (
    '106283,358,Trafford,2001,"St Zoë’s School, Sale",Community school,Open,01-09-1975,,M33 1AA,01614960000\r\n'
)
CLOSED_SCHOOL = "106284,358,Trafford,2002,Hill School,Community school,Closed,,31-08-2019,,\r\n"


def entries(kind: Directory, content: bytes) -> list[DirectoryEntry | Refused]:
    return list(READERS[kind](io.BytesIO(content)))


def practice(**cells: str) -> bytes:
    places = {"code": 0, "name": 1, "postcode": 9, "opened": 10, "closed": 11, "status": 12, "phone": 17, "setting": 25}
    said = {"code": "P91004", "name": "THE SURGERY", "status": "A", "setting": "4", "opened": "19740401"} | cells
    line = [""] * COLUMNS
    for name, text in said.items():
        line[places[name]] = text
    return (",".join(f'"{cell}"' for cell in line) + "\r\n").encode()


def test_schools_are_read() -> None:
    first, second = entries(Directory.SCHOOLS, (SCHOOL_HEADINGS + OPEN_SCHOOL + CLOSED_SCHOOL).encode("cp1252"))
    assert first == DirectoryEntry(
        line=2,
        service=Service.SCHOOL,
        code="106283",
        name="St Zoë's School, Sale",
        is_open=True,
        other_code="3582001",
        authority_code="358",
        authority_name="Trafford",
        postcode="M33 1AA",
        telephone="+441614960000",
        opened_on=date(1975, 9, 1),
    )
    assert isinstance(second, DirectoryEntry)
    assert (second.is_open, second.closed_on, second.postcode) == (False, date(2019, 8, 31), "")


def test_school_yet_to_close_is_open() -> None:
    written = SCHOOL_HEADINGS + OPEN_SCHOOL.replace(",Open,", ',"Open, but proposed to close",')
    (only,) = entries(Directory.SCHOOLS, written.encode("cp1252"))
    assert isinstance(only, DirectoryEntry)
    assert only.is_open


@pytest.mark.parametrize(
    ("town", "code", "read"),
    [("Sale", "E08000009", ("Sale", "E08000009")), ("=1+1", "Trafford", ("", "")), ("S" * 61, "", ("", ""))],
)
def test_town_and_national_code_are_read_where_they_are_there(town: str, code: str, read: tuple[str, str]) -> None:
    headings = SCHOOL_HEADINGS.replace("\r\n", ",Town,GSSLACode (name)\r\n")
    (only,) = entries(
        Directory.SCHOOLS, (headings + OPEN_SCHOOL.replace("\r\n", f",{town},{code}\r\n")).encode("cp1252")
    )
    assert isinstance(only, DirectoryEntry)
    assert (only.town, only.authority_national_code) == read


def test_practices_are_read() -> None:
    (only,) = entries(Directory.PRACTICES, practice(postcode="ts181hu", phone="01642 672351"))
    assert only == DirectoryEntry(
        line=1,
        service=Service.GP,
        code="P91004",
        name="THE SURGERY",
        is_open=True,
        postcode="TS18 1HU",
        telephone="+441642672351",
        opened_on=date(1974, 4, 1),
    )


@pytest.mark.parametrize("status", ["C", "D", "P"])
def test_practice_that_is_not_active_is_not_open(status: str) -> None:
    (only,) = entries(Directory.PRACTICES, practice(status=status, closed="20991231"))
    assert isinstance(only, DirectoryEntry)
    assert (only.is_open, only.closed_on) == (False, date(2099, 12, 31))


def test_who_is_no_practice_is_passed_over() -> None:
    assert entries(Directory.PRACTICES, practice(setting="0")) == []


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"code": ""}, Fault.MISSING),
        ({"code": "P91004; DROP"}, Fault.CODE),
        ({"name": ""}, Fault.MISSING),
        ({"name": "=1+1"}, Fault.FORMULA),
        ({"opened": "1974-04-01"}, Fault.DATE),
    ],
)
def test_practice_is_refused(cells: dict[str, str], fault: Fault) -> None:
    (only,) = entries(Directory.PRACTICES, practice(**cells))
    assert isinstance(only, Refused)
    assert only.fault == fault


def test_row_of_another_width_is_refused_by_itself() -> None:
    found = entries(Directory.PRACTICES, practice() + b'"A","B"\r\n' + practice())
    assert [isinstance(each, DirectoryEntry) for each in found] == [True, False, True]
    schools = SCHOOL_HEADINGS + OPEN_SCHOOL + "1,2\r\n"
    assert [isinstance(each, Refused) for each in entries(Directory.SCHOOLS, schools.encode("cp1252"))] == [False, True]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ((SCHOOL_HEADINGS.replace("URN", "Number") + OPEN_SCHOOL).encode("cp1252"), Fault.HEADER),
        ((SCHOOL_HEADINGS + OPEN_SCHOOL).encode("cp1252")[:-2], Fault.BROKEN),
        (SCHOOL_HEADINGS.encode() + b"\x81\r\n", Fault.ENCODING),
    ],
)
def test_what_spoils_all_of_it(content: bytes, fault: Fault) -> None:
    with pytest.raises(FeedRefusedError) as refused:
        entries(Directory.SCHOOLS, content)
    assert refused.value.fault == fault
