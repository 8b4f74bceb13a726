"""What each process can open and sign, tried as somebody would who has its directory of keys and its environment.

They use none of our code but what says where things stand: every key that they can unwrap is tried for everything,
whatever it is said to be for.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.utils import timezone

from contactpoint.local import preparation, processes
from contactpoint.local.state import PROJECT
from encryption import keyring, seal
from encryption.authentication import authenticate
from encryption.holders import HOLDERS
from encryption.keys import DataKey, Purpose, cohort_of
from encryption.signing import Signer, TellingSigner
from encryption.tokens import Tokeniser, fingerprint, trait
from tests.unit.encryption.keyrings import keyring_in, keyrings_in, said_by_make_keys

# What is there to be done with keys, and which processes can.
CAN = {
    "open a child's record": {"web", "worker"},
    "open what is known of a person": {"web", "sign_in", "worker"},
    "open what can be compared of children and users": {"worker", "examiner"},
    "open what somebody searched for": {"web"},
    "open a second factor, or a session where people sign in": {"sign_in"},
    "open a session": {"web", "sign_in"},
    "follow a link of a page": {"web", "sign_in"},
    "find a person or a session": {"web", "sign_in", "worker"},
    "find a child": {"web", "sign_in", "worker"},  # by number, whom it cannot open: one key serves both
    "make what somebody's name compares by": {"web", "sign_in", "worker"},  # the same key
    "see which cohort a child is of": {"web", "sign_in", "worker"},
    "tag an event": {"web", "sign_in", "worker", "sequencer", "examiner"},
    "sign the log": {"sequencer"},
    "sign what systems are told": {"worker"},
    "open what a child is to be called": {"worker"},
    "seal what a child is to be called": {"web", "worker"},
    "take the outer seal off which records are one child's": {"sequencer"},
    "put it on": {"worker"},
    "read what a supplier sent": {"worker"},
    "seal what a supplier sends": {"web", "worker"},
}
COHORT = cohort_of(timezone.localdate())
SEALED = {
    "open a child's record": (Purpose.CHILD, COHORT),
    "open what is known of a person": (Purpose.USER, None),
    "open what can be compared of children and users": (Purpose.TRAIT, None),
    "open what somebody searched for": (Purpose.AUDIT, None),
    "open a second factor, or a session where people sign in": (Purpose.SIGN_IN, None),
    "open a session": (Purpose.SESSION, None),
    "follow a link of a page": (Purpose.REFERENCE, None),
}
LABELS = ("fingerprint|user email", "search|1|names", "trait|family", "ed25519 checkpoint", "event authentication")
# Deed with the key: deed with its lock, and which lock that is.
LOCKED = {
    "open what a child is to be called": ("seal what a child is to be called", Purpose.IDENTITY_LOCK),
    "take the outer seal off which records are one child's": ("put it on", Purpose.ESCROW_LOCK),
    "read what a supplier sent": ("seal what a supplier sends", Purpose.FEED_LOCK),
}
PLACE = seal.Place("a_table", "a_column", 7, 3)
VALUE = b"Amelia Canary"
# Asks our own code for everything, as somebody would who runs their own program in the process's place.
ASKING = f"""
import json

import django

django.setup()

from encryption import keyring
from encryption.errors import KeyMissingError
from encryption.keys import Purpose
from encryption.signing import newest_signer, public_keys

held = []
for purpose in Purpose:
    try:
        keyring.current().sealing_key(purpose, "{COHORT}" if purpose == Purpose.CHILD else None)
        held.append(purpose)
    except KeyMissingError:
        pass
