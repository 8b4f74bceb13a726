"""AUTHORITY_SIGN_IN: the identity providers through which authorities' own users may sign in, from the environment."""

from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.core.exceptions import ImproperlyConfigured

HINT = "See docs/authority-sign-in.md."
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Authority(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One provider. `id` stands in addresses; `authority` is the directory code of the authority it answers for."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    authority: str


def providers(told: str) -> dict[str, Any]:
    """What allauth wants in SOCIALACCOUNT_PROVIDERS. Raises ImproperlyConfigured, which repeats no secret."""
    try:
        authorities = msgspec.json.decode(told or "[]", type=list[Authority])
    except msgspec.DecodeError as error:
        raise ImproperlyConfigured(f"AUTHORITY_SIGN_IN cannot be read: {error}. {HINT}") from None
    for each in authorities:
        _check(each)
    if len({each.id for each in authorities}) < len(authorities):
        raise ImproperlyConfigured(f"AUTHORITY_SIGN_IN names an id twice. {HINT}")
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_app(each) for each in authorities]}}


def _check(authority: Authority) -> None:
    if not all(msgspec.structs.astuple(authority)):
        raise ImproperlyConfigured(f"AUTHORITY_SIGN_IN leaves something empty for {authority.id!r}. {HINT}")
    if not authority.id.replace("-", "").isalnum():
        raise ImproperlyConfigured(
            f"AUTHORITY_SIGN_IN: an id is letters, digits and dashes, not {authority.id!r}. {HINT}"
        )
    address = urlsplit(authority.issuer)
    # What the provider says about people is believed because the line to it is: on this machine, or encrypted.
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        raise ImproperlyConfigured(f"AUTHORITY_SIGN_IN: the issuer of {authority.id!r} must begin with https. {HINT}")


def _app(authority: Authority) -> dict[str, Any]:
    return {
        "provider_id": authority.id,
        "name": authority.name,
        "client_id": authority.client_id,
        "secret": authority.client_secret,
        "settings": {
            "server_url": authority.issuer,
            "authority": authority.authority,
            "scope": ["openid", "email"],  # whom they are known to us by, and nothing else of them
        },
    }
