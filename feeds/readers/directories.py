"""Organisations, as two national directories list them: schools by their URN, GP practices by their ODS code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import msgspec
from django.db.models import TextChoices

from feeds.readers import values
from feeds.readers.streams import ByteStream
from feeds.readers.table import Table
from feeds.readers.values import DateOrder, RowRefusedError
from feeds.rows import Fault, FeedRefusedError, Refused
from pages import postcodes
from pages.typed import plain
from registry.vocabulary import Service

LONGEST_NAME = 150  # characters of an organisation's name
LONGEST_TOWN = 60
NATIONAL_CODE = re.compile(r"[A-Z][0-9]{8}")  # of an area, as the Office for National Statistics writes it
# epraccur has no header: 27 columns, of which the last is empty.
COLUMNS = 27
SETTING = 25
PRACTICE_COLUMNS = {
    "code": 0,
    "name": 1,
    "postcode": 9,
    "opened_on": 10,
    "closed_on": 11,
    "status": 12,
    "telephone": 17,
}
ANY_DAY = date.max  # a directory also lists who is yet to open or to close
GP_PRACTICE = "4"  # prescribing setting: epraccur also lists clinics, prisons and others who prescribe
ACTIVE = "A"
# Of a school: open, and open but proposed to close.
OPEN = frozenset({"open", "open, but proposed to close"})
SCHOOL_COLUMNS = {
    "code": "URN",
    "name": "EstablishmentName",
    "establishment": "EstablishmentNumber",
    "authority_code": "LA (code)",
    "authority_name": "LA (name)",
    "status": "EstablishmentStatus (name)",
    "postcode": "Postcode",
    "telephone": "TelephoneNum",
    "opened_on": "OpenDate",
    "closed_on": "CloseDate",
}
# Of a school, where the file was asked for them. An epraccur file does not say which line of an address is the town.
MORE_OF_SCHOOLS = {"town": "Town", "authority_national_code": "GSSLACode (name)"}


class Directory(TextChoices):
    """Whose list it is."""

    SCHOOLS = "schools", "Schools, from Get Information About Schools"
    PRACTICES = "practices", "GP practices, from the NHS Organisation Data Service"


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One organisation. Of a school `other_code` is what transfer files know it by: authority and establishment number.

    `authority_national_code` is what the Office for National Statistics calls that authority, and `authority_code` what
    the Department for Education does. `telephone`, `town` and `postcode` are empty where the directory has none, or
    none that can be.
    """

    line: int
    service: Service
    code: str
    name: str
    is_open: bool
    other_code: str = ""
    authority_code: str = ""
    authority_name: str = ""
    authority_national_code: str = ""
    town: str = ""
    postcode: str = ""
    telephone: str = ""
    opened_on: date | None = None
    closed_on: date | None = None


def read_schools(stream: ByteStream) -> Iterator[DirectoryEntry | Refused]:
    """The schools of an edubasealldata file, which is written in Windows-1252. Its other columns are not read."""
    table = Table(stream, "cp1252")
    headings = table.header()
    if not set(SCHOOL_COLUMNS.values()) <= set(headings):
        raise FeedRefusedError(Fault.HEADER, line=1)
    more = {field: heading for field, heading in MORE_OF_SCHOOLS.items() if heading in headings}
    places = {field: headings.index(heading) for field, heading in (SCHOOL_COLUMNS | more).items()}
    for line, cells in table:
        if len(cells) == len(headings):
            yield _made(line, {field: cells[place] for field, place in places.items()}, _school)
        else:
            yield Refused(line, Fault.NOT_A_RECORD)


def read_practices(stream: ByteStream) -> Iterator[DirectoryEntry | Refused]:
    """The GP practices of an epraccur file; who else prescribes is passed over."""
    for line, cells in Table(stream):
        if len(cells) != COLUMNS:
            yield Refused(line, Fault.NOT_A_RECORD)
        elif cells[SETTING] == GP_PRACTICE:
            yield _made(line, {field: cells[place] for field, place in PRACTICE_COLUMNS.items()}, _practice)


READERS = {Directory.SCHOOLS: read_schools, Directory.PRACTICES: read_practices}


def _made(
    line: int, said: dict[str, str], make: Callable[[int, dict[str, str]], DirectoryEntry]
) -> DirectoryEntry | Refused:
    try:
        return make(line, said)
    except RowRefusedError as refused:
        return Refused(line, refused.fault, refused.field, msgspec.json.encode(said))


def _school(line: int, said: dict[str, str]) -> DirectoryEntry:
    return DirectoryEntry(
        line=line,
        service=Service.SCHOOL,
        code=_code(said),
        name=_name(said["name"], "name"),
        is_open=plain(said["status"]).casefold() in OPEN,
        other_code=values.directory_code(said["authority_code"] + said["establishment"], "establishment"),
        authority_code=values.directory_code(said["authority_code"], "authority_code"),
        authority_name=_name(said["authority_name"], "authority_name"),
        authority_national_code=_national_code(said.get("authority_national_code", "")),
        town=_town(said.get("town", "")),
        postcode=_postcode(said["postcode"]),
        telephone=_telephone(said["telephone"]),
        opened_on=values.day(said["opened_on"], "opened_on", ANY_DAY, DateOrder.DAY_FIRST),
        closed_on=values.day(said["closed_on"], "closed_on", ANY_DAY, DateOrder.DAY_FIRST),
    )


def _practice(line: int, said: dict[str, str]) -> DirectoryEntry:
    return DirectoryEntry(
        line=line,
        service=Service.GP,
        code=_code(said),
        name=_name(said["name"], "name"),
        is_open=said["status"] == ACTIVE,
        postcode=_postcode(said["postcode"]),
        telephone=_telephone(said["telephone"]),
        opened_on=values.day(said["opened_on"], "opened_on", ANY_DAY, DateOrder.WITHOUT_MARKS),
        closed_on=values.day(said["closed_on"], "closed_on", ANY_DAY, DateOrder.WITHOUT_MARKS),
    )


def _code(said: dict[str, str]) -> str:
    code = values.directory_code(said["code"], "code")
    if not code:
        raise RowRefusedError(Fault.MISSING, "code")
    return code


def _name(written: str, field: str) -> str:
    name = values.text(written, field, LONGEST_NAME)
    if not name:
        raise RowRefusedError(Fault.MISSING, field)
    return name


def _postcode(written: str) -> str:
    code = postcodes.normalise(plain(written))
    return code if code and postcodes.is_full(code) else ""


def _national_code(written: str) -> str:
    code = plain(written).upper()
    return code if NATIONAL_CODE.fullmatch(code) else ""


def _town(written: str) -> str:
    try:
        return values.text(written, "town", LONGEST_TOWN)
    except RowRefusedError:
        return ""


def _telephone(written: str) -> str:
    try:
        return values.telephone(written, "telephone")
    except RowRefusedError:
        return ""
