"""The administrator's list of people, and each person's own access."""

import pytest
from django.db import ProgrammingError
from django.test import Client
from django.urls import reverse

from access.models import Organisation, OrganisationKind, Role, User
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
from tests.log import events

PEOPLE, MY_ACCESS = reverse("people"), reverse("my_access")


@pytest.fixture
def council(as_owner: OwnerContext) -> Organisation:
    with as_owner():
        return factories.organisation(kind=OrganisationKind.AUTHORITY)


@pytest.fixture
def administrator(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.ADMINISTRATOR, works_for=council)


def listed(administrator: User) -> str:
    response = factories.signed_in(administrator).get(PEOPLE)
    assert response.status_code == 200
    return response.content.decode()


def test_list_holds_the_authority_and_what_answers_to_it_and_nobody_else(
    administrator: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        factories.user(works_for=council, name="Works at the council")
        factories.user(works_for=factories.organisation(authority=council), name="Works at its school")
        factories.user(name="Works elsewhere")

    page = listed(administrator)

    assert "Works at the council" in page
    assert "Works at its school" in page
    assert "Works elsewhere" not in page


def test_reading_the_list_is_recorded(administrator: User) -> None:
    listed(administrator)

    (event,) = events(kind=EventKind.PEOPLE_LISTED)
    assert event.actor_id == administrator.pk


def test_user_is_added_with_all_they_need_to_sign_in(as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user()

    assert factories.signed_in(person).get(reverse("home")).status_code == 200
    (event,) = events(kind=EventKind.USER_ADDED)
    assert (event.user_id, event.process) == (person.pk, factories.SETTING_UP.name)


def test_web_role_adds_nobody(as_owner: OwnerContext) -> None:
    with as_owner():
        school = factories.organisation()

    with pytest.raises(ProgrammingError, match="nothing recorded allows"):
        factories.user(works_for=school)


def test_stranger_sees_no_list() -> None:
    assert Client().get(PEOPLE).url.startswith(reverse("account_login"))
