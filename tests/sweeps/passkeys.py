"""An authenticator without a device: answers a registration as a security key does (WebAuthn, level 2, section 7.1)."""

import html
import json
import re
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)


def registration(page: str, origin: str) -> dict[str, Any]:
    """The credential that a page's script would put in its form, for the options that stand in `page`."""
    found = re.search(r'data-passkey-options="([^"]*)"', page)
    assert found, f"the page has no passkey options:\n{page[-3000:]}"
    options = json.loads(html.unescape(found[1]))["creation_options"]["publicKey"]
    number = secrets.token_bytes(16)
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = AuthenticatorData.FLAG
    data = AuthenticatorData.create(
        sha256(options["rp"]["id"].encode()).digest(),
        flags.UP | flags.UV | flags.AT,
        0,
        AttestedCredentialData.create(Aaguid.NONE, number, key),
    )
    told = CollectedClientData.create(CollectedClientData.TYPE.CREATE, options["challenge"], origin)
    return {
        "id": websafe_encode(number),
        "rawId": websafe_encode(number),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(told),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": False}},
    }
