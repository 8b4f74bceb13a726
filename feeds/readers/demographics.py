"""Patients as the NHS Personal Demographics Service returns them: FHIR R4, one a line (NDJSON), or in Bundles.

Read are numbers, names, gender, date of birth and of death, the home address, the GP practice, and whether the
whereabouts are kept back. Telephone numbers, e-mail addresses and all extensions are passed over unread.
"""

from collections.abc import Iterator, Sized
from datetime import date

import msgspec

from feeds.readers import values
from feeds.readers.streams import ByteStream, decoded, lines
from feeds.readers.values import RowRefusedError
from feeds.rows import Fault, FeedRefusedError, Refused, Row, RowAttendance, RowName
from registry.values import PostalAddress
from registry.vocabulary import AddressState, Gender, Service

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
UNRESTRICTED = "U"
GENDERS = {"female": Gender.FEMALE, "male": Gender.MALE, "other": Gender.NOT_SPECIFIED, "unknown": Gender.NOT_SPECIFIED}
FORMER = frozenset({"old", "maiden"})
LONGEST_DOCUMENT = 1024 * 1024  # bytes of a line, or of a Bundle over many lines: the service returns 50 at most
MOST_PARTS = 100  # names, addresses and the like of one patient
# For which a patient is refused.
FIELDS = frozenset(
    {
        *("Patient", "identifier", "meta.security", "link", "name", "name.given", "name.family", "gender"),
        *("birthDate", "deceasedDateTime", "generalPractitioner"),
    }
)
# Of JSON that is right so far and then ends. The library has one kind of error, and says which in its words.
CUT_OFF = "truncated"


class _Period(msgspec.Struct):
    start: str = ""
    end: str = ""

    def holds(self, today: date) -> bool:
        """Whether it has not ended."""
        return not self.end or self.end[:10] >= today.isoformat()


class _Coding(msgspec.Struct):
    system: str = ""
    code: str = ""


class _Meta(msgspec.Struct):
    security: list[_Coding] = []


class _Identifier(msgspec.Struct):
    system: str = ""
    value: str = ""
    period: _Period = msgspec.field(default_factory=_Period)


class _Name(msgspec.Struct):
    use: str = ""
    family: str = ""
    given: list[str] = []
    period: _Period = msgspec.field(default_factory=_Period)


class _Address(msgspec.Struct):
    use: str = ""
    line: list[str] = []
    city: str = ""
    postalCode: str = ""  # noqa: N815 - as FHIR has it
    period: _Period = msgspec.field(default_factory=_Period)


class _Reference(msgspec.Struct):
    reference: str = ""
    identifier: _Identifier = msgspec.field(default_factory=_Identifier)


class _Link(msgspec.Struct):
    other: _Reference
    type: str = ""


class _Patient(msgspec.Struct, tag_field="resourceType", tag="Patient"):
    """What is read of a Patient. What is not named here is passed over, and never becomes a value in memory."""

    id: str = ""
    meta: _Meta = msgspec.field(default_factory=_Meta)
    identifier: list[_Identifier] = []
    name: list[_Name] = []
    gender: str = ""
    birthDate: str = ""  # noqa: N815
    deceasedDateTime: str = ""  # noqa: N815
    deceasedBoolean: bool = False  # noqa: N815
    address: list[_Address] = []
    generalPractitioner: list[_Reference] = []  # noqa: N815
    link: list[_Link] = []


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw()


class _Bundle(msgspec.Struct, tag_field="resourceType", tag="Bundle"):
    entry: list[_Entry] = []


_PATIENT = msgspec.json.Decoder(_Patient)
_EITHER = msgspec.json.Decoder(_Patient | _Bundle)


