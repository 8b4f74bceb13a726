"""From a request to the actor that actions take as their first argument."""

from typing import cast

from django.http import HttpRequest

from access.door.calls import call_in
from access.door.sessions import session_of
from access.models import User
from audit.actors import Actor, Process


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Call it only behind a route policy that asks for one."""
    return cast(User, request.user)


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person as an actor; a mediator in the name of the colleague whose call they are on."""
    user = user_of(request)
    session = session_of(request)
    call = call_in(request)
    return Actor(
        user_id=user.pk,
        role=user.role,
        organisation_id=user.organisation_id,
        authority_id=user.organisation.authority_id,
        session_id=cast(int, session.row_id),
        request_id=request.request_id,  # type: ignore[attr-defined]  # set by RequestIdMiddleware
        session_key=session.key_fingerprint,
        colleague=call.in_whose_name if call else None,
    )


def actor_or_process(request: HttpRequest) -> Actor | Process:
    """The signed-in person, or the sign-in page itself while nobody is."""
    if request.user.is_authenticated:
        return actor_of(request)
    return Process("sign-in", request.request_id)  # type: ignore[attr-defined]  # set by RequestIdMiddleware
