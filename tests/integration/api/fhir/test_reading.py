"""A record as FHIR, and what an id leads to."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from access.models import Organisation, OrganisationKind
from api.fhir.ids import child_of, id_for
from audit.events import EventKind
from audit.reasons import Reason
from registry.vocabulary import AddressState, Gender, Service
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.api.asking import system_of
from tests.integration.api.fhir.asking import (
    AMINA,
    NHS,
    OURS,
    FhirAsking,
    Resource,
    extensions,
    refused,
    resource,
    told,
    wrong_in,
)
from tests.integration.registry.emergencies import build_refuge
from tests.integration.registry.people import (
    NHS_NUMBER,
    PUPIL_NUMBER,
    AddChildren,
    Town,
    address,
    draft,
    guardian,
    involvement,
)
from tests.log import events, last_event

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")  # as FHIR has it


@pytest.fixture
def everything(teacher: FhirAsking, town: Town, as_owner: OwnerContext) -> Resource:
    """All of the child's record, whose practice has the code that the NHS gave it."""
    with as_owner():
        Organisation.objects.filter(pk=town.practice.pk).update(directory_code="P91011")
    return resource(teacher.everything(teacher.id_of()))


def systems(patient: Resource) -> dict[str, str]:
    return {each["system"]: each["value"] for each in patient["identifier"]}


def test_who_the_child_is(everything: Resource, town: Town) -> None:
    (patient,) = told(everything, "Patient")
    assert ID.fullmatch(patient["id"])
    assert [each["use"] for each in patient["name"]] == ["official", "old", "nickname"]
    assert (patient["gender"], patient["birthDate"]) == ("female", "2017-04-09")
    assert {NHS_NUMBER, PUPIL_NUMBER} < set(systems(patient).values())
    assert systems(patient)[NHS] == NHS_NUMBER
    assert "extension" in patient["identifier"][1]
    home, earlier = sorted(patient["address"], key=lambda each: each["use"])
    assert home | {"extension": []} == {
        "extension": [],
        "use": "home",
        "line": ["12 Hidden Lane"],
        "city": "Sale",
        "postalCode": "M33 4AB",
        "period": {"start": "2020-05-01"},
    }
    assert earlier["period"]["end"] == "2020-05-01"
    assert patient["generalPractitioner"] == [
        {"type": "Organization", "identifier": {"system": ODS, "value": "P91011"}, "display": town.practice.name}
    ]
    assert patient["managingOrganization"] == {"reference": "#authority"}
    (authority,) = patient["contained"]
    assert authority["name"] == town.authority.name
    assert authority["telecom"] == [{"system": "phone", "value": town.authority.telephone}]
    assert patient["meta"]["security"] == [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
            "code": "U",
            "display": "unrestricted",
        }
    ]


def test_who_cares_for_the_child_and_who_works_with_them(everything: Resource, town: Town) -> None:
    entries = everything["entry"]
    where = entries[0]["fullUrl"]
    assert [each["search"]["mode"] for each in entries] == ["match", *["include"] * (len(entries) - 1)]
    assert everything["total"] == 1

    guardians = told(everything, "RelatedPerson")
    assert [each["name"][0]["text"] for each in guardians] == ["Farah Hussain", "Yusuf Hussain"]
    for each in guardians:
        assert each["patient"] == {"reference": where}
        assert {coding["code"] for coding in each["relationship"][0]["coding"]} == {"parent", "PRN"}
        assert each["telecom"] == [{"system": "phone", "value": "+447700900123"}]
        assert extensions(each, "parental-responsibility")[0]["valueBoolean"] is True

    places = {
        each["fullUrl"]: each["resource"] for each in entries if each["resource"]["resourceType"] == "Organization"
    }
    teams = told(everything, "CareTeam")
    assert [(each["name"], each["status"]) for each in teams] == [
        ("Early help", "active"),
        ("Children's social care", "active"),
        ("School or college", "active"),
        ("GP practice", "active"),
        ("Police", "inactive"),
    ]
    for each in teams:
        assert each["subject"] == {"reference": where}
        assert each["telecom"] == [{"system": "phone", "value": "+441614960000"}]
        (participant,) = each["participant"]
        assert participant["member"] == {"type": "Practitioner", "display": "Sam Okoro"}
        assert participant["onBehalfOf"] == each["managingOrganization"][0]
        assert places[participant["onBehalfOf"]["reference"]]["active"]
        leads = [role["coding"][0]["code"] for role in participant.get("role", [])]
        assert leads == (["lead-professional"] if each["name"] == "Children's social care" else [])
        assert ("identifier" in each) == (each["name"] == "School or college")
    named = {each["name"]: each for each in places.values()}
    assert named[town.practice.name]["identifier"] == [{"system": ODS, "value": "P91011"}]
    assert "identifier" not in named[town.school.name]
    assert len(named) == len(places) == 4


