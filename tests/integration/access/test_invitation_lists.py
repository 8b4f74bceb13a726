"""A thousand people invited from one file: every error in its place, nothing half done, nothing kept."""

import re
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from access.models import Role, User, UserState
from access.software.lists.invitations import COLUMNS
from audit.events import EventKind
from tests import factories, people
from tests.conftest import OwnerContext
from tests.integration.access.feeding import Place, place
from tests.log import events

PAGE, CHECK = "/people/invite/list/", "/people/invite/list/check/"


@pytest.fixture
def here(as_owner: OwnerContext) -> Place:
    return place(as_owner)


@pytest.fixture
def browser(here: Place) -> Client:
    return factories.signed_in(here.administrator)


def upload(browser: Client, *lines: str, encoding: str = "utf-8") -> HttpResponse:
    contents = "\r\n".join([",".join(COLUMNS), *lines]).encode(encoding)
    return browser.post(PAGE, {"list": SimpleUploadedFile("people.csv", contents)})


def line(here: Place, name: str = "Zoë Neale", email: str = "zoe.neale@example.org", role: str = "Practitioner") -> str:
    return f"{name},{email},{role},{here.school.directory_code}"


def press(browser: Client) -> HttpResponse:
    key = browser.get(CHECK).content.decode().split('name="key" value="')[1].split('"')[0]
    return browser.post(CHECK, {"key": key})


def invited() -> list[User]:
    return people.everybody(state=UserState.INVITED)


def test_thousand_people_are_invited_with_one_press(here: Place, browser: Client) -> None:
    lines = [line(here, f"Person {chr(97 + n % 26)}", f"person.{n}@example.org") for n in range(1000)]
    assert upload(browser, *lines).url == CHECK
    assert invited() == []
    page = browser.get(CHECK).content.decode()
    assert "Invite 1000 people" in page
    assert "person.999@example.org" in page

    assert press(browser).status_code == HTTPStatus.FOUND
    people = invited()
    assert len(people) == 1000
    assert {(one.organisation_id, one.role) for one in people} == {(here.school.pk, Role.PRACTITIONER)}
    assert {one.user_id for one in events(kind=EventKind.USER_INVITED)} == {one.pk for one in people}


def test_pressed_twice_they_are_invited_once(here: Place, browser: Client) -> None:
    upload(browser, line(here))
    key = browser.get(CHECK).content.decode().split('name="key" value="')[1].split('"')[0]
    for _ in range(2):
        browser.post(CHECK, {"key": key})

    assert len(invited()) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("=cmd|' /C calc'!A0,a@example.org,Practitioner,{code}", "Names begin with a letter"),
        ("@SUM(1),a@example.org,Practitioner,{code}", "Names begin with a letter"),
        ("Zo,,Practitioner,{code}", "This is empty"),
        ("Zo,zo at example.org,Practitioner,{code}", "not an e-mail address"),
        ("Zo,zо@example.org,Practitioner,{code}", "only look like English ones"),
        ("Zo,zo@xn--exmple-4nf.org,Practitioner,{code}", "only look like English ones"),
        ("Zo,FIRST@example.org,Practitioner,{code}", "The same address stands in line 2"),
        ("Zo,zo@example.org,Headteacher,{code}", "There is no such role"),
        ("Zo,zo@example.org,Practitioner,nowhere", "not the directory number of an organisation"),
        ("Zo,zo@example.org,Practitioner,{other}", "not the directory number of an organisation"),
        ("Zo,{used},Practitioner,{code}", "This address is used already"),
        ("Zo,zo@example.org,Practitioner,{code},more", "more cells than headings"),
        ("Zo,z\u202eo@example.org,Practitioner,{code}", "unseen character"),
    ],
)
def test_error_stands_in_its_place_and_nothing_is_sent(
    here: Place, browser: Client, as_owner: OwnerContext, wrong: str, says: str
) -> None:
    with as_owner():
        stranger = factories.user()
    text = wrong.format(
        code=here.school.directory_code, other=stranger.organisation.directory_code, used=stranger.email.open().upper()
    )
    page = upload(browser, line(here, email="first@example.org"), text).content.decode()

    row = re.split(r'Line</span>\s*<div class="stacked__value">3<', page)[1].split("</tr>")[0]
    assert says in row
    assert "1 line is wrong, of 2" in page
    assert browser.get(CHECK).url == PAGE
    assert invited() == []


def test_what_stands_in_a_cell_is_shown_and_never_run(here: Place, browser: Client) -> None:
    page = upload(browser, line(here, name="<script>alert(1)</script>")).content.decode()

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_name_is_taken_however_it_is_typed(here: Place, browser: Client) -> None:
    assert upload(browser, line(here, name="\u202aMary\u00a0O′Neill‑Ward\u202c")).url == CHECK
    press(browser)
    assert [user.name.open() for user in invited()] == ["Mary O'Neill-Ward"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_what_excel_saves_is_taken(here: Place, browser: Client, encoding: str) -> None:
    assert upload(browser, line(here), encoding=encoding).url == CHECK
    assert "Zoë Neale" in browser.get(CHECK).content.decode()


def test_address_taken_meanwhile_stops_all_of_them(here: Place, browser: Client, as_owner: OwnerContext) -> None:
    upload(browser, line(here), line(here, "Ada", "ada@example.org"))
    with as_owner():
        colleague = factories.user(role=Role.ADMINISTRATOR, works_for=here.authority)
    other = factories.signed_in(colleague)
    upload(other, line(here, "Ada", "ada@example.org"))
    press(other)

    response = press(browser)
    assert response.url == PAGE
    assert "Nothing was sent" in browser.get(PAGE).content.decode()
    assert len(invited()) == 1


def test_looking_addresses_up_by_list_is_recorded(here: Place, browser: Client) -> None:
    upload(browser, line(here))

    (event,) = events(kind=EventKind.FEED_RECEIVED)
    assert (event.actor_id, event.fields) == (here.administrator.pk, ["invitations"])


def test_nothing_waits_for_whoever_comes_without_a_file(browser: Client) -> None:
    assert browser.get(CHECK).url == PAGE
    assert browser.post(CHECK, {"key": ""}).url == PAGE
    assert "nothing left to send" in browser.get(PAGE).content.decode()
