"""Passkeys: the pages answer, and an answer that no authenticator made is refused. Browser tests use a real one."""

import pytest
from django.test import Client
from django.urls import reverse

from access.models import User
from tests import factories
from tests.acting_servers import signing_in
from tests.integration.access.test_sign_in import is_signed_in


def test_passkey_pages_answer(person: User) -> None:
    asked_by_script = Client().get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    assert asked_by_script.json()["request_options"]["publicKey"]["challenge"]

    browser = factories.signed_in(person)
    assert browser.get(reverse("mfa_list_webauthn")).status_code == 200
    assert browser.get(reverse("mfa_add_webauthn")).status_code == 200


@pytest.mark.parametrize(
    "credential",
    [
        "no JSON",
        "[]",
        '{"id": "made up"}',
        '{"id": 1, "rawId": 1, "type": "public-key", "response": []}',
        '{"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "AA", "signature": "AA", "userHandle": "AA"}}',
    ],
)
@pytest.mark.parametrize("route", ["mfa_login_webauthn", "mfa_authenticate"])
def test_made_up_passkey_is_refused(person: User, route: str, credential: str) -> None:
    browser = factories.with_password(person)
    browser.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})

    response = browser.post(reverse(route), {"credential": credential})

    assert response.status_code in {200, 302}
    assert not is_signed_in(browser)


@pytest.mark.parametrize("credential", ["[]", '{"id": "made up"}', '{"id": "AA", "rawId": "AA", "response": {}}'])
def test_made_up_passkey_is_not_added(person: User, credential: str) -> None:
    browser = factories.signed_in(person)
    browser.get(reverse("mfa_add_webauthn"))

    response = browser.post(reverse("mfa_add_webauthn"), {"name": "This computer", "credential": credential})

    assert response.status_code == 200
    with signing_in():
        assert not person.authenticator_set.filter(type="webauthn").exists()
