"""Signed checkpoints: C2SP signed-note, tlog-checkpoint and tlog-cosignature, with Ed25519 (https://c2sp.org)."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from transparency.errors import NoteError
from transparency.tree import HASH_BYTES

KEY_BYTES = 32
TIME_BYTES = 8
ID_BYTES = 4
MAX_SIGNATURES = 100

_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\n")

Sign = Callable[[bytes], bytes]


class SignatureType(IntEnum):
    """What a key signs: the log its checkpoints, a witness that it saw a checkpoint at a time."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name, and the public key (32 bytes) by which it signs. Prints as C2SP says: name+id+base64."""

    name: str
    public_key: bytes
    type: SignatureType = SignatureType.LOG

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise NoteError("A key's name has no spaces and no plus sign, and is not empty.")
        if len(self.public_key) != KEY_BYTES:
            raise NoteError(f"An Ed25519 public key has {KEY_BYTES} bytes.")

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each signature."""
        return key_id(self.name, self.type, self.public_key)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of its printed form. Raises NoteError."""
        name, _, rest = text.strip().partition("+")
        printed_id, _, encoded = rest.partition("+")
        content = _decoded(encoded)
        if len(content) != 1 + KEY_BYTES or content[0] not in set(SignatureType):
            raise NoteError("This is no Ed25519 verifier key (name+id+base64): copy it whole, as it was published.")
        key = cls(name, content[1:], SignatureType(content[0]))
        if key.id.hex() != printed_id:
            raise NoteError(f"The id of the key of {name} is not that of its bytes: copy it again.")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_encoded(bytes([self.type]) + self.public_key)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log as it stood once: its name, how many leaves it had, and their root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def encode(self) -> str:
        """The text that is signed."""
        return "\n".join((self.origin, str(self.size), _encoded(self.root), *self.extensions, ""))

    @classmethod
    def parse(cls, body: str) -> Self:
        """The checkpoint of a note's text. Raises NoteError."""
        lines = body.split("\n")
        least = 4  # origin, size, root, and what follows the last newline
        if len(lines) < least or lines.pop() or not all(lines) or not _SIZE.fullmatch(lines[1]):
            raise NoteError("A checkpoint is an origin, a size and a root, each on its line.")
        found = cls(lines[0], int(lines[1]), _decoded(lines[2]), tuple(lines[3:]))
        if len(found.root) != HASH_BYTES:
            raise NoteError(f"A checkpoint's root has {HASH_BYTES} bytes.")
        return found


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature under a note: who, with which key, and the bytes."""

    name: str
    key_id: bytes
    content: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_encoded(self.key_id + self.content)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it, none of them verified yet."""

    body: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises NoteError."""
        body, _, below = text.rpartition("\n\n")
        lines = below.splitlines(keepends=True)
        if not lines or len(lines) > MAX_SIGNATURES or any(c < " " and c != "\n" for c in text):
            raise NoteError("A note is a text, an empty line and at least one signature.")
        return cls(f"{body}\n", tuple(map(parse_signature, lines)))

    def __str__(self) -> str:
        return "\n".join((self.body, "".join(map(str, self.signatures))))


def key_id(name: str, signature_type: int, public_key: bytes) -> bytes:
    """The id of a key, as signed-note recommends."""
    return sha256(name.encode() + b"\n" + bytes([signature_type]) + public_key).digest()[:ID_BYTES]


def parse_signature(line: str) -> Signature:
    """The signature of its line. Raises NoteError."""
    match = _SIGNATURE_LINE.fullmatch(line)
    content = _decoded(match[2]) if match else b""
    if match is None or len(content) <= ID_BYTES:
        raise NoteError("A signature's line is a dash, a name and base64.")
    return Signature(match[1], content[:ID_BYTES], content[ID_BYTES:])


def sign(checkpoint: Checkpoint, name: str, public_key: bytes, sign: Sign) -> str:
    """The checkpoint as a signed note. `sign` gives the Ed25519 signature of bytes by `name`'s private key."""
    body = checkpoint.encode()
    Checkpoint.parse(body)  # an origin or extension with a newline would say something else
    key = VerifierKey(name, public_key)
    return str(Note(body, (Signature(name, key.id, sign(body.encode())),)))


def cosign(note: str, name: str, public_key: bytes, sign: Sign, *, time: int) -> str:
    """The signature line by which a witness vouches, at `time` (seconds since 1970), that it saw this checkpoint."""
    key = VerifierKey(name, public_key, SignatureType.WITNESS)
    stamp = time.to_bytes(TIME_BYTES, "big")
    return str(Signature(name, key.id, stamp + sign(_cosigned(Note.parse(note).body, stamp))))


def verify(note: str, keys: Iterable[VerifierKey]) -> tuple[str, ...]:
    """The names of those of `keys` that signed the note.

    Raises NoteError where none of them did, or where a signature that claims to be by one of them is not.
    """
    parsed = Note.parse(note)
    known = {(key.name, key.id): key for key in keys}
    names: list[str] = []
    for signature in parsed.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            _verify_one(parsed.body, signature, key)
            names.append(key.name)
    if not names:
        raise NoteError("None of the given keys signed this note.")
    return tuple(dict.fromkeys(names))


def _verify_one(body: str, signature: Signature, key: VerifierKey) -> None:
    message, content = body.encode(), signature.content
    if key.type == SignatureType.WITNESS:
        message, content = _cosigned(body, content[:TIME_BYTES]), content[TIME_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(content, message)
    except InvalidSignature:
        raise NoteError(f"The signature of {key.name} is not by its key, or the text was changed after it.") from None


def _cosigned(body: str, stamp: bytes) -> bytes:
    return f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n{body}".encode()


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str) -> bytes:
    """Standard base64, and only the one way of writing it. Raises NoteError."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content or _encoded(content) != text:
        raise NoteError("This is not base64 as RFC 4648 writes it.")
    return content
