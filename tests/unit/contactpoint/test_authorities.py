"""AUTHORITY_SIGN_IN: read whole, or refused with what to do and without what is secret."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from contactpoint.settings.authorities import providers

TRAFFORD = {
    "id": "trafford",
    "name": "Trafford Council",
    "issuer": "https://login.trafford.example",
    "client_id": "contactpoint",
    "client_secret": "the secret",
    "authority": "E08000009",
}


@pytest.mark.parametrize("told", ["", "[]"])
def test_without_any_there_are_none(told: str) -> None:
    assert providers(told)["openid_connect"]["APPS"] == []


def test_provider_is_asked_for_the_address_alone_and_with_a_challenge() -> None:
    found = providers(json.dumps([TRAFFORD]))["openid_connect"]

    assert found["OAUTH_PKCE_ENABLED"] is True
    (app,) = found["APPS"]
    assert (app["provider_id"], app["secret"]) == ("trafford", "the secret")
    assert app["settings"] == {
        "server_url": "https://login.trafford.example",
        "authority": "E08000009",
        "scope": ["openid", "email"],
    }


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("no JSON", "cannot be read"),
        ("{}", "cannot be read"),
        (json.dumps([{**TRAFFORD, "colour": "blue"}]), "unknown field"),
        (json.dumps([{k: v for k, v in TRAFFORD.items() if k != "authority"}]), "missing required field"),
        (json.dumps([{**TRAFFORD, "client_id": ""}]), "leaves something empty"),
        (json.dumps([{**TRAFFORD, "id": "tra/fford"}]), "letters, digits and dashes"),
        (json.dumps([TRAFFORD, TRAFFORD]), "names an id twice"),
        (json.dumps([{**TRAFFORD, "issuer": "http://login.trafford.example"}]), "must begin with https"),
        (json.dumps([{**TRAFFORD, "issuer": "http://127.0.0.1.example"}]), "must begin with https"),
        (json.dumps([{**TRAFFORD, "issuer": "ftp://login.trafford.example"}]), "must begin with https"),
    ],
)
def test_what_is_wrong_is_said(told: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says) as caught:
        providers(told)

    assert "docs/authority-sign-in.md" in str(caught.value)
    assert "the secret" not in str(caught.value)
