"""Recording, correcting, ending and withdrawing through the API: once, and never over what somebody else changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from api.models import Idempotency
from api.tasks import forget_keys
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext, as_owner_here, as_worker
from tests.integration.api.asking import BASIS, ENTRY, Asking, refused, told
from tests.integration.registry.people import Town
from tests.log import events

IF = "If-Match"


@pytest.fixture
def therapist(teacher: Asking, town: Town) -> Asking:
    """Somebody of the sensitive service, in the same system."""
    return Asking(teacher.system, town.therapist)


def recorded(asking: Asking, **changes: Any) -> tuple[str, str]:
    """The path of an involvement that was just recorded, and its ETag."""
    child = asking.child()
    answer = asking.record(child, **changes)
    return f"/children/{child}/involvements/{told(answer, 201)['id']}", answer["ETag"]


def running(asking: Asking, path: str) -> list[dict[str, Any]]:
    child = path.split("/")[2]
    return [each for each in asking.opened(child)["involvements"] if each["own"]]


def test_recorded_it_stands_on_the_record(teacher: Asking) -> None:
    child = teacher.child()
    answer = teacher.record(child)
    assert set(told(answer, 201)) == {"id"}
    path = answer["Location"].removeprefix("/api/v1")
    shown = teacher.get(path)
    assert told(shown) == {
        "id": told(answer, 201)["id"],
        "service": {"code": "school", "label": "School or college"},
        "practitioner": "Ada Bell",
        "telephone": "+441614960999",
        "started_on": "2025-02-01",
        "ended_on": None,
        "lead": False,
        "basis": None,
    }
    assert shown["ETag"] == answer["ETag"] == '"1"'
    assert "Ada Bell" in [each["practitioner"] for each in running(teacher, path)]
    (event,) = events(kind=EventKind.INVOLVEMENT_RECORDED)
    assert event.actor_id == teacher.person.pk


def test_sent_twice_it_stands_once(teacher: Asking) -> None:
    child = teacher.child()
    first = teacher.record(child, key="of this entry")  # a space is not visible
    refused(first, 400, "key_missing")
    first = teacher.record(child, key="this-entry")
    path = first["Location"].removeprefix("/api/v1")
    # Ended meanwhile, the same entry could be made again: it is not.
    told(teacher.ask("POST", f"{path}/end", {"ended_on": "2025-06-01"}, headers={IF: first["ETag"]}))
    again = teacher.record(child, key="this-entry")
    assert again.status_code == 201
    assert again.content == first.content
    assert "ETag" not in again, "it may have changed since"
    # In another session too, where the reference to the child is another.
    later = Asking(teacher.system, teacher.person)
    assert later.record(later.child(), key="this-entry").content == first.content
    assert len(events(kind=EventKind.INVOLVEMENT_RECORDED)) == 1


def test_key_is_one_persons_and_for_one_child(teacher: Asking, town: Town) -> None:
    told(teacher.record(teacher.child(), key="k"), 201)
    colleague = Asking(teacher.system, town.colleague)
    told(colleague.record(colleague.child(), key="k", practitioner="Colleague"), 201)
    assert len(events(kind=EventKind.INVOLVEMENT_RECORDED)) == 2
    for change in ({"lead": True}, {"started_on": "2025-02-02"}, {"service": "school"}):
        refused(teacher.record(teacher.child(), key="k", **change), 422, "key_reused")


def test_key_is_free_again_where_nothing_was_done(teacher: Asking) -> None:
    child = teacher.child()
    refused(teacher.record(child, key="k", started_on="2999-01-01"), 422, "invalid")
    refused(teacher.record(child, key="k", lead=True), 409, "lead_taken")
    told(teacher.record(child, key="k"), 201)


def test_keys_are_forgotten_after_a_day(teacher: Asking) -> None:
    told(teacher.record(teacher.child(), key="old"), 201)
    with as_owner_here():
        Idempotency.objects.update(taken_at=factories.timezone.now() - timedelta(hours=25))
    told(teacher.record(teacher.child(), key="new", practitioner="Other Name"), 201)
    with as_worker():
        forget_keys()
    with as_owner_here():
        assert Idempotency.objects.count() == 1


def test_nothing_is_kept_of_an_entry_but_fingerprints_and_numbers(teacher: Asking) -> None:
    told(teacher.record(teacher.child(), key="the-key"), 201)
    with as_owner_here():
        (kept,) = Idempotency.objects.all()
    assert len(kept.key_fingerprint) == len(kept.asked_fingerprint) == 32
    assert "the-key" not in kept.key_fingerprint


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "k" * 256, "k\tk"])
def test_key_that_cannot_be_one_is_refused(teacher: Asking, key: str) -> None:
    path = f"/children/{teacher.child()}/involvements"
    refused(teacher.ask("POST", path, ENTRY, headers={"Idempotency-Key": key}), 400, "key_missing")


def test_corrected_where_it_is_as_it_was_read(teacher: Asking) -> None:
    path, tag = recorded(teacher)
    corrected = teacher.ask("PUT", path, ENTRY | {"practitioner": "Grace Hill"}, headers={IF: tag})
    told(corrected)
    assert corrected["ETag"] == '"2"'
    assert told(teacher.get(path))["practitioner"] == "Grace Hill"
    for stale in (tag, "*", 'W/"2"', '"1", "2"', "2", ""):
        refused(teacher.ask("PUT", path, ENTRY, headers={IF: stale}), 412, "stale")
    assert told(teacher.get(path))["practitioner"] == "Grace Hill"


def test_ended_and_withdrawn(teacher: Asking) -> None:
    path, tag = recorded(teacher)
    refused(teacher.ask("POST", f"{path}/end", {"ended_on": "2025-03-01"}), 428, "version_missing")
    errors = refused(teacher.ask("POST", f"{path}/end", {"ended_on": "2024-03-01"}, headers={IF: tag}), 422, "invalid")[
        "errors"
    ]
    assert [(each["pointer"], each["code"]) for each in errors] == [("/ended_on", "before_start")]
    ended = teacher.ask("POST", f"{path}/end", {"ended_on": "2025-03-01"}, headers={IF: tag})
    told(ended)
    assert told(teacher.get(path))["ended_on"] == "2025-03-01"
    again = {IF: ended["ETag"]}
    refused(teacher.ask("POST", f"{path}/end", {"ended_on": "2025-03-01"}, headers=again), 404, "not_found")
    refused(teacher.ask("PUT", path, ENTRY, headers=again), 404, "not_found")
    refused(teacher.ask("POST", f"{path}/withdraw", {"mistake": "twice"}, headers={IF: tag}), 412, "stale")
    done = teacher.ask("POST", f"{path}/withdraw", {"mistake": "twice"}, headers=again)
    assert (done.status_code, done.content) == (204, b"")
    refused(teacher.get(path), 404, "not_found")
    (event,) = events(kind=EventKind.INVOLVEMENT_WITHDRAWN)
    assert event.reason == "twice"


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({}, ""),
        ({"mistake": "twice", "basis_end": "harm_over"}, ""),
        ({"mistake": "bored"}, "/mistake"),
        ({"mistake": "no_basis"}, "/mistake"),  # of a service that needs none
        ({"basis_end": "harm_over"}, "/basis_end"),
    ],
)
def test_withdrawn_for_one_reason_that_fits(teacher: Asking, sent: dict[str, str], pointer: str) -> None:
    path, tag = recorded(teacher)
    errors = refused(teacher.ask("POST", f"{path}/withdraw", sent, headers={IF: tag}), 422, "invalid")["errors"]
    assert [each["pointer"] for each in errors] == [pointer]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"service": "gp"}, "/service"),
        ({"telephone": "999"}, "/telephone"),
        ({"practitioner": ""}, "/practitioner"),
        ({"practitioner": "Ada 2"}, "/practitioner"),
        ({"started_on": "1.2.2025"}, "/started_on"),
        ({"started_on": "20250201"}, "/started_on"),
        ({"started_on": "2016-01-01"}, "/started_on"),
        ({"started_on": 20250201}, "/started_on"),
        ({"lead": "no"}, "/lead"),
        ({"lead": 0}, "/lead"),
        ({"basis": BASIS}, "/basis"),
        ({"basis": None}, "/basis"),
        ({"organisation": 7}, "/organisation"),
        ({"ended_on": "2025-03-01"}, "/ended_on"),
    ],
)
def test_entry_is_held_to_the_rules_of_the_page(teacher: Asking, changes: dict[str, Any], pointer: str) -> None:
    errors = refused(teacher.record(teacher.child(), **changes), 422, "invalid")["errors"]
    assert {each["pointer"] for each in errors} == {pointer}
    assert not events(kind=EventKind.INVOLVEMENT_RECORDED)


def test_sensitive_service_wants_its_basis(therapist: Asking) -> None:
    child = therapist.child()
    (error,) = refused(therapist.record(child), 422, "invalid")["errors"]
    assert error["pointer"] == "/basis"
    for changes, pointer in (
        ({"decided_by": "manager"}, "/basis/decided_by"),
        ({"competence": "aged_16"}, "/basis/competence"),
        ({"decided_on": "2999-01-01"}, "/basis/decided_on"),
        ({"note": "anything"}, "/basis/note"),
    ):
        errors = refused(therapist.record(child, basis=BASIS | changes), 422, "invalid")["errors"]
        assert {each["pointer"] for each in errors} == {pointer}
    answer = therapist.record(child, basis=BASIS)
    path = f"/children/{child}/involvements/{told(answer, 201)['id']}"
    assert told(therapist.get(path))["basis"]["decided_by"]["code"] == "parent"
    ended = therapist.ask("POST", f"{path}/withdraw", {"basis_end": "harm_over"}, headers={IF: answer["ETag"]})
    refused(ended, 422, "invalid")
    ended = therapist.ask("POST", f"{path}/withdraw", {"basis_end": "consent_withdrawn"}, headers={IF: answer["ETag"]})
    assert ended.status_code == 204


def test_so_young_a_child_who_decides_is_asked_about_again(therapist: Asking) -> None:
    young = {"basis": "consent_child", "competence": "gillick", "decided_on": "2025-02-03"}
    child = therapist.child()
    (error,) = refused(therapist.record(child, basis=young), 422, "invalid")["errors"]
    assert error["pointer"] == "/basis/competence"
    told(therapist.record(child, basis=young | {"sure": True}), 201)


def test_what_is_read_can_be_put_back(therapist: Asking) -> None:
    """Whoever corrects the telephone number sends the rest as it was read; that it is certain is asked again."""
    for basis in (
        {"basis": "consent_child", "competence": "gillick", "decided_on": "2025-02-03", "sure": True},
        {"basis": "consent_child", "competence": "gillick", "decided_by": "child", "decided_on": "2025-02-03"},
        BASIS,
    ):
        path, tag = recorded(therapist, basis=basis | {"sure": True})
        read = told(therapist.get(path))
        again = {name: read[name] for name in ("practitioner", "telephone", "started_on", "lead")} | {
            "service": read["service"]["code"],
            "basis": {
                **{name: read["basis"][name]["code"] for name in ("basis", "decided_by", "competence")},
                "decided_on": read["basis"]["decided_on"],
                "sure": True,
            },
        }
        put = therapist.ask("PUT", path, again, headers={IF: tag})
        told(put)
        assert told(therapist.get(path)) == read
        assert therapist.ask("POST", f"{path}/withdraw", {"mistake": "twice"}, headers={IF: put["ETag"]}).content == b""
    (error,) = refused(therapist.record(therapist.child(), basis=BASIS | {"decided_by": "child"}), 422, "invalid")[
        "errors"
    ]
    assert error["pointer"] == "/basis/decided_by"


def test_anothers_involvement_is_not_to_be_changed_and_a_sensitive_one_is_not_there(
    teacher: Asking, therapist: Asking, as_owner: OwnerContext
) -> None:
    child = therapist.child()
    sensitive = told(therapist.record(child, basis=BASIS), 201)["id"]
    path, tag = recorded(teacher)
    reference = path.rpartition("/")[0]
    for method, more, body in (
        ("GET", "", None),
        ("PUT", "", ENTRY),
        ("POST", "/end", {"ended_on": "2025-03-01"}),
        ("POST", "/withdraw", {"mistake": "twice"}),
    ):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT min(id) FROM registry_involvement")
            school = cursor.fetchone()[0]
        for number in (sensitive, 10**30):
            refused(teacher.ask(method, f"{reference}/{number}{more}", body, headers={IF: tag}), 404, "not_found")
        own = therapist.ask(method, f"/children/{child}/involvements/{school}{more}", body, headers={IF: '"1"'})
        refused(own, 403, "not_permitted")
