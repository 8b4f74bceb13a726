"""How many rows a second a core reads, of synthetic children as suppliers would send them, in each format.

    python -m bench.feeds reading [--children 20000] [--json FILE]

Everything is written first, and then read as a stream. Time is of the processor. Goal: 5,000 rows a second of a table,
2,000 of patients.
"""

import argparse
import csv
import io
import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from bench import tables
from feeds.readers import READERS, Format
from feeds.readers.demographics import CONFIDENTIALITY, NHS_NUMBER, ODS_CODE
from feeds.rows import Refused
from registry.demonstration.countrywide import all_england
from registry.demonstration.england import households
from registry.demonstration.shapes import Child, Household
from registry.vocabulary import Gender, NameKind, Relation

Written = Callable[[list[tuple[Household, Child]]], bytes]
SEXES = {Gender.FEMALE: "F", Gender.MALE: "M", Gender.NOT_SPECIFIED: ""}
RELATIONS = {
    Relation.MOTHER: "PAM",
    Relation.FATHER: "PAF",
    Relation.STEP_PARENT: "STP",
    Relation.FOSTER_CARER: "FOM",
    Relation.GRANDPARENT: "GRM",
}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--children", type=int, default=20_000, help="how many children are sent (20000)")


def run(told: argparse.Namespace) -> dict[str, Any]:
    """All formats, shown. Returns the figures."""
    today = date(2026, 11, 29)
    everybody = [
        (home, child)
        for home in households(all_england(), seed=1, children=told.children, today=today)
        for child in home.children
    ]
    figures = [_measured(kind, write(everybody), today) for kind, write in WRITERS.items()]
    tables.show(f"Rows read a second a core, of {len(everybody):,} children", figures)
    return {"read": figures}


def _measured(kind: Format, content: bytes, today: date) -> tables.Row:
    began = time.process_time()
    found = [isinstance(each, Refused) for each in READERS[kind](io.BytesIO(content), today=today)]
    took = time.process_time() - began
    return {
        "format": kind.label,
        "rows": len(found),
        "refused": sum(found),
        "bytes a row": len(content) // len(found),
        "rows a second": f"{len(found) / took:,.0f}",
    }


def as_table(everybody: list[tuple[Household, Child]]) -> bytes:
    records = [_cells(home, child) for home, child in everybody]
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, sorted({each for record in records for each in record}), restval="")
    table.writeheader()
    table.writerows(records)
    return written.getvalue().encode()


def _cells(home: Household, child: Child) -> dict[str, str]:
    name = child.names[0]
    cells = {
        "key": child.registry_number,
        "given": name.given,
        "family": name.family,
        "date_of_birth": child.date_of_birth.isoformat(),
        "gender": SEXES[child.gender],
        "nhs_number": child.nhs_number,
        "pupil_number": child.upn or "",
        "town": home.address.town,
        "postcode": home.address.postcode,
        "practice_code": child.gp,
        "practice_started_on": child.gp_since.isoformat(),
        "school_code": child.school or "",
        "school_started_on": child.school_since.isoformat() if child.school_since else "",
    }
    cells |= {f"address_{number}": line for number, line in enumerate(home.address.lines, start=1)}
    for number, guardian in enumerate(home.guardians[:3], start=1):
        cells |= {
            f"guardian_{number}_given": guardian.given,
            f"guardian_{number}_family": guardian.family,
            f"guardian_{number}_relation": guardian.relation.value,
            f"guardian_{number}_responsibility": "Y" if guardian.parental_responsibility else "N",
            f"guardian_{number}_telephone": guardian.telephone,
        }
    return cells


def _as_patients(everybody: list[tuple[Household, Child]]) -> bytes:
    return "".join(json.dumps(_patient(home, child), ensure_ascii=False) + "\n" for home, child in everybody).encode()


