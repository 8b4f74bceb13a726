"""One address is one person at every edge where people type it, however it is written there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Role, User
from access.sign_in.authorities import user_told_of
from tests import factories, people
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext
from tests.integration.access.feeding import Place, place

# Ways in which one address comes: another keyboard's @, at the end of a sentence, with what nobody sees.
WAYS = ["{name}＠{domain}", " {name}@{domain}. ", "{upper}@{domain}", "\u200b{name}@{domain}\u200e", "{wide}@{domain}"]


def written(person: User, way: str) -> str:
    name, _, domain = person.email.open().partition("@")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in name)
    long = name.replace("s", "\u017f")  # of which the small letter is an s
    return way.format(name=name, upper=name.upper(), wide=wide, long=long, domain=domain.upper())


@pytest.fixture
def here(as_owner: OwnerContext) -> Place:
    return place(as_owner)


@pytest.fixture
def tom(here: Place, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=here.school, name="Tom Hadley")


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_signing_in(tom: User, way: str) -> None:
    browser = Client()
    told = {"login": written(tom, way), "password": factories.PASSWORD}
    assert browser.post(reverse("account_login"), told).url == reverse("mfa_authenticate")


@pytest.mark.parametrize("way", WAYS)
def test_pages_and_software_of_an_administrator(here: Place, tom: User, way: str) -> None:
    browser, address = factories.signed_in(here.administrator), written(tom, way)
    invite = {"name": "Tom Other", "email": address, "role": "practitioner", "organisation": here.school.directory_code}
    assert "is in the service already" in text_of(browser.post(reverse("invite_person"), invite))
    assert "Tom Hadley" in text_of(browser.post(reverse("people"), {"text": address}, follow=True))
    assert here.software.find(f'userName eq "{address}"').json()["totalResults"] == 1


@pytest.mark.parametrize("way", [WAYS[0], WAYS[1], WAYS[4]])
def test_list_of_leavers(here: Place, tom: User, way: str) -> None:
    assert here.software.send(written(tom, way)).json() == {"suspended": 1, "withdrawn": 0, "already": 0}


def test_list_of_invitations_says_that_the_address_is_used(here: Place, tom: User) -> None:
    row = f"Tom Other,{written(tom, WAYS[0])},Practitioner,{here.school.directory_code}"
    file = SimpleUploadedFile("list.csv", f"name,email,role,organisation\n{row}\n".encode(), content_type="text/csv")
    browser = factories.signed_in(here.administrator)
    assert "This address is used already" in text_of(browser.post(reverse("invite_list"), {"list": file}))


@pytest.mark.parametrize("way", WAYS)
def test_a_call(here: Place, tom: User, as_owner: OwnerContext, way: str) -> None:
    with as_owner():
        mediator = factories.user(role=Role.MEDIATOR, works_for=here.school)
    asked = factories.signed_in(mediator).post(reverse("asking"), {"asked": written(tom, way)})
    assert asked.status_code == 302, "the colleague was found"


@pytest.mark.parametrize("way", ["{name}@{domain}", "{upper}@{domain}"])
def test_what_an_authority_says(here: Place, tom: User, way: str) -> None:
    assert named_by(here, written(tom, way)) == tom


@pytest.mark.parametrize(
    "way",
    [*WAYS[:2], *WAYS[3:], "{long}@{domain}", "{name}\u00ad@{domain}", "{name}@{domain}\u3002", "{name} @{domain}"],
)
def test_an_authority_that_names_a_mailbox_that_looks_alike_names_nobody(here: Place, tom: User, way: str) -> None:
    """What a person types is one address; to a provider these are others, whose owners it can confirm truthfully."""
    assert named_by(here, written(tom, way)) is None


def named_by(here: Place, email: str) -> User | None:
    """Whom the authority's provider names when it confirms that address."""
    told = {"userinfo": {"sub": "1", "email": email, "email_verified": True}, "id_token": {"sub": "1"}}
    with signing_in():
        return user_told_of(told, authority=here.authority.directory_code)


def test_the_letter_goes_to_the_plain_address(here: Place) -> None:
    browser = factories.signed_in(here.administrator)
    address = factories.new_email()
    invite = {"name": "Ana Novak", "role": "practitioner", "organisation": here.school.directory_code}
    browser.post(reverse("invite_person"), invite | {"email": address.replace("@", "＠") + "."})
    invited = people.everybody()[-1]
    assert (invited.name.open(), invited.email.open()) == ("Ana Novak", address)
