"""A CSV whose columns were declared: what is read of it, and what is refused."""

from datetime import date

import pytest

from feeds.readers import Format
from feeds.readers.delimited import FIELDS, OURS, REQUIRED, Mapping, MappingError
from feeds.readers.values import DateOrder
from feeds.rows import Fault, Refused, Row, RowGuardian, RowName
from registry.vocabulary import AddressState, Gender, Relation
from tests.unit.feeds.people import ANN, BEN, all_refused, as_cells, as_csv, nhs_number, read, refused, rows

SIMPLE = {"key": "P1", "given": "Ann", "family": "Smith", "date_of_birth": "2015-02-03"}
THEIRS = Mapping(
    columns={
        "key": "Case ID",
        "given": "First name",
        "family": "Last name",
        "date_of_birth": "DoB",
        "gender": "Sex",
        "guardian_1_family": "Carer",
        "guardian_1_relation": "Carer is",
        "guardian_1_responsibility": "PR",
    },
    ignored=("Ethnicity",),
    dates=DateOrder.DAY_FIRST,
    genders={"1": Gender.MALE, "2": Gender.FEMALE},
    relations={"Mum": Relation.MOTHER, "Nan": Relation.GRANDPARENT},
    yes=("X",),
    no=("-",),
)
HEADINGS = "Case ID,First name,Last name,DoB,Sex,Ethnicity,Carer,Carer is,PR\r\n"


def with_cell(**cells: str) -> bytes:
    return as_csv([SIMPLE | cells])


def test_whole_rows_are_read() -> None:
    assert rows(Format.TABLE, as_csv([as_cells(ANN)])) == [ANN]
    only_school = BEN.attendances[1:]
    ben = as_cells(BEN) | {"school_ended_on": ""}
    assert [row.attendances for row in rows(Format.TABLE, as_csv([ben]))] == [only_school]
    assert [row.guardians for row in rows(Format.TABLE, as_csv([ben]))] == [BEN.guardians]


def test_columns_and_codes_are_the_suppliers_own() -> None:
    line = "7,Ann,Smith,3/2/2015,2,never read,Smith,NAN,x\r\n"
    (row,) = rows(Format.TABLE, (HEADINGS + line).encode(), THEIRS)
    assert (row.key, row.date_of_birth, row.gender) == ("7", date(2015, 2, 3), Gender.FEMALE)
    assert row.guardians == (
        RowGuardian("", "Smith", Relation.GRANDPARENT, parental_responsibility=True, lives_with_child=False),
    )


def test_what_is_not_read_is_not_sent_back_either() -> None:
    line = "7,Ann,Smith,32/2/2015,2,never read,,,\r\n"
    (only,) = read(Format.TABLE, (HEADINGS + line).encode(), THEIRS)
    assert isinstance(only, Refused)
    assert (only.line, only.fault, only.field) == (2, Fault.DATE, "date_of_birth")
    assert b"32/2/2015" in only.written
    assert b"never read" not in only.written


def test_declaration_is_kept_as_json() -> None:
    assert Mapping.from_json(THEIRS.to_json()) == THEIRS
    assert Mapping.from_json(OURS.to_json()) == OURS


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"columns": {"key": "ID", "family": "Name"}}',
        b'{"columns": {"key": "ID", "family": "Name", "date_of_birth": "Name"}}',
        b'{"columns": {"key": "ID", "family": "Name", "date_of_birth": "Born", "religion": "Religion"}}',
        b'{"columns": {"key": "ID", "family": "Name", "date_of_birth": "Born"}, "dates": "guess"}',
        b'{"columns": {"key": "ID", "family": "Name", "date_of_birth": "Born"}, "genders": {"m": "male", "M": "male"}}',
        b'{"columns": {"key": "ID", "family": "Name", "date_of_birth": "Born"}, "yes": ["x"], "no": ["X"]}',
    ],
)
def test_declaration_that_cannot_be_read_by_is_refused(written: bytes) -> None:
    with pytest.raises(MappingError):
        Mapping.from_json(written)


@pytest.mark.parametrize("headings", [b"key,family,date_of_birth\r\n", b'"key","family","date_of_birth"\r\n'])
def test_mark_of_utf_8_makes_no_difference(headings: bytes) -> None:
    written = headings + b"1,Smith,2015-02-03\r\n"
    assert rows(Format.TABLE, b"\xef\xbb\xbf" + written) == rows(Format.TABLE, written)


