"""Searching for a Patient, and what is answered where nobody is."""

from datetime import timedelta

import pytest

from audit.events import EventKind, Outcome
from tests.integration.api.fhir.asking import AMINA, NHS, OURS, FhirAsking, extensions, refused, resource, wrong_in
from tests.integration.registry.people import BORN, HOME, NHS_NUMBER, PUPIL_NUMBER, AddChildren, Town, draft
from tests.log import events, last_event


def test_child_is_found_with_what_tells_two_apart_and_it_is_in_the_log(teacher: FhirAsking) -> None:
    (entry,) = teacher.found()
    patient = entry["resource"]
    assert entry["fullUrl"] == f"{OURS}/Patient/{patient['id']}"
    assert entry["search"]["mode"] == "match"
    assert entry["search"]["score"] == 1
    assert [each["valueString"] for each in extensions(entry["search"], "why")][:2] == [
        "same family name",
        "same given name",
    ]
    assert [(each["use"], each["text"]) for each in patient["name"]] == [
        ("official", "Amina Hussain"),
        ("old", "Amina Malik"),
        ("nickname", "Mina Hussain"),
    ]
    assert patient["name"][0]["given"] == ["Amina"]
    assert (patient["gender"], patient["birthDate"]) == ("female", "2017-04-09")
    assert patient["address"] == [{"use": "home", "text": "Sale, M33"}]
    assert patient["meta"]["security"][0]["code"] == "U"
    assert set(patient) == {"resourceType", "id", "meta", "name", "gender", "birthDate", "address"}

    asked, listed = events(kind__startswith="child.", process="")
    assert [asked.kind, listed.kind] == ["child.searched", "child.listed"]
    assert asked.trail == listed.trail
    assert {asked.actor_id, listed.actor_id} == {teacher.person.pk}


@pytest.mark.parametrize(
    "asked",
    [
        {"given": "Amina", "family": "Hussain", "birthdate": "2017-04-09"},
        {"given": "amena", "family": "husain", "birthdate": "2017-04"},
        {"given": "Amina", "family": "Hussain", "birthdate": "eq2017"},
        {"given": "Amina", "family": "Hussain", "birthdate": ["ge2017-01-01", "le2017-12-31"]},
        {"given": "Amina", "family": "Hussain", "birthdate": ["le2017-04-30", "ge2017-04-01"]},
        {"given": ["Amina", "Noor"], "family": "Hussain", "birthdate": "eq2017-04-09"},
        {"family": "Malik", "address-postalcode": HOME},
        {"given": "Amina", "family": "Hussain", "address-postalcode": "M33"},
        {"given": "Amina", "birthdate": "eq2017-04-09", "gender": "female", "_max-results": "1", "_format": "json"},
        {"identifier": f"{NHS}|{NHS_NUMBER}"},
        {"identifier": f"{OURS}/Id/unique-pupil-number|{PUPIL_NUMBER}"},
    ],
    ids=str,
)
def test_each_parameter_is_read(teacher: FhirAsking, asked: dict[str, str | list[str]]) -> None:
    assert [each["resource"]["name"][0]["text"] for each in teacher.found(asked)] == ["Amina Hussain"]


def test_registry_number_is_found_by_its_system(teacher: FhirAsking) -> None:
    patient = resource(teacher.read(teacher.id_of()))
    (own,) = [each for each in patient["identifier"] if each["system"] == f"{OURS}/Id/registry-number"]
    assert len(teacher.found({"identifier": f"{own['system']}|{own['value']}"})) == 1


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"given": "Amina"}, {"": "INVALID_SEARCH_DATA"}),
        ({"family": "", "birthdate": "2017-04-09"}, {"": "INVALID_SEARCH_DATA"}),
        ({"family": "H", "birthdate": "2017"}, {"family": "INVALID_SEARCH_DATA"}),
        ({**AMINA, "birthdate": "gt2017-04-09"}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": "ge2017-04-09"}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": ["ge2017-04-01", "le2017-05-31"]}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": ["ge2017-04-02", "le2017-04-30"]}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": ["ge2017-02-01", "le2017-02-29"]}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": ["ge2017-13-01", "le2017-13-31"]}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": ["ge0000-04-01", "le0000-04-30"]}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": ["ge2017-04-01", "ge2017-04-30"]}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": "2017-02-31"}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "birthdate": "2999-01-01"}, {"birthdate": "INVALID_VALUE"}),
        ({**AMINA, "gender": "other"}, {"gender": "INVALID_VALUE"}),
        ({**AMINA, "address-postalcode": "LS*"}, {"address-postalcode": "INVALID_VALUE"}),
        ({**AMINA, "family": "Sm*"}, {"family": "INVALID_VALUE"}),
        ({**AMINA, "family": ["Hussain", "Malik"]}, {"family": "INVALID_VALUE"}),
        ({**AMINA, "given": ["A"] * 9}, {"given": "INVALID_VALUE"}),
        ({**AMINA, "given": "A" * 201}, {"given": "INVALID_VALUE"}),
        (
            {**AMINA, "family:exact": "Hussain", "phone": "0"},
            dict.fromkeys(["family:exact", "phone"], "ADDITIONAL_PROPERTIES"),
        ),
        ({**AMINA, "_max-results": "11"}, {"_max-results": "INVALID_VALUE"}),
        ({**AMINA, "_max-results": "0"}, {"_max-results": "INVALID_VALUE"}),
        ({**AMINA, "_format": "xml"}, {"_format": "INVALID_VALUE"}),
        ({"identifier": NHS_NUMBER}, {"identifier": "INVALID_VALUE"}),
        ({"identifier": f"|{NHS_NUMBER}"}, {"identifier": "INVALID_VALUE"}),
        ({"identifier": f"{NHS}|"}, {"identifier": "INVALID_VALUE"}),
        ({"identifier": f"{NHS}|9434765918"}, {"identifier": "INVALID_VALUE"}),
        ({"identifier": f"{NHS}|{PUPIL_NUMBER}"}, {"identifier": "INVALID_VALUE"}),
        ({"identifier": f"https://elsewhere.example/|{NHS_NUMBER}"}, {"identifier": "INVALID_VALUE"}),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_of_its_parameter(
    teacher: FhirAsking, asked: dict[str, str | list[str]], wrong: dict[str, str]
) -> None:
    assert wrong_in(teacher.search(asked)) == wrong
    assert not events(kind=EventKind.CHILD_SEARCHED)


