"""Lists of leavers, from a page and from software: everybody in them or nobody."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from http import HTTPStatus

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import User, UserState
from access.software.actions.leavers import Received, receive_leavers
from audit.events import EventKind
from tests import ageing, factories
from tests import people as known
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.feeding import Place, place, refused
from tests.log import events, last_event

PAGE = "/people/leavers/"
CHECK = "/people/leavers/check/"


@pytest.fixture
def here(as_owner: OwnerContext) -> Place:
    return place(as_owner)


@pytest.fixture
def teachers(here: Place, as_owner: OwnerContext) -> list[User]:
    with as_owner():
        return [factories.user(works_for=here.school, name=f"Teacher {number}") for number in range(3)]


def states(people: list[User]) -> list[str]:
    found = {one.pk: one.state for one in known.everybody(pk__in=[one.pk for one in people])}
    return [found[one.pk] for one in people]


def upload(browser: Client, contents: bytes, page: str = PAGE) -> HttpResponse:
    return browser.post(page, {"list": SimpleUploadedFile("list.csv", contents, content_type="text/csv")})


def listing(*people: User) -> bytes:
    return "\n".join(["email", *(one.email.open() for one in people)]).encode()


def key_on(browser: Client) -> str:
    return browser.get(CHECK).content.decode().split('name="key" value="')[1].split('"')[0]


def test_list_that_ended_with_its_session_is_not_said_to_be_done(
    here: Place, teachers: list[User], wait: Callable[[timedelta], None]
) -> None:
    browser = factories.signed_in(here.administrator)
    upload(browser, listing(*teachers))
    key = key_on(browser)
    wait(timedelta(minutes=1))
    with as_owner_here():
        ageing.grow_older(browser.cookies[settings.SESSION_COOKIE_NAME].value, timedelta(hours=1))
    assert browser.post(CHECK, {"key": key}).url.startswith(reverse("account_login"))
    factories.signed_in(here.administrator, client=browser)

    told = unescape(browser.post(CHECK, {"key": key}, follow=True).content.decode())

    assert "or you signed in again. Choose the file again to see who still has access." in told
    assert states(teachers) == [UserState.ACTIVE] * 3


def test_software_suspends_everybody_on_its_list(here: Place, teachers: list[User]) -> None:
    response = here.software.send(*(one.email.open() for one in teachers[:2]))

    assert response.json() == {"suspended": 2, "withdrawn": 0, "already": 0}
    assert states(teachers) == [UserState.SUSPENDED, UserState.SUSPENDED, UserState.ACTIVE]
    assert last_event(kind=EventKind.FEED_RECEIVED).process == f"system.{here.software.system.pk}"
    assert {each.user_id for each in events(kind=EventKind.USER_SUSPENDED)} == {one.pk for one in teachers[:2]}


def test_list_sent_twice_is_done_once(here: Place, teachers: list[User]) -> None:
    addresses = [one.email.open() for one in teachers]
    here.software.send(*addresses)

    assert here.software.send(*addresses, *addresses).json() == {"suspended": 0, "withdrawn": 0, "already": 3}


def test_one_wrong_line_stops_the_whole_list(here: Place, teachers: list[User], as_owner: OwnerContext) -> None:
    with as_owner():
        stranger = factories.user()
    response = here.software.send(teachers[0].email.open(), "nobody@example.org", stranger.email.open(), "no address")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    said = [error["detail"] for error in response.json()["errors"]]
    assert said[0] == said[1].replace("Line 4", "Line 3")  # of other organisations as of nobody
    assert said[2].startswith("Line 5, email: This is not an e-mail address")
    assert states([*teachers, stranger]) == [UserState.ACTIVE] * 4
    assert stranger.email.open() not in response.content.decode()


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        (b"", "no column"),
        (b"PK\x03\x04", "workbook"),
        (b"email\n\0", "not a CSV file"),
        (b"email,name\na@example.org,A", "more columns"),
        (b"email\n" + b"a\n" * 100_000, "more than 1,000 lines"),
    ],
)
def test_file_that_is_no_list_is_refused(here: Place, contents: bytes, says: str) -> None:
    response = here.software.call("POST", "/feeds/leavers/", contents)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert says in response.json()["detail"]


def test_huge_file_is_refused(here: Place) -> None:
    refused(here.software.call("POST", "/feeds/leavers/", b"a" * 1_000_000), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def test_list_of_nearly_everybody_is_taken_for_the_wrong_one(here: Place, as_owner: OwnerContext) -> None:
    with as_owner():
        staff = [factories.user(works_for=here.school) for _ in range(21)]
    response = here.software.send(*(one.email.open() for one in staff))

    assert response.status_code == HTTPStatus.CONFLICT
    assert set(states(staff)) == {UserState.ACTIVE}


def test_nobody_out_of_reach_is_suspended(here: Place, teachers: list[User], as_owner: OwnerContext) -> None:
    with as_owner():
        stranger = factories.user()
    received = receive_leavers(actor=factories.actor_for(here.administrator), user_ids=[teachers[0].pk, stranger.pk])

    assert received == Received(suspended=1, withdrawn=0, already=0)
    assert states([teachers[0], stranger]) == [UserState.SUSPENDED, UserState.ACTIVE]


def test_administrator_sees_whom_the_file_names_before_anything_is_done(here: Place, teachers: list[User]) -> None:
    browser = factories.signed_in(here.administrator)
    assert upload(browser, listing(*teachers[:2])).url == CHECK
    page = browser.get(CHECK).content.decode()

    assert "Teacher 0" in page
    assert "Teacher 2" not in page
    assert last_event(kind=EventKind.PEOPLE_LISTED).shown == [one.pk for one in teachers[:2]]
    assert states(teachers) == [UserState.ACTIVE] * 3
    browser.post(CHECK, {"key": key_on(browser)})
    assert states(teachers) == [UserState.SUSPENDED, UserState.SUSPENDED, UserState.ACTIVE]
    assert {each.actor_id for each in events(kind=EventKind.USER_SUSPENDED)} == {here.administrator.pk}


def test_pressed_twice_or_in_an_old_tab_it_is_done_once(here: Place, teachers: list[User]) -> None:
    browser = factories.signed_in(here.administrator)
    upload(browser, listing(teachers[0]))
    old = key_on(browser)
    upload(browser, listing(teachers[1]))

    browser.post(CHECK, {"key": old})
    assert states(teachers) == [UserState.ACTIVE] * 3
    key = key_on(browser)
    browser.post(CHECK, {"key": key})
    browser.post(CHECK, {"key": key})
    assert len(events(kind=EventKind.USER_SUSPENDED)) == 1


def test_page_names_each_wrong_line(here: Place, teachers: list[User]) -> None:
    browser = factories.signed_in(here.administrator)
    contents = listing(teachers[0], here.administrator) + b"\n<b>x</b>@example.org\n=cmd|' /C calc'!A0"
    page = upload(browser, contents).content.decode()

    assert "3 lines are wrong, of 4" in page
    assert "This is your own address" in page
    assert "&lt;b&gt;" in page
    assert "<b>x</b>" not in page
    assert states(teachers) == [UserState.ACTIVE] * 3


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        (b"", "The file is empty"),
        (b"\0\0", "not a CSV file"),
        (b"email\n" + b"a" * 300_000, "too large"),
        (b"email\n" * 9_000_000, "too large"),
    ],
)
def test_page_says_why_it_cannot_read_a_file(here: Place, contents: bytes, says: str) -> None:
    assert says in upload(factories.signed_in(here.administrator), contents).content.decode()


def test_page_without_a_file_asks_for_one(here: Place) -> None:
    assert "Choose a file" in factories.signed_in(here.administrator).post(PAGE).content.decode()


def test_people_of_others_are_not_suspended_by_a_list_that_waits(
    here: Place, teachers: list[User], as_owner: OwnerContext
) -> None:
    """The administrator loses the school between choosing the file and pressing."""
    browser = factories.signed_in(here.administrator)
    upload(browser, listing(teachers[0]))
    key = key_on(browser)
    with as_owner():
        type(here.school).objects.filter(pk=here.school.pk).update(
            responsible_authority=factories.organisation().authority_id
        )

    browser.post(CHECK, {"key": key})
    assert states(teachers)[0] == UserState.ACTIVE
