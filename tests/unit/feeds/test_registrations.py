"""Registrations of births and of deaths, under the headings that are meant unless others are declared."""

from datetime import date

from feeds.readers import Format
from feeds.readers.delimited import Mapping
from feeds.readers.registrations import BIRTHS, DEATHS
from feeds.rows import Fault, RowGuardian, RowName
from registry.vocabulary import Gender, Relation
from tests.unit.feeds.people import all_refused, as_csv, nhs_number, refused, rows

CHILD = {
    "Entry number": "BTA/2026/0001",
    "Forenames": "Ann Mary",
    "Surname": "Smith",
    "Sex": "Female",
    "NHS number": nhs_number(3),
    "Date of birth": "01/11/2026",
    "Address line 1": "33 Oak Road",
    "Town": "Sale",
    "Postcode": "M33 4AB",
    "Date of registration": "20/11/2026",
}
BORN = CHILD | {
    "Parent 1 forenames": "Jane",
    "Parent 1 surname": "Smith",
    "Parent 1 is": "Mother",
    "Parent 1 has parental responsibility": "Y",
    "Parent 1 lives at the address": "Y",
}


def test_birth_is_read() -> None:
    (row,) = rows(Format.BIRTHS, as_csv([BORN], list(BIRTHS.columns.values())))
    assert (row.key, row.name, row.gender) == ("BTA/2026/0001", RowName("Ann Mary", "Smith"), Gender.FEMALE)
    assert (row.date_of_birth, row.confirmed_on) == (date(2026, 11, 1), date(2026, 11, 20))
    assert row.guardians == (RowGuardian("Jane", "Smith", Relation.MOTHER, True, True),)


def test_death_is_read() -> None:
    (row,) = rows(Format.DEATHS, as_csv([CHILD | {"Date of death": "02/11/2026"}], list(DEATHS.columns.values())))
    assert row.date_of_death == date(2026, 11, 2)


def test_death_without_its_day_is_refused() -> None:
    written = as_csv([CHILD], list(DEATHS.columns.values()))
    assert refused(Format.DEATHS, written) == (Fault.MISSING, "date_of_death")


def test_death_before_birth_is_refused() -> None:
    written = as_csv([CHILD | {"Date of death": "31/10/2026"}], list(DEATHS.columns.values()))
    assert refused(Format.DEATHS, written) == (Fault.DATE, "date_of_death")


def test_headings_of_the_one_are_not_those_of_the_other() -> None:
    written = as_csv([CHILD | {"Date of death": "02/11/2026"}], list(DEATHS.columns.values()))
    assert all_refused(Format.BIRTHS, written) == (Fault.HEADER, 1)


def test_supplier_may_declare_other_headings() -> None:
    declared = Mapping({"key": "ID", "family": "Name", "date_of_birth": "Born", "date_of_death": "Died"})
    written = b"ID,Name,Born,Died\r\n1,Smith,2020-01-01,2020-01-02\r\n"
    assert rows(Format.DEATHS, written, declared)[0].date_of_death == date(2020, 1, 2)
    assert len(rows(Format.BIRTHS, written, declared)) == 1
