"""Children in a CSV whose columns the supplier has declared: which of ours stands under which heading of theirs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec

from feeds.readers import values
from feeds.readers.streams import ByteStream
from feeds.readers.table import Table
from feeds.readers.values import DateOrder, RowRefusedError
from feeds.rows import Fault, FeedRefusedError, Refused, Row, RowAttendance, RowGuardian, RowName
from registry.vocabulary import Gender, Relation, Service

GUARDIANS = ("guardian_1_", "guardian_2_", "guardian_3_")
OF_A_GUARDIAN = ("given", "family", "relation", "responsibility", "lives_with_child", "telephone")
SERVICES = {"school_": Service.SCHOOL, "practice_": Service.GP}
OF_A_SERVICE = ("code", "started_on", "ended_on")
OF_AN_ADDRESS = ("address_1", "address_2", "address_3")
REQUIRED = frozenset({"key", "family", "date_of_birth"})
FIELDS = frozenset(
    {
        *REQUIRED,
        *("given", "gender", "nhs_number", "pupil_number", "former_pupil_number"),
        *("known_as_given", "known_as_family", "former_given", "former_family"),
        *OF_AN_ADDRESS,
        *("town", "postcode"),
        *(guardian + each for guardian in GUARDIANS for each in OF_A_GUARDIAN),
        *(service + each for service in SERVICES for each in OF_A_SERVICE),
        *("date_of_death", "restricted", "superseded_by", "confirmed_on"),
    }
)
GENDERS = {"F": Gender.FEMALE, "M": Gender.MALE, "N": Gender.NOT_SPECIFIED}


class MappingError(ValueError):
    """A declaration of columns that cannot be read by. Says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a supplier has declared of a CSV.

    `columns` has the heading of theirs for each field of ours (FIELDS), and `ignored` their columns that are not read:
    any other column refuses all of it. Codes are read in capitals as in small letters.
    """

    columns: dict[str, str]
    ignored: tuple[str, ...] = ()
    dates: DateOrder = DateOrder.YEAR_FIRST
    genders: dict[str, Gender] = field(default_factory=lambda: dict(GENDERS))
    relations: dict[str, Relation] = field(default_factory=lambda: {each.value: each for each in Relation})
    yes: tuple[str, ...] = ("Y", "yes", "true", "1")
    no: tuple[str, ...] = ("N", "no", "false", "0")

    def __post_init__(self) -> None:
        if unknown := self.columns.keys() - FIELDS:
            raise MappingError(f"There is no such field: {', '.join(sorted(unknown))}")
        if missing := REQUIRED - self.columns.keys():
            raise MappingError(f"Every row must have {', '.join(sorted(missing))}")
        headings = [*self.columns.values(), *self.ignored]
        if len(set(headings)) < len(headings):
            raise MappingError("A column is named twice")
        codes = (self.genders, self.relations, (*self.yes, *self.no))
        if any(len({code.casefold() for code in each}) < len(each) for each in codes):
            raise MappingError("A code is named twice")

    def to_json(self) -> bytes:
        """The declaration, to be kept beside the supplier."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, written: bytes) -> "Mapping":
        """The declaration that `to_json` wrote. Raises MappingError."""
        try:
            return msgspec.json.decode(written, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MappingError(str(error)) from None


# A table whose columns are headed as our fields are named.
OURS = Mapping({each: each for each in sorted(FIELDS)})


def read(stream: ByteStream, *, today: date, mapping: Mapping | None = None) -> Iterator[Row | Refused]:
    """The children of a CSV in UTF-8, one by one. Without a declaration the columns are headed as our fields are.

    Of our own columns those that are not required may be left out.
    """
    declared = mapping or OURS
    table = Table(stream)
    headings = table.header()
    places = _places(headings, declared, all_there=mapping is not None)
    codes = _Codes(declared)
    for line, cells in table:
        if len(cells) != len(headings):
            yield Refused(line, Fault.NOT_A_RECORD)
            continue
        said = {each: cells[place].strip() for each, place in places}
        try:
            yield _Record(said, codes, today).row(line)
        except RowRefusedError as refused:
            yield Refused(line, refused.fault, refused.field, msgspec.json.encode(said))


def _places(headings: list[str], declared: Mapping, *, all_there: bool) -> list[tuple[str, int]]:
    """Where each field of ours stands. Every column is declared, and every one that was declared is there."""
    unknown = set(headings) - set(declared.columns.values()) - set(declared.ignored)
    wanted = declared.columns if all_there else {each: declared.columns[each] for each in REQUIRED}
    if unknown or not set(wanted.values()) <= set(headings):
        raise FeedRefusedError(Fault.HEADER, line=1)
    place = {heading: number for number, heading in enumerate(headings)}
    return [(each, place[heading]) for each, heading in declared.columns.items() if heading in place]


class _Codes:
    """What a supplier's codes mean, however they are capitalised."""

    def __init__(self, declared: Mapping) -> None:
        self.dates = str(declared.dates)
        self.genders = {code.casefold(): gender for code, gender in declared.genders.items()}
        self.relations = {code.casefold(): relation for code, relation in declared.relations.items()}
        meanings = [*((code, True) for code in declared.yes), *((code, False) for code in declared.no)]
        self.answers = {code.casefold(): meaning for code, meaning in meanings}


class _Record:
    """One record, by the names of our fields."""

    __slots__ = ("codes", "said", "today")

    def __init__(self, said: dict[str, str], codes: _Codes, today: date) -> None:
        self.said = said
        self.codes = codes
        self.today = today

    def row(self, line: int) -> Row:
        said = self.said
        born = values.date_of_birth(said["date_of_birth"], "date_of_birth", self.today, self.codes.dates)
        state, postal = values.address(
            [said.get(each, "") for each in OF_AN_ADDRESS], said.get("town", ""), said.get("postcode", "")
        )
        died = self._day("date_of_death")
        values.in_order(born, died, "date_of_death")
        return Row(
            line=line,
            key=values.key(said["key"], "key"),
            name=self._own_name(),
            date_of_birth=born,
            known_as=self._names("known_as_"),
            former=self._names("former_"),
            gender=self._gender(),
            nhs_number=values.nhs_number(said.get("nhs_number", ""), "nhs_number"),
            pupil_number=values.pupil_number(said.get("pupil_number", ""), "pupil_number"),
            former_pupil_number=values.pupil_number(said.get("former_pupil_number", ""), "former_pupil_number"),
            address_state=state,
            postal=postal,
            guardians=tuple(filter(None, map(self._guardian, GUARDIANS))),
            attendances=tuple(filter(None, map(self._attendance, SERVICES))),
            date_of_death=died,
            restricted=self._answer("restricted"),
            superseded_by=values.text(said.get("superseded_by", ""), "superseded_by", values.LONGEST_KEY),
            confirmed_on=self._day("confirmed_on"),
        )

    def _own_name(self) -> RowName:
        found = values.whole_name(self.said.get("given", ""), self.said["family"], "")
        if found is None:
            raise RowRefusedError(Fault.MISSING, "family")
        return found

    def _names(self, kind: str) -> tuple[RowName, ...]:
        """The one other name of the kind. Of which a part is left out, that part is the child's own."""
        given, family = self.said.get(f"{kind}given", ""), self.said.get(f"{kind}family", "")
        if not (given or family):
            return ()
        own_given, own_family = self.said.get("given", ""), self.said["family"]
        found = values.whole_name(given or own_given, family or own_family, kind)
        return (found,) if found else ()

    def _guardian(self, guardian: str) -> RowGuardian | None:
        said = self.said
        found = values.whole_name(said.get(f"{guardian}given", ""), said.get(f"{guardian}family", ""), guardian)
        if found is None:
            if any(said.get(guardian + each) for each in OF_A_GUARDIAN):
                raise RowRefusedError(Fault.MISSING, f"{guardian}family")
            return None
        relation = self.codes.relations.get(said.get(f"{guardian}relation", "").casefold())
        if relation is None:
            raise RowRefusedError(Fault.CODE, f"{guardian}relation")
        return RowGuardian(
            found.given,
            found.family,
            relation,
            self._answer(f"{guardian}responsibility"),
            self._answer(f"{guardian}lives_with_child"),
            values.telephone(said.get(f"{guardian}telephone", ""), f"{guardian}telephone"),
        )

    def _attendance(self, service: str) -> RowAttendance | None:
        code = values.directory_code(self.said.get(f"{service}code", ""), f"{service}code")
        started, ended = self._day(f"{service}started_on"), self._day(f"{service}ended_on")
        values.in_order(started, ended, f"{service}ended_on")
        if not code and (started or ended):
            raise RowRefusedError(Fault.MISSING, f"{service}code")
        return RowAttendance(SERVICES[service], code, started, ended) if code else None

    def _day(self, of: str) -> date | None:
        return values.day(self.said.get(of, ""), of, self.today, self.codes.dates)

    def _gender(self) -> Gender:
        code = self.said.get("gender", "")
        if not code:
            return Gender.NOT_SPECIFIED
        found = self.codes.genders.get(code.casefold())
        if found is None:
            raise RowRefusedError(Fault.CODE, "gender")
        return found

    def _answer(self, of: str) -> bool:
        """Yes or no; no where nothing is said."""
        code = self.said.get(of, "")
        found = self.codes.answers.get(code.casefold()) if code else False
        if found is None:
            raise RowRefusedError(Fault.CODE, of)
        return found