def test_sensitive_service_is_not_named(everything: Resource, town: Town) -> None:
    (patient,) = told(everything, "Patient")
    assert extensions(patient, "sensitive-service")[0]["valueBoolean"] is True
    assert town.clinic.name not in str(everything)
    assert "Wanda" not in str(everything)


def test_patient_alone_is_the_same_patient(teacher: FhirAsking) -> None:
    patient = teacher.id_of()
    alone = resource(teacher.read(patient))
    (within,) = told(resource(teacher.everything(patient)), "Patient")
    assert alone | {"id": ""} == within | {"id": ""}
    assert all(is_an_id(each) for each in (alone["id"], within["id"], patient))


def is_an_id(patient: str) -> bool:
    return ID.fullmatch(patient) is not None and len(patient) == 64


@pytest.mark.parametrize("reason", Reason)
def test_each_reading_is_an_opening_with_its_reason(teacher: FhirAsking, reason: Reason) -> None:
    patient = teacher.id_of()
    resource(teacher.read(patient, reason.value))
    resource(teacher.everything(patient, reason.value))
    first, second = events(kind=EventKind.CHILD_OPENED)
    assert first.reason == second.reason == reason.value
    assert first.actor_id == second.actor_id == teacher.person.pk
    assert first.child_id == second.child_id


@pytest.mark.parametrize(
    ("reason", "spine"), [("", "MISSING_VALUE"), ("curious", "INVALID_VALUE"), ("S11", "INVALID_VALUE")]
)
def test_no_record_without_a_reason_from_the_list(teacher: FhirAsking, reason: str, spine: str) -> None:
    patient = teacher.id_of()
    for answer in (teacher.read(patient, reason), teacher.everything(patient, reason)):
        (issue,) = refused(answer, 422, "invalid", spine)
        assert issue["location"] == ["http.X-Reason"]
        assert all(each.value in issue["diagnostics"] for each in Reason)
    assert not events(kind=EventKind.CHILD_OPENED)


def test_reason_in_the_address_is_none(teacher: FhirAsking) -> None:
    patient = teacher.id_of()
    answer = teacher.send("GET", f"/Patient/{patient}?reason=s11", **{"X-Reason": "s11"})
    assert wrong_in(answer) == {"reason": "ADDITIONAL_PROPERTIES"}
    answer = teacher.send("GET", f"/Patient/{patient}/$everything?_type=CareTeam", **{"X-Reason": "s11"})
    assert wrong_in(answer) == {"_type": "ADDITIONAL_PROPERTIES"}
    resource(teacher.send("GET", f"/Patient/{patient}?_format=application/fhir%2Bjson", **{"X-Reason": "s11"}))
    assert wrong_in(teacher.send("GET", f"/Patient/{patient}?_format=xml", **{"X-Reason": "s11"}))


def test_id_is_good_for_one_person_in_one_session(teacher: FhirAsking, town: Town) -> None:
    patient = teacher.id_of()
    for other in (FhirAsking(teacher.system, teacher.person), FhirAsking(teacher.system, town.colleague)):
        for answer in (other.read(patient), other.everything(patient)):
            refused(answer, 404, "not_found", "RESOURCE_NOT_FOUND")
        assert last_event().actor_id == other.person.pk
    reference = teacher.child()
    for made_up in ("1", "made-up", patient[:-1], patient[::-1], f"{patient[:-1]}_", "." * 64, reference, "%00", "é"):
        refused(teacher.read(made_up), 404, "not_found")
    assert not events(kind=EventKind.CHILD_OPENED)


def test_ids_are_ids_of_fhir_whatever_is_in_them(teacher: FhirAsking) -> None:
    actor = factories.actor_for(teacher.person)
    made = {id_for(actor, number): number for number in range(300)}
    assert len(made) == 300
    assert all(is_an_id(each) for each in made)
    assert {child_of(actor, each) for each in made} == set(made.values())
    assert any("." in each for each in made)


def test_protected_child_is_who_they_are_and_whom_to_ring(teacher: FhirAsking, town: Town, add: AddChildren) -> None:
    services = ((False, involvement(town.school, Service.SCHOOL)), (False, involvement(town.practice, Service.GP)))
    add(draft(town, given="Zora", shielded_since=factories.today(), involvements=services))
    asked = AMINA | {"given": "Zora"}
    (entry,) = teacher.found(asked)
    found = entry["resource"]
    assert set(found) == {"resourceType", "id", "meta", "name", "gender", "birthDate"}
    bundle = resource(teacher.everything(found["id"]))
    (only,) = bundle["entry"]
    patient = only["resource"]
    for each in (found, patient):
        assert each["meta"]["security"][0]["code"] == "R"
    assert set(patient) == {
        *("resourceType", "id", "meta", "contained", "extension", "identifier", "name", "gender", "birthDate"),
        "managingOrganization",
    }
    assert patient["name"] == [{"use": "official", "text": "Zora Hussain"}]
    assert list(systems(patient)) == [f"{OURS}/Id/registry-number"]
    assert [each["url"].rpartition("/")[2] for each in patient["extension"]] == ["sensitive-service", "may-record"]
    assert [each["valueBoolean"] for each in patient["extension"]] == [False, False]