def test_line_of_each_row_is_where_it_begins() -> None:
    written = b'key,family,date_of_birth,address_1\r\n1,A,2015-01-01,"Flat 1\r\n33 Oak Road"\r\n\r\n2,B,2015-01-01,\r\n'
    first, second = read(Format.TABLE, written)
    assert (first.line, second.line) == (2, 5)
    assert isinstance(first, Row)
    assert first.postal
    assert first.postal.lines == ("Flat 1 33 Oak Road",)


@pytest.mark.parametrize(
    ("written", "fault", "line"),
    [
        (b"", Fault.HEADER, 1),
        (b"\r\n", Fault.HEADER, 1),
        (b"key,family\r\n", Fault.HEADER, 1),  # no date of birth
        (b"key,family,date_of_birth,family\r\n", Fault.HEADER, 1),
        (b"key,family,date_of_birth,religion\r\n", Fault.HEADER, 1),
        (b"key;family;date_of_birth\r\n", Fault.HEADER, 1),
        (as_csv([SIMPLE])[:-5], Fault.BROKEN, 2),  # half a last line
        (as_csv([SIMPLE])[:-2], Fault.BROKEN, 2),  # all of it perhaps, but nobody can tell
        (as_csv([SIMPLE]) + b'P2,"Ann', Fault.BROKEN, 3),
        (as_csv([SIMPLE]) + b'P2,"Ann\r\n', Fault.BROKEN, 3),  # a quote that is never closed
        (as_csv([SIMPLE]) + b'2015-01-01,A"nn"x,"a"b,P2\r\n', Fault.BROKEN, 3),
        (as_csv([SIMPLE]).decode().encode("utf-16"), Fault.ENCODING, 1),
        (as_csv([SIMPLE | {"family": "Núñez"}]).decode().encode("cp1252"), Fault.ENCODING, 2),
        (as_csv([SIMPLE]) + b"\xff\r\n", Fault.ENCODING, 3),
    ],
)
def test_what_spoils_all_of_it(written: bytes, fault: Fault, line: int) -> None:
    assert all_refused(Format.TABLE, written) == (fault, line)


def test_every_declared_column_must_be_there() -> None:
    written = HEADINGS.replace(",PR", "").encode()
    assert all_refused(Format.TABLE, written, THEIRS) == (Fault.HEADER, 1)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", " =", "＝", "\u200b="])
@pytest.mark.parametrize("column", ["key", "given", "family", "address_1", "town", "former_family", "guardian_1_given"])
def test_formula_is_refused(begins: str, column: str) -> None:
    assert refused(Format.TABLE, with_cell(**{column: f"{begins}HYPERLINK"}))[0] == Fault.FORMULA


@pytest.mark.parametrize(
    ("cells", "fault", "field"),
    [
        ({"key": ""}, Fault.MISSING, "key"),
        ({"given": "", "family": ""}, Fault.MISSING, "family"),
        ({"date_of_birth": ""}, Fault.MISSING, "date_of_birth"),
        ({"date_of_birth": "0023-02-03"}, Fault.DATE, "date_of_birth"),
        ({"date_of_birth": "23-02-03"}, Fault.DATE, "date_of_birth"),
        ({"date_of_birth": "2015-02-30"}, Fault.DATE, "date_of_birth"),
        ({"date_of_birth": "2015-02"}, Fault.DATE, "date_of_birth"),
        ({"date_of_birth": "2026-11-30"}, Fault.DATE, "date_of_birth"),  # tomorrow
        ({"date_of_birth": "20150203"}, Fault.DATE, "date_of_birth"),
        ({"date_of_birth": "٢٠١٥-٠٢-٠٣"}, Fault.DATE, "date_of_birth"),
        ({"date_of_birth": "2001-11-29"}, Fault.TOO_OLD, "date_of_birth"),  # 25 today
        ({"date_of_death": "2015-02-02"}, Fault.DATE, "date_of_death"),
        ({"nhs_number": "9434765918"}, Fault.NUMBER, "nhs_number"),
        ({"pupil_number": "G801200001001"}, Fault.NUMBER, "pupil_number"),
        ({"former_pupil_number": "1"}, Fault.NUMBER, "former_pupil_number"),
        ({"gender": "Q"}, Fault.CODE, "gender"),
        ({"restricted": "perhaps"}, Fault.CODE, "restricted"),
        ({"postcode": "M33"}, Fault.CODE, "postcode"),
        ({"postcode": "Sale"}, Fault.CODE, "postcode"),
        ({"family": "Sm1th"}, Fault.NAME, "family"),
        ({"family": "Sm\x00th"}, Fault.NAME, "family"),
        ({"family": "."}, Fault.NAME, "family"),
        ({"town": "Sa\x07le"}, Fault.NAME, "town"),
        ({"family": "a" * 101}, Fault.TOO_LONG, "family"),
        ({"family": "a" * 5000}, Fault.TOO_LONG, "family"),
        ({"family": " ".join("abcdefghi")}, Fault.TOO_LONG, "family"),
        ({"address_1": "a" * 101}, Fault.TOO_LONG, "address"),
        ({"key": "1" * 65}, Fault.TOO_LONG, "key"),
        ({"town": "\u200b" * 5000}, Fault.TOO_LONG, "town"),
        ({"nhs_number": "1" * 5000}, Fault.TOO_LONG, "nhs_number"),
        ({"postcode": "1" * 5000}, Fault.TOO_LONG, "postcode"),
        ({"guardian_1_family": "Smith"}, Fault.CODE, "guardian_1_relation"),
        ({"guardian_1_family": "Smith", "guardian_1_relation": "aunt"}, Fault.CODE, "guardian_1_relation"),
        ({"guardian_2_telephone": "0161 496 0000"}, Fault.MISSING, "guardian_2_family"),
        ({"school_code": "106 283!"}, Fault.CODE, "school_code"),
        ({"school_started_on": "2020-09-01"}, Fault.MISSING, "school_code"),
        (
            {"school_code": "106283", "school_started_on": "2020-09-01", "school_ended_on": "2020-08-31"},
            Fault.DATE,
            "school_ended_on",
        ),
        (
            {"guardian_1_family": "Smith", "guardian_1_relation": "mother", "guardian_1_telephone": "999"},
            Fault.NUMBER,
            "guardian_1_telephone",
        ),
    ],
)
def test_row_is_refused(cells: dict[str, str], fault: Fault, field: str) -> None:
    assert refused(Format.TABLE, with_cell(**cells)) == (fault, field)