def read(stream: ByteStream, *, today: date, mapping: object = None) -> Iterator[Row | Refused]:
    """The patients of a file of lines, or of one document that is written over many lines."""
    found = lines(stream, longest=LONGEST_DOCUMENT)
    is_first = True
    for number, line in found:
        if line is None:
            yield Refused(number, Fault.TOO_LONG)
        elif decoded(number, line).strip():
            try:
                yield from _document(number, line, today)
            except _CutOffError:
                if not line.endswith(b"\n"):
                    raise FeedRefusedError(Fault.BROKEN, line=number) from None
                # Whoever writes a document over many lines does not close a brace at the end of the first.
                if is_first and not line.rstrip().endswith(b"}"):
                    yield from _over_many_lines(number, line, found, today)
                else:
                    yield Refused(number, Fault.NOT_A_RECORD)
            is_first = False


class _CutOffError(Exception):
    """JSON that ends before it is whole."""


def _over_many_lines(
    number: int, first: bytes, following: Iterator[tuple[int, bytes | None]], today: date
) -> Iterator[Row | Refused]:
    held = bytearray(first)  # in one piece: a list of short lines would take twenty times as much
    for line_number, line in following:
        if line is None or len(held) + len(line) > LONGEST_DOCUMENT:
            raise FeedRefusedError(Fault.TOO_LARGE, line=line_number)
        decoded(line_number, line)
        held += line
    try:
        yield from _document(number, bytes(held), today)
    except _CutOffError:
        raise FeedRefusedError(Fault.BROKEN, line=number) from None


def _document(number: int, written: bytes, today: date) -> Iterator[Row | Refused]:
    try:
        found = _EITHER.decode(written)
    except (msgspec.DecodeError, RecursionError) as error:
        if CUT_OFF in str(error):
            raise _CutOffError from None
        yield Refused(number, Fault.NOT_A_RECORD)
        return
    if isinstance(found, _Patient):
        yield _result(number, found, today)
        return
    begins = ends = 0
    for entry in found.entry:
        resource = bytes(entry.resource)
        before, begins = begins, max(ends, written.find(resource, ends))
        ends = begins + len(resource)
        number += written.count(b"\n", before, begins)
        yield _of_an_entry(number, resource, today)


def _of_an_entry(number: int, resource: bytes, today: date) -> Row | Refused:
    try:
        return _result(number, _PATIENT.decode(resource), today)
    except (msgspec.DecodeError, RecursionError):
        return Refused(number, Fault.NOT_A_RECORD)


def _result(number: int, patient: _Patient, today: date) -> Row | Refused:
    try:
        return _row(number, patient, today)
    except RowRefusedError as refused:
        kept = b"" if refused.fault == Fault.TOO_LONG else msgspec.json.encode(patient)
        return Refused(number, refused.fault, refused.field, kept)


def _row(number: int, patient: _Patient, today: date) -> Row:
    parts: tuple[Sized, ...] = (
        patient.identifier,
        patient.name,
        patient.address,
        patient.generalPractitioner,
        patient.link,
    )
    if max(len(part) for part in parts) > MOST_PARTS:
        raise RowRefusedError(Fault.TOO_LONG, "Patient")
    nhs_number = _nhs_number(patient)
    born = values.date_of_birth(patient.birthDate, "birthDate", today)
    died = _date_of_death(patient, today)
    values.in_order(born, died, "deceasedDateTime")
    own, known_as, former = _names(patient, today)
    state, postal = _home(patient, today)
    return Row(
        line=number,
        key=nhs_number,
        name=own,
        date_of_birth=born,
        known_as=known_as,
        former=former,
        gender=_gender(patient),
        nhs_number=nhs_number,
        address_state=state,
        postal=postal,
        attendances=tuple(_practices(patient, today)),
        date_of_death=died,
        restricted=_is_restricted(patient),
        superseded_by=_superseded_by(patient),
    )


def _nhs_number(patient: _Patient) -> str:
    found = {values.nhs_number(each.value, "identifier") for each in patient.identifier if each.system == NHS_NUMBER}
    if not found - {""}:
        raise RowRefusedError(Fault.MISSING, "identifier")
    number = found.pop()
    # Two numbers, or another one as the resource's own: which of them is the child's nobody can tell.
    if found or patient.id not in {"", number}:
        raise RowRefusedError(Fault.NUMBER, "identifier")
    return number