def test_whoever_has_leave_reads_all_of_it_and_it_is_still_restricted(town: Town) -> None:
    with as_owner_here():
        refuge = build_refuge(town)
    refuge.gives(town.teacher)
    asking = FhirAsking(system_of(town.authority), town.teacher)
    patient = asking.id_of()
    bundle = resource(asking.everything(patient))
    (child,) = told(bundle, "Patient")
    assert child["meta"]["security"][0]["code"] == "R"
    assert len(child["address"]) == len(told(bundle, "RelatedPerson")) == 2
    assert extensions(child, "leave-until")[0]["valueDate"] == refuge.shield.review_on.isoformat()
    assert extensions(child, "may-record")[0]["valueBoolean"] is False
    assert last_event(kind=EventKind.CHILD_OPENED).fields == ["shield.grant"]


def test_protected_child_is_not_found_by_what_is_hidden(teacher: FhirAsking, town: Town, add: AddChildren) -> None:
    add(draft(town, given="Zora", shielded_since=factories.today()))
    for asked in (
        {"given": "Zora", "family": "Hussain", "address-postalcode": "M33 4AB"},
        {"given": "Zora", "family": "Hussain", "birthdate": "2017-04-09", "address-postalcode": "M33"},
    ):
        assert "Zora Hussain" not in [each["resource"]["name"][0]["text"] for each in teacher.found(asked)]


def test_address_that_nobody_knows_is_said_in_words(teacher: FhirAsking, town: Town, add: AddChildren) -> None:
    unknown = replace(address(), state=AddressState.NONE_KNOWN, postal=None, valid_from=None)
    add(
        draft(
            town,
            given="Zora",
            gender=Gender.NOT_SPECIFIED,
            addresses=(unknown,),
            date_of_death=factories.date(2026, 2, 3),
        )
    )
    patient = resource(teacher.read(teacher.id_of(AMINA | {"given": "Zora"})))
    (told_of,) = patient["address"]
    assert (told_of["use"], told_of["text"]) == ("old", "No address known")
    assert patient["deceasedDateTime"] == "2026-02-03"
    assert patient["gender"] == "unknown"


def test_what_a_supplier_does_not_know_is_left_out(teacher: FhirAsking, town: Town, add: AddChildren) -> None:
    """Whoever attends is known by a list that may have no telephone number; and some have one name alone."""
    attends = replace(involvement(town.school, Service.SCHOOL, practitioner="\N{NO-BREAK SPACE}"), telephone="")
    mother = replace(guardian("Farah"), family="", telephone=None)
    add(draft(town, given="Zora", involvements=((False, attends),), guardians=(mother,)))
    bundle = resource(teacher.everything(teacher.id_of(AMINA | {"given": "Zora"})))
    (team,) = told(bundle, "CareTeam")
    assert "telecom" not in team
    assert "display" not in team["participant"][0].get("member", {})
    (related,) = told(bundle, "RelatedPerson")
    assert related["name"] == [{"text": "Farah", "given": ["Farah"]}]


def test_closed_organisation_is_not_active(teacher: FhirAsking, town: Town, as_owner: OwnerContext) -> None:
    with as_owner():
        Organisation.objects.filter(pk=town.police.pk).update(closed_on=factories.date(2026, 1, 2))
    bundle = resource(teacher.everything(teacher.id_of()))
    (closed,) = [each for each in told(bundle, "Organization") if not each["active"]]
    assert closed["name"] == town.police.name
    assert extensions(closed, "closed-on")[0]["valueDate"] == "2026-01-02"


def test_only_codes_of_the_nhs_are_called_so(teacher: FhirAsking, town: Town, as_owner: OwnerContext) -> None:
    for kind, code, expected in (
        (OrganisationKind.SCHOOL, "P91011", False),
        (OrganisationKind.HOSPITAL, "RM3", True),
        (OrganisationKind.GP_PRACTICE, "p91011", False),
        (OrganisationKind.GP_PRACTICE, "GP-1", False),
    ):
        with as_owner(), connection.cursor() as cursor:
            where = [kind.value, code, town.police.pk]
            cursor.execute("UPDATE access_organisation SET kind = %s, directory_code = %s WHERE id = %s", where)
        bundle = resource(teacher.everything(teacher.id_of()))
        (place,) = [each for each in told(bundle, "Organization") if each["name"] == town.police.name]
        assert ("identifier" in place) == expected, code


def test_over_budget_is_an_outcome_and_an_event(teacher: FhirAsking, as_owner: OwnerContext) -> None:
    patient = teacher.id_of()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = 0")
    answers: list[Any] = [teacher.read(patient), teacher.everything(patient), teacher.search()]
    for answer in answers:
        refused(answer, 429, "over_budget", "TOO_MANY_REQUESTS")
        assert 1 <= int(answer["Retry-After"]) <= 3600
