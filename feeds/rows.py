"""What one row of a feed says of one child: the one shape that every reader makes, and that matching takes.

A row says what its supplier says, and no more: what is not there is empty or None, and nothing is guessed.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from registry.values import PostalAddress, Provenance
from registry.vocabulary import AddressState, Gender, Relation, Service, Source


@dataclass(frozen=True, slots=True)
class RowName:
    """A name, with its parts apart: one word that nobody can tell apart stands in `family`."""

    given: str
    family: str


@dataclass(frozen=True, slots=True)
class RowGuardian:
    """A person with parental responsibility or care, as the supplier says."""

    given: str
    family: str
    relation: Relation
    parental_responsibility: bool
    lives_with_child: bool
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class RowAttendance:
    """Where the child is, or was: a school by its URN, a practice by its ODS code."""

    service: Service
    directory_code: str
    started_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says of one child.

    `line` is where it begins in what was sent, from 1, and `place` which of its rows it is, from 1 (0 until it is taken
    in): several may stand on one line. `key` is the supplier's own number for the child, the same each time. `names`
    has the legal name first; `former` are names that the child does not have any more. `restricted` says that the
    supplier keeps the child's whereabouts back (the Personal Demographics Service: R and V), and `superseded_by` that
    the supplier's number was replaced by another. `confirmed_on` is the day on which the supplier knew it to be so.
    """

    line: int
    key: str
    name: RowName
    date_of_birth: date
    known_as: tuple[RowName, ...] = ()
    former: tuple[RowName, ...] = ()
    gender: Gender = Gender.NOT_SPECIFIED
    nhs_number: str = ""
    pupil_number: str = ""
    former_pupil_number: str = ""
    address_state: AddressState | None = None
    postal: PostalAddress | None = None
    guardians: tuple[RowGuardian, ...] = ()
    attendances: tuple[RowAttendance, ...] = ()
    date_of_death: date | None = None
    restricted: bool = False
    superseded_by: str = ""
    confirmed_on: date | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """What a supplier says of the child now. Without a day of its own, it is as old as the batch."""

    source: Source
    row: Row
    on: date

    @property
    def provenance(self) -> Provenance:
        return Provenance(self.source, self.row.confirmed_on or self.on)


class Fault(StrEnum):
    """Why a row, or all of what was sent, is refused. A supplier is told the code, the line and these words."""

    NOT_A_RECORD = "not_a_record", "This is no record of a child as the format has it"
    MISSING = "missing", "Something that every row must have is missing"
    NUMBER = "number", "A number is not one that can be: its length, its characters or its check digit are wrong"
    DATE = "date", "A date cannot be read, or cannot be so"
    CODE = "code", "A code is not one of the format’s list"
    NAME = "name", "A name has characters that no name has, or is too long"
    FORMULA = "formula", "A cell begins as a formula does, and nothing else would"
    TOO_LONG = "too_long", "A line or a value is longer than any that is right"
    TOO_OLD = "too_old", "Whoever was born then is no child any more"
    TWICE = "twice", "The same child stands in what was sent more than once"
    HEADER = "header", "A column is missing, is there twice, or is not known"
    ENCODING = "encoding", "It is not written in UTF-8"
    BROKEN = "broken", "It ends before it is whole, or is not what it says it is"
    TOO_LARGE = "too_large", "It is larger than anything that is right, or grows so when it is unpacked"

    def __new__(cls, value: str, words: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken: why, where it stands, and in which field.

    `written` is what was read of it, as JSON, to send back to its supplier: what no record may hold, and therefore is
    not read, is not in it. It is empty where nothing of the row could be read.
    """

    line: int
    fault: Fault
    field: str = ""
    written: bytes = b""
    place: int = 0


class FeedRefusedError(Exception):
    """All of what was sent is refused: nothing of it is taken. Says why and on which line, never what stands there."""

    def __init__(self, fault: Fault, *, line: int = 0) -> None:
        super().__init__(f"{fault.words} (line {line})." if line else f"{fault.words}.")
        self.fault = fault
        self.line = line
