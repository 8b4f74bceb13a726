"""The document of the API: made without a warning, true of its own examples, and held against whatever may be sent."""

import json
import re
import warnings
from collections.abc import Iterator
from html import unescape
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from api.document import described, document
from api.problems import Code
from api.urls import urlpatterns
from tests.conftest import OwnerContext
from tests.integration.api.asking import Asking, told

PATH = "/api/v1/openapi.json"
OPERATIONS = [each.name for each in described()]
# What the document says is held to it; what only the rules know is refused with 422, and another version with 412.
CHECKS = {
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422", "428"],
    },
    "missing_required_header": {"expected-statuses": ["400", "401", "404", "422", "428"]},
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
    answering = {name for name in OPERATIONS if name != "withdraw_involvement"}
    sending = {each.name for each in described() if each.sent}
    assert with_one == (sending if kind == "sent" else answering)


def test_every_route_is_an_operation_or_tells_of_them() -> None:
    there = {"/api/" + re.sub("<[a-z]+:([a-z]+)>", r"{\1}", str(each.pattern)) for each in urlpatterns}
    assert there == {*document()["paths"], "/api/", PATH}


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
        assert operation.examples
    for code in Code:
        assert f'id="{code.value}"' in page
        assert code.kind.detail in page
    assert page.count("<script") == 1, "the service's own"


def config() -> SchemathesisConfig:
    return SchemathesisConfig.from_dict({"checks": CHECKS})


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


def operation_of(name: str) -> Any:
    schema = schemathesis.openapi.from_wsgi(PATH, get_wsgi_application(), config=config())
    found = [each.ok() for each in schema.get_all_operations()]
    return next(each for each in found if each.definition.raw["operationId"] == name)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        *((name, GenerationMode.POSITIVE) for name in OPERATIONS),
        # Of nothing there is nothing that would be wrong.
        *((each.name, GenerationMode.NEGATIVE) for each in described() if each.parameters or each.sent),
    ],
)
def test_whatever_is_sent_is_answered_as_it_says(unlimited: Asking, name: str, mode: GenerationMode) -> None:
    headers = {"Authorization": f"Bearer {unlimited.token}"}

    @FUZZED
    @given(case=operation_of(name).as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers)

    ask()


@pytest.mark.parametrize("name", [each.name for each in described() if "{child}" in each.path])
def test_whatever_is_sent_about_a_child_is_answered_as_it_says(unlimited: Asking, name: str) -> None:
    headers = {"Authorization": f"Bearer {unlimited.token}"}
    child = unlimited.child()

    @FUZZED
    @given(case=operation_of(name).as_strategy(generation_mode=GenerationMode.POSITIVE))
    def ask(case: Any) -> None:
        made = told(unlimited.record(child, practitioner="Ada Bell"), 201)
        case.path_parameters["child"] = child
        if "involvement" in case.path_parameters:
            case.path_parameters["involvement"] = made["id"]
            if "If-Match" in case.headers:
                read = unlimited.get(f"/children/{child}/involvements/{made['id']}")
                case.headers["If-Match"] = read["ETag"]
        case.call_and_validate(headers=headers)

    ask()


def test_document_is_the_same_whoever_asks(teacher: Asking) -> None:
    with_token = teacher.browser.get(PATH, headers={"Authorization": f"Bearer {teacher.token}"})
    assert json.loads(with_token.content) == json.loads(Client().get(PATH).content) == document()
