"""What turns the bytes that a supplier sent into rows: one module for each format, each to be read as it comes.

A reader takes a stream that can be read once, and yields a `Row` or a `Refused` for each child in it. It holds no more
than one record at a time, however large all of it is. What spoils the whole raises `FeedRefusedError`, at whatever
place it is found: rows that came before are then not to be taken either.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Protocol

from django.db.models import TextChoices

from feeds.readers import common_transfer, delimited, demographics, registrations, values
from feeds.readers.delimited import Mapping as Declared
from feeds.readers.streams import ByteStream
from feeds.rows import Refused, Row


class Format(TextChoices):
    """How what is sent is written."""

    TABLE = "table", "A table (CSV) whose columns the supplier has told us"
    COMMON_TRANSFER_FILE = "common_transfer_file", "Common Transfer File from a school (XML)"
    DEMOGRAPHICS = "demographics", "NHS Personal Demographics Service (FHIR)"
    BIRTHS = "births", "Registrations of births (CSV)"
    DEATHS = "deaths", "Registrations of deaths (CSV)"


# For which a row is refused, in any format. A closed list: they are kept in clear beside what was refused.
FIELDS = delimited.FIELDS | common_transfer.FIELDS | demographics.FIELDS | values.OF_AN_ADDRESS


class Reader(Protocol):
    """Reads one format. `today` is the day on which it came: no date in it is later, and nobody in it is too old.

    `mapping` says which column is which, in formats that have columns; the others take no notice of it.
    """

    def __call__(
        self, stream: ByteStream, /, *, today: date, mapping: Declared | None = None
    ) -> Iterator[Row | Refused]: ...


READERS: Mapping[Format, Reader] = {
    Format.TABLE: delimited.read,
    Format.COMMON_TRANSFER_FILE: common_transfer.read,
    Format.DEMOGRAPHICS: demographics.read,
    Format.BIRTHS: registrations.read_births,
    Format.DEATHS: registrations.read_deaths,
}
