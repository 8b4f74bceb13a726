"""A Common Transfer File: what is read of it, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest

from feeds.readers import Format
from feeds.readers.common_transfer import NEVER_GUARDIANS
from feeds.rows import Fault, Refused, RowAttendance, RowName
from registry.values import PostalAddress
from registry.vocabulary import Gender, Service
from tests.unit.feeds.people import BEN, all_refused, as_transfer_file, pupil_number, read, refused, rows

FORMAT = Format.COMMON_TRANSFER_FILE
WRITTEN = replace(BEN, confirmed_on=date(2026, 11, 1))
GOOD = as_transfer_file(WRITTEN)
HEAD = "<CTfile><Header><DateTime>2026-11-01T10:00:00</DateTime></Header><CTFpupilData>"
TAIL = "</CTFpupilData></CTfile>"
LAUGHS = """<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>"""
OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def pupil(more: str = "", **texts: str) -> bytes:
    said = {"UPN": pupil_number(9), "Surname": "Smith", "Forename": "Ann", "DOB": "2015-02-03"} | texts
    elements = "".join(f"<{tag}>{text}</{tag}>" for tag, text in said.items())
    return f"{HEAD}<Pupil>{elements}{more}</Pupil>{TAIL}".encode()


def contact(**texts: str) -> str:
    said = {"Surname": "Smith", "Relationship": "PAM", "Responsibility": "true"} | texts
    return (
        "<Contacts><Contact>"
        + "".join(f"<{tag}>{text}</{tag}>" for tag, text in said.items())
        + "</Contact></Contacts>"
    )


def school(**texts: str) -> str:
    return (
        "<SchoolHistory><School>"
        + "".join(f"<{tag}>{text}</{tag}>" for tag, text in texts.items())
        + "</School></SchoolHistory>"
    )


def test_whole_pupils_are_read() -> None:
    assert rows(FORMAT, GOOD) == [WRITTEN]


def test_line_is_where_the_pupil_begins() -> None:
    (only,) = read(FORMAT, GOOD)
    assert only.line == GOOD[: GOOD.index(b"<Pupil>")].count(b"\n") + 1


def test_middle_names_are_among_the_given_ones() -> None:
    (row,) = rows(FORMAT, pupil("<BasicDetails><MiddleNames>Mary Jane</MiddleNames></BasicDetails>"))
    assert row.name == RowName("Ann Mary Jane", "Smith")


def test_of_a_preferred_name_only_what_differs_is_said() -> None:
    (row,) = rows(FORMAT, pupil("<BasicDetails><PreferredSurname>Jones</PreferredSurname></BasicDetails>"))
    assert row.known_as == (RowName("Ann", "Jones"),)
    same = "<BasicDetails><PreferredSurname>Smith</PreferredSurname></BasicDetails>"
    assert rows(FORMAT, pupil(same))[0].known_as == ()


@pytest.mark.parametrize("around", ["{}", "<BS7666Address>{}</BS7666Address>"])
def test_address_in_parts_is_read_as_a_letter_has_it(around: str) -> None:
    parts = "<SAON>Flat 2</SAON><PAON>33</PAON><Street>Oak Road</Street><Town>Sale</Town>"
    (row,) = rows(FORMAT, pupil(f"<Address>{around.format(parts)}<PostCode>m334ab</PostCode></Address>"))
    assert row.postal == PostalAddress(("Flat 2", "33 Oak Road"), "Sale", "M33 4AB")


@pytest.mark.parametrize(("tag", "code", "gender"), [("Sex", "F", Gender.FEMALE), ("Gender", "M", Gender.MALE)])
def test_sex_was_called_gender_before_version_24(tag: str, code: str, gender: Gender) -> None:
    assert rows(FORMAT, pupil(**{tag: code}))[0].gender == gender


def test_school_without_urn_is_known_by_its_establishment_number() -> None:
    (row,) = rows(FORMAT, pupil(school(LEA="358", Estab="2001", EntryDate="2020-09-01")))
    assert row.attendances == (RowAttendance(Service.SCHOOL, "3582001", date(2020, 9, 1), None),)


@pytest.mark.parametrize(
    "nobody",
    [
        contact(Responsibility="false"),  # to be rung in an emergency
        contact(Relationship="DOC"),
        contact(Relationship="SWR"),
    ],
)
def test_whoever_has_neither_responsibility_nor_care_is_not_kept(nobody: str) -> None:
    assert rows(FORMAT, pupil(nobody))[0].guardians == ()


def test_whoever_cares_for_the_pupil_at_home_is_kept() -> None:
    at_home = contact(Responsibility="false", Relationship="STF", Address="<AddressAsPupil>true</AddressAsPupil>")
    (guardian,) = rows(FORMAT, pupil(at_home))[0].guardians
    assert (guardian.parental_responsibility, guardian.lives_with_child) == (False, True)


CODES = ["CAR", "CHM", "DOC", "FAM", "FOF", "FOM", "HTC", "OTH", "PAF", "PAM", "REL", "RLG", "STF", "STM", "SWR", "TCH"]


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_common_basic_data_set_is_known(code: str) -> None:
    (row,) = rows(FORMAT, pupil(contact(Relationship=code)))
    assert bool(row.guardians) == (code not in NEVER_GUARDIANS)


def test_first_of_several_telephones_is_the_one_to_ring() -> None:
    phones = "<Phone><PhoneNo>0161 496 0001</PhoneNo></Phone><Phone><PhoneNo>0161 496 0002</PhoneNo></Phone>"
    (guardian,) = rows(FORMAT, pupil(contact(Phones=phones)))[0].guardians
    assert guardian.telephone == "+441614960001"


@pytest.mark.parametrize(
    ("content", "fault", "field"),
    [
        (pupil(UPN=""), Fault.MISSING, "UPN"),
        (pupil(UPN="A123456789012"), Fault.NUMBER, "UPN"),
        (pupil(Surname="", Forename=""), Fault.MISSING, "Surname"),
        (pupil(Surname="=1+1"), Fault.FORMULA, "family"),
        (pupil(DOB=""), Fault.MISSING, "DOB"),
        (pupil(DOB="0023-02-03"), Fault.DATE, "DOB"),
        (pupil(DOB="2027-01-01"), Fault.DATE, "DOB"),
        (pupil(DOB="1999-01-01"), Fault.TOO_OLD, "DOB"),
        (pupil(Sex="X"), Fault.CODE, "Sex"),
        (pupil(Surname="a" * 5000), Fault.TOO_LONG, "Surname"),
        (pupil("<BasicDetails><FormerUPN>1</FormerUPN></BasicDetails>"), Fault.NUMBER, "FormerUPN"),
        (pupil("<Address><PostCode>nowhere</PostCode></Address>"), Fault.CODE, "postcode"),
        (pupil(contact(Relationship="XYZ")), Fault.CODE, "Relationship"),
        (pupil(contact(Responsibility="maybe")), Fault.CODE, "Responsibility"),
        (pupil(contact(Surname="")), Fault.MISSING, "contact_family"),
        (pupil(contact(Phones="<Phone><PhoneNo>12</PhoneNo></Phone>")), Fault.NUMBER, "PhoneNo"),
        (pupil(school(EntryDate="2020-09-01")), Fault.MISSING, "School"),
        (pupil(school(URN="106283", EntryDate="2020-09-01", LeavingDate="2019-07-01")), Fault.DATE, "LeavingDate"),
        (pupil(school(URN="106283") * 101), Fault.TOO_LONG, "SchoolHistory/School"),
    ],
)
def test_pupil_is_refused(content: bytes, fault: Fault, field: str) -> None:
    assert refused(FORMAT, content) == (fault, field)


def test_what_no_record_may_hold_is_not_sent_back() -> None:
    (only,) = read(FORMAT, GOOD.replace(b"2012-02-29", b"2012-02-30"))
    assert isinstance(only, Refused)
    assert b"2012-02-30" in only.written
    assert b"WBRI" not in only.written
    assert b"SENprovision" not in only.written
    assert b"0999" not in only.written


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.BROKEN),
        (GOOD[: len(GOOD) // 2], Fault.BROKEN),
        (GOOD[:-4], Fault.BROKEN),
        (GOOD + b"<CTfile/>", Fault.BROKEN),
        (b"<ATfile></ATfile>", Fault.BROKEN),
        (b"key,family,date_of_birth\r\n", Fault.BROKEN),
        (GOOD.decode().encode("utf-16"), Fault.ENCODING),
        (GOOD.replace("Żółw".encode(), b"\xc9mile"), Fault.ENCODING),
        (GOOD.replace(b'"utf-8"', b'"windows-1252"'), Fault.ENCODING),
        (GOOD.replace(b"2026-11-01T", b"2027-11-01T"), Fault.DATE),
        ((LAUGHS + HEAD + "<Pupil><UPN>&lol3;</UPN></Pupil>" + TAIL).encode(), Fault.BROKEN),
        ((OUTSIDE + HEAD + "<Pupil><UPN>&x;</UPN></Pupil>" + TAIL).encode(), Fault.BROKEN),
        (("<!DOCTYPE CTfile>" + HEAD + TAIL).encode(), Fault.BROKEN),
        (pupil(Surname="&undeclared;"), Fault.BROKEN),
        (pupil("<a>" * 40 + "</a>" * 40), Fault.BROKEN),
        # What a parser remembers for good must not grow without end.
        (pupil("".join(f"<a{number}/>" for number in range(1100))), Fault.BROKEN),
        (pupil("".join(f"<a b{number}=''/>" for number in range(1100))), Fault.BROKEN),
        (pupil("".join(f"<a xmlns:p{number}='u'/>" for number in range(1100))), Fault.BROKEN),
        (pupil(f"<{'a' * 500}/>"), Fault.BROKEN),
        (GOOD.replace(b"T10:00:00", b"Tomorrow"), Fault.DATE),
    ],
)
def test_what_spoils_all_of_it(content: bytes, fault: Fault) -> None:
    assert all_refused(FORMAT, content)[0] == fault


def test_mark_of_utf_8_makes_no_difference() -> None:
    assert rows(FORMAT, b"\xef\xbb\xbf" + GOOD) == [WRITTEN]


def test_elements_may_be_in_a_namespace() -> None:
    assert rows(FORMAT, GOOD.replace(b"<CTfile>", b'<CTfile xmlns="urn:example:ctf">')) == [WRITTEN]
