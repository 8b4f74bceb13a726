"""Made-up children, as rows, and as suppliers would write them in each format."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from stdnum.gb import nhs, upn

from feeds.readers import FIELDS, READERS, Format
from feeds.readers.delimited import Mapping
from feeds.rows import Fault, FeedRefusedError, Refused, Row, RowAttendance, RowGuardian, RowName
from registry.values import PostalAddress
from registry.vocabulary import AddressState, Gender, Relation, Service

TODAY = date(2026, 11, 29)
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
SECURITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


def nhs_number(seed: int) -> str:
    """A valid NHS number of the range kept for tests (999): the next one, where that has no check digit."""
    for number in range(seed, seed + 3):
        for check in "0123456789":
            if nhs.is_valid(found := f"999{number % 1_000_000:06d}{check}"):
                return found
    raise AssertionError("no number has a check digit")


def pupil_number(seed: int) -> str:
    """A valid unique pupil number of a made-up school of authority 358."""
    digits = f"358{seed % 1_000_000_000:09d}"
    return upn.calc_check_digit("A" + digits) + digits


ANN = Row(
    line=0,
    key=nhs_number(1),
    name=RowName("Ann Mary", "O'Brien-Núñez"),
    date_of_birth=date(2015, 2, 3),
    known_as=(RowName("Annie", "O'Brien"),),
    former=(RowName("Ann", "Smith"),),
    gender=Gender.FEMALE,
    nhs_number=nhs_number(1),
    address_state=AddressState.CURRENT,
    postal=PostalAddress(("33 Oak Road",), "Sale", "M33 4AB"),
    attendances=(RowAttendance(Service.GP, "P91004", date(2015, 3, 1), None),),
)
BEN = Row(
    line=0,
    key=pupil_number(2),
    name=RowName("Ben", "Żółw"),
    date_of_birth=date(2012, 2, 29),
    known_as=(RowName("Benny", "Żółw"),),
    former=(RowName("Ben", "Krawczyk"),),
    gender=Gender.MALE,
    pupil_number=pupil_number(2),
    former_pupil_number=pupil_number(3),
    address_state=AddressState.CURRENT,
    postal=PostalAddress(("33 Oak Road",), "Sale", "M33 4AB"),
    guardians=(
        RowGuardian("Ewa", "Żółw", Relation.MOTHER, True, True, "+441614960000"),
        RowGuardian("Jan", "Krawczyk", Relation.FATHER, True, False),
    ),
    attendances=(
        RowAttendance(Service.SCHOOL, "106283", date(2016, 9, 1), date(2023, 7, 21)),
        RowAttendance(Service.SCHOOL, "106284", date(2023, 9, 4), None),
    ),
)


class Dripping(io.RawIOBase):
    """A stream that cannot be sought in, and gives a few bytes at a time."""

    def __init__(self, content: bytes, drop: int = 7) -> None:
        super().__init__()
        self._content = io.BytesIO(content)
        self._drop = drop

    def read(self, size: int = -1, /) -> bytes:
        return self._content.read(min(size, self._drop))


class Endless:
    """A stream of `beginning`, and then one thing again and again, of which no more is held than is asked for."""

    def __init__(self, beginning: bytes, again: bytes, length: int, end: bytes = b"") -> None:
        self._beginning = io.BytesIO(beginning)
        self._again = again
        self._left = length
        self._end = io.BytesIO(end)

    def read(self, size: int, /) -> bytes:
        if beginning := self._beginning.read(size):
            return beginning
        if self._left <= 0:
            return self._end.read(size)
        self._left -= size
        return self._again * (size // len(self._again))


def read(kind: Format, content: bytes | Any, mapping: Mapping | None = None) -> list[Row | Refused]:
    """All that the reader of the format says of it, for no field but those that it may name."""
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    found = list(READERS[kind](stream, today=TODAY, mapping=mapping))
    assert {each.field for each in found if isinstance(each, Refused)} <= {"", *FIELDS}
    return found


def rows(kind: Format, content: bytes, mapping: Mapping | None = None) -> list[Row]:
    """The rows of it, without the lines where they stood; fails where one was refused."""
    found = read(kind, content, mapping)
    assert all(isinstance(each, Row) for each in found), found
    return [replace(each, line=0) for each in found if isinstance(each, Row)]


def refused(kind: Format, content: bytes, mapping: Mapping | None = None) -> tuple[Fault, str]:
    """Why the only row of it is refused, and for which field."""
    (only,) = read(kind, content, mapping)
    assert isinstance(only, Refused), only
    return only.fault, only.field


def all_refused(kind: Format, content: bytes | Any, mapping: Mapping | None = None) -> tuple[Fault, int]:
    """Why all of it is refused, and on which line."""
    try:
        read(kind, content, mapping)
    except FeedRefusedError as error:
        return error.fault, error.line
    raise AssertionError("nothing was refused")


def as_cells(row: Row) -> dict[str, str]:
    """A row under the names of our own fields."""
    cells = {
        "key": row.key,
        "given": row.name.given,
        "family": row.name.family,
        "date_of_birth": row.date_of_birth.isoformat(),
        "gender": {Gender.FEMALE: "F", Gender.MALE: "M", Gender.NOT_SPECIFIED: ""}[row.gender],
        "nhs_number": row.nhs_number,
        "pupil_number": row.pupil_number,
        "former_pupil_number": row.former_pupil_number,
        "restricted": "Y" if row.restricted else "N",
        "superseded_by": row.superseded_by,
        "date_of_death": _written(row.date_of_death),
        "confirmed_on": _written(row.confirmed_on),
    }
    for kind, names in (("known_as", row.known_as), ("former", row.former)):
        for name in names:
            cells |= {f"{kind}_given": name.given, f"{kind}_family": name.family}
    if row.postal:
        cells |= {f"address_{number}": line for number, line in enumerate(row.postal.lines, start=1)}
        cells |= {"town": row.postal.town, "postcode": row.postal.postcode}
    for number, guardian in enumerate(row.guardians, start=1):
        cells |= {
            f"guardian_{number}_given": guardian.given,
            f"guardian_{number}_family": guardian.family,
            f"guardian_{number}_relation": guardian.relation.value,
            f"guardian_{number}_responsibility": "yes" if guardian.parental_responsibility else "no",
            f"guardian_{number}_lives_with_child": "1" if guardian.lives_with_child else "0",
            f"guardian_{number}_telephone": guardian.telephone,
        }
    for each in row.attendances:
        kind = "school" if each.service == Service.SCHOOL else "practice"
        cells |= {
            f"{kind}_code": each.directory_code,
            f"{kind}_started_on": _written(each.started_on),
            f"{kind}_ended_on": _written(each.ended_on),
        }
    return cells


def as_csv(records: list[dict[str, str]], headings: list[str] | None = None) -> bytes:
    """The records as RFC 4180 has them, in UTF-8."""
    headings = headings or sorted({each for record in records for each in record})
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, headings, restval="")
    table.writeheader()
    table.writerows(records)
    return written.getvalue().encode()


def as_transfer_file(row: Row, more: str = "") -> bytes:
    """A row as a Common Transfer File has it, with elements beside it that nobody reads."""
    basic = _element("FormerUPN", row.former_pupil_number)
    for kind, names in (("Preferred", row.known_as), ("Former", row.former)):
        for name in names:
            basic += _element(f"{kind}Surname", name.family) + _element(f"{kind}Forename", name.given)
    address = ""
    if row.postal:
        lines = "".join(_element(f"AddressLine{at}", line) for at, line in enumerate(row.postal.lines, start=1))
        place = _element("PostTown", row.postal.town) + _element("PostCode", row.postal.postcode)
        address = f"<Address><AddressLines>{lines}</AddressLines>{place}</Address>"
    contacts = "".join(map(_contact, row.guardians))
    schools = "".join(map(_school, row.attendances))
    sex = {Gender.FEMALE: "F", Gender.MALE: "M", Gender.NOT_SPECIFIED: ""}[row.gender]
    return f"""<?xml version="1.0" encoding="utf-8"?>
