"""Which authority answers for a school or a practice that a directory lists.

Of a school its directory says it. Of a practice it does not: there it is the authority in whose area the practice lies,
by the directory of postcodes, or one that whoever runs the service names.
"""

import csv
from collections.abc import Collection, Iterable, Iterator

from access.models import Organisation, OrganisationKind
from feeds.readers.directories import DirectoryEntry
from feeds.rows import Refused
from feeds.worker.listed import Answer, Answering
from pages import postcodes

# As the ONS Postcode Directory has named its columns over the years: lad24cd, lad25cd and so on since 2025.
POSTCODE = ("pcds", "pcd", "pcd8", "postcode")
COUNTY, DISTRICT = ("oscty", "cty"), ("oslaua", "laua", "lad")
NO_AUTHORITY = "none was named"
NOT_LISTED = "postcode not in the list of postcodes, or in no district there"


class UnknownAuthorityError(Exception):
    """No authority on record has that directory code."""


class PostcodesError(Exception):
    """The list of postcodes lacks a column. Its text says which."""


def as_listed() -> Answering:
    """As the directory of schools says: by either number that it has for an authority."""
    known = _authorities()

    def of(entry: DirectoryEntry) -> Answer:
        found = known.get(entry.authority_code) or known.get(entry.authority_national_code)
        return Answer(found, f"{entry.authority_code} {entry.authority_name}")

    return Answering(of, moves=True)


def named(code: str) -> Answering:
    """All that are new stand under one authority. Raises UnknownAuthorityError."""
    found = _authorities().get(code)
    if found is None:
        raise UnknownAuthorityError
    return Answering(lambda _entry: Answer(found), moves=False)


def nobody() -> Answering:
    """Whatever is new has none, and is not taken."""
    return Answering(lambda _entry: Answer(None, NO_AUTHORITY), moves=False)


def by_postcode(entries: Iterable[DirectoryEntry | Refused], lines: Iterable[str]) -> Answering:
    """By the lines of the ONS Postcode Directory: the county council, or else the council of the district.

    Of its two million postcodes none is kept but those of the entries. Raises PostcodesError.
    """
    known = _authorities()
    wanted = {each.postcode for each in entries if isinstance(each, DirectoryEntry) and each.postcode}
    areas = dict(_areas(lines, wanted))

    def of(entry: DirectoryEntry) -> Answer:
        area = areas.get(entry.postcode)
        if not area:
            return Answer(None, NOT_LISTED)
        found = next((known[code] for code in area if code in known), None)
        return Answer(found, " or ".join(area))

    return Answering(of, moves=True)


def _authorities() -> dict[str, int]:
    """Those that answer for themselves, by directory code: a department of one answers for nobody."""
    own = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, responsible_authority=None)
    return dict(own.values_list("directory_code", "pk"))


def _areas(lines: Iterable[str], wanted: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each postcode that is wanted, with the codes of its county and its district."""
    rows = csv.reader(lines)
    headings = [each.strip().casefold() for each in next(rows, [])]
    postcode = _place(headings, POSTCODE, "postcode")
    district = _place(headings, DISTRICT, "district (oslaua)")
    county = _place(headings, COUNTY, "county (oscty)")
    for row in rows:
        if len(row) == len(headings) and (code := postcodes.normalise(row[postcode])) in wanted:
            yield code, tuple(row[each] for each in (county, district) if row[each] and not _is_pseudo(row[each]))


def _place(headings: list[str], names: tuple[str, ...], what: str) -> int:
    """Which column it is: by one of the names, or one followed by a year."""
    for name in names:
        for at, heading in enumerate(headings):
            if heading == name or (heading.startswith(name) and heading[len(name) : len(name) + 2].isdigit()):
                return at
    raise PostcodesError(f"It has no column for the {what}")


def _is_pseudo(code: str) -> bool:
    """Whether it stands for no county, as of a city that has no county council above it."""
    return code.endswith("99999999")
