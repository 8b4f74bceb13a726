"""SCIM as a personnel system uses it: whom it may know, what it may change, and what it is told when it may not."""

import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import Error
from scim2_tester import Status, check_server

from access.models import Role, User, UserState
from access.people.actions.contact import remember_telephone
from access.people.actions.inviting import NewPerson, invite_each
from audit.events import EventKind, Outcome
from tests import factories, people
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.conftest import Wait
from tests.integration.access.feeding import PATCH, USER, Place, address, place, refused
from tests.log import events, last_event

USERS = "/scim/v2/Users"


@pytest.fixture
def here(as_owner: OwnerContext) -> Place:
    return place(as_owner)


@pytest.fixture
def committed(own_database: str) -> Place:
    """As `here`, committed: for a client that goes through WSGI, where connections come and go."""
    return place(as_owner_here)


@pytest.fixture
def teacher(here: Place, as_owner: OwnerContext) -> User:
    """Somebody of the school that the token's authority answers for."""
    with as_owner():
        return factories.user(works_for=here.school)


@pytest.fixture
def invited(here: Place, as_owner: OwnerContext) -> User:
    """Somebody of the school who was invited and has not followed the link yet."""
    actor = factories.actor_for(here.administrator)
    person = NewPerson("New Colleague", "new.colleague@example.org", Role.PRACTITIONER, here.school.pk)
    (made,) = invite_each(actor=actor, people=[person])
    return made


@pytest.fixture
def stranger(as_owner: OwnerContext) -> User:
    """Somebody of another authority's school."""
    with as_owner():
        return factories.user()


def state_of(person: User) -> str:
    return str(people.one(pk=person.pk).state)


def scim_client(here: Place) -> WSGISCIMClient:
    """A real SCIM client, which checks each of our answers against the RFCs and what we publish."""
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {here.software.secret}"},
    )
    client.discover()
    return client


def test_service_keeps_the_rfcs(committed: Place) -> None:
    results = check_server(scim_client(committed), include_tags={"discovery", "misc"})

    # Only what needs a user made by SCIM is left out: nobody joins by a feed.
    checked = [each for each in results if each.status != Status.SKIPPED]
    assert len(checked) > 10
    assert [(each.title, each.reason) for each in checked if each.status != Status.SUCCESS] == []


def test_a_scim_client_finds_and_suspends_a_leaver(committed: Place) -> None:
    with as_owner_here():
        teacher = factories.user(works_for=committed.school)
    client = scim_client(committed)
    model = client.provider.model_for("User")

    (found,) = client.query(
        model, query_parameters={"filter": f'userName eq "{teacher.email.open().upper()}"'}
    ).resources
    assert (found.id, found.active) == (str(teacher.pk), True)
    found.active = False
    assert client.replace(found).active is False
    assert state_of(teacher) == UserState.SUSPENDED
    client.delete(model, found.id)
    assert state_of(teacher) == UserState.LEFT
    gone = client.query(model, found.id, raise_scim_errors=False)
    assert isinstance(gone, Error)
    assert gone.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "active", "value": False},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
        {"op": "add", "path": "active", "value": False},
    ],
    ids=["plain", "Entra", "no path", "add"],
)
def test_patch_suspends_at_once_in_every_open_session(here: Place, teacher: User, operation: dict[str, object]) -> None:
    browser = factories.signed_in(teacher)
    assert browser.get("/").status_code == HTTPStatus.OK

    response = here.software.call("PATCH", address(teacher), {"schemas": [PATCH], "Operations": [operation]})

    assert response.status_code == HTTPStatus.OK
    assert response.json()["active"] is False
    assert state_of(teacher) == UserState.SUSPENDED
    assert browser.get("/").status_code != HTTPStatus.OK
    event = last_event(kind=EventKind.USER_SUSPENDED)
    assert (event.user_id, event.process) == (teacher.pk, f"system.{here.software.system.pk}")
    assert (event.organisation_id, event.authority_id) == (here.authority.pk, here.authority.pk)


def test_said_twice_it_is_done_once(here: Place, teacher: User) -> None:
    first = here.software.patch(teacher, value=False)
    second = here.software.patch(teacher, value=False)

    assert first.json() == second.json()
    assert len(events(kind=EventKind.USER_SUSPENDED, user_id=teacher.pk)) == 1


