"""The public keys by which a system proves that it is itself (RFC 7517): what is taken of what was pasted, and shown.

Only what a signature is checked by is kept: of whatever else stands in a key, such as a certificate, nothing is.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, thumbprint

MOST_KEYS = 10
MOST_LETTERS = 7_500  # ten of the longest keys
RSA_BITS = range(2048, 4096 + 1)
MATERIAL = ("crv", "e", "kty", "n", "x", "y")  # of what a thumbprint is made: RFC 7638, 3.2
PRIVATE = frozenset({"d", "dp", "dq", "k", "oth", "p", "q", "qi"})  # RFC 7518, 6.2.2, 6.3.2 and 6.4; RFC 8037, 2
NAMED = re.compile(r"[\x21-\x7e]{1,100}")
RSA_SIGNS = frozenset({"PS256", "PS384", "PS512", "RS256", "RS384", "RS512"})
LOST = (
    "This is a private key. Whoever has seen it can pretend to be the system, so it must never be used. Have another "
    "made, and enter only its public part"
)
NO_SET = "Enter public keys as a JSON Web Key, or a set of them, such as {“keys”: […]}"


@dataclass(frozen=True, slots=True)
class Curve:
    """One of the curves that are taken: octets of a coordinate, what signs with it, and its name on a page."""

    kty: str
    octets: int
    signs: frozenset[str]
    shown: str


CURVES = {
    "P-256": Curve("EC", 32, frozenset({"ES256"}), "Elliptic curve P-256"),
    "P-384": Curve("EC", 48, frozenset({"ES384"}), "Elliptic curve P-384"),
    "P-521": Curve("EC", 66, frozenset({"ES512"}), "Elliptic curve P-521"),
    "Ed25519": Curve("OKP", 32, frozenset({"Ed25519"}), "Ed25519"),
}


class KeysError(Exception):
    """The keys cannot be taken. Its text says why and what to do."""


class PrivateKeyError(KeysError):
    """Among them is one that nobody but the system may hold. It must not be shown again either."""


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A key as people compare it: `thumbprint` is the same wherever it is worked out (RFC 7638, SHA-256)."""

    kid: str
    kind: str
    thumbprint: str


def read_keys(text: str) -> dict[str, Any]:
    """The JSON Web Key Set that was pasted, or that the one key pasted makes. Each key has a `kid` of its own.

    Raises KeysError.
    """
    found = _keys_in(_parsed(text))
    if len(found) > MOST_KEYS:
        raise KeysError(f"Enter at most {MOST_KEYS} keys")
    keys = [_key(each, number) for number, each in enumerate(found, 1)]
    if len({key["kid"] for key in keys}) < len(keys):
        raise KeysError("Two keys have the same “kid”. Ask for keys of which each has one of its own")
    if len({_thumbprint(key) for key in keys}) < len(keys):
        raise KeysError("The same key stands there twice. Take one of the two out")
    return {"keys": keys}


def keys_shown(keys: dict[str, Any]) -> Sequence[KeyShown]:
    """Those keys, as they were read, for people to compare."""
    return [KeyShown(key["kid"], _kind(key), _thumbprint(key)) for key in keys["keys"]]


def _parsed(text: str) -> Any:
    if "-----BEGIN" in text:
        raise PrivateKeyError(LOST) if "PRIVATE KEY" in text else KeysError(NO_SET)
    if len(text) > MOST_LETTERS:
        raise KeysError(f"The keys must have {MOST_LETTERS:,} characters or fewer. Ask for keys without certificates")
    try:
        return json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise KeysError(NO_SET) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Wherever it stands, and however often its names do: who reads it otherwise than we must find the same key."""
    named = dict(pairs)
    if PRIVATE & named.keys():
        raise PrivateKeyError(LOST)
    if len(named) < len(pairs):
        raise KeysError("Something stands in a key twice. Ask for the keys as they were made")
    return named


def _keys_in(pasted: Any) -> list[Any]:
    if not isinstance(pasted, dict):
        raise KeysError(NO_SET)
    found = pasted.get("keys", [pasted] if "kty" in pasted else None)
    if not isinstance(found, list) or not found:
        raise KeysError(NO_SET)
    return found


def _key(given: Any, number: int) -> dict[str, str]:
    """What is kept of a key that can be used. `number` is where it stands among those given."""
    if not isinstance(given, dict):
        raise KeysError(NO_SET)
    try:
        material, signs = _material(given)
        JWKRegistry.import_key(dict(material))
    except (JoseError, ValueError, TypeError, KeyError, binascii.Error):
        raise KeysError(
            f"Key {number} is none that can be used. Ask for RSA of {RSA_BITS[0]:,} to {RSA_BITS[-1]:,} bits, for "
            "P-256, P-384 or P-521, or for Ed25519"
        ) from None
    operations = given.get("key_ops", ["verify"])
    if given.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise KeysError(f"Key {number} is not made for signatures. Ask for one whose “use” is “sig”")
    algorithm = given.get("alg")
    if algorithm is not None and algorithm not in sorted(signs):
        raise KeysError(
            f"Key {number} has an “alg” that does not go with it. Ask for one of {', '.join(sorted(signs))}"
        )
    kid = given.get("kid", _thumbprint(material))
    if not (isinstance(kid, str) and NAMED.fullmatch(kid)):
        raise KeysError(f"The “kid” of key {number} must be 1 to 100 letters, digits and signs, without spaces")
    return {**material, "kid": kid, "use": "sig"} | ({"alg": algorithm} if algorithm else {})


def _material(given: dict[str, Any]) -> tuple[dict[str, str], frozenset[str]]:
    """The numbers of a key, and what may sign with it. Raises ValueError, TypeError or KeyError for any other key."""
    if given["kty"] == "RSA":
        modulus, exponent = _octets(given["n"]), _octets(given["e"])
        if not (modulus[:1] > b"\0" < exponent[:1] and int.from_bytes(modulus).bit_length() in RSA_BITS):
            raise ValueError
        return {"kty": "RSA", "n": given["n"], "e": given["e"]}, RSA_SIGNS
    curve = CURVES[given["crv"]]
    coordinates = ("x", "y") if curve.kty == "EC" else ("x",)
    if given["kty"] != curve.kty or any(len(_octets(given[each])) != curve.octets for each in coordinates):
        raise ValueError
    return {"kty": curve.kty, "crv": given["crv"], **{each: given[each] for each in coordinates}}, curve.signs


def _octets(text: str) -> bytes:
    """What the text says in Base64url, where that is its one way of being said, so that a thumbprint is of one key."""
    octets = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if urlsafe_b64encode(octets).decode().rstrip("=") != text:
        raise ValueError
    return octets


def _thumbprint(key: dict[str, str]) -> str:
    return thumbprint({name: key[name] for name in MATERIAL if name in key})


def _kind(key: dict[str, str]) -> str:
    if key["kty"] == "RSA":
        return f"RSA, {int.from_bytes(_octets(key['n'])).bit_length():,} bits"
    return CURVES[key["crv"]].shown