def _patient(home: Household, child: Child) -> dict[str, Any]:
    uses = {NameKind.LEGAL: "usual", NameKind.FORMER: "old", NameKind.KNOWN_AS: "nickname"}
    return {
        "resourceType": "Patient",
        "id": child.nhs_number,
        "meta": {"versionId": "2", "security": [{"system": CONFIDENTIALITY, "code": "U", "display": "unrestricted"}]},
        "identifier": [
            {
                "system": NHS_NUMBER,
                "value": child.nhs_number,
                "extension": [
                    {"url": "NHSNumberVerificationStatus", "valueCodeableConcept": {"coding": [{"code": "01"}]}}
                ],
            }
        ],
        "name": [
            {
                "use": uses[name.kind],
                "given": name.given.split(),
                "family": name.family,
                "period": {"start": "2015-01-01"},
            }
            for name in child.names
        ],
        "gender": "unknown" if child.gender == Gender.NOT_SPECIFIED else child.gender.value,
        "birthDate": child.date_of_birth.isoformat(),
        "telecom": [{"system": "phone", "value": "01632960587", "use": "home", "period": {"start": "2020-01-01"}}] * 2,
        "extension": [{"url": "NHSCommunication", "extension": [{"url": "interpreterRequired", "valueBoolean": False}]}]
        * 4,
        "address": [
            {
                "use": "home",
                "line": [*home.address.lines, home.address.town],
                "postalCode": home.address.postcode,
                "period": {"start": "2020-01-01"},
            }
        ],
        "generalPractitioner": [
            {
                "type": "Organization",
                "identifier": {
                    "system": ODS_CODE,
                    "value": child.gp,
                    "period": {"start": child.gp_since.isoformat()},
                },
            }
        ],
    }


def _as_transfer_file(everybody: list[tuple[Household, Child]]) -> bytes:
    pupils = "\n".join(_pupil(home, child) for home, child in everybody if child.upn)
    header = (
        "<Header><DocumentName>Common Transfer File</DocumentName><DateTime>2026-11-01T10:00:00</DateTime></Header>"
    )
    return f"<CTfile>{header}<CTFpupilData>{pupils}</CTFpupilData></CTfile>".encode()


def _pupil(home: Household, child: Child) -> str:
    contacts = "".join(
        _elements(
            "Contact",
            Order="1",
            Surname=guardian.family,
            Forename=guardian.given,
            Relationship=RELATIONS.get(guardian.relation, "CAR"),
            Responsibility=str(guardian.parental_responsibility).lower(),
        ).replace(
            "</Contact>", f"<Phones><Phone>{_elements('', PhoneNo=guardian.telephone)}</Phone></Phones></Contact>"
        )
        for guardian in home.guardians
    )
    address = "".join(
        _elements("", **{f"AddressLine{at}": line}) for at, line in enumerate(home.address.lines, start=1)
    )
    place = _elements("", PostTown=home.address.town, PostCode=home.address.postcode)
    school = _elements("School", URN=child.school or "100000", EntryDate=str(child.school_since or "2020-09-01"))
    results = _elements("StageAssessment", Locale="ENG", Year="2024", Subject="ENG", Result="EXS") * 10
    name, sex = child.names[0], SEXES[child.gender]
    said = _elements(
        "", UPN=child.upn or "", Surname=name.family, Forename=name.given, DOB=str(child.date_of_birth), Sex=sex
    )
    return (
        f"<Pupil>{said}<BasicDetails>{_elements('', NCyearActual='3', Ethnicity='REFU')}</BasicDetails>"
        f"<Address><AddressLines>{address}</AddressLines>{place}</Address><Contacts>{contacts}</Contacts>"
        f"<StageAssessments>{results}</StageAssessments><SchoolHistory>{school}</SchoolHistory></Pupil>"
    )


def _elements(around: str, **texts: str) -> str:
    inside = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in texts.items() if text)
    return f"<{around}>{inside}</{around}>" if around else inside


WRITERS: dict[Format, Written] = {
    Format.TABLE: as_table,
    Format.DEMOGRAPHICS: _as_patients,
    Format.COMMON_TRANSFER_FILE: _as_transfer_file,
}
