"""Pupils in a Common Transfer File of the Department for Education: XML, read as it comes, never held as a tree.

Read are the names, numbers and dates of each pupil, the address, who has parental responsibility, and which schools the
pupil went to: elements of versions 15 to 25. Nothing else is kept for a moment, and a document type, by which entities
could be declared, is refused.
"""

import codecs
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from feeds.readers import values
from feeds.readers.streams import ByteStream, pieces
from feeds.readers.values import RowRefusedError
from feeds.rows import Fault, FeedRefusedError, Refused, Row, RowAttendance, RowGuardian, RowName
from registry.vocabulary import Gender, Relation, Service

ROOT, PUPIL = "CTfile", ["CTfile", "CTFpupilData", "Pupil"]
WRITTEN_ON = ["CTfile", "Header", "DateTime"]
CONTACT, SCHOOL = "Contacts/Contact/", "SchoolHistory/School/"
OF_A_PUPIL = frozenset(
    {
        *("UPN", "Surname", "Forename", "DOB", "Gender", "Sex"),
        *(f"BasicDetails/{each}" for each in ("FormerUPN", "MiddleNames", "FormerSurname", "FormerForename")),
        *(f"BasicDetails/{each}" for each in ("PreferredSurname", "PreferredForename")),
        *(f"Address/{each}" for each in ("SAON", "PAON", "Street", "Locality", "Town", "PostTown", "PostCode")),
        *(f"Address/AddressLine{number}" for number in range(1, 6)),
    }
)
OF_A_CONTACT = frozenset(
    f"{CONTACT}{each}"
    for each in (
        "Surname",
        "Forename",
        "Relationship",
        "Responsibility",
        "Address/AddressAsPupil",
        "Phones/Phone/PhoneNo",
    )
)
OF_A_SCHOOL = frozenset(f"{SCHOOL}{each}" for each in ("LEA", "Estab", "URN", "EntryDate", "LeavingDate"))
WANTED = OF_A_PUPIL | OF_A_CONTACT | OF_A_SCHOOL
# For which a pupil is refused: by its path what is too long, by its own name what cannot be so.
FIELDS = frozenset(
    {
        *WANTED,
        *(each.rpartition("/")[2] for each in WANTED),
        *("Contacts/Contact", "SchoolHistory/School", "School"),
        *(f"{kind}{part}" for kind in ("", "preferred_", "former_", "contact_") for part in ("given", "family")),
    }
)
# Some versions and makers put these around the parts of an address, and others leave them out.
AROUND_AN_ADDRESS = frozenset({"BS7666Address", "AddressLines"})

GENDERS = {"F": Gender.FEMALE, "M": Gender.MALE, "U": Gender.NOT_SPECIFIED, "N": Gender.NOT_SPECIFIED}
# The Common Basic Data Set's codes of those who may have a child in their care. Whoever else stands there (a doctor, a
# childminder, a head teacher) is known to the registry by what they do, and never as a guardian.
RELATIONS = {
    "PAM": Relation.MOTHER,
    "PAF": Relation.FATHER,
    "STM": Relation.STEP_PARENT,
    "STF": Relation.STEP_PARENT,
    "FOM": Relation.FOSTER_CARER,
    "FOF": Relation.FOSTER_CARER,
    "CAR": Relation.CARER,
    "FAM": Relation.OTHER_RELATIVE,
    "REL": Relation.OTHER_RELATIVE,
    "OTH": Relation.CARER,
}
NEVER_GUARDIANS = frozenset({"CHM", "DOC", "HTC", "TCH", "SWR", "RLG"})
ANSWERS = {"true": True, "1": True, "false": False, "0": False, "": False}

LONGEST_TOKEN = 256 * 1024  # bytes between two tags: a comment, a tag with what stands in it
LONGEST_TEXT = 400  # characters of one element that is read
MOST_NAMES = 1000  # of elements, attributes and namespaces, which every parser remembers; the format has some 200
LONGEST_NAME = 300  # characters of one of them, with its namespace
DEEPEST = 32
MOST_PARTS = 100  # contacts, or schools, of one pupil
DECLARED_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def read(stream: ByteStream, *, today: date, mapping: object = None) -> Iterator[Row | Refused]:
    """The pupils of a Common Transfer File, one by one."""
    target = _Target(today)
    parser: Any = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    target.line_now = lambda: int(parser.parser.CurrentLineNumber)
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen, silent = 0, 0
    for number, piece in enumerate(pieces(stream)):
        if number == 0:
            _check_declared(piece)
        _check_encoding(decoder, piece, target)
        _in_parser(parser.feed, piece, target)
        silent = silent + len(piece) if seen == target.seen else 0
        seen = target.seen
        if silent > LONGEST_TOKEN:
            raise FeedRefusedError(Fault.TOO_LONG, line=target.line_now())
        yield from target.taken()
    _in_parser(lambda _: parser.close(), b"", target)
    yield from target.taken()