print(json.dumps(held))
print(json.dumps([each.hex() for each in public_keys()]))
newest_signer().sign(b"a checkpoint of nothing")
"""
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


@dataclass(frozen=True)
class Installation:
    """Keyrings as `make_keys` writes them, and what those who may have made with their keys."""

    directory: Path
    sealed: dict[str, tuple[bytes, int]]  # each with the number of its key, which is no secret to somebody patient
    found_by: bytes
    filed_under: int
    compared_by: int
    tag: bytes
    log_key: bytes
    telling_key: bytes
    locks: dict[str, bytes]  # each by what is done with its key


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    directory = tmp_path_factory.mktemp("installation") / "keys"
    said_by_make_keys(directory)
    said_by_make_keys(directory, "--rotate", "checkpoint")
    keys = keyrings_in(directory)
    sealed = {}
    for deed, which in SEALED.items():
        holder = next(process for process in HOLDERS if which[0] in HOLDERS[process])
        with keyring_in(directory / holder):
            key = keys[holder].sealing_key(*which)
            sealed[deed] = (seal.seal(VALUE, PLACE, key), key.number)
    with keyring_in(directory / "web"):
        found_by = fingerprint("user email", "a@example.org")
        filed_under = Tokeniser(1, 31).token("names", "amelia")
        compared_by = trait("family", "okafor")
        tag = authenticate(b"an event")
    log_key = Signer(keys["sequencer"].sealing_key(Purpose.CHECKPOINT)).public_key
    telling_key = TellingSigner(keys["worker"].sealing_key(Purpose.TELLING)).x
    locks = {deed: keys["worker"].sealing_key(lock).secret for deed, (_with_lock, lock) in LOCKED.items()}
    return Installation(directory, sealed, found_by, filed_under, compared_by, tag, log_key, telling_key, locks)


def stolen(installation: Installation, process: str, everything: Path) -> set[bytes]:
    """Every key that the root key in the process's directory unwraps, in whichever keyring it stands."""
    root = AESGCMSIV((installation.directory / process / "root.key").read_bytes())
    secrets = set()
    for file in everything.glob("*/keys.json"):
        for entry in json.loads(file.read_text())["keys"]:
            wrapped = keyring.WrappedKey.from_json(entry)
            context = f"contactpoint data key 1|{entry['number']}|{entry['purpose']}|{entry['cohort'] or ''}".encode()
            with suppress(InvalidTag):
                secrets.add(root.decrypt(wrapped.wrapped[:12], wrapped.wrapped[12:], context))
    # What can be derived from a key serves whoever has it as well.
    return secrets | {derived(each, label) for each in secrets for label in LABELS}


def derived(secret: bytes, label: str) -> bytes:
    return HKDFExpand(hashes.SHA256(), 32, label.encode()).derive(secret)


def opens(deed: str) -> Callable[[Installation, bytes], bool]:
    def attempt(installation: Installation, secret: bytes) -> bool:
        sealed, number = installation.sealed[deed]
        with suppress(InvalidTag):
            opened = AESGCMSIV(secret).decrypt(sealed[5:17], sealed[17:], PLACE.associated_data(number))
            return opened.startswith(VALUE)
        return False

    return attempt


def finds_people(installation: Installation, secret: bytes) -> bool:
    return blake2b(b"a@example.org", key=secret, digest_size=16).digest() == installation.found_by