def _is_restricted(patient: _Patient) -> bool:
    """Whether the whereabouts are kept back: whatever is not said to be unrestricted is taken to be restricted."""
    codes = {each.code for each in patient.meta.security if each.system == CONFIDENTIALITY}
    if not codes:
        raise RowRefusedError(Fault.MISSING, "meta.security")
    return codes != {UNRESTRICTED}


def _superseded_by(patient: _Patient) -> str:
    """The number that the service goes on with, where it has given up this one."""
    for link in patient.link:
        if link.type == "replaced-by":
            number = link.other.identifier.value or link.other.reference.removeprefix("Patient/")
            return values.nhs_number(number, "link")
    return ""


def _date_of_death(patient: _Patient, today: date) -> date | None:
    if patient.deceasedBoolean and not patient.deceasedDateTime:
        raise RowRefusedError(Fault.MISSING, "deceasedDateTime")
    return values.day_of(patient.deceasedDateTime, "deceasedDateTime", today)


def _gender(patient: _Patient) -> Gender:
    if patient.gender and patient.gender not in GENDERS:
        raise RowRefusedError(Fault.CODE, "gender")
    return GENDERS.get(patient.gender, Gender.NOT_SPECIFIED)


def _names(patient: _Patient, today: date) -> tuple[RowName, tuple[RowName, ...], tuple[RowName, ...]]:
    """The child's name, what it is called besides, and what it was called before.

    An official name is the name; without one it is the usual one. Of several the one that holds now comes first. Names
    for a time only, and made-up ones that stand for it, are no names of the child.
    """
    read = [(each, _name(each)) for each in patient.name if each.use in {"official", "usual", "nickname", *FORMER}]
    order = ("official", "usual")
    own = [(each, name) for each, name in read if each.use in order]
    own.sort(key=lambda pair: (not pair[0].period.holds(today), order.index(pair[0].use)))
    if not own:
        raise RowRefusedError(Fault.MISSING, "name")
    chosen = own[0][1]
    ended = {id(each) for each, _ in own[1:] if not each.period.holds(today)}
    former = [name for each, name in read if each.use in FORMER or id(each) in ended]
    known_as = [name for each, name in read if each.use not in FORMER and id(each) not in ended]
    return chosen, _others(known_as, chosen), _others(former, chosen)


def _name(written: _Name) -> RowName:
    found = values.whole_name(" ".join(written.given), written.family, "name.")
    if found is None:
        raise RowRefusedError(Fault.MISSING, "name")
    return found


def _others(found: list[RowName], chosen: RowName) -> tuple[RowName, ...]:
    return tuple(each for each in dict.fromkeys(found) if each != chosen)


def _home(patient: _Patient, today: date) -> tuple[AddressState | None, PostalAddress | None]:
    """The home address that holds now; one that has ended is the last that is known."""
    homes = [each for each in patient.address if each.use == "home"]
    homes.sort(key=lambda each: (each.period.holds(today), each.period.start), reverse=True)
    if not homes:
        return None, None
    state, postal = values.address(homes[0].line, homes[0].city, homes[0].postalCode)
    ended = postal is not None and not homes[0].period.holds(today)
    return (AddressState.LAST_KNOWN if ended else state), postal


def _practices(patient: _Patient, today: date) -> Iterator[RowAttendance]:
    for each in patient.generalPractitioner:
        if each.identifier.system != ODS_CODE:
            continue
        code = values.directory_code(each.identifier.value, "generalPractitioner")
        started = values.day_of(each.identifier.period.start, "generalPractitioner", today)
        ended = values.day_of(each.identifier.period.end, "generalPractitioner", today)
        values.in_order(started, ended, "generalPractitioner")
        if not code:
            raise RowRefusedError(Fault.MISSING, "generalPractitioner")
        yield RowAttendance(Service.GP, code, started, ended)