@pytest.mark.parametrize("query", ["?family=Hussain", "?identifier=x", "", "?_id=1"])
def test_nothing_is_asked_in_an_address(teacher: FhirAsking, query: str) -> None:
    answer = teacher.send("GET", f"/Patient{query}")
    (issue,) = refused(answer, 405, "method_not_allowed", "UNSUPPORTED_SERVICE")
    assert "POST Patient/_search" in issue["diagnostics"]
    assert answer["Allow"] == ""
    answer = teacher.send("POST", f"/Patient/_search{query or '?family=Hussain'}", b"birthdate=2017-04-09")
    assert set(wrong_in(answer).values()) == {"ADDITIONAL_PROPERTIES"}
    assert not events(kind=EventKind.CHILD_SEARCHED)


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"{}", "application/json", (415, "not_json")),
        (b"family=Hussain", "multipart/form-data; boundary=x", (415, "not_json")),
        (b"family", "application/x-www-form-urlencoded", (400, "malformed")),
        (b"family=%ff", "application/x-www-form-urlencoded", (400, "malformed")),
        (b"family=\xff", "application/x-www-form-urlencoded", (400, "malformed")),
        (b"&".join([b"given=A"] * 51), "application/x-www-form-urlencoded", (400, "malformed")),
        (b"family=" + b"A" * 65_536, "application/x-www-form-urlencoded", (413, "too_large")),
    ],
    ids=lambda each: repr(each)[:30],
)
def test_body_is_a_form(teacher: FhirAsking, body: bytes, kind: str, expected: tuple[int, str]) -> None:
    refused(teacher.send("POST", "/Patient/_search", body, **{"Content-Type": kind}), *expected)


def test_empty_search_asks_for_more(teacher: FhirAsking) -> None:
    assert wrong_in(teacher.send("POST", "/Patient/_search")) == {"": "INVALID_SEARCH_DATA"}


def test_nobody_fits(teacher: FhirAsking) -> None:
    assert teacher.found({**AMINA, "given": "Xanthippe", "family": "Wolfeschlegel"}) == []
    assert last_event(kind=EventKind.CHILD_LISTED).outcome == Outcome.NO_MATCH


def test_too_many_are_not_shown(teacher: FhirAsking, town: Town, add: AddChildren) -> None:
    add(*(draft(town, given="Ann", date_of_birth=BORN + timedelta(days=day)) for day in range(12)))
    answer = teacher.search({"given": "Ann", "family": "Hussain", "birthdate": "2017"})
    (issue,) = refused(answer, 422, "too_many_matches", "TOO_MANY_MATCHES")
    assert issue["code"] == "multiple-matches"
    assert issue["diagnostics"] == "Nobody is shown. Add the date of birth."
    listed = last_event(kind=EventKind.CHILD_LISTED)
    assert (listed.outcome, listed.shown) == (Outcome.TOO_MANY, [])


def test_fewer_are_shown_where_fewer_are_asked_for(teacher: FhirAsking, town: Town, add: AddChildren) -> None:
    add(*(draft(town, given="Ann", date_of_birth=BORN + timedelta(days=day)) for day in range(3)))
    asked = {"given": "Ann", "family": "Hussain", "birthdate": "2017-04"}
    assert len(teacher.found(asked)) == len(teacher.found(asked | {"_max-results": "3"})) == 3
    refused(teacher.search(asked | {"_max-results": "2"}), 422, "too_many_matches")
    assert last_event(kind=EventKind.CHILD_LISTED).shown == []


def test_score_falls_with_what_does_not_fit(teacher: FhirAsking) -> None:
    asked = [AMINA, AMINA | {"given": "Amena"}, AMINA | {"given": "Amena", "birthdate": "2017-09-04"}]
    scores = [teacher.found(each)[0]["search"]["score"] for each in asked]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3
    assert all(0 <= each <= 1 for each in scores)
