"""A route's policy: said by a decorator, listed for allauth, or none."""

import pytest
from django.http import HttpRequest, HttpResponse

from access.roles import Permission
from access.routes import (
    ALLAUTH_ROUTES,
    PUBLIC,
    VETTED,
    RoutePolicy,
    declared_policy,
    policy_of,
    public,
    requires,
    vetted,
)


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
