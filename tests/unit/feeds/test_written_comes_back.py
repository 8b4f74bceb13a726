"""What a supplier's software writes in a format comes back equal, however its bytes arrive."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.readers import READERS, Format
from feeds.readers.delimited import FIELDS, Mapping
from feeds.readers.values import DateOrder
from feeds.rows import Row, RowAttendance, RowGuardian, RowName
from registry.values import PostalAddress
from registry.vocabulary import AddressState, Gender, Relation, Service
from tests.unit.feeds.people import (
    TODAY,
    Dripping,
    as_cells,
    as_csv,
    as_lines,
    as_patient,
    as_transfer_file,
    nhs_number,
    pupil_number,
)

LETTERS = "abcxyzABCXYZéøßŁŻñИяあ李مح"
# Words of a name with one mark between them, as people write them: "Anne-Marie", "O'Brien", "van der Berg".
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=4)
NAMES = st.builds(lambda words, mark: mark.join(words), WORDS, st.sampled_from(" -'"))
FULL_NAMES = st.builds(RowName, NAMES, NAMES)
BIRTHS = st.dates(TODAY - timedelta(days=365 * 24), TODAY)
NHS = st.integers(0, 900_000).map(nhs_number)
PUPILS = st.integers(0, 900_000_000).map(pupil_number)
LINES = st.text("abcABC 0123456789,.'/&é", min_size=1, max_size=30).map(lambda text: " ".join(("1 " + text).split()))
POSTCODES = st.sampled_from(["", "M33 4AB", "SW1A 1AA", "B1 1AA"])
POSTAL = st.builds(PostalAddress, st.lists(LINES, min_size=1, max_size=3).map(tuple), NAMES, POSTCODES)
GUARDIANS = st.builds(
    RowGuardian,
    NAMES,
    NAMES,
    st.sampled_from([Relation.MOTHER, Relation.FATHER, Relation.CARER]),
    st.just(value=True),
    st.booleans(),
    st.sampled_from(["", "+441614960000", "+447700900982"]),
)


def attendances(service: Service, codes: list[str]) -> st.SearchStrategy[RowAttendance]:
    ended = st.none() if service == Service.GP else st.dates(date(2020, 1, 1), TODAY) | st.none()
    started = st.dates(date(2005, 1, 1), date(2019, 12, 31)) | st.none()
    return st.builds(RowAttendance, st.just(service), st.sampled_from(codes), started, ended)


@st.composite
def children(draw: st.DrawFn) -> Row:
    """A child of whom everything is said that any format can say."""
    name, other, former = draw(st.lists(FULL_NAMES, min_size=3, max_size=3, unique=True))
    postal = draw(POSTAL | st.none())
    born = draw(BIRTHS)
    nhs, upn = draw(NHS), draw(PUPILS)
    return Row(
        line=0,
        key=nhs,
        name=name,
        date_of_birth=born,
        known_as=draw(st.sampled_from([(), (other,)])),
        former=draw(st.sampled_from([(), (former,)])),
        gender=draw(st.sampled_from(Gender)),
        nhs_number=nhs,
        pupil_number=upn,
        former_pupil_number=draw(st.just("") | PUPILS),
        address_state=AddressState.CURRENT if postal else None,
        postal=postal,
        guardians=tuple(draw(st.lists(GUARDIANS, max_size=3))),
        attendances=tuple(
            draw(attendances(*each))
            for each in ((Service.SCHOOL, ["106283", "106284"]), (Service.GP, ["P91004", "Y00001"]))
        ),
        date_of_death=draw(st.none() | st.dates(born, TODAY)),
        restricted=draw(st.booleans()),
        superseded_by=draw(st.just("") | NHS),
        confirmed_on=draw(st.dates(date(2020, 1, 1), TODAY)),
    )


def come_back(kind: Format, written: bytes, drop: int, mapping: Mapping | None = None) -> list[Row]:
    found = list(READERS[kind](Dripping(written, drop), today=TODAY, mapping=mapping))
    assert all(isinstance(each, Row) for each in found), found
    return [replace(each, line=0) for each in found if isinstance(each, Row)]


@given(st.lists(children(), max_size=4), st.integers(1, 300))
def test_table(written: list[Row], drop: int) -> None:
    content = as_csv([as_cells(row) for row in written], sorted(FIELDS))
    assert come_back(Format.TABLE, content, drop) == written


@given(children(), st.permutations(sorted(FIELDS)))
def test_table_under_any_headings_in_any_order(written: Row, headings: list[str]) -> None:
    declared = Mapping({field: f"Their {heading}" for field, heading in zip(sorted(FIELDS), headings, strict=True)})
    declared = Mapping.from_json(declared.to_json())
    cells = {declared.columns[field]: text for field, text in as_cells(written).items()}
    content = as_csv([cells], [f"Their {heading}" for heading in headings])
    assert come_back(Format.TABLE, content, 1000, declared) == [written]


@given(st.dates(TODAY - timedelta(days=365 * 24), TODAY), st.sampled_from(DateOrder))
def test_dates_in_every_order(born: date, order: DateOrder) -> None:
    forms = {
        DateOrder.YEAR_FIRST: born.isoformat(),
        DateOrder.DAY_FIRST: born.strftime("%d/%m/%Y"),
        DateOrder.MONTH_IN_LETTERS: born.strftime("%d %b %Y"),
        DateOrder.WITHOUT_MARKS: born.strftime("%Y%m%d"),
    }
    declared = Mapping({"key": "k", "family": "f", "date_of_birth": "d"}, dates=order)
    (row,) = come_back(Format.TABLE, f"k,f,d\r\n1,A,{forms[order]}\r\n".encode(), 1000, declared)
    assert row.date_of_birth == born


@given(children(), st.integers(1, 300))
def test_transfer_file(written: Row, drop: int) -> None:
    schools = tuple(each for each in written.attendances if each.service == Service.SCHOOL)
    written = replace(
        written,
        key=written.pupil_number,
        nhs_number="",
        attendances=schools,
        date_of_death=None,
        restricted=False,
        superseded_by="",
    )
    assert come_back(Format.COMMON_TRANSFER_FILE, as_transfer_file(written), drop) == [written]


@given(st.lists(children(), max_size=4), st.integers(1, 300))
def test_patients(written: list[Row], drop: int) -> None:
    patients = [
        replace(
            row,
            pupil_number="",
            former_pupil_number="",
            guardians=(),
            attendances=tuple(each for each in row.attendances if each.service == Service.GP),
            confirmed_on=None,
        )
        for row in written
    ]
    assert come_back(Format.DEMOGRAPHICS, as_lines([as_patient(row) for row in patients]), drop) == patients