def finds_children(installation: Installation, secret: bytes) -> bool:
    digest = blake2b(b"amelia", key=secret, digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 1 == installation.filed_under


def makes_traits(installation: Installation, secret: bytes) -> bool:
    digest = blake2b(b"okafor", key=secret, digest_size=5).digest()
    return int.from_bytes(digest, "big") == installation.compared_by


def sees_the_cohort(installation: Installation, secret: bytes) -> bool:
    sealed, number = installation.sealed["open a child's record"]
    mask = blake2b(sealed[5:17], key=secret, digest_size=4).digest()
    return int.from_bytes(sealed[1:5], "big") ^ int.from_bytes(mask, "big") == number


def tags(installation: Installation, secret: bytes) -> bool:
    return blake2b(b"an event", key=secret, digest_size=16).digest() == installation.tag


def signs(installation: Installation, secret: bytes) -> bool:
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw() == installation.log_key


def signs_tellings(installation: Installation, secret: bytes) -> bool:
    return TellingSigner(DataKey(0, Purpose.TELLING, None, secret)).x == installation.telling_key


def unlocks(deed: str) -> Callable[[Installation, bytes], bool]:
    return lambda installation, secret: (
        X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw() == installation.locks[deed]
    )


def locks(deed: str) -> Callable[[Installation, bytes], bool]:
    return lambda installation, secret: secret == installation.locks[deed]


ATTEMPTS: dict[str, Callable[[Installation, bytes], bool]] = {
    **{deed: opens(deed) for deed in SEALED},
    "find a person or a session": finds_people,
    "find a child": finds_children,
    "make what somebody's name compares by": makes_traits,
    "see which cohort a child is of": sees_the_cohort,
    "tag an event": tags,
    "sign the log": signs,
    "sign what systems are told": signs_tellings,
    **{deed: unlocks(deed) for deed in LOCKED},
    **{with_lock: locks(deed) for deed, (with_lock, _lock) in LOCKED.items()},
}


@pytest.mark.parametrize("process", HOLDERS)
def test_thief_of_a_process_can_do_what_it_does_and_nothing_else(process: str, installation: Installation) -> None:
    """Also one who has the wrapped keys of all processes, as in a backup of every volume but the others' root keys."""
    secrets = stolen(installation, process, installation.directory)

    can = {deed for deed, attempt in ATTEMPTS.items() if any(attempt(installation, secret) for secret in secrets)}

    assert can == {deed for deed, processes in CAN.items() if process in processes}


def test_every_key_is_some_deeds(installation: Installation) -> None:
    """So that a purpose to come is not left out here."""
    assert len(CAN) == len(ATTEMPTS) == len(Purpose) + 2  # the key for tokens does three
    assert set(ATTEMPTS) == set(CAN)


@pytest.mark.parametrize("process", HOLDERS)
def test_process_needs_no_other_ones_directory_and_our_code_gives_it_no_more(
    process: str, installation: Installation, tmp_path: Path
) -> None:
    """With the environment that `make demo` gives it."""
    (tmp_path / "keys").mkdir()
    shutil.copytree(installation.directory / process, tmp_path / "keys" / process)
    addresses = dict.fromkeys(preparation.ADDRESSES, "postgresql://nobody@127.0.0.1:1/none")
    environment = preparation.environment(addresses, process) | {"CONTACTPOINT_STATE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ASKING], env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    held, signed = (json.loads(line) for line in done.stdout.splitlines())

    assert set(held) == set(HOLDERS[process])
    if process == "sequencer":
        assert done.returncode == 0, done.stderr
        assert signed[-1] == installation.log_key.hex()
    else:
        assert f"The process {process} has no key for checkpoint" in done.stderr
        assert signed == []


def mounts(service: str) -> set[str]:
    """What is mounted in the service that has to do with keys."""
    named = COMPOSE["services"][service].get("volumes", [])
    return {each for each in named if "keys" in each}


def test_compose_gives_each_process_its_own_keys_to_read_and_nobody_elses() -> None:
    by_role = {
        told["environment"]["DATABASE_ROLE"]: name
        for name, told in COMPOSE["services"].items()
        if "DATABASE_ROLE" in told.get("environment", {})
    }
    for process in HOLDERS:
        assert mounts(by_role[process]) == {f"keys_{process}:/keys/{process}:ro"}
    others = set(COMPOSE["services"]) - {by_role[process] for process in HOLDERS} - {"keys"}
    assert [name for name in others if mounts(name)] == []


def test_compose_gives_who_makes_keys_all_of_them_and_nothing_else() -> None:
    making = COMPOSE["services"]["keys"]

    assert mounts("keys") == {"keys:/keys", *(f"keys_{process}:/keys/{process}" for process in HOLDERS)}
    assert making["command"] == ["python", "manage.py", "make_keys"]
    assert set(making["environment"]) == {"DJANGO_SETTINGS_MODULE", "KEYRING_DIR"}
    assert making["secrets"] == []
    [network] = making["networks"]
    assert COMPOSE["networks"][network] == {"internal": True}
    assert [name for name, told in COMPOSE["services"].items() if network in told["networks"]] == ["keys"]


def test_image_has_a_place_for_each_keyring() -> None:
    """Else a new volume there would belong to root, and the keys could not be written."""
    made = set(re.findall(r"/keys/[\w-]+", (PROJECT / "Dockerfile").read_text()))

    assert made == {f"/keys/{process}" for process in HOLDERS}


def test_demonstration_runs_every_process_that_holds_keys_and_a_witness_that_holds_none() -> None:
    assert {name.removesuffix(".pid") for name in processes.SERVING} == {*HOLDERS, "witness"}