def _check_declared(piece: bytes) -> None:
    declared = DECLARED_ENCODING.match(piece.removeprefix(codecs.BOM_UTF8))
    if declared and declared[1].decode("ascii").lower() not in ENCODINGS:
        raise FeedRefusedError(Fault.ENCODING, line=1)


def _check_encoding(decoder: codecs.IncrementalDecoder, piece: bytes, target: "_Target") -> None:
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        raise FeedRefusedError(Fault.ENCODING, line=target.line_now()) from None


def _in_parser(step: Any, piece: bytes, target: "_Target") -> None:
    """Lets the parser go on. What it raises has the supplier's words in it, and is left behind."""
    try:
        step(piece)
    except (ParseError, DefusedXmlException):
        raise FeedRefusedError(Fault.BROKEN, line=target.line_now()) from None


class _Target:
    """Takes what the parser sees, keeps the texts of one pupil, and makes a row of them where the pupil ends."""

    def __init__(self, today: date) -> None:
        self.line_now: Any = lambda: 0
        self.seen = 0
        self._today = today
        self._written_on: date | None = None
        self._open: list[str] = []
        self._names: set[str] = set()
        self._text: list[str] | None = None
        self._length = 0
        self._pupil: _Pupil | None = None
        self._done: list[Row | Refused] = []

    def taken(self) -> list[Row | Refused]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        self._remember(tag, *attributes)
        self._open.append(tag.rpartition("}")[2])
        if len(self._open) > DEEPEST or self._open[0] != ROOT:
            raise FeedRefusedError(Fault.BROKEN, line=self.line_now())
        if self._open == PUPIL:
            self._pupil = _Pupil(self.line_now(), self._today, self._written_on)
        path = self._path()
        if self._pupil:
            self._pupil.enter(path)
        wanted = path in WANTED if self._pupil else self._open == WRITTEN_ON
        self._text, self._length = ([] if wanted else None), 0

    def data(self, text: str) -> None:
        self.seen += 1
        if self._text is not None and self._length <= LONGEST_TEXT:
            self._text.append(text[: LONGEST_TEXT + 1])
            self._length += len(text)

    def end(self, tag: str) -> None:
        self.seen += 1
        if self._text is not None:
            text = "".join(self._text).strip()
            if self._pupil:
                self._pupil.say(self._path(), text)
            else:
                self._written_on = self._day_written(text)
        if self._open == PUPIL and self._pupil:
            self._done.append(self._pupil.result())
            self._pupil = None
        self._text = None
        self._open.pop()

    def start_ns(self, prefix: str, uri: str) -> None:
        self._remember(f"xmlns:{prefix}")

    def close(self) -> None:
        """The parser's last word."""

    def _remember(self, *names: str) -> None:
        self._names.update(names)
        if len(self._names) > MOST_NAMES or max(map(len, names)) > LONGEST_NAME:
            raise FeedRefusedError(Fault.BROKEN, line=self.line_now())

    def _path(self) -> str:
        """Where we are within the pupil."""
        return "/".join(each for each in self._open[len(PUPIL) :] if each not in AROUND_AN_ADDRESS)

    def _day_written(self, text: str) -> date | None:
        try:
            return values.day_of(text, "DateTime", self._today)
        except RowRefusedError as refused:
            raise FeedRefusedError(refused.fault, line=self.line_now()) from None