def test_feed_lets_nobody_in_again(here: Place, teacher: User) -> None:
    here.software.patch(teacher, value=False)

    assert "administrator reinstates" in refused(here.software.patch(teacher, value=True), HTTPStatus.FORBIDDEN)
    assert state_of(teacher) == UserState.SUSPENDED


def test_nobody_joins_by_a_feed(here: Place) -> None:
    response = here.software.call("POST", USERS, {"schemas": [USER], "userName": "new@example.org"})

    assert "Nobody joins by a feed" in refused(response, HTTPStatus.FORBIDDEN)


def test_what_is_not_said_is_not_changed(here: Place, teacher: User) -> None:
    whole = {"schemas": [USER], "userName": teacher.email.open()}

    assert here.software.call("PUT", address(teacher), whole).json()["active"] is True
    assert state_of(teacher) == UserState.ACTIVE


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_people_of_other_organisations_are_not_there(here: Place, stranger: User, method: str) -> None:
    operation = {"op": "replace", "path": "active", "value": False}
    body = (
        {"schemas": [PATCH], "Operations": [operation]} if method == "PATCH" else {"schemas": [USER], "userName": "x"}
    )
    theirs = here.software.call(method, address(stranger), body)
    nobodys = here.software.call(method, f"{USERS}/999999999999", body)

    assert refused(theirs, HTTPStatus.NOT_FOUND) == refused(nobodys, HTTPStatus.NOT_FOUND)
    assert state_of(stranger) == UserState.ACTIVE
    event = last_event(kind=EventKind.ACCESS_REFUSED)
    assert (event.outcome, event.process) == (Outcome.NOT_FOUND, f"system.{here.software.system.pk}")


@pytest.mark.parametrize("text", ['userName eq "{email}"', 'id eq "{id}"'])
def test_people_of_other_organisations_are_not_found(here: Place, stranger: User, text: str) -> None:
    asked = text.format(email=stranger.email.open(), id=stranger.pk)

    assert here.software.find(asked).json()["totalResults"] == 0
    assert here.software.call("GET", USERS).json()["totalResults"] >= 1
    assert str(stranger.pk) not in [one["id"] for one in here.software.call("GET", USERS).json()["Resources"]]


def test_list_is_given_a_page_at_a_time(here: Place, as_owner: OwnerContext) -> None:
    with as_owner():
        people = {str(factories.user(works_for=here.school).pk) for _ in range(4)}
    people |= {str(here.administrator.pk), str(here.second.pk)}

    pages = [here.software.call("GET", f"{USERS}?startIndex={start}&count=2").json() for start in (1, 3, 5, 7)]
    assert [page["totalResults"] for page in pages] == [6] * 4
    assert [page["itemsPerPage"] for page in pages] == [2, 2, 2, 0]
    assert {one["id"] for page in pages for one in page.get("Resources", [])} == people
    assert here.software.call("GET", f"{USERS}?count=0").json()["totalResults"] == 6
    assert here.software.call("GET", f"{USERS}?startIndex={10**30}").json()["totalResults"] == 6
    assert here.software.call("GET", f"{USERS}?count={10**30}").json()["itemsPerPage"] == 6


def test_only_what_is_needed_goes_out(here: Place, teacher: User) -> None:
    shown = here.software.call("GET", address(teacher)).json()

    assert set(shown) == {"schemas", "id", "meta", "userName", "active"}
    assert "userName" not in here.software.call("GET", f"{address(teacher)}?attributes=active").json()
    assert last_event(kind=EventKind.USER_READ).user_id == teacher.pk


def test_version_guards_against_a_change_meanwhile(here: Place, teacher: User) -> None:
    read = here.software.call("GET", address(teacher))
    tag = read["ETag"]
    assert read.json()["meta"]["version"] == tag
    assert here.software.call("GET", address(teacher), **{"If-None-Match": tag}).status_code == HTTPStatus.NOT_MODIFIED

    remember_telephone(actor=factories.actor_for(teacher), telephone="0161 496 0001")
    assert here.software.patch(teacher, value=False, **{"If-Match": tag}).status_code == HTTPStatus.OK
    stale = here.software.call("DELETE", address(teacher), **{"If-Match": tag})
    assert "Read them again" in refused(stale, HTTPStatus.PRECONDITION_FAILED)
    assert state_of(teacher) == UserState.SUSPENDED


