"""The two national directories as their publishers write them, with made-up schools and practices, taken in."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command

from access.models import Organisation
from feeds.readers.directories import COLUMNS, PRACTICE_COLUMNS, SETTING
from tests.conftest import as_worker

# The columns of an edubasealldata file up to those of its head teacher, and of its end those that are read.
HEADINGS = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "TypeOfEstablishment (name),EstablishmentTypeGroup (code),EstablishmentTypeGroup (name),"
    "EstablishmentStatus (code),EstablishmentStatus (name),"
    "ReasonEstablishmentOpened (code),ReasonEstablishmentOpened (name),OpenDate,ReasonEstablishmentClosed (code),"
    "ReasonEstablishmentClosed (name),CloseDate,PhaseOfEducation (code),PhaseOfEducation (name),StatutoryLowAge,"
    "StatutoryHighAge,Boarders (code),Boarders (name),Street,Locality,Address3,Town,County (name),Postcode,"
    "SchoolWebsite,TelephoneNum,HeadTitle (name),HeadFirstName,HeadLastName,GSSLACode (name),Easting,Northing"
)
SCHOOL_HEADINGS = HEADINGS.split(",")
TRAFFORD = {"LA (code)": "358", "LA (name)": "Trafford", "GSSLACode (name)": "E08000009"}
OAKFIELD = {
    **TRAFFORD,
    "URN": "900001",
    "EstablishmentNumber": "9001",
    "EstablishmentName": "Oakfield Primary School",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-1975",
    "Town": "Sale",
    "Postcode": "M33 4AB",
    "TelephoneNum": "01614960101",
}
BEECH = OAKFIELD | {
    "URN": "900002",
    "EstablishmentNumber": "9002",
    "EstablishmentName": "St Zoë’s School, Beech Road",
    "TelephoneNum": "01614960102",
}
CLOSED = {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2025"}
SURGERY = {
    "code": "P99001",
    "name": "THE OAKFIELD SURGERY",
    "postcode": "M33 4AB",
    "opened_on": "19740401",
    "status": "A",
    "telephone": "0161 4960201",
}
POSTCODES = "pcd,pcds,doterm,oscty,oslaua\n"


def schools(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, SCHOOL_HEADINGS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("cp1252")


def practices(*rows: dict[str, str]) -> bytes:
    return b"".join(map(_practice, rows))


def _practice(row: dict[str, str]) -> bytes:
    cells = [""] * COLUMNS
    cells[SETTING] = row.get("setting", "4")
    cells[7] = "CHESHIRE"
    for field, place in PRACTICE_COLUMNS.items():
        cells[place] = row.get(field, "")
    return (",".join(f'"{each}"' for each in cells) + "\r\n").encode()


def many(number: int, **more: str) -> list[dict[str, str]]:
    """So many schools of Trafford."""
    return [
        OAKFIELD | {"URN": f"91{at:04}", "EstablishmentName": f"School {at}", "EstablishmentNumber": f"{at:04}"} | more
        for at in range(number)
    ]


def take_in(directory: str, content: bytes, folder: Path, *options: str) -> str:
    """What whoever runs the service reads when they take it in."""
    said, file = io.StringIO(), folder / "directory.csv"
    file.write_bytes(content)
    with as_worker():
        call_command("take_in_directory", directory, str(file), *options, stdout=said)
    return said.getvalue()


def on_record(codes: Iterable[str] | None = None) -> dict[str, Organisation]:
    """Those organisations, by code; all that the directories can know of without codes."""
    with as_worker():
        found = Organisation.objects.select_related("responsible_authority").order_by("directory_code")
        return {
            each.directory_code: each for each in (found if codes is None else found.filter(directory_code__in=codes))
        }
