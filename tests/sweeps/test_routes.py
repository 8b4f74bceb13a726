"""Every route, called as everybody: who gets through, who is refused and how, and that each refusal is recorded.

The lists below are exceptions. A route that stands in none of them asks for two factors and current vetting; a
route that declares nothing is not found by anybody.
"""

from contextlib import nullcontext
from dataclasses import dataclass, replace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from access.door import sessions
from access.door.routes import ALLAUTH_ROUTES, TOKEN_PATHS, RoutePolicy
from access.models import Role, User, UserState, VettingItem
from access.rules.roles import Permission
from audit.events import Outcome
from tests import factories
from tests.conftest import OwnerContext
from tests.log import last_event
from tests.sweeps.routes import Route, all_routes, policy, undone

PUBLIC = {
    "api": "how systems ask, for whoever builds one",
    "api_document": "the same for programs",
    "accessibility": "what the law asks to be published",
    "account_inactive": "tells somebody suspended why they cannot sign in",
    "account_login": "the door itself",
    "account_logout": "harmless to who is not signed in",
    "authority_sign_in": "the door itself, by a council's own account",
    "fhir_metadata": "how systems that speak FHIR ask",
    "health_live": "asked by the load balancer",
    "health_ready": "asked by the load balancer",
    "help": "also for who cannot get in",
    "join": "where somebody invited gets in; without the link that was mailed it says that there is none",
    "mfa_authenticate": "between password and code nobody is signed in; without a password it leads to sign-in",
    "mfa_login_webauthn": "the door itself, by passkey",
    "new_sign_in": "where somebody gets a new sign-in; without the link that was mailed it says that there is none",
    "oauth_authorize": "where a system sends whoever is to sign in; leads on to what asks them",
    "oauth_metadata": "where systems sign their people in, for whoever builds one",
    "oauth_resource": "who gives out tokens for the API, for whoever builds a system",
    "openid_connect_callback": "where a provider sends people back to; without our own question it does nothing",
    "privacy": "what the law asks to be published",
    "telling_keys": "public keys, by which systems check what they are told",
    "session": "says whether this browser's own session lasts, and nothing of whose it is",
}
WITHOUT_SECOND_FACTOR = {
    "account_reauthenticate": "confirms the password of who is signed in",
    "confirm": "leads on to where a session gets its second factor",
    "mfa_activate_totp": "where a first second factor is set up",
    "mfa_reauthenticate": "where a session gets its second factor",
    "mfa_reauthenticate_webauthn": "where a session gets its second factor",
}
# A person's own password, second factors and checklist: they show and open nothing of anybody else.
WITHOUT_VETTING = {
    "account_change_password",
    "agreement",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "my_access",
    "signed_in",
}
FOR_EVERY_ROLE = {
    "api_lists": "the closed lists, which every page with a form shows; of a system's token",
    "api_me": "in whose name a system asks, to the system that shows the person's own token",
    "fhir_audit_events": "what the log holds about one's own doings, as FHIR",
    "home": "the start page, which offers each role its own",
    "oauth_allow": "tells whoever is no practitioner that no system can act for them",
    "own_home": "where one lives oneself, kept as fingerprints",
    "my_history": "what the log holds about one's own doings",
    "question": "what an auditor asks, of whoever is asked alone",
}
# Nobody signs up, has an e-mail address to confirm, or resets a password by e-mail.
CLOSED = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
}
HOLDERS = {
    Permission.BATCH_KEEP: {Role.ADMINISTRATOR},
    Permission.ARCHIVE_READ: {Role.ADMINISTRATOR},
    Permission.CALL_TAKE: {Role.MEDIATOR},
    Permission.CHILD_OPEN: {Role.PRACTITIONER, Role.MEDIATOR},
    Permission.CHILD_RECALL: {Role.PRACTITIONER},
    Permission.CHILD_SEARCH: {Role.PRACTITIONER, Role.MEDIATOR},
    Permission.CONNECTION_ASK: {Role.PRACTITIONER},
    Permission.CONNECTION_MAKE: {Role.ADMINISTRATOR},
    Permission.FEED_KEEP: {Role.ADMINISTRATOR},
    Permission.HANDOVER_KEEP: {Role.ADMINISTRATOR},
    Permission.INVOLVEMENT_KEEP: {Role.PRACTITIONER},
    Permission.LOG_READ: {Role.AUDITOR},
    Permission.MATCH_DECIDE: {Role.ADMINISTRATOR},
    Permission.ORGANISATION_KEEP: {Role.ADMINISTRATOR},
    Permission.PEOPLE_DECIDE: {Role.ADMINISTRATOR},
    Permission.PEOPLE_INVITE: {Role.ADMINISTRATOR},
    Permission.PEOPLE_LIST: {Role.ADMINISTRATOR},
    Permission.RECORD_KEEP: {Role.ADMINISTRATOR},
    Permission.REPORT_ANSWER: {Role.ADMINISTRATOR},
    Permission.REPORT_MAKE: {Role.PRACTITIONER},
    Permission.SERVICE_STOP: {Role.ADMINISTRATOR},
    Permission.SHIELD_ASK: {Role.PRACTITIONER},
    Permission.SHIELD_OVERRIDE: {Role.PRACTITIONER},
    Permission.MERGE_DECIDE: {Role.ADMINISTRATOR},
    Permission.SHIELD_DECIDE: {Role.ADMINISTRATOR},
    Permission.SYSTEM_KEEP: {Role.ADMINISTRATOR},
    Permission.UNPLACED_LIST: {Role.ADMINISTRATOR},
}
# These ask for a grant besides, which nobody here was given.
BY_GRANT = {"stop_service", "lift_service"}
# Beside the routes that take a token, and the same to anybody: they change nothing, and read no cookie either.
DESCRIBE_THE_API = {"api", "api_document", "fhir_metadata"}
# What is sent there proves who sends it; in a form, and by POST.
PROVED_IN_THE_FORM = {"oauth_revoke", "oauth_token"}
METHODS = ("GET", "POST")
NOT_VETTED_TITLES = ("Your access has stopped", "You cannot use the service yet")
REFUSALS = {  # a page that exists for nobody is not refused: it is not there, and no event
    "not permitted": Outcome.NOT_PERMITTED,
    "not vetted": Outcome.NOT_VETTED,
}


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: pages read after their events are committed."""


@dataclass
class Caller:
    """Somebody's browser, and how far they have got."""

    browser: Client
    signed_in: bool = True
    second_factor: bool = True
    vetted: bool = True
    suspended: bool = False
    active: bool = True
    role: Role = Role.PRACTITIONER

    def call(self, route: Route, method: str) -> HttpResponse:
        """The answer to one request, which leaves the caller's own cookies as they were."""
        browser = Client(raise_request_exception=False)
        browser.cookies.load(self.browser.cookies.output(header="", sep=";"))
        return browser.generic(method, route.path)


