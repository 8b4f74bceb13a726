"""One's own doings as AuditEvent: one's own alone, as the page shows them."""

import pytest
from django.db import connection

from audit.events import EventKind
from registry.actions.finding import search
from registry.models import Involvement
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.api.fhir.asking import OURS, FhirAsking, Resource, refused, resource, wrong_in
from tests.integration.registry.people import Town, criteria
from tests.log import events, last_event


def kinds(bundle: Resource) -> list[str]:
    return [each["resource"]["type"]["code"] for each in bundle["entry"]]


def test_what_somebody_did_is_there_newest_first(teacher: FhirAsking) -> None:
    resource(teacher.everything(teacher.id_of()))
    bundle = resource(teacher.send("GET", "/AuditEvent"))
    assert kinds(bundle)[:4] == ["history.read", "child.opened", "child.listed", "child.searched"]
    assert last_event().kind == EventKind.HISTORY_READ
    _own, opened, listed, searched = (each["resource"] for each in bundle["entry"][:4])
    (entity,) = opened["entity"]
    patient = entity["what"]["reference"].removeprefix(f"{OURS}/Patient/")
    resource(teacher.read(patient))
    assert opened["purposeOfEvent"][0]["coding"][0]["code"] == "s11"
    assert opened["outcome"] == "0"
    assert opened["agent"] == [{"who": {"display": teacher.person.name.open()}, "requestor": True}]
    assert listed["entity"] == [{"detail": [{"type": "children", "valueString": "1"}]}]
    assert "entity" not in searched
    assert "Amina" not in str(bundle)


def test_ones_own_alone(teacher: FhirAsking, town: Town) -> None:
    resource(teacher.everything(teacher.id_of()))
    other = FhirAsking(teacher.system, town.colleague)
    bundle = resource(other.send("GET", "/AuditEvent"))
    assert set(kinds(bundle)) <= {"history.read", "sign_in.succeeded", "system.allowed"}
    told = {each["resource"]["id"] for each in bundle["entry"]}
    assert told.isdisjoint(str(each.pk) for each in events(actor_id=teacher.person.pk))


def test_refusal_is_there_without_a_way_to_a_record(teacher: FhirAsking) -> None:
    refused(teacher.read("made-up"), 404, "not_found")
    found = resource(teacher.send("GET", "/AuditEvent"))["entry"]
    (refusal,) = [each["resource"] for each in found if each["resource"]["type"]["code"] == "access.refused"]
    assert (refusal["outcome"], refusal["outcomeDesc"]) == ("4", "Not found")
    assert "entity" not in refusal


def test_refusal_that_is_about_a_child_leads_to_none(teacher: FhirAsking, as_owner: OwnerContext) -> None:
    with as_owner():
        other = Involvement.objects.order_by("pk").values_list("pk", flat=True)[1]
    assert teacher.get(f"/children/{teacher.child()}/involvements/{other}").status_code == 403
    assert last_event(kind=EventKind.ACCESS_REFUSED).child_id is not None
    found = resource(teacher.send("GET", "/AuditEvent"))["entry"]
    (refusal,) = [each["resource"] for each in found if each["resource"]["type"]["code"] == "access.refused"]
    assert refusal["outcomeDesc"] == "Not permitted"
    assert "entity" not in refusal


def test_what_a_mediator_did_in_ones_name_is_there(teacher: FhirAsking, town: Town, as_owner: OwnerContext) -> None:
    actor = factories.actor_on_call(town.mediator, teacher.person)
    search(actor=actor, criteria=criteria(given="Amina", family="Hussain", age=9), trail=factories.SETTING_UP_REQUEST)
    found = resource(teacher.send("GET", "/AuditEvent"))["entry"]
    (searched,) = [each["resource"] for each in found if each["resource"]["type"]["code"] == "child.searched"]
    doer, whose = searched["agent"]
    assert (doer["requestor"], whose["requestor"]) == (True, False)
    assert whose["who"]["display"] == teacher.person.name.open()


def test_fifty_a_page_and_a_link_to_those_before(teacher: FhirAsking, as_owner: OwnerContext) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = 2000000000, daily = 2000000000")
    for _ in range(52):
        teacher.send("GET", "/AuditEvent")
    bundle = resource(teacher.send("GET", "/AuditEvent"))
    links = {each["relation"]: each["url"] for each in bundle["link"]}
    assert len(bundle["entry"]) == 50
    before = resource(teacher.send("GET", links["next"].removeprefix(OURS)))
    assert before["entry"]
    first, second = ({each["resource"]["id"] for each in page["entry"]} for page in (bundle, before))
    assert not first & second


@pytest.mark.parametrize("query", ["?before=x", "?before=-1", "?before=99999999999999999999", "?before=٣", "?before="])
def test_what_is_no_event_is_refused(teacher: FhirAsking, query: str) -> None:
    assert wrong_in(teacher.send("GET", f"/AuditEvent{query}")) == {"before": "INVALID_VALUE"}


def test_nobody_else_is_asked_about(teacher: FhirAsking) -> None:
    for query in ("agent=Practitioner/1", "patient=1", "_count=500", "date=ge2020"):
        name = query.partition("=")[0]
        assert wrong_in(teacher.send("GET", f"/AuditEvent?{query}")) == {name: "ADDITIONAL_PROPERTIES"}
    refused(teacher.send("GET", "/AuditEvent/1"), 404, "not_found")
