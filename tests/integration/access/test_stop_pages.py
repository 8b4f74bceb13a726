"""Emergency stops from their pages: who may, whom they concern, and who lifts them."""

from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.door.references import refer_to_organisation, refer_to_user
from access.models import Organisation, OrganisationKind, Role, Stop, StopReason, StopScope, User
from access.organisations.actions.stopping import stop
from access.organisations.views.stops import Target
from access.rules import grants
from audit.actors import Actor, Process
from audit.events import EventKind
from tests import factories, people
from tests.conftest import OwnerContext
from tests.log import last_event

STOPS, STOP_SERVICE, LIFT_SERVICE = reverse("stops"), reverse("stop_service"), reverse("lift_service")
HOME = reverse("home")
WHY = {"reason": StopReason.STOLEN}


class World:
    """An authority with two administrators, the second of whom may stop the service, and a school's teacher."""

    def __init__(self) -> None:
        self.authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        self.school = factories.organisation(authority=self.authority)
        self.teacher = factories.user(works_for=self.school, name="Zainab Okonkwo")
        self.first, self.second, self.third = (
            factories.user(role=Role.ADMINISTRATOR, works_for=self.authority) for _ in range(3)
        )
        for each in (self.second, self.third):
            grants.grant(each, grants.STOP_SERVICE, self.authority)


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        return World()


