"""Which public keys and which addresses of a system are taken, and what is kept of them."""

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from access.systems.addresses import AddressError, read_addresses
from access.systems.keys import LOST, MOST_KEYS, MOST_LETTERS, KeysError, PrivateKeyError, keys_shown, read_keys

ON_A_CURVE = ECKey.generate_key("P-256")
OF_RSA = RSAKey.generate_key(2048)
GOOD = [
    (ON_A_CURVE, "Elliptic curve P-256"),
    (ECKey.generate_key("P-384"), "Elliptic curve P-384"),
    (ECKey.generate_key("P-521"), "Elliptic curve P-521"),
    (OKPKey.generate_key("Ed25519"), "Ed25519"),
    (OF_RSA, "RSA, 2,048 bits"),
]


def public(key: Any, **more: object) -> dict[str, Any]:
    return {name: each for name, each in {**key.as_dict(private=False), **more}.items() if each is not None}


@pytest.mark.parametrize(("key", "kind"), GOOD, ids=[kind for _, kind in GOOD])
def test_key_is_kept_without_what_no_signature_needs(key: Any, kind: str) -> None:
    pasted = public(key, kid="first", x5c=["a certificate"], who="Maria Fischer", use="sig", key_ops=["verify"])
    read = read_keys(json.dumps({"keys": [pasted], "of": "Maria Fischer"}))

    assert "Fischer" not in json.dumps(read)
    assert "x5c" not in read["keys"][0]
    (shown,) = keys_shown(read)
    assert (shown.kid, shown.kind, shown.thumbprint) == ("first", kind, key.thumbprint())


def test_one_key_without_a_set_or_a_name_is_taken() -> None:
    """It is named by its thumbprint, as software that makes keys names them itself."""
    read = read_keys(json.dumps(public(ON_A_CURVE, kid=None)))

    assert read["keys"][0]["kid"] == ON_A_CURVE.thumbprint()


@pytest.mark.parametrize("key", [*(key for key, _ in GOOD), OctKey.generate_key(256)], ids=lambda key: key.key_type)
def test_private_key_is_refused_as_lost(key: Any) -> None:
    beside = {"keys": [public(ON_A_CURVE), key.as_dict(private=True)]}
    for pasted in (key.as_dict(private=True), beside, {"deep": [[{"er": key.as_dict(private=True)}]]}):
        with pytest.raises(PrivateKeyError, match="can pretend to be the system"):
            read_keys(json.dumps(pasted))


def test_private_key_in_another_writing_is_refused_as_lost() -> None:
    with pytest.raises(PrivateKeyError, match=LOST):
        read_keys(OF_RSA.as_pem(private=True).decode())
    with pytest.raises(PrivateKeyError, match=LOST):
        read_keys(json.dumps(OF_RSA.as_dict(private=True)).replace('"d"', '"\\u0064"'))


def too_small() -> dict[str, Any]:
    """RSA of 1,024 bits, which joserfc warns of when it makes one."""
    return public(OF_RSA, n=public(OF_RSA)["n"][:171])


UNUSABLE = {
    "none": {},
    "of no kind": public(OF_RSA, kty=None),
    "of an unknown kind": public(OF_RSA, kty="EC"),
    "of a kind that is no text": public(OF_RSA, kty=["RSA"]),
    "of RSA, too small": too_small(),
    "of RSA, too large": public(RSAKey.generate_key(4104)),
    "of RSA, without an exponent": public(OF_RSA, e=None),
    "of RSA, with an exponent of one": public(OF_RSA, e="AQ"),
    "of RSA, with a nought before": public(OF_RSA, e="AAEAAQ"),
    "of RSA, written otherwise": public(OF_RSA, e="AQAB="),
    "on the curve of Bitcoin": public(ECKey.generate_key("secp256k1")),
    "on a curve for encryption": public(OKPKey.generate_key("X25519")),
    "on another Edwards curve": public(OKPKey.generate_key("Ed448")),
    "on no curve": public(ON_A_CURVE, y=public(ON_A_CURVE)["x"]),
    "with half a point": public(ON_A_CURVE, y=None),
    "with a short point": public(ON_A_CURVE, x="AQ"),
    "with a point that is no text": public(ON_A_CURVE, x=7),
}


