"""Searching and opening through the API."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from audit.events import EventKind
from tests import factories
from tests.integration.api.asking import AMINA, Asking, refused, told
from tests.integration.registry.people import BORN, HOME, NHS_NUMBER, AddChildren, Town, draft
from tests.log import events, last_event

ROW = {"child", "name", "also", "date_of_birth", "age", "gender", "locality", "shielded", "why", "differs"}


def test_child_is_found_and_opened_and_all_of_it_is_in_the_log(teacher: Asking) -> None:
    found = told(teacher.find())
    (row,) = found["matches"]
    assert set(row) == ROW
    assert row["name"] == "Amina Hussain"
    record = teacher.opened(row["child"])
    assert record["name"] == "Amina Hussain"
    assert [each["name"] for each in record["other_names"]] == ["Amina Malik", "Mina Hussain"]

    asked, listed, opened = events(kind__startswith="child.", process="")
    assert [asked.kind, listed.kind, opened.kind] == ["child.searched", "child.listed", "child.opened"]
    assert {each.actor_id for each in (asked, listed, opened)} == {teacher.person.pk}
    assert asked.trail == listed.trail
    assert opened.reason == "s11"
    assert listed.shown == [opened.child_id]


@pytest.mark.parametrize(
    "asked",
    [
        {"given_name": "amena", "family_name": "husain", "date_of_birth": "2017-04"},
        {"given_name": "Amina", "family_name": "Hussain", "date_of_birth": "2017"},
        {"given_name": "Amina", "family_name": "Hussain", "age": 9},
        {"family_name": "Malik", "postcode": HOME},
        {"given_name": "Amina", "house": "12", "street": "Hidden Lane"},
        {"number": NHS_NUMBER, "gender": "female"},
    ],
    ids=" and ".join,
)
def test_what_is_known_is_read_as_the_page_reads_it(teacher: Asking, asked: dict[str, object]) -> None:
    assert [each["name"] for each in told(teacher.find(**asked))["matches"]] == ["Amina Hussain"]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"given_name": "Amina"}, {"": "not_enough"}),
        ({"given_name": 7, "age": "7"}, {"/given_name": "invalid", "/age": "invalid"}),
        ({**AMINA, "age": True}, {"/age": "invalid"}),
        ({**AMINA, "age": 3}, {"/age": "another_age"}),
        ({**AMINA, "date_of_birth": "09/04/2017"}, {"/date_of_birth": "invalid"}),
        ({**AMINA, "date_of_birth": "2017-02-31"}, {"/date_of_birth": "date"}),
        ({**AMINA, "date_of_birth": "2999"}, {"/date_of_birth": "date"}),
        ({**AMINA, "gender": "not_specified"}, {"/gender": "invalid_choice"}),
        ({**AMINA, "postcode": None}, {"/postcode": "null"}),
        ({**AMINA, "house": "12"}, {"/street": "no_street"}),
        ({"number": "9434765918"}, {"/number": "shape"}),
        ({**AMINA, "nickname": "Mina", "limit": 100}, {"/limit": "unknown", "/nickname": "unknown"}),
        ({**AMINA, "given_name": "A" * 201}, {"/given_name": "max_length"}),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    teacher: Asking, asked: Mapping[str, object], wrong: dict[str, str]
) -> None:
    errors = refused(teacher.find(**asked), 422, "invalid")["errors"]
    assert {each["pointer"]: each["code"] for each in errors} == wrong
    assert not events(kind=EventKind.CHILD_SEARCHED)


def test_words_are_those_of_the_page(teacher: Asking) -> None:
    (error,) = refused(teacher.find(given_name="Amina2", age=3), 422, "invalid")["errors"]
    assert error["detail"] == "Given name must only include letters, spaces, hyphens and apostrophes"


def test_too_many_are_not_shown(teacher: Asking, town: Town, add: AddChildren) -> None:
    add(*(draft(town, given="Ann", date_of_birth=BORN + timedelta(days=day)) for day in range(12)))
    found = told(teacher.find(given_name="Ann", family_name="Hussain", age=9))
    assert found["too_many"]
    assert found["refine"] == "the date of birth"
    assert found["matches"] == []


def test_searches_are_joined_within_one_session_alone(teacher: Asking, town: Town) -> None:
    first = told(teacher.find())["search"]
    again = told(teacher.find(**AMINA, search=first))["search"]
    searched = events(kind=EventKind.CHILD_SEARCHED)
    assert searched[0].trail == searched[1].trail
    told(teacher.find(**AMINA, search=again))

    for other in (Asking(teacher.system, teacher.person), Asking(teacher.system, town.colleague)):
        refused(other.find(**AMINA, search=first), 404, "not_found")
    for made_up in (teacher.child(), "00000000-0000-4000-8000-000000000000"):
        refused(teacher.find(**AMINA, search=made_up), 404, "not_found")


def test_reference_is_good_for_one_person_in_one_session(teacher: Asking, town: Town) -> None:
    child = teacher.child()
    for other in (Asking(teacher.system, teacher.person), Asking(teacher.system, town.colleague)):
        refused(other.open(child), 404, "not_found")
        assert last_event().actor_id == other.person.pk
    for made_up in ("1", "made-up", child[:-2], child + "A", "%00", "é"):
        refused(teacher.open(made_up), 404, "not_found")


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        (None, {"/reason": "required"}),
        ({}, {"/reason": "required"}),
        ({"reason": ""}, {"/reason": "invalid_choice"}),
        ({"reason": "curious"}, {"/reason": "invalid_choice"}),
        ({"reason": ["s11"]}, {"/reason": "invalid_choice"}),
        ({"reason": "s11", "all": True}, {"/all": "unknown"}),
    ],
)
def test_no_record_without_a_reason_from_the_list(teacher: Asking, sent: object, wrong: dict[str, str]) -> None:
    errors = refused(teacher.open(teacher.child(), sent), 422, "invalid")["errors"]
    assert {each["pointer"]: each["code"] for each in errors} == wrong
    assert not events(kind=EventKind.CHILD_OPENED)


def test_nothing_that_may_be_repeated_unasked_opens_a_record(teacher: Asking) -> None:
    """By GET there is none, nor with the reason in an address, which is kept in places that are not ours."""
    child = teacher.child()
    refused(teacher.get(f"/children/{child}/openings"), 405, "method_not_allowed")
    for address in (f"/children/{child}", f"/children/{child}?reason=s11"):
        refused(teacher.get(address), 404, "not_found")
    address = f"/children/{child}/openings?reason=s11"
    (error,) = refused(teacher.ask("POST", address, {"reason": "s11"}), 422, "invalid")["errors"]
    assert (error["parameter"], error["code"]) == ("reason", "unknown")
    assert not events(kind=EventKind.CHILD_OPENED)
    for _ in range(2):
        told(teacher.open(child))
    assert [each.reason for each in events(kind=EventKind.CHILD_OPENED)] == ["s11", "s11"]


def test_records_opened_lately_are_those_of_the_person_wherever_they_opened_them(teacher: Asking, town: Town) -> None:
    assert told(teacher.get("/recent")) == {"children": []}
    teacher.opened()
    elsewhere = Asking(teacher.system, teacher.person)
    (opened,) = told(elsewhere.get("/recent"))["children"]
    assert opened["name"] == "Amina Hussain"
    assert elsewhere.opened(opened["child"])["name"] == "Amina Hussain"
    assert told(Asking(teacher.system, town.colleague).get("/recent")) == {"children": []}


def test_whose_token_it_is(teacher: Asking, town: Town) -> None:
    me = told(teacher.get("/me"))
    assert me["name"] == town.teacher.name.open()
    assert me["organisation"] == {"name": town.school.name, "telephone": town.school.telephone}
    assert [each["code"] for each in me["services"]] == ["school"]
    assert set(me) == {"name", "role", "organisation", "services", "token_expires_at"}
    lists = told(teacher.get("/lists"))
    assert {"code": "wrong_child", "label": "It was recorded on the wrong child"} in lists["mistakes"]
    assert [each["code"] for each in lists["genders"]] == ["female", "male"]
    assert "child" in [each["code"] for each in lists["deciders"]]
    for each in lists["genders"]:
        told(teacher.find(**AMINA, gender=each["code"]))
    assert [each["code"] for each in lists["sensitive_services"]] == [
        "sexual_health",
        "mental_health",
        "substance_misuse",
    ]


def test_shielded_child_is_shown_as_the_page_shows_one(teacher: Asking, town: Town, add: AddChildren) -> None:
    add(draft(town, given="Zora", shielded_since=factories.today()))
    child = teacher.child(given_name="Zora", family_name="Hussain", date_of_birth="2017-04-09")
    record = teacher.opened(child)
    assert record["shielded"]
    assert record["authority"]["name"] == town.authority.name
    filled = {name for name, value in record.items() if value not in ([], None, False)}
    assert filled == {
        *("child", "reason", "name", "date_of_birth", "age", "gender", "number", "shielded", "authority"),
    }
    refused(teacher.record(child), 403, "not_permitted")