class _Pupil:
    """The texts of one pupil, by where they stand in it."""

    def __init__(self, line: int, today: date, written_on: date | None) -> None:
        self._line = line
        self._today = today
        self._written_on = written_on
        self._said: dict[str, str] = {}
        self._parts: dict[str, list[dict[str, str]]] = {CONTACT: [], SCHOOL: []}
        self._too_long = ""

    def enter(self, path: str) -> None:
        """A contact or a school begins."""
        parts = self._parts.get(f"{path}/")
        if parts is not None:
            if len(parts) >= MOST_PARTS:
                self._too_long = path
                parts.clear()
            parts.append({})

    def say(self, path: str, text: str) -> None:
        """Keeps a text. Where there are several, as of telephones, the first is the one to use."""
        if len(text) > LONGEST_TEXT:
            self._too_long = path
        for part, found in self._parts.items():
            if path.startswith(part):
                found[-1].setdefault(path.removeprefix(part), text)
                return
        self._said.setdefault(path, text)

    def result(self) -> Row | Refused:
        """The row, or why there is none."""
        try:
            if self._too_long:
                raise RowRefusedError(Fault.TOO_LONG, self._too_long)  # noqa: TRY301 - one way out for all of them
            return self._row()
        except RowRefusedError as refused:
            written = {**self._said, "Contacts": self._parts[CONTACT], "SchoolHistory": self._parts[SCHOOL]}
            kept = b"" if refused.fault == Fault.TOO_LONG else msgspec.json.encode(written)
            return Refused(self._line, refused.fault, refused.field, kept)

    def _row(self) -> Row:
        said = self._said
        upn = values.pupil_number(said.get("UPN", ""), "UPN")
        if not upn:
            raise RowRefusedError(Fault.MISSING, "UPN")
        state, postal = self._address()
        return Row(
            line=self._line,
            key=upn,
            name=self._name(),
            date_of_birth=values.date_of_birth(said.get("DOB", ""), "DOB", self._today),
            known_as=self._other_name("Preferred"),
            former=self._other_name("Former"),
            gender=self._gender(),
            pupil_number=upn,
            former_pupil_number=values.pupil_number(said.get("BasicDetails/FormerUPN", ""), "FormerUPN"),
            address_state=state,
            postal=postal,
            guardians=tuple(filter(None, map(self._guardian, self._parts[CONTACT]))),
            attendances=tuple(map(self._attendance, self._parts[SCHOOL])),
            confirmed_on=self._written_on,
        )

    def _name(self) -> RowName:
        said = self._said
        given = f"{said.get('Forename', '')} {said.get('BasicDetails/MiddleNames', '')}".strip()
        found = values.whole_name(given, said.get("Surname", ""), "")
        if found is None:
            raise RowRefusedError(Fault.MISSING, "Surname")
        return found

    def _other_name(self, kind: str) -> tuple[RowName, ...]:
        """The preferred or the former name. Of which a part is left out, that part is the pupil's own."""
        said = self._said
        given, family = said.get(f"BasicDetails/{kind}Forename", ""), said.get(f"BasicDetails/{kind}Surname", "")
        own = said.get("Forename", ""), said.get("Surname", "")
        if not (given or family) or (given or own[0], family or own[1]) == own:
            return ()
        found = values.whole_name(given or own[0], family or own[1], kind.lower() + "_")
        return (found,) if found else ()

    def _gender(self) -> Gender:
        code = self._said.get("Sex") or self._said.get("Gender", "")
        if code and code not in GENDERS:
            raise RowRefusedError(Fault.CODE, "Sex")
        return GENDERS.get(code, Gender.NOT_SPECIFIED)

    def _address(self) -> Any:
        part = {each.removeprefix("Address/"): text for each, text in self._said.items() if each.startswith("Address/")}
        lines = [part.get(f"AddressLine{number}", "") for number in range(1, 6)]
        if not any(lines):
            street = values.house_and_street(part.get("PAON", ""), part.get("Street", ""))
            lines = [part.get("SAON", ""), street, part.get("Locality", "")]
        return values.address(lines, part.get("PostTown") or part.get("Town", ""), part.get("PostCode", ""))

    @staticmethod
    def _guardian(contact: dict[str, str]) -> RowGuardian | None:
        """Whoever has parental responsibility, or cares for the pupil where both live; nobody else's name is kept."""
        responsible = _answer(contact.get("Responsibility", ""), "Responsibility")
        lives_with = _answer(contact.get("Address/AddressAsPupil", ""), "AddressAsPupil")
        relation = contact.get("Relationship", "")
        if relation in NEVER_GUARDIANS or not (responsible or lives_with):
            return None
        if relation not in RELATIONS:
            raise RowRefusedError(Fault.CODE, "Relationship")
        found = values.whole_name(contact.get("Forename", ""), contact.get("Surname", ""), "contact_")
        if found is None:
            raise RowRefusedError(Fault.MISSING, "contact_family")
        number = values.telephone(contact.get("Phones/Phone/PhoneNo", ""), "PhoneNo")
        return RowGuardian(found.given, found.family, RELATIONS[relation], responsible, lives_with, number)

    def _attendance(self, school: dict[str, str]) -> RowAttendance:
        """One school: by its URN, or, where the file has none, by authority and establishment number."""
        code = values.directory_code(school.get("URN") or school.get("LEA", "") + school.get("Estab", ""), "School")
        if not code:
            raise RowRefusedError(Fault.MISSING, "School")
        started = values.day(school.get("EntryDate", ""), "EntryDate", self._today)
        ended = values.day(school.get("LeavingDate", ""), "LeavingDate", self._today)
        values.in_order(started, ended, "LeavingDate")
        return RowAttendance(Service.SCHOOL, code, started, ended)


def _answer(written: str, field: str) -> bool:
    found = ANSWERS.get(written.lower())
    if found is None:
        raise RowRefusedError(Fault.CODE, field)
    return found
