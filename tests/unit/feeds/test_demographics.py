"""Patients of the Personal Demographics Service: what is read of them, and what is refused."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from feeds.readers import Format
from feeds.readers.demographics import LONGEST_DOCUMENT
from feeds.rows import Fault, Refused, Row, RowName
from registry.values import PostalAddress
from registry.vocabulary import AddressState, Gender
from tests.unit.feeds.people import ANN, SECURITY, all_refused, as_lines, as_patient, nhs_number, read, refused, rows

FORMAT = Format.DEMOGRAPHICS
GOOD = as_patient(ANN)
SIMPLE: dict[str, Any] = {key: GOOD[key] for key in ("resourceType", "id", "meta", "identifier", "birthDate")} | {
    "name": [{"use": "usual", "family": "Smith", "given": ["Ann"]}]
}


def one(**parts: Any) -> bytes:
    return as_lines([SIMPLE | parts])


def bundle(*patients: Any) -> dict[str, Any]:
    entries = [{"fullUrl": "https://pds.example/1", "resource": each, "search": {"score": 1}} for each in patients]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def test_whole_patients_are_read() -> None:
    assert rows(FORMAT, as_lines([GOOD, GOOD])) == [ANN, ANN]


def test_last_line_needs_no_end() -> None:
    assert rows(FORMAT, as_lines([GOOD])[:-1]) == [ANN]


@pytest.mark.parametrize("spaces", [None, 4])
def test_bundle_is_read_on_one_line_or_on_many(spaces: int | None) -> None:
    written = json.dumps(bundle(GOOD, SIMPLE), indent=spaces, ensure_ascii=False).encode()
    found = read(FORMAT, written)
    assert [replace(each, line=0) for each in found[:1] if isinstance(each, Row)] == [ANN]
    lines = [1 + written[: written.index(b'"versionId"')].count(b"\n")]
    assert len(found) == 2
    assert found[0].line <= lines[0]
    assert (found[1].line > found[0].line) is bool(spaces)


def test_patient_on_many_lines_is_read() -> None:
    assert rows(FORMAT, json.dumps(GOOD, indent=1).encode()) == [ANN]


def test_line_of_each_patient_of_a_bundle_is_where_it_begins() -> None:
    written = json.dumps(bundle(SIMPLE, SIMPLE), indent=2).encode()
    starts = [at + 1 for at, line in enumerate(written.splitlines()) if b'"resource":' in line]
    assert [each.line for each in read(FORMAT, written)] == starts


def test_what_is_no_patient_in_a_bundle_is_refused_by_itself() -> None:
    written = json.dumps(bundle({"resourceType": "RelatedPerson", "id": "1"}, GOOD, 7)).encode()
    found = read(FORMAT, written)
    assert [isinstance(each, Row) for each in found] == [False, True, False]


@pytest.mark.parametrize("code", ["R", "V", "REDACTED", "something new"])
def test_whatever_is_not_unrestricted_is_restricted(code: str) -> None:
    (row,) = rows(FORMAT, one(meta={"security": [{"system": SECURITY, "code": code}]}))
    assert row.restricted
    assert row.postal is None


def test_unrestricted_beside_restricted_is_restricted() -> None:
    codes = [{"system": SECURITY, "code": code} for code in ("U", "R")]
    assert rows(FORMAT, one(meta={"security": codes}))[0].restricted


def test_replaced_number_is_told_with_the_one_that_goes_on() -> None:
    by_reference = {"type": "replaced-by", "other": {"reference": f"Patient/{nhs_number(77)}"}}
    by_identifier = {"type": "replaced-by", "other": {"identifier": {"value": nhs_number(77)}}}
    for link in (by_reference, by_identifier):
        assert rows(FORMAT, one(link=[link]))[0].superseded_by == nhs_number(77)
    assert rows(FORMAT, one(link=[{"type": "replaces", "other": {"reference": "Patient/1"}}]))[0].superseded_by == ""


def test_names_are_told_apart_by_use_and_by_time() -> None:
    ended = {"start": "2015-01-01", "end": "2020-01-01"}
    names = [
        {"use": "usual", "family": "Old", "given": ["Ann"], "period": ended},
        {"use": "usual", "family": "New", "given": ["Ann", "Mary"], "period": {"start": "2020-01-02"}},
        {"use": "maiden", "family": "Born", "given": ["Ann"]},
        {"use": "nickname", "family": "New", "given": ["Annie"]},
        {"use": "temp", "family": "Unknown", "given": ["Baby"]},
        {"use": "anonymous", "family": "X", "given": ["Y"]},
    ]
    (row,) = rows(FORMAT, one(name=names))
    assert row.name == RowName("Ann Mary", "New")
    assert row.known_as == (RowName("Annie", "New"),)
    assert row.former == (RowName("Ann", "Old"), RowName("Ann", "Born"))


def test_official_name_comes_before_the_usual_one() -> None:
    names = [{"use": "usual", "family": "Jones"}, {"use": "official", "family": "Smith"}]
    (row,) = rows(FORMAT, one(name=names))
    assert (row.name.family, [each.family for each in row.known_as]) == ("Smith", ["Jones"])


def test_home_that_holds_now_is_the_address() -> None:
    homes = [
        {
            "use": "home",
            "line": ["1 Old Road"],
            "postalCode": "M1 1AA",
            "period": {"start": "2015", "end": "2020-01-01"},
        },
        {"use": "home", "line": ["2 New Road", "SALE"], "postalCode": "M33 4AB", "period": {"start": "2020-01-01"}},
        {"use": "temp", "line": ["3 Elsewhere"], "postalCode": "M2 2AA"},
    ]
    (row,) = rows(FORMAT, one(address=homes))
    assert (row.address_state, row.postal) == (
        AddressState.CURRENT,
        PostalAddress(("2 New Road", "SALE"), "", "M33 4AB"),
    )
    (row,) = rows(FORMAT, one(address=homes[:1]))
    assert row.address_state == AddressState.LAST_KNOWN


def test_no_fixed_abode_is_no_address() -> None:
    (row,) = rows(FORMAT, one(address=[{"use": "home", "line": ["NFA"], "postalCode": "ZZ99 3VZ"}]))
    assert (row.address_state, row.postal) == (AddressState.NONE_KNOWN, None)


def test_day_of_death_is_the_day_that_was_written() -> None:
    (row,) = rows(FORMAT, one(deceasedDateTime="2020-10-22T23:59:00-05:00"))
    assert row.date_of_death == date(2020, 10, 22)


@pytest.mark.parametrize("gender", ["other", "unknown"])
def test_other_genders_are_not_specified(gender: str) -> None:
    assert rows(FORMAT, one(gender=gender))[0].gender == Gender.NOT_SPECIFIED


@pytest.mark.parametrize(
    ("parts", "fault", "field"),
    [
        ({"birthDate": "2015-02"}, Fault.DATE, "birthDate"),
        ({"birthDate": "2015"}, Fault.DATE, "birthDate"),
        ({"birthDate": ""}, Fault.MISSING, "birthDate"),
        ({"birthDate": "0023-01-01"}, Fault.DATE, "birthDate"),
        ({"birthDate": "2026-11-30"}, Fault.DATE, "birthDate"),
        ({"birthDate": "1999-01-01"}, Fault.TOO_OLD, "birthDate"),
        ({"identifier": []}, Fault.MISSING, "identifier"),
        ({"identifier": [{"system": "https://fhir.example/other", "value": "1"}]}, Fault.MISSING, "identifier"),
        ({"identifier": [{**SIMPLE["identifier"][0], "value": "9434765918"}]}, Fault.NUMBER, "identifier"),
        ({"id": nhs_number(7)}, Fault.NUMBER, "identifier"),
        ({"meta": {}}, Fault.MISSING, "meta.security"),
        ({"name": []}, Fault.MISSING, "name"),
        ({"name": [{"use": "temp", "family": "X"}]}, Fault.MISSING, "name"),
        ({"name": [{"use": "usual"}]}, Fault.MISSING, "name"),
        ({"name": [{"use": "usual", "family": "Sm1th"}]}, Fault.NAME, "name.family"),
        ({"name": [{"use": "usual", "family": "@SUM(A1)"}]}, Fault.FORMULA, "name.family"),
        ({"name": [{"use": "usual", "family": "X", "given": ["Ann"] * 3000}]}, Fault.TOO_LONG, "name.given"),
        ({"name": [{"use": "usual", "family": "X"}] * 101}, Fault.TOO_LONG, "Patient"),
        ({"gender": "f"}, Fault.CODE, "gender"),
        ({"deceasedBoolean": True}, Fault.MISSING, "deceasedDateTime"),
        ({"deceasedDateTime": "2020"}, Fault.DATE, "deceasedDateTime"),
        ({"deceasedDateTime": "2020-01-01Tea"}, Fault.DATE, "deceasedDateTime"),
        ({"address": [{"use": "home", "line": ["\ufdfa" * 50_000]}]}, Fault.TOO_LONG, "address"),
        ({"birthDate": "2015-01-01" * 5000}, Fault.DATE, "birthDate"),
        ({"deceasedDateTime": "2014-01-01T00:00:00+00:00"}, Fault.DATE, "deceasedDateTime"),
        ({"address": [{"use": "home", "line": ["x"], "postalCode": "?"}]}, Fault.CODE, "postcode"),
        ({"link": [{"type": "replaced-by", "other": {"reference": "Patient/1"}}]}, Fault.NUMBER, "link"),
        (
            {"generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code"}}]},
            Fault.MISSING,
            "generalPractitioner",
        ),
    ],
)
def test_patient_is_refused(parts: dict[str, Any], fault: Fault, field: str) -> None:
    assert refused(FORMAT, one(**parts)) == (fault, field)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"7",
        b"null",
        b"not json",
        b'{"resourceType": "RelatedPerson"}',
        b'{"resourceType": "Patient", "name": "Ann"}',
        b'{"resourceType": "Patient", "name": [{"family": "A"}',  # half a line that was ended
        b'{"resourceType": "Patient", "id": "\\ud800"}',  # half a character
        b"[" * 100_000 + b"]" * 100_000,
        b'{"resourceType": "Patient", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_line_that_is_no_patient_is_refused_by_itself(line: bytes) -> None:
    found = read(FORMAT, as_lines([GOOD]) + line + b"\n" + as_lines([GOOD]))
    assert [isinstance(each, Row) for each in found] == [True, False, True]
    assert isinstance(found[1], Refused)
    assert (found[1].line, found[1].fault) == (2, Fault.NOT_A_RECORD)


def test_first_line_that_is_half_a_patient_is_refused_by_itself() -> None:
    found = read(FORMAT, b'{"resourceType": "Patient", "name": [{"family": "A"}\n' + as_lines([GOOD]))
    assert [isinstance(each, Row) for each in found] == [False, True]


def test_line_that_is_too_long_is_refused_by_itself() -> None:
    long = b'{"resourceType": "Patient", "text": "' + b"x" * LONGEST_DOCUMENT + b'"}\n'
    found = read(FORMAT, as_lines([GOOD]) + long + as_lines([GOOD]))
    assert [isinstance(each, Row) for each in found] == [True, False, True]
    assert isinstance(found[1], Refused)
    assert (found[1].line, found[1].fault) == (2, Fault.TOO_LONG)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (as_lines([GOOD]) + as_lines([GOOD])[:200], Fault.BROKEN),
        (as_lines([GOOD])[:200], Fault.BROKEN),
        (json.dumps(bundle(GOOD, GOOD), indent=1).encode()[:-20], Fault.BROKEN),
        (json.dumps(bundle(*[GOOD] * 2000), indent=1).encode(), Fault.TOO_LARGE),
        (as_lines([GOOD]).decode().encode("utf-16"), Fault.ENCODING),
        (as_lines([GOOD]).decode().encode("cp1252"), Fault.ENCODING),
        (as_lines([SIMPLE | {"text": "é"}]).decode().encode("cp1252"), Fault.ENCODING),
    ],
)
def test_what_spoils_all_of_it(content: bytes, fault: Fault) -> None:
    assert all_refused(FORMAT, content)[0] == fault


def test_what_is_not_read_is_not_sent_back() -> None:
    (only,) = read(FORMAT, as_lines([GOOD | {"birthDate": "2015"}]))
    assert isinstance(only, Refused)
    assert b"O'Brien" in only.written
    assert b"01614960999" not in only.written
    assert b"fhir.example" not in only.written


def test_mark_of_utf_8_makes_no_difference() -> None:
    assert rows(FORMAT, b"\xef\xbb\xbf" + as_lines([GOOD])) == [ANN]
