"""Every operation of the API, asked by everybody, about what is theirs and what is not; and what each takes and tells.

Whatever is new is asked by itself: operations come from the document, which has all of them
(tests/integration/api/test_document.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse

from access.models import OrganisationKind, Role, User, UserState, VettingItem
from api.document import Described, described, document
from api.serializers.strict import MOST_UNKNOWN
from registry.models import Involvement
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.api.asking import AMINA, ENTRY, REASON, Asking, system_of, told
from tests.integration.registry.conftest import add, town  # noqa: F401 - fixtures
from tests.integration.registry.people import AddChildren, Town, full_draft

OPERATIONS = {each.name: each for each in described()}
ABOUT_A_CHILD = [name for name, each in OPERATIONS.items() if "{child}" in each.path]
ABOUT_AN_INVOLVEMENT = [name for name, each in OPERATIONS.items() if "{involvement}" in each.path]
# What is sent, where an operation has a body.
BODIES: dict[str, dict[str, Any]] = {
    "find": AMINA,
    "open": REASON,
    "record_involvement": ENTRY,
    "correct_involvement": ENTRY,
    "end_involvement": {"ended_on": "2025-03-01"},
    "withdraw_involvement": {"mistake": "twice"},
}
FOLLOWED = "q0Qk2m8rYh5Zt7wuE1x6f3"  # by nobody, which is answered as if it had been
DONE = {"record_involvement": 201, "withdraw_involvement": 204, "unfollow": 204}


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


@dataclass(frozen=True)
class World:
    """A child of whom everything is known, and people in systems: of the school, of the clinic, and of elsewhere."""

    town: Town
    teacher: Asking
    colleague: Asking
    therapist: Asking
    elsewhere: Asking

    def involvement(self) -> int:
        """The number of one that the teacher's school recorded just now."""
        return int(told(self.teacher.record(self.teacher.child()), 201)["id"])

    def of_others(self) -> list[tuple[int, bool]]:
        """Involvements of other organisations, and whether they are sensitive."""
        with as_owner_here():
            rows = [(row.pk, row.details.open().organisation_id) for row in Involvement.objects.order_by("pk")]
        return [(row, place == self.town.clinic.pk) for row, place in rows if place != self.town.school.pk]


@pytest.fixture
def world(town: Town, add: AddChildren, settings: Any) -> World:  # noqa: F811
    settings.API_RATES = {"system": 10**9, "person": 10**9}
    add(full_draft(town))
    with as_owner_here():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        stranger = factories.user(works_for=factories.organisation(authority=authority))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE access_budget SET hourly = 2000000000, daily = 2000000000")
    here = system_of(town.authority, telling_address="https://files.example.org/told")
    near = (Asking(here, person) for person in (town.teacher, town.colleague, town.therapist))
    return World(town, *near, Asking(system_of(authority), stranger))


def ask(
    asking: Asking, name: str, child: str = "made-up", involvement: int = 1, body: Any = None, tag: str = '"1"'
) -> HttpResponse:
    """An operation, with all that it needs."""
    operation = OPERATIONS[name]
    path = operation.path.removeprefix("/api/v1").format(child=child, involvement=involvement, following=FOLLOWED)
    headers = {"If-Match": tag, "Idempotency-Key": factories.secrets.token_hex(8)}
    return asking.ask(operation.method, path, body or BODIES.get(name), headers=headers)


def code(response: HttpResponse) -> tuple[int, str]:
    """The status, and the code of a problem."""
    return response.status_code, response.json().get("code", "") if response.content else ""


def no_token(asking: Asking) -> None:
    asking.token = ""


def ended(asking: Asking) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET expires_at = now() - interval '1 second' WHERE system_id IS NOT NULL")


def lapsed(asking: Asking) -> None:
    VettingItem.objects.filter(user=asking.person).delete()


def joining(asking: Asking) -> None:
    User.objects.filter(pk=asking.person.pk).update(state=UserState.JOINING)


def in_role(role: Role) -> Callable[[Asking], None]:
    return lambda asking: User.objects.filter(pk=asking.person.pk).update(role=role) and None


HAPPENS: dict[str, tuple[Callable[[Asking], None], tuple[int, str]]] = {
    "no token": (no_token, (401, "no_token")),
    "a token that has run out": (ended, (401, "invalid_token")),
    "lapsed": (lapsed, (403, "not_vetted")),
    "joining": (joining, (403, "not_vetted")),
    **{role.value: (in_role(role), (401, "system_elsewhere")) for role in Role if role != Role.PRACTITIONER},
}


@pytest.mark.parametrize("who", HAPPENS)
def test_nobody_but_a_vetted_practitioner_is_answered(world: World, as_owner: OwnerContext, who: str) -> None:
    child, involvement = world.teacher.child(), world.involvement()
    happens, expected = HAPPENS[who]
    with as_owner():
        happens(world.teacher)
    answers = {name: code(ask(world.teacher, name, child, involvement)) for name in OPERATIONS}
    assert answers == dict.fromkeys(OPERATIONS, expected)


