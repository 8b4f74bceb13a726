"""The document of the API: made without a warning, true of its own examples, and held against whatever may be sent."""

import json
import re
import warnings
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from api.document import described, document
from api.problems import Code
from api.urls import urlpatterns
from tests.conftest import OwnerContext
from tests.integration.api.asking import ENTRY, REASON, Asking, told

PATH = "/api/v1/openapi.json"
OPERATIONS = [each.name for each in described()]
ABOUT_A_CHILD = [each.name for each in described() if "{child}" in each.path]
# How what is as the document says may be refused all the same, and why. About a child who is made up: nobody is found.
MADE_UP = {"404": "there is no such child"}
RULES = "the forms of the pages know more: what can be a name, a telephone number, a day of the child's life"
REFUSED: dict[str, dict[str, str]] = {
    "me": {},
    "lists": {},
    "recall": {},
    "find": {
        "404": "it goes on with a search that is made up",
        "422": "too little, or what cannot be a name, is asked",
    },
    "open": {},
    "record_involvement": {"409": "another organisation has the lead", "422": RULES},
    "read_involvement": {},
    "correct_involvement": {"409": "another organisation has the lead", "422": RULES},
    "end_involvement": {"422": "it did not run on that day"},
    "follow": {"403": "nobody has opened it"},
    "unfollow": {},
    "withdraw_involvement": {"422": "both of the two reasons, neither, or one that does not fit the service"},
}
# What is sent about a child, and taken.
TAKEN: dict[str, dict[str, Any]] = {
    "open": REASON,
    "record_involvement": ENTRY,
    "correct_involvement": ENTRY,
    "end_involvement": {"ended_on": "2025-03-01"},
    "withdraw_involvement": {"mistake": "twice"},
}
# How what is not as the document says is refused, and nothing of it may be done.
WRONG = {
    "400": "no JSON; no key that can be one",
    "404": "no child, or no involvement, that can be one",
    "412": "another version",
    "415": "another kind of body",
    "422": "all that is wrong in a body, and any query",
    "428": "no version",
}


