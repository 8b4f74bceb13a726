"""Where a first second factor is set up, and only a first one."""

from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from tests import factories
from tests.conftest import OwnerContext


def test_password_alone_adds_no_authenticator_beside_one_that_is_there(as_owner: OwnerContext) -> None:
    """A session begun before the person had a second factor must not be worth more than a password afterwards."""
    with as_owner():
        person = factories.user(authenticator=False)
    browser = factories.with_password(person)
    activate = reverse("mfa_activate_totp")
    assert reverse("mfa_reauthenticate") not in browser.get(activate).headers.get("Location", "")

    with as_owner():
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")

    assert browser.get(activate).url.startswith(reverse("mfa_reauthenticate"))
    assert browser.post(activate, {"code": "123456"}).url.startswith(reverse("mfa_reauthenticate"))
