"""A route's policy: said by a decorator, listed for allauth, or none."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.http import HttpRequest, HttpResponse

from access.door.routes import (
    ALLAUTH_ROUTES,
    OWN_SECURITY,
    PUBLIC,
    SECOND_FACTOR,
    VETTED,
    RoutePolicy,
    declared_policy,
    enrolled,
    policy_of,
    public,
    recently_confirmed,
    requires,
    vetted,
)
from access.rules.roles import Permission


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.fixture(autouse=True)
def undeclared() -> None:
    vars(view).clear()


def test_view_that_says_nothing_has_no_policy() -> None:
    assert declared_policy(view) is None
    assert policy_of(view, "ours") is None
    assert policy_of(view, None) is None


def test_decorators_declare() -> None:
    assert declared_policy(public(view)) == PUBLIC
    assert declared_policy(vetted(view)) == VETTED
    assert declared_policy(enrolled(view)) == SECOND_FACTOR


@pytest.mark.parametrize(
    "dangerous", [lambda: recently_confirmed(vetted(view)), lambda: vetted(recently_confirmed(view))]
)
def test_dangerous_step_asks_for_what_it_did_and_again_for_the_second_factor(dangerous: Callable[[], object]) -> None:
    assert declared_policy(dangerous()) == replace(VETTED, confirmed=True)


def test_dangerous_step_that_says_not_who_may_call_it_is_for_nobody() -> None:
    assert declared_policy(recently_confirmed(view)) is None


def test_enrolment_opens_no_more_than_it_needs() -> None:
    """What changes or removes a way in that is there already wants an account that is active."""
    assert {name for name, policy in ALLAUTH_ROUTES.items() if policy == OWN_SECURITY} == {
        "account_change_password",
        "mfa_deactivate_totp",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_remove_webauthn",
    }


def test_permission_includes_vetting_and_both_factors() -> None:
    policy = declared_policy(requires(Permission.LOG_READ)(view))

    assert policy == RoutePolicy(signed_in=True, second_factor=True, vetted=True, permission=Permission.LOG_READ)


@pytest.mark.parametrize(("name", "policy"), ALLAUTH_ROUTES.items())
def test_each_step_includes_the_one_before(name: str, policy: RoutePolicy) -> None:
    assert policy_of(view, name) == policy
    assert policy.signed_in or not policy.second_factor
    assert policy.second_factor or not policy.vetted
    assert policy.permission is None, "allauth's pages are for every role"


def test_view_says_more_than_the_list() -> None:
    requires(Permission.LOG_READ)(view)

    assert policy_of(view, "account_login") != PUBLIC
