"""Where a first second factor is set up, and only a first one."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve, reverse

from access.door.middleware import RoutePolicyMiddleware
from access.door.routes import ALLAUTH_ROUTES, OWN_SECURITY
from access.door.sessions import SessionStore
from access.models import User
from audit.events import Outcome
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext
from tests.log import last_event


def test_password_alone_adds_no_authenticator_beside_one_that_is_there(as_owner: OwnerContext) -> None:
    """A session begun before the person had a second factor must not be worth more than a password afterwards."""
    with as_owner():
        person = factories.user(authenticator=False)
    browser = factories.with_password(person)
    activate = reverse("mfa_activate_totp")
    assert reverse("mfa_reauthenticate") not in browser.get(activate).headers.get("Location", "")

    with signing_in():
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")

    assert browser.get(activate).url.startswith(reverse("confirm"))
    assert browser.post(activate, {"code": "123456"}).url.startswith(reverse("confirm"))


@pytest.mark.parametrize("name", sorted(ALLAUTH_ROUTES))
def test_somebody_not_active_who_is_signed_in_changes_no_way_in(person: User, name: str) -> None:
    """As somebody who is joining: signed in with both factors, with an account that is not active yet."""
    path = reverse(name, args=[1]) if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else reverse(name)
    request = RequestFactory().get(path)
    request.service = SessionStore(factories.signed_in(person).session.session_key)
    request.service.load()
    request.session = request.service
    request.resolver_match = match = resolve(path)
    request.request_id = factories.SETTING_UP_REQUEST
    person.state = "joining"
    request.user = person

    with signing_in():
        answer = RoutePolicyMiddleware(_not_reached).process_view(request, match.func, match.args, match.kwargs)

    if ALLAUTH_ROUTES[name] == OWN_SECURITY:
        assert answer is not None
        assert answer.status_code == 403
        assert last_event().outcome == Outcome.NOT_VETTED
    else:
        assert answer is None


def _not_reached(request: HttpRequest) -> HttpResponse:
    raise AssertionError
