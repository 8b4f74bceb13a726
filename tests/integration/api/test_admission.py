"""Who may call the API, and what is recorded of whoever may not."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from access.door.serving import Server, server_of
from access.models import Organisation, OrganisationKind, Role, User, VettingItem
from access.systems import tokens
from access.systems.actions.systems import revoke_system
from audit.events import EventKind, Outcome
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.api.asking import Asking, refused, told
from tests.integration.registry.people import Town
from tests.log import events, last_event
from tests.sweeps.in_systems import WITHOUT_GUARD

YESTERDAY = timedelta(days=1)


def refusals() -> int:
    return len(events(kind=EventKind.ACCESS_REFUSED))


def test_nobody_without_a_token(teacher: Asking) -> None:
    before = len(events())
    for shown, code in (
        ("", "no_token"),
        ("Basic dGVzdDp0ZXN0", "no_token"),
        ("Bearer", "no_token"),
        ("Bearer made-up", "invalid_token"),
        (f"Bearer {teacher.token[:-1]}", "invalid_token"),
        (f"Bearer {tokens.new_access_token()}", "invalid_token"),
        (f"Bearer {tokens.new_renewal()}", "invalid_token"),
    ):
        answer = teacher.get("/me", headers={"Authorization": shown})
        refused(answer, 401, code)
        assert answer["WWW-Authenticate"].startswith("Bearer ")
        assert ('error="invalid_token"' in answer["WWW-Authenticate"]) == (code == "invalid_token")
    assert len(events()) == before, "strangers could fill the log"


def test_whoever_shows_no_token_is_led_to_who_gives_them_out(teacher: Asking) -> None:
    """RFC 9728, to RFC 8414: each of the two is served by the process of its own."""
    answer = teacher.get("/me", headers={"Authorization": ""})
    told_where = re.findall(r'resource_metadata="([^"]+)"', answer["WWW-Authenticate"])
    assert told_where == ["http://testserver/.well-known/oauth-protected-resource"]
    (path,) = (urlsplit(each).path for each in told_where)
    resource = Client().get(path).json()
    assert resource == {
        "resource": "http://testserver",
        "authorization_servers": ["http://testserver"],
        "bearer_methods_supported": ["header"],
        "jwks_uri": "http://testserver/.well-known/jwks.json",
        "resource_documentation": "http://testserver/api/",
    }
    assert (server_of(path), server_of("/.well-known/oauth-authorization-server")) == (Server.WEB, Server.SIGN_IN)


def test_scheme_is_read_in_any_case(teacher: Asking) -> None:
    told(teacher.get("/me", headers={"Authorization": f"bearer  {teacher.token}"}))


def test_token_in_an_address_is_refused_whoever_shows_another(teacher: Asking) -> None:
    for query in (f"?token={teacher.token}", f"?reason=s11&reason=x{tokens.new_renewal()}"):
        refused(teacher.get(f"/me{query}"), 400, "token_in_address")


def test_cookies_count_for_nothing(teacher: Asking) -> None:
    browser = factories.signed_in(teacher.person)
    refused(browser.get("/api/v1/me"), 401, "no_token")
    assert settings.SESSION_COOKIE_NAME in browser.cookies
    admin = factories.signed_in(teacher.system.asked_by)
    assert told(Asking(teacher.system, teacher.person, browser=admin).get("/me"))["role"]["code"] == "practitioner"


def test_token_opens_no_page(teacher: Asking) -> None:
    answer = Client().get("/search/", headers={"Authorization": f"Bearer {teacher.token}"})
    assert answer.status_code == 302
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = teacher.token
    assert browser.get("/search/").status_code == 302


def test_token_of_an_organisations_software_opens_nothing_here(teacher: Asking) -> None:
    refused(teacher.get("/me", headers={"Authorization": f"Bearer contactpoint_{'a' * 43}"}), 401, "invalid_token")
    answer = Client().get("/scim/v2/Users", headers={"Authorization": f"Bearer {teacher.token}"})
    assert answer.status_code == 401


def organisation(teacher: Asking) -> None:
    authority = Organisation.objects.filter(pk=teacher.system.organisation_id)
    authority.update(accredited_until=factories.today() - YESTERDAY)


def elsewhere(teacher: Asking) -> None:
    school = factories.organisation(authority=factories.organisation(kind=OrganisationKind.AUTHORITY))
    User.objects.filter(pk=teacher.person.pk).update(organisation=school)


def another_role(teacher: Asking) -> None:
    User.objects.filter(pk=teacher.person.pk).update(role=Role.MEDIATOR)


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (organisation, "system_organisation"),
        (elsewhere, "system_elsewhere"),
        (another_role, "system_elsewhere"),
    ],
)
def test_system_that_is_not_good_is_refused_and_recorded_once_a_minute(
    teacher: Asking, as_owner: OwnerContext, happens: Callable[[Asking], None], code: str
) -> None:
    child = teacher.child()
    before = refusals()
    with as_owner():
        happens(teacher)
    for answer in (teacher.get("/me"), teacher.get("/recent"), teacher.open(child)):
        refused(answer, 401, code)
        assert "invalid_token" in answer["WWW-Authenticate"]
    assert refusals() == before + 1
    assert last_event().actor_id == teacher.person.pk
    assert last_event().outcome == Outcome.NOT_PERMITTED


@pytest.mark.parametrize(
    ("becomes", "code"),
    [
        ("accredited_until = current_date - 1", "system_expired"),
        # Which takes the guard away: of one that waits nobody has a token, and revoking ends sessions.
        ("accredited_at = NULL, accredited_by_id = NULL", "system_waiting"),
        ("revoked_at = now()", "system_revoked"),
    ],
)
def test_each_standing_of_a_system_has_its_code(
    teacher: Asking, as_owner: OwnerContext, becomes: str, code: str
) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(WITHOUT_GUARD.format(f"UPDATE access_clientsystem SET {becomes}"))
    refused(teacher.get("/me"), 401, code)


def test_revoked_it_opens_nothing_from_the_next_request_on(teacher: Asking) -> None:
    told(teacher.get("/me"))
    actor = factories.actor_for(teacher.system.asked_by)
    revoke_system(actor=actor, system_id=teacher.system.pk)
    refused(teacher.get("/me"), 401, "invalid_token")


def test_nobody_whose_vetting_lapsed(teacher: Asking, as_owner: OwnerContext) -> None:
    with as_owner():
        VettingItem.objects.filter(user=teacher.person).delete()
    refused(teacher.get("/me"), 403, "not_vetted")
    assert last_event().outcome == Outcome.NOT_VETTED
    assert last_event().actor_id == teacher.person.pk


def test_nobody_who_is_stopped(teacher: Asking, town: Town, as_owner: OwnerContext) -> None:
    with as_owner():
        Organisation.objects.filter(pk=town.school.pk).update(accredited_until=factories.today() - YESTERDAY)
    refused(teacher.find(), 403, "not_vetted")


def test_two_people_of_one_system_are_told_apart(teacher: Asking, town: Town) -> None:
    other = Asking(teacher.system, town.colleague)
    teacher.opened()
    assert told(other.get("/me"))["name"] == town.colleague.name.open()
    assert told(other.get("/recent")) == {"children": []}
    assert told(teacher.get("/me"))["name"] == town.teacher.name.open()


def test_too_many_requests_are_counted_by_person_and_by_system(
    teacher: Asking, town: Town, settings: pytest.FixtureRequest
) -> None:
    settings.API_RATES = {"system": 5, "person": 3}  # type: ignore[attr-defined]
    other = Asking(teacher.system, town.colleague)
    for _ in range(3):
        told(teacher.get("/me"))
    answer = teacher.get("/me")
    refused(answer, 429, "too_many_requests")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert other.get("/me").status_code in (200, 429)  # which the four before count against as well
    for _ in range(3):
        last = other.get("/me")
    refused(last, 429, "too_many_requests")