def each_example(kind: str) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Of every operation the schema of what is sent or answered, and its examples."""
    for methods in document()["paths"].values():
        for operation in methods.values():
            bodies = [operation.get("requestBody", {})] if kind == "sent" else operation["responses"].values()
            for body in bodies:
                for content in body.get("content", {}).values():
                    for example in content.get("examples", {}).values():
                        yield operation["operationId"], content["schema"], example["value"]


def test_it_is_made_without_a_warning_and_is_openapi() -> None:
    document.cache_clear()
    GENERATOR_STATS.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = document()
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    assert made["openapi"].startswith("3.1.")
    validate_schema(made)


@pytest.mark.parametrize("kind", ["sent", "answered"])
def test_examples_are_as_it_says(kind: str) -> None:
    components = document()["components"]
    with_one = set()
    for name, schema, value in each_example(kind):
        jsonschema.Draft202012Validator({**schema, "components": components}).validate(value)
        with_one.add(name)
    answering = {name for name in OPERATIONS if name not in ("withdraw_involvement", "unfollow")}
    sending = {each.name for each in described() if each.sent}
    assert with_one == (sending if kind == "sent" else answering)


def test_every_route_is_an_operation_or_tells_of_them() -> None:
    """In the order in which they stand there."""
    there = ["/api/" + re.sub("<[a-z]+:([a-z]+)>", r"{\1}", str(each.pattern)) for each in urlpatterns]
    assert there == ["/api/", PATH, *document()["paths"]]
    assert list(dict.fromkeys(each.path for each in described())) == list(document()["paths"])


def test_it_says_where_people_sign_in() -> None:
    made = told(Client().get(PATH))
    ((name, scheme),) = made["components"]["securitySchemes"].items()
    assert scheme["flows"]["authorizationCode"]["tokenUrl"] == "http://testserver/oauth/token"
    assert made["security"] == [{name: []}]


def test_nothing_has_fields_that_it_does_not_list() -> None:
    assert all(each["additionalProperties"] is False for each in document()["components"]["schemas"].values())


def test_page_says_all_of_it(db: None) -> None:
    page = unescape(Client().get("/api/").content.decode())
    for operation in described():
        assert f"{operation.method} {operation.path}" in page
        for field in (*operation.parameters, *operation.sent, *operation.answered):
            assert f"<code>{field.name}</code>" in page
        assert operation.examples or not (operation.sent or operation.answered)
    for code in Code:
        assert f'id="{code.value}"' in page
        assert code.kind.detail in page
    assert page.count("<script") == 1, "the service's own"


@pytest.fixture
def unlimited(teacher: Asking, as_owner: OwnerContext, settings: Any) -> Asking:
    """The teacher, who may ask as often as it takes."""
    settings.API_RATES = {"system": 10**9, "person": 10**9}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = 2000000000, daily = 2000000000")
    return teacher


FUZZED = examples(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def cases_of(name: str, mode: GenerationMode, refused: Iterable[str]) -> Any:
    """Requests of that operation, as it says or otherwise; and how one that is as it says may be refused."""
    statuses = {
        "positive_data_acceptance": {"expected-statuses": ["2xx", *refused]},
        "negative_data_rejection": {"expected-statuses": list(WRONG)},
    }
    config = SchemathesisConfig.from_dict({"checks": statuses})
    found = [
        each.ok()
        for each in schemathesis.openapi.from_wsgi(PATH, get_wsgi_application(), config=config).get_all_operations()
    ]
    (operation,) = (each for each in found if each.definition.raw["operationId"] == name)
    return operation.as_strategy(generation_mode=mode)


def test_each_operation_says_how_it_may_refuse() -> None:
    assert set(REFUSED) == set(OPERATIONS)
    assert set(TAKEN) == {each.name for each in described() if each.sent and each.name in ABOUT_A_CHILD}


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        *((name, GenerationMode.POSITIVE) for name in OPERATIONS),
        # Of nothing, and of one reference alone, which may be any text, there is nothing that would be wrong.
        *((each.name, GenerationMode.NEGATIVE) for each in described() if each.sent or len(each.parameters) > 1),
    ],
)
def test_whatever_is_sent_is_answered_as_it_says(unlimited: Asking, name: str, mode: GenerationMode) -> None:
    """About children who are made up, where it is about one: of these nothing but that is told, whatever is sent."""
    headers = {"Authorization": f"Bearer {unlimited.token}"}
    refused = MADE_UP if name in ABOUT_A_CHILD else REFUSED[name]

    @FUZZED
    @given(case=cases_of(name, mode, refused))
    def ask(case: Any) -> None:
        answer = case.call_and_validate(headers=headers)
        assert name not in ABOUT_A_CHILD or answer.status_code // 100 == 4

    ask()


def test_entry_that_is_sent_again_is_answered_as_it_says(teacher: Asking) -> None:
    path = document()["paths"]["/api/v1/children/{child}/involvements"]
    headers = path["post"]["responses"]["201"]["headers"]
    child = teacher.child()
    first, again = (teacher.record(child, key="once") for _ in range(2))
    assert told(first, 201) == told(again, 201)
    assert set(headers) == {"ETag", "Location"} <= set(first.headers)
    assert {name for name, each in headers.items() if each.get("required")} == {"Location"} <= set(again.headers)


def at_a_child(asking: Asking, child: str, case: Any) -> None:
    """Have it be about a real child, and an involvement that stands there, where what it says of these could be one."""
    case.path_parameters["child"] = child
    if "involvement" in case.path_parameters:
        made = told(asking.record(child), 201)["id"]
        case.path_parameters["involvement"] = made
        if "If-Match" in case.headers:
            case.headers["If-Match"] = asking.get(f"/children/{child}/involvements/{made}")["ETag"]


@pytest.mark.parametrize("name", ABOUT_A_CHILD)
def test_whatever_is_sent_about_a_child_is_answered_as_it_says(unlimited: Asking, name: str) -> None:
    headers = {"Authorization": f"Bearer {unlimited.token}"}
    child = unlimited.child()

    @FUZZED
    @given(case=cases_of(name, GenerationMode.POSITIVE, REFUSED[name]))
    def ask(case: Any) -> None:
        at_a_child(unlimited, child, case)
        case.call_and_validate(headers=headers)

    ask()


@pytest.mark.parametrize("name", TAKEN)
def test_whatever_is_wrong_about_a_child_is_refused(unlimited: Asking, name: str) -> None:
    """Where the child is real and headers and the rest of the body are taken: nothing but what is wrong stands in the
    way. What is no object at all is sent to a search, above.
    """
    headers = {"Authorization": f"Bearer {unlimited.token}"}
    child = unlimited.child()
    validator = validator_of(name)

    @FUZZED
    @given(case=cases_of(name, GenerationMode.NEGATIVE, []))
    def ask(case: Any) -> None:
        assume(isinstance(case.body, dict) and not is_wrong(case, ParameterLocation.PATH))
        case.body = mended(case.body, name)
        assume(not validator.is_valid(case.body))
        case.headers = {"Idempotency-Key": uuid4().hex, "If-Match": ""}
        at_a_child(unlimited, child, case)
        answer = case.call_and_validate(headers=headers)
        assert answer.status_code == 422

    ask()


def is_wrong(case: Any, where: ParameterLocation) -> bool:
    """Whether what stands there is not as the document says."""
    component = case.meta.components.get(where)
    return component is not None and component.mode == GenerationMode.NEGATIVE


def validator_of(name: str, field: str = "") -> jsonschema.Draft202012Validator:
    """What the document says of an operation's body, or of a field of it."""
    operations = [each for methods in document()["paths"].values() for each in methods.values()]
    (body,) = (each["requestBody"] for each in operations if each["operationId"] == name)
    schema = body["content"]["application/json"]["schema"]
    if field:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"][field]
    return jsonschema.Draft202012Validator({**schema, "components": document()["components"]})


def mended(body: dict[str, Any], name: str) -> dict[str, Any]:
    """The body, with what is right in it replaced by what is taken; what can be left out is."""
    fields = {field.name for each in described() if each.name == name for field in each.sent if "." not in field.name}
    right = {each for each in fields & set(body) if validator_of(name, each).is_valid(body[each])}
    wrong = {each: value for each, value in body.items() if each not in right}
    return {each: value for each, value in TAKEN[name].items() if each in right} | wrong


def test_document_is_the_same_whoever_asks(teacher: Asking) -> None:
    with_token = teacher.browser.get(PATH, headers={"Authorization": f"Bearer {teacher.token}"})
    assert json.loads(with_token.content) == json.loads(Client().get(PATH).content) == document()
