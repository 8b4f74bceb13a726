"""Every link that is good in one session only leads, in the next, to a page where one begins again."""

from django.urls import resolve

from access.door.places import BOUND_TO_SESSION, INSTEAD, WORDS, instead_of, is_own
from access.door.routes import policy_of
from access.models import Role
from access.rules.roles import permissions_of
from tests.sweeps.routes import Route, all_routes

# What else stands in addresses of ours, and outlasts a session.
LASTING = {
    "child": "of the API alone, whose addresses no browser is at",
    "day": "a day",
    "following": "of the API alone, as child: a system keeps it",
    "kind": "a kind of evidence",
    "name": "of a resource or schema of SCIM",
    "provider_id": "an authority's identity provider",
    "rest": "whatever else software asks for",
    "secret": "of an invitation, which was mailed",
    "what": "what was done to an involvement",
}
# By the beginning of their paths.
WITHOUT_A_FORM = {
    "": "the start page",
    "emergency": "what to do when a view is over",
    "lately": "a list of links",
    "unplaced": "a list of names",
}


def bound_routes() -> list[Route]:
    return [route for route in all_routes() if instead_of(route.path)]


def roles_that_may(name: str) -> set[Role]:
    route = next(route for route in all_routes() if route.name == name)
    policy = policy_of(route.view, name)
    assert policy
    return {role for role in Role if policy.permission is None or policy.permission in permissions_of(role)}


def test_every_parameter_that_is_no_number_is_known() -> None:
    """A new kind of link fails here until somebody decides whether it lasts longer than its session."""
    ours = [resolve(route.path).kwargs for route in all_routes() if route.is_ours]
    found = {name for kwargs in ours for name, value in kwargs.items() if not isinstance(value, int)}
    assert found == BOUND_TO_SESSION | set(LASTING)


def test_whoever_may_follow_the_link_may_begin_again_there() -> None:
    bound = bound_routes()
    assert len(bound) > 20
    for route in bound:
        instead = instead_of(route.path)
        assert instead
        assert roles_that_may(route.name) <= roles_that_may(instead.route), route.name


def test_every_page_to_begin_again_from_is_used() -> None:
    assert {route.path.split("/")[1] for route in bound_routes()} == set(INSTEAD)


def test_every_page_of_ours_may_be_come_back_to() -> None:
    assert [route.path for route in all_routes() if route.is_ours and not is_own(route.path)] == []


def test_a_form_sent_too_late_has_words_wherever_it_was_sent() -> None:
    policies = [(route.path, policy_of(route.view, route.name)) for route in all_routes()]
    asking = {path.split("/")[1] for path, policy in policies if policy and policy.signed_in}
    assert asking == set(WORDS) | set(WITHOUT_A_FORM)