def test_row_with_too_few_or_too_many_cells_is_refused_by_itself() -> None:
    written = b"key,family,date_of_birth\r\n1,A\r\n2,B,2015-01-01,x\r\n3,C,2015-01-01\r\n"
    first, second, third = read(Format.TABLE, written)
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert (first.fault, second.fault) == (Fault.NOT_A_RECORD, Fault.NOT_A_RECORD)
    assert isinstance(third, Row)


def test_twenty_four_is_not_too_old_and_today_is_not_too_late() -> None:
    written = as_csv([SIMPLE | {"date_of_birth": "2001-11-30"}, SIMPLE | {"date_of_birth": "2026-11-29"}])
    assert [row.date_of_birth for row in rows(Format.TABLE, written)] == [date(2001, 11, 30), date(2026, 11, 29)]


def test_one_word_that_nobody_can_tell_apart_is_the_family_name() -> None:
    (row,) = rows(Format.TABLE, with_cell(given="Sukarno", family=""))
    assert row.name == RowName("", "Sukarno")


def test_no_fixed_abode_is_no_address() -> None:
    (row,) = rows(Format.TABLE, with_cell(address_1="No fixed abode", postcode="ZZ99 3VZ"))
    assert (row.address_state, row.postal) == (AddressState.NONE_KNOWN, None)


@pytest.mark.parametrize(
    ("order", "written"),
    [
        (DateOrder.YEAR_FIRST, "2015-08-31"),
        (DateOrder.DAY_FIRST, "31/08/2015"),
        (DateOrder.DAY_FIRST, "31.8.2015"),
        (DateOrder.MONTH_IN_LETTERS, "31 Aug 2015"),
        (DateOrder.MONTH_IN_LETTERS, "31-AUGUST-2015"),
        (DateOrder.WITHOUT_MARKS, "20150831"),
    ],
)
def test_dates_are_read_in_the_order_that_was_declared(order: DateOrder, written: str) -> None:
    declared = Mapping({each: each for each in REQUIRED}, dates=order)
    content = as_csv([{"key": "1", "family": "A", "date_of_birth": written}], sorted(REQUIRED))
    (row,) = rows(Format.TABLE, content, declared)
    assert row.date_of_birth == date(2015, 8, 31)


@pytest.mark.parametrize("field", sorted(FIELDS - REQUIRED))
def test_field_may_be_left_out(field: str) -> None:
    written = as_csv([{**dict.fromkeys(FIELDS - {field}, ""), **SIMPLE, "nhs_number": nhs_number(5)}])
    assert len(rows(Format.TABLE, written)) == 1