<CTfile>
<Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion>
<DateTime>{row.confirmed_on or "2026-11-01"}T10:00:00</DateTime><DocumentQualifier>full</DocumentQualifier>
<SourceSchool><LEA>358</LEA><Estab>2002</Estab><SchoolName>Oldfield Brow</SchoolName></SourceSchool></Header>
<CTFpupilData>
<Pupil>
{_element("UPN", row.pupil_number)}{_element("Surname", row.name.family)}{_element("Forename", row.name.given)}
<DOB>{row.date_of_birth}</DOB>{_element("Sex", sex)}
<BasicDetails>{basic}<NCyearActual>3</NCyearActual><Ethnicity>WBRI</Ethnicity></BasicDetails>{address}
<SENhistory><SEN><StartDate>2020-01-01</StartDate><SENprovision>K</SENprovision></SEN></SENhistory>
<Phones><Phone><TelephoneType>H</TelephoneType><PhoneNo>0161 496 0999</PhoneNo></Phone></Phones>
<Contacts>{contacts}</Contacts><SchoolHistory>{schools}</SchoolHistory>{more}
</Pupil>
</CTFpupilData>
</CTfile>
""".encode()


def as_patient(row: Row) -> dict[str, Any]:
    """A row as the Personal Demographics Service returns it, with what nobody reads beside it."""
    names = [
        ("usual", row.name),
        *(("nickname", name) for name in row.known_as),
        *(("old", name) for name in row.former),
    ]
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": row.key,
        "meta": {"versionId": "2", "security": [{"system": SECURITY, "code": "R" if row.restricted else "U"}]},
        "identifier": [
            {
                "system": "https://fhir.nhs.uk/Id/nhs-number",
                "value": row.nhs_number,
                "extension": [{"url": "https://fhir.example/verified", "valueString": "01"}],
            }
        ],
        "name": [
            {"id": str(number), "use": use, "family": name.family, "given": name.given.split(), "prefix": ["MX"]}
            for number, (use, name) in enumerate(names)
        ],
        "gender": "unknown" if row.gender == Gender.NOT_SPECIFIED else row.gender.value,
        "birthDate": row.date_of_birth.isoformat(),
        "telecom": [{"system": "phone", "value": "01614960999", "use": "home"}],
        "generalPractitioner": [
            {
                "type": "Organization",
                "identifier": {
                    "system": ODS_CODE,
                    "value": each.directory_code,
                    "period": {"start": each.started_on.isoformat()} if each.started_on else {},
                },
            }
            for each in row.attendances
        ],
    }
    if row.postal:
        patient["address"] = [
            {
                "use": "home",
                "line": list(row.postal.lines),
                "city": row.postal.town,
                "postalCode": row.postal.postcode,
                "period": {"start": "2020-01-01"},
            }
        ]
    if row.date_of_death:
        patient["deceasedDateTime"] = f"{row.date_of_death}T00:00:00+00:00"
    if row.superseded_by:
        patient["link"] = [{"type": "replaced-by", "other": {"reference": f"Patient/{row.superseded_by}"}}]
    return patient


def as_lines(patients: list[dict[str, Any]]) -> bytes:
    """Patients, one a line."""
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in patients)


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""


def _contact(guardian: RowGuardian) -> str:
    relation = {Relation.MOTHER: "PAM", Relation.FATHER: "PAF", Relation.CARER: "CAR"}[guardian.relation]
    home = "<Address><AddressAsPupil>true</AddressAsPupil></Address>" if guardian.lives_with_child else ""
    phone = f"<Phones><Phone>{_element('PhoneNo', guardian.telephone)}</Phone></Phones>" if guardian.telephone else ""
    responsible = str(guardian.parental_responsibility).lower()
    return (
        f"<Contact><Order>1</Order>{_element('Surname', guardian.family)}{_element('Forename', guardian.given)}"
        f"<Relationship>{relation}</Relationship><Responsibility>{responsible}</Responsibility>{home}{phone}</Contact>"
    )


def _school(attendance: RowAttendance) -> str:
    ended = f"<LeavingDate>{attendance.ended_on}</LeavingDate>" if attendance.ended_on else ""
    started = f"<EntryDate>{attendance.started_on}</EntryDate>" if attendance.started_on else ""
    urn = _element("URN", attendance.directory_code)
    return f"<School><LEA>358</LEA><Estab>2001</Estab>{urn}{started}{ended}</School>"