def words(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def actor_in(browser: Client, user: User) -> Actor:
    """The actor whose references this browser can follow."""
    session = browser.session
    session.load()
    return Actor(
        user_id=user.pk,
        role=user.role,
        organisation_id=user.organisation_id,
        authority_id=user.organisation.authority_id,
        session_id=session.row_id,
        request_id=factories.SETTING_UP_REQUEST,
        session_key=session.key_fingerprint,
    )


def of_person(browser: Client, user: User, person: User, what: str) -> str:
    return reverse(f"{what}_person", args=[refer_to_user(actor_in(browser, user), person.pk)])


def of_organisation(browser: Client, user: User, organisation: Organisation, what: str) -> str:
    return reverse(f"{what}_organisation", args=[refer_to_organisation(actor_in(browser, user), organisation.pk)])


def test_person_is_stopped_at_once_and_lifted_by_the_same(world: World) -> None:
    teacher, browser = factories.signed_in(world.teacher), factories.signed_in(world.first)
    page = of_person(browser, world.first, world.teacher, "stop")
    asked = words(browser.get(page))
    assert "Stop Zainab Okonkwo" in asked
    assert "1 person is shut out at once" in asked

    assert browser.post(page, WHY).url == STOPS
    assert teacher.get(HOME).status_code in {302, 403}
    shown = words(browser.get(STOPS))
    assert "Zainab Okonkwo" in shown
    assert "Password, code or device may be in other hands" in shown
    assert last_event(kind=EventKind.PEOPLE_LISTED).shown == [world.teacher.pk]

    assert browser.post(of_person(browser, world.first, world.teacher, "lift")).url == STOPS
    assert "Nothing is stopped now." in words(browser.get(STOPS))
    assert people.one(pk=world.teacher.pk).is_active


@pytest.mark.usefixtures("own_database")
def test_organisation_is_stopped_and_lifted_by_another_alone(world: World) -> None:
    teacher, browser = factories.signed_in(world.teacher), factories.signed_in(world.first)
    page = of_organisation(browser, world.first, world.school, "stop")
    assert f"Stop everybody at {world.school.name}" in words(browser.get(page))
    browser.post(page, WHY)

    assert teacher.get(HOME).status_code == 403
    assert "Another administrator must, since you began it" in words(browser.get(STOPS))
    refused = browser.post(of_organisation(browser, world.first, world.school, "lift"))
    assert refused.status_code == 403
    assert "Somebody else must decide this" in words(refused)

    second = factories.signed_in(world.second)
    assert "Begun by" in words(second.get(STOPS))
    second.post(of_organisation(second, world.second, world.school, "lift"))
    assert teacher.get(HOME).status_code == 200


@pytest.mark.usefixtures("own_database")
def test_service_stops_for_all_but_those_who_may_lift_it(world: World) -> None:
    browsers = {each: factories.signed_in(each) for each in (world.teacher, world.first, world.second, world.third)}
    second = browsers[world.second]
    assert f"{len(people.everybody())} people are shut out at once" in words(second.get(STOP_SERVICE))

    assert second.post(STOP_SERVICE, WHY).url == STOPS

    assert [browsers[each].get(HOME).status_code for each in browsers] == [403, 403, 200, 200]
    assert "Another administrator must" in words(second.get(STOPS))
    assert second.post(LIFT_SERVICE).status_code == 403
    third = browsers[world.third]
    assert LIFT_SERVICE in words(third.get(STOPS))
    assert third.post(LIFT_SERVICE).url == STOPS
    assert browsers[world.teacher].get(HOME).status_code == 200


def test_stop_from_the_shell_is_lifted_from_the_page(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        stop(actor=Process("shell"), scope=StopScope.SERVICE, target=None, reason=StopReason.INCIDENT)

    browser = factories.signed_in(world.second)

    assert "The operator, from the shell" in words(browser.get(STOPS))
    assert browser.post(LIFT_SERVICE).url == STOPS


def test_whoever_may_not_stop_the_service_is_refused_and_not_offered_it(world: World) -> None:
    browser = factories.signed_in(world.first)

    assert STOP_SERVICE not in words(browser.get(STOPS))
    for method in (browser.get, browser.post):
        assert method(STOP_SERVICE, WHY).status_code == 403
        assert method(LIFT_SERVICE).status_code == 403
    assert not Stop.objects.exists()


def test_nobody_stops_themselves_or_people_elsewhere(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        stranger = factories.user()
    browser = factories.signed_in(world.first)

    assert browser.post(of_person(browser, world.first, world.first, "stop"), WHY).status_code == 403
    assert browser.post(of_person(browser, world.first, stranger, "stop"), WHY).status_code == 404
    elsewhere = of_organisation(browser, world.first, stranger.organisation, "stop")
    assert browser.post(elsewhere, WHY).status_code == 404
    assert not Stop.objects.exists()


@pytest.mark.parametrize("reason", ["", "made up", "\0"])
def test_stop_without_a_reason_asks_for_one(world: World, reason: str) -> None:
    response = factories.signed_in(world.second).post(STOP_SERVICE, {"reason": reason})

    assert response.status_code == 200
    assert "There is a problem" in words(response)
    assert not Stop.objects.exists()


def test_stopped_twice_and_lifted_twice_says_so(world: World) -> None:
    second, third = factories.signed_in(world.second), factories.signed_in(world.third)
    second.post(STOP_SERVICE, WHY)

    again = third.post(STOP_SERVICE, WHY)
    assert (again.status_code, "This is stopped already." in words(again)) == (409, True)
    assert f'<a class="govuk-link" href="{HOME}">Go to the start page</a>' in words(again)
    from_the_form = third.post(STOP_SERVICE, WHY, headers={"referer": f"http://testserver{STOP_SERVICE}"})
    assert f'<a class="govuk-link" href="{STOP_SERVICE}">Go back and look again</a>' in words(from_the_form)
    third.post(LIFT_SERVICE)
    lifted = third.post(LIFT_SERVICE)
    assert (lifted.status_code, "not any more" in words(lifted)) == (409, True)


def test_list_of_another_authority_shows_none_of_it(world: World, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.user(role=Role.ADMINISTRATOR)
        stop(actor=Process("shell"), scope=StopScope.USER, target=world.teacher.pk, reason=StopReason.MISUSE)

    listed = factories.signed_in(other).get(STOPS)

    assert listed.status_code == 200
    assert "Nothing is stopped now." in words(listed)


def test_target_does_not_print_a_name() -> None:
    assert "Zainab" not in repr(Target(StopScope.USER, 1, "Zainab Okonkwo"))