@pytest.mark.parametrize("name", OPERATIONS)
def test_practitioner_is_answered_as_the_document_says(world: World, name: str) -> None:
    """All of it and nothing else: no schema there lets a field that it does not list pass, or one be left out."""
    child = world.teacher.child()
    if name == "follow":
        world.teacher.opened(child)
    answer = ask(world.teacher, name, child, world.involvement())
    assert answer.status_code == DONE.get(name, 200), answer.content
    if answer.content:
        schema = _schema_of(OPERATIONS[name], answer.status_code)
        jsonschema.Draft202012Validator({**schema, "components": document()["components"]}).validate(answer.json())
    assert answer["Cache-Control"] == "no-store"


def _schema_of(operation: Described, status: int) -> dict[str, Any]:
    told_of = document()["paths"][operation.path][operation.method.lower()]["responses"][str(status)]
    schema: dict[str, Any] = told_of["content"]["application/json"]["schema"]
    return schema


def test_every_field_of_every_answer_must_be_there() -> None:
    """But in what is wrong with a request, of which either is said: where in its body, or in which parameter."""
    answered = {name for name in document()["components"]["schemas"] if not name.endswith("Asked")} - {"Wrong"}
    for name in answered:
        schema = document()["components"]["schemas"][name]
        assert set(schema["required"]) == set(schema["properties"]), name


@pytest.mark.parametrize("name", ABOUT_A_CHILD)
def test_reference_of_another_person_or_session_leads_nowhere(world: World, name: str) -> None:
    involvement = world.involvement()
    again = Asking(world.teacher.system, world.teacher.person)
    references = [each.child() for each in (world.colleague, world.therapist, world.elsewhere, again)]
    for child in (*references, "1", "made-up", world.teacher.child()[::-1]):
        assert code(ask(world.teacher, name, child, involvement)) == (404, "not_found")


@pytest.mark.parametrize("name", ABOUT_AN_INVOLVEMENT)
def test_only_ones_own_organisations_involvement_is_read_or_changed(world: World, name: str) -> None:
    child = world.teacher.child()
    for number, sensitive in world.of_others():
        expected = (404, "not_found") if sensitive else (403, "not_permitted")
        assert code(ask(world.teacher, name, child, number)) == expected
    own = world.involvement()
    for other in (world.therapist, world.elsewhere):
        assert code(ask(other, name, other.child(), own)) == (403, "not_permitted")
    assert code(ask(world.teacher, name, child, own + 1_000)) == (404, "not_found")
    assert ask(world.colleague, name, world.colleague.child(), own).status_code in (200, 204)


@pytest.mark.parametrize("name", ABOUT_AN_INVOLVEMENT)
def test_involvement_of_another_child_is_not_found(world: World, add: AddChildren, name: str) -> None:  # noqa: F811
    add(full_draft(world.town, numbers=[], date_of_birth=factories.date(2018, 1, 1)))
    other = world.teacher.child(given_name="Amina", family_name="Hussain", date_of_birth="2018-01-01")
    assert code(ask(world.teacher, name, other, world.involvement())) == (404, "not_found")


def known_fields() -> set[str]:
    """Whatever is called something anywhere: in answers and bodies, and in our tables."""
    schemas = document()["components"]["schemas"].values()
    columns = {field.attname for model in apps.get_models() for field in model._meta.concrete_fields}
    return {name for schema in schemas for name in schema["properties"]} | columns | {"actor", "user", "is_admin"}


@pytest.mark.parametrize("name", BODIES)
def test_no_field_is_taken_that_is_not_listed(world: World, name: str) -> None:
    child, involvement = world.teacher.child(), world.involvement()
    taken = {each.name for each in OPERATIONS[name].sent}
    others = sorted(known_fields() - taken)
    assert {"organisation_id", "child_id", "user_id", "row_version", "shielded", "ended_on"} - taken <= {*others}
    for begin in range(0, len(others), MOST_UNKNOWN):  # so many are said back at once
        some = others[begin : begin + MOST_UNKNOWN]
        answer = ask(world.teacher, name, child, involvement, BODIES[name] | dict.fromkeys(some, 1))
        assert code(answer) == (422, "invalid")
        assert [each["pointer"].removeprefix("/") for each in answer.json()["errors"]] == some
        assert {each["code"] for each in answer.json()["errors"]} == {"unknown"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_parameter_is_taken_that_is_not_listed(world: World, name: str) -> None:
    operation = OPERATIONS[name]
    where = {"child": world.teacher.child(), "involvement": world.involvement(), "following": FOLLOWED}
    path = operation.path.removeprefix("/api/v1").format(**where)
    for more in ("expand=all", "format=xml", "user_id=1", "limit=1000"):
        headers = {"If-Match": '"1"', "Idempotency-Key": more}
        answer = world.teacher.ask(operation.method, f"{path}?{more}", BODIES.get(name), headers=headers)
        assert code(answer) == (422, "invalid")


@pytest.mark.parametrize("name", [each for each in ABOUT_AN_INVOLVEMENT if each in BODIES])
def test_nothing_is_changed_over_what_somebody_else_changed(world: World, name: str) -> None:
    child, involvement = world.teacher.child(), world.involvement()
    changed = ask(world.colleague, "correct_involvement", world.colleague.child(), involvement)
    assert changed["ETag"] == '"2"'
    for tag in ('"1"', "*", '"3"', 'W/"2"', "2"):
        assert code(ask(world.teacher, name, child, involvement, tag=tag)) == (412, "stale")
    assert ask(world.teacher, name, child, involvement, tag='"2"').status_code in (200, 204)
