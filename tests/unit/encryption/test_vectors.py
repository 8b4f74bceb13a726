"""Known answers: of the standards we stand on, and of our own formats (tests/vectors, each file says its layout).

Our own answers are checked twice: through our code, and by the recipe in the file's layout, written out here anew
from the standard library, so that code and vectors cannot be wrong together.
"""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from encryption import keyring, seal
from encryption.backends.file import FileBackend
from encryption.keys import DataKey, Purpose
from encryption.tokens import Tokeniser, fingerprint, trait
from tests.unit.encryption.keyrings import data_key, keyring_in, write_keyring

VECTORS = Path(__file__).parents[2] / "vectors"


def read(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / f"{name}.json").read_text())


RFC_8452 = read("aes_256_gcm_siv")["vectors"]
RFC_5869 = read("hkdf_expand")["vectors"]
SEALED = read("sealed_values")
TOKENS = read("tokens")
KEYRING = read("keyring")


def expand(key: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-Expand with SHA-256, written from RFC 5869, section 2.3."""
    output = block = b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + info + bytes([number]), "sha256")
        output += block
    return output[:length]


def key_of(entry: dict[str, Any]) -> DataKey:
    secret = bytes.fromhex(entry["secret"])
    return data_key(int(entry["number"], 16), Purpose(entry["purpose"]), entry["cohort"], secret)


@pytest.fixture
def sealed_keys(tmp_path: Path) -> Any:
    """The keyring of sealed_values.json, in use."""
    keys = [key_of(entry) for entry in SEALED["keys"]]
    write_keyring(tmp_path / "web", *keys)
    with keyring_in(tmp_path / "web"):
        yield {key.number: key for key in keys}


@pytest.mark.parametrize("vector", RFC_8452, ids=lambda vector: vector["result"][:8])
def test_cipher_of_rfc_8452(vector: dict[str, str]) -> None:
    nonce, text, aad, result = (bytes.fromhex(vector[name]) for name in ("nonce", "plaintext", "aad", "result"))
    cipher = data_key(1, Purpose.CHILD, "2041-03", bytes.fromhex(vector["key"])).cipher

    assert cipher.encrypt(nonce, text, aad) == result
    assert cipher.decrypt(nonce, result, aad) == text


@pytest.mark.parametrize("vector", RFC_5869, ids=lambda vector: vector["case"])
def test_own_expansion_of_rfc_5869(vector: dict[str, str]) -> None:
    made = expand(bytes.fromhex(vector["prk"]), bytes.fromhex(vector["info"]), 42)

    assert made.hex() == vector["okm"]


def test_derived_key_of_rfc_5869_without_a_label() -> None:
    vector = RFC_5869[1]
    key = data_key(1, Purpose.TOKEN, secret=bytes.fromhex(vector["prk"]))

    assert key.derive("").hex() == vector["okm"][:64]


@pytest.mark.parametrize("label", ["fingerprint|user email", "search|1|names", "Zoë"])
def test_derived_key_is_hkdf_expand_of_its_label(label: str) -> None:
    key = data_key(1, Purpose.TOKEN)

    assert key.derive(label) == expand(key.secret, label.encode())


@pytest.mark.parametrize("vector", SEALED["values"], ids=lambda vector: vector["what"])
def test_sealed_value_is_as_it_was(vector: dict[str, Any], sealed_keys: dict[int, DataKey]) -> None:
    place, key = seal.Place(**vector["place"]), sealed_keys[int(vector["key"], 16)]
    value, nonce = bytes.fromhex(vector["value"]), bytes.fromhex(vector["nonce"])

    assert seal.seal_with_nonce(value, place, key, nonce, pad_to=vector["pad_to"]).hex() == vector["sealed"]
    assert seal.open_sealed(bytes.fromhex(vector["sealed"]), place, key.purpose) == value


@pytest.mark.parametrize("vector", SEALED["values"], ids=lambda vector: vector["what"])
def test_sealed_value_opens_by_its_layout(vector: dict[str, Any], sealed_keys: dict[int, DataKey]) -> None:
    sealed, number = bytes.fromhex(vector["sealed"]), int(vector["key"], 16)
    nonce, value = sealed[5:17], bytes.fromhex(vector["value"])
    [mask_key] = [key.secret for key in sealed_keys.values() if key.purpose == Purpose.KEY_ID]
    mask = hashlib.blake2b(nonce, key=mask_key, digest_size=4).digest()
    place = [vector["place"][name] for name in ("table", "column", "row", "version")]
    associated = "\0".join(map(str, ["contactpoint sealed 1", *place, vector["key"]])).encode()
    padded = AESGCMSIV(sealed_keys[number].secret).decrypt(nonce, sealed[17:], associated)

    assert sealed[0] == 1
    assert int.from_bytes(sealed[1:5], "big") ^ int.from_bytes(mask, "big") == number
    assert nonce.hex() == vector["nonce"]
    assert associated.hex() == vector["associated_data"]
    assert len(padded) % vector["pad_to"] == 0
    assert padded.startswith(value + b"\x80")
    assert not padded[len(value) + 1 :].strip(b"\0")
    assert len(padded) - len(value) <= vector["pad_to"]


@pytest.fixture
def token_keys(tmp_path: Path) -> Any:
    """The key of tokens.json, in use."""
    write_keyring(tmp_path / "web", data_key(1, Purpose.TOKEN, secret=bytes.fromhex(TOKENS["token_key"])))
    with keyring_in(tmp_path / "web"):
        yield bytes.fromhex(TOKENS["token_key"])


@pytest.mark.parametrize("vector", TOKENS["fingerprints"], ids=lambda vector: vector["fingerprint"][:8])
def test_fingerprint_is_as_it_was(vector: dict[str, str], token_keys: bytes) -> None:
    key = expand(token_keys, f"fingerprint|{vector['kind']}".encode())
    by_layout = hashlib.blake2b(vector["value"].encode(), key=key, digest_size=16)

    assert fingerprint(vector["kind"], vector["value"]).hex() == vector["fingerprint"] == by_layout.hexdigest()


@pytest.mark.parametrize("vector", TOKENS["tokens"], ids=lambda vector: str(vector["token"]))
def test_token_is_as_it_was(vector: dict[str, Any], token_keys: bytes) -> None:
    key = expand(token_keys, f"search|{vector['epoch']}|{vector['family']}".encode())
    digest = hashlib.blake2b("\x1f".join(vector["parts"]).encode(), key=key, digest_size=4).digest()
    by_layout = int.from_bytes(digest, "big") >> (32 - vector["bits"])
    made = Tokeniser(vector["epoch"], vector["bits"]).token(vector["family"], *vector["parts"])

    assert made == vector["token"] == by_layout


@pytest.mark.parametrize("vector", TOKENS["traits"], ids=lambda vector: str(vector["trait"]))
def test_trait_is_as_it_was(vector: dict[str, Any], token_keys: bytes) -> None:
    key = expand(token_keys, f"trait|{vector['kind']}".encode())
    digest = hashlib.blake2b("\x1f".join(vector["parts"]).encode(), key=key, digest_size=5).digest()

    assert trait(vector["kind"], *vector["parts"]) == vector["trait"] == int.from_bytes(digest, "big")


def test_keyring_file_loads_as_it_was(tmp_path: Path) -> None:
    root_key = tmp_path / "root.key"
    root_key.write_bytes(bytes.fromhex(KEYRING["root_key"]))
    root_key.chmod(0o600)
    (tmp_path / "keys.json").write_text(json.dumps(KEYRING["document"]))

    loaded = keyring.load(tmp_path, FileBackend(tmp_path))

    assert {f"{number:08x}": loaded.opening_key(number).secret.hex() for number in loaded.numbers()} == (
        KEYRING["secrets"]
    )
    assert loaded.sealing_key(Purpose.CHILD, "2041-04").number == 0x80000001


@pytest.mark.parametrize("entry", KEYRING["document"]["keys"], ids=lambda entry: entry["number"])
def test_keyring_entry_opens_by_its_layout(entry: dict[str, str | None]) -> None:
    wrapped = keyring.WrappedKey.from_json(entry)
    context = f"contactpoint data key 1|{entry['number']}|{entry['purpose']}|{entry['cohort'] or ''}".encode()
    root = AESGCMSIV(bytes.fromhex(KEYRING["root_key"]))
    secret = root.decrypt(wrapped.wrapped[:12], wrapped.wrapped[12:], context)

    assert secret.hex() == KEYRING["secrets"][entry["number"]]
    assert wrapped.commitment == hmac.digest(secret, b"commitment|" + context, "sha256")
    assert wrapped.to_json() == entry