def make_caller(name: str, as_owner: OwnerContext) -> Caller:
    """The caller of that name: a role, or a way of not being entitled."""
    if name == "stranger":
        return Caller(Client(), signed_in=False)
    role = Role(name) if name in Role.values else Role.PRACTITIONER
    with as_owner():
        person = factories.user(role=role, authenticator=name != "no authenticator")
    if name == "before the code":
        return Caller(factories.with_password(person), signed_in=False)
    if name == "no authenticator":
        return Caller(factories.with_password(person), second_factor=False)
    browser = factories.signed_in(person)
    with as_owner():
        lapse(person, name)
    return Caller(
        browser,
        role=role,
        vetted=name not in ("lapsed", UserState.JOINING),
        suspended=name == UserState.SUSPENDED,
        active=name != UserState.JOINING,
    )


def lapse(person: User, name: str) -> None:
    if name == "lapsed":
        VettingItem.objects.filter(user=person).delete()
    if name in (UserState.SUSPENDED, UserState.JOINING):
        User.objects.filter(pk=person.pk).update(state=name)


CALLERS = [*Role.values, "stranger", "before the code", "no authenticator", "lapsed", "joining", "suspended"]


def expected(caller: Caller, asked: RoutePolicy | None, route: Route) -> str:  # noqa: C901, PLR0911 - a table, read from the top
    if asked is None:
        return "not found"
    if route.name in PROVED_IN_THE_FORM:
        return "asked for a form"
    if asked.admission:
        return "asked for a token"  # whoever it is, and however well they are signed in
    if not asked.signed_in:
        return "reached"
    if not caller.signed_in:
        return "asked to sign in"
    if caller.suspended:
        return "not vetted"
    if asked.second_factor and not caller.second_factor:
        return "asked for a second factor"
    if (asked.vetted and not caller.vetted) or (asked.active and not caller.active):
        return "not vetted"
    if route.name in BY_GRANT or (asked.permission and caller.role not in HOLDERS[asked.permission]):
        return "not permitted"
    return "reached"