@pytest.mark.parametrize("key", UNUSABLE.values(), ids=UNUSABLE)
def test_key_that_cannot_be_used_is_named(key: dict[str, Any]) -> None:
    with pytest.raises(KeysError, match="Key 2 is none that can be used"):
        read_keys(json.dumps({"keys": [public(ON_A_CURVE), key]}))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"use": "enc"}, "not made for signatures"),
        ({"key_ops": ["encrypt"]}, "not made for signatures"),
        ({"key_ops": "verify"}, "not made for signatures"),
        ({"alg": "HS256"}, "does not go with it"),
        ({"alg": "ES384"}, "does not go with it"),
        ({"alg": []}, "does not go with it"),
        ({"kid": ""}, "must be 1 to 100"),
        ({"kid": "Maria Fischer"}, "must be 1 to 100"),
        ({"kid": 7}, "must be 1 to 100"),
        ({"kid": "x" * 101}, "must be 1 to 100"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_key_is_said(more: dict[str, object], says: str) -> None:
    with pytest.raises(KeysError, match=says):
        read_keys(json.dumps(public(ON_A_CURVE, **more)))


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("", "as a JSON Web Key"),
        ("[]", "as a JSON Web Key"),
        ("null", "as a JSON Web Key"),
        ('{"keys": []}', "as a JSON Web Key"),
        ('{"keys": {}}', "as a JSON Web Key"),
        ('{"keys": [[]]}', "as a JSON Web Key"),
        ("-----BEGIN PUBLIC KEY-----", "as a JSON Web Key"),
        ("[" * MOST_LETTERS, "as a JSON Web Key"),
        ("9" * MOST_LETTERS, "as a JSON Web Key"),
        (" " * (MOST_LETTERS + 1), "characters or fewer"),
        ('{"kty": "RSA", "kty": "EC"}', "stands in a key twice"),
        (json.dumps({"keys": [{}] * (MOST_KEYS + 1)}), "at most 10 keys"),
        (json.dumps({"keys": [public(ON_A_CURVE, kid="a"), public(GOOD[1][0], kid="a")]}), "have the same “kid”"),
        (json.dumps({"keys": [public(ON_A_CURVE, kid="a"), public(ON_A_CURVE, kid="b")]}), "stands there twice"),
    ],
)
def test_what_is_no_set_of_keys_is_refused(pasted: str, says: str) -> None:
    with pytest.raises(KeysError, match=says):
        read_keys(pasted)


@pytest.mark.parametrize(
    "address",
    [
        "https://files.example.org",
        "https://files.example.org/back?from=here",
        "https://files.example.org:8443/back",
        "https://xn--mnchen-3ya.example.org/",
        "http://127.0.0.1:8080/back",
        "http://127.0.0.1/",
    ],
)
def test_address_is_taken_as_it_is(address: str) -> None:
    assert read_addresses(f"\n {address} \r\n{address}") == [address]


@pytest.mark.parametrize(
    "address",
    [
        "files.example.org",
        "//files.example.org/",
        "http://files.example.org/",
        "http://localhost/",
        "http://127.0.0.1",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1:x/",
        "http://127.0.0.1:8080@example.org/",
        "HTTPS://files.example.org/",
        "https://FILES.example.org/",
        "https://files.example.org./",
        "https://files.example.org:/",
        "https://files.example.org:99999/",
        "https://localhost/",
        "https://192.0.2.1/",
        "http://[::1]:8080/back",
        "https://[::1]/",
        "https://[::1/",
        "https:///back",
        "https:files.example.org",
        "https://somebody@files.example.org/",
        "https://files.example.org@example.net/",
        "https://files.example.org\\@example.net/",
        "https://files.example.org/#",
        "https://files.example.org/#part",
        "https://*.example.org/",
        "https://files.example.org/*",
        "https://files.example.org/a b",
        "https://files.exämple.org/",
        "https://files.example.org/" + "x" * 200,
        "javascript:alert(1)",
        "data:text/html,x",
        "org.example.files:/back",
    ],
)
def test_address_that_could_lead_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        read_addresses(address)