@pytest.mark.parametrize(
    ("method", "path", "body", "scim_type"),
    [
        ("GET", f"{USERS}?filter=userName+eq", None, "invalidFilter"),
        ("GET", f"{USERS}?filter=userName+sw+%22a%22", None, "invalidFilter"),
        ("GET", f"{USERS}?filter=userName+eq+%22a%22+or+active+eq+true", None, "invalidFilter"),
        ("GET", f"{USERS}?filter=displayName+eq+%22a%22", None, "invalidFilter"),
        ("GET", f"{USERS}?filter={'(' * 5000}", None, "invalidFilter"),
        ("GET", f"{USERS}?count=many", None, "invalidValue"),
        ("PATCH", "", b"{", "invalidSyntax"),
        ("PATCH", "", b"\0\xff", "invalidSyntax"),
        ("PATCH", "", b"[" * 100_000, "invalidSyntax"),
        ("PATCH", "", {"schemas": [PATCH], "Operations": []}, "invalidValue"),
        (
            "PATCH",
            "",
            {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": "x"}]},
            "invalidValue",
        ),
        (
            "PATCH",
            "",
            {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "role", "value": "x"}]},
            "invalidPath",
        ),
        (
            "PATCH",
            "",
            {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "userName", "value": "x"}]},
            "mutability",
        ),
        ("PUT", "", {"schemas": [USER], "userName": "somebody.else@example.org"}, "mutability"),
        ("PUT", "", {"schemas": [USER], "active": False}, "invalidValue"),
        ("PUT", "", {"schemas": [USER], "userName": "a", "password": "b"}, "invalidSyntax"),
    ],
)
def test_what_makes_no_sense_is_answered_as_scim_says(
    here: Place, teacher: User, method: str, path: str, body: object, scim_type: str
) -> None:
    response = here.software.call(method, path or address(teacher), body)

    assert refused(response, HTTPStatus.BAD_REQUEST)
    assert response.json()["scimType"] == scim_type
    assert state_of(teacher) == UserState.ACTIVE


def test_too_much_at_once_is_refused(here: Place, teacher: User) -> None:
    refused(here.software.call("PATCH", address(teacher), b" " * 1_000_000), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@pytest.mark.parametrize(("method", "path"), [("POST", "/scim/v2/ServiceProviderConfig"), ("DELETE", USERS)])
def test_wrong_method_says_which_is_right(here: Place, method: str, path: str) -> None:
    response = here.software.call(method, path)

    refused(response, HTTPStatus.METHOD_NOT_ALLOWED)
    assert "GET" in response["Allow"]


def test_invitation_of_somebody_who_left_before_joining_is_withdrawn(here: Place, invited: User) -> None:
    assert here.software.patch(invited, value=False).status_code == HTTPStatus.OK
    assert state_of(invited) == UserState.LEFT
    refused(here.software.call("GET", address(invited)), HTTPStatus.NOT_FOUND)


def test_no_cookie_counts(here: Place, teacher: User, wait: Wait) -> None:
    browser: Client = factories.signed_in(here.administrator)
    before = browser.cookies["session"].value
    wait(timedelta(minutes=1))  # after which a page would keep the session alive

    response = browser.generic("DELETE", address(teacher))
    refused(response, HTTPStatus.UNAUTHORIZED)
    assert not response.cookies
    here.software.browser = browser
    assert here.software.call("GET", USERS).status_code == HTTPStatus.OK
    assert browser.cookies["session"].value == before
    assert last_event(kind=EventKind.PEOPLE_LISTED).actor_id is None


def test_answer_is_kept_by_nobody(here: Place, teacher: User) -> None:
    response = here.software.call("GET", address(teacher))

    assert response["Cache-Control"] == "no-store"
    assert json.loads(response.content)["userName"] == teacher.email.open()