def seen(response: HttpResponse, route: Route, asked: RoutePolicy | None) -> str:  # noqa: PLR0911 - as `expected`
    """What happened, in the words of `expected`. A view's own 404 counts as reached: it was asked."""
    if response.status_code >= 500:
        return f"failed with {response.status_code}"
    if response.status_code == 404 and asked is None:
        return "not found"
    if response.status_code == 401:
        return "asked for a token"
    if route.name in PROVED_IN_THE_FORM and response.status_code in (400, 405):
        return "asked for a form"
    if response.status_code == 403:
        page = response.content.decode()
        return "not vetted" if any(title in page for title in NOT_VETTED_TITLES) else "not permitted"
    if asked and asked.signed_in and response.status_code == 302:
        return seen_redirect(response.url)
    return "reached"


def seen_redirect(url: str) -> str:
    page, _, query = url.partition("?")
    if page == reverse("account_login"):
        return "asked to sign in"
    asking = {reverse("confirm"), reverse("mfa_activate_totp"), reverse("mfa_reauthenticate")}
    if page in asking and query.startswith("next="):
        return "asked for a second factor"
    return "reached"


@pytest.mark.parametrize("name", CALLERS)
def test_every_route_lets_in_whom_it_declares_and_nobody_else(name: str, as_owner: OwnerContext) -> None:
    caller = make_caller(name, as_owner)
    wrong = []
    for route in all_routes():
        for method in METHODS:
            asked = policy(route)
            # A refusal changes nothing, and reads what has run out after a commit.
            with nullcontext() if expected(caller, asked, route) in REFUSALS else undone(route):
                got = seen(caller.call(route, method), route, asked)
                if got in REFUSALS and last_event().outcome != REFUSALS[got]:
                    got += ", unrecorded"
            if got != expected(caller, asked, route):
                wrong.append(f"{method} {route.name}: {got} instead of {expected(caller, asked, route)}")

    assert not wrong


@pytest.mark.parametrize("role", Role.values)
def test_numbers_that_no_row_can_have_are_not_found(as_owner: OwnerContext, role: str) -> None:
    caller = make_caller(role, as_owner)
    numbered = [replace(route, path=route.path.replace("/1/", f"/{'9' * 100}/")) for route in all_routes()]
    answers = {route.name: caller.call(route, "GET").status_code for route in numbered if "999" in route.path}

    assert answers
    # 405: a button's address, which is not read; 401: a system's, who shows no token here.
    assert set(answers.values()) <= {302, 401, 403, 404, 405}, answers


def test_routes_of_ours_declare_what_they_ask() -> None:
    assert [route.name for route in all_routes() if route.is_ours and policy(route) is None] == []


def test_routes_that_are_closed_are_those_listed() -> None:
    assert {route.name for route in all_routes() if policy(route) is None} == CLOSED


def test_routes_that_ask_less_than_vetting_are_those_listed() -> None:
    declared = {route.name: policy(route) for route in all_routes()}
    open_routes = {name: asked for name, asked in declared.items() if asked}

    people = {name: asked for name, asked in open_routes.items() if not asked.admission}

    assert {name for name, asked in people.items() if not asked.signed_in} == set(PUBLIC)
    assert {name for name, asked in open_routes.items() if asked.signed_in and not asked.second_factor} == set(
        WITHOUT_SECOND_FACTOR
    )
    assert {name for name, asked in open_routes.items() if asked.second_factor and not asked.vetted} == WITHOUT_VETTING
    assert {name for name, asked in open_routes.items() if asked.vetted and not asked.permission} == set(FOR_EVERY_ROLE)


def test_routes_that_take_a_token_are_where_no_cookie_counts() -> None:
    by_policy = {route.name for route in all_routes() if (asked := policy(route)) and asked.admission}
    by_place = {route.name for route in all_routes() if route.path.startswith(TOKEN_PATHS)} - DESCRIBE_THE_API

    assert by_policy
    assert by_policy == by_place == {route.name for route in all_routes() if getattr(route.view, "csrf_exempt", False)}


def test_policies_listed_for_allauth_are_of_routes_that_exist() -> None:
    assert set(ALLAUTH_ROUTES) <= {route.name for route in all_routes() if not route.is_ours}


def test_a_stranger_is_refused_before_anything_is_read(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "show_nobody", lambda: None)  # which reads nothing
    for route in all_routes():
        asked = policy(route)
        if asked and asked.signed_in:
            with django_assert_num_queries(0):
                Caller(Client(), signed_in=False).call(route, "GET")
