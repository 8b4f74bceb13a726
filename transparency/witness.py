"""The witness: a separate program, run by somebody who keeps neither the log nor its key.

It vouches (C2SP tlog-cosignature) that each checkpoint goes on from the one it vouched for before, and keeps what it
saw in a folder of its own, a file a size, written before the cosignature leaves the house. So it never vouches for two
different logs, whenever it is killed. `transparency.vigil` asks it again and again.
"""

import base64
import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from transparency import note
from transparency.errors import ForkError, InputError, NoteError, ProofError, PublicationError
from transparency.note import Checkpoint, Note, SignatureType, VerifierKey
from transparency.publication import Directory, write_once
from transparency.tree import EMPTY_ROOT, consistency_proof, root, verify_consistency

_PREFIX = "PRIVATE+KEY+"


class WitnessKey:
    """A witness's private key, with its name."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = VerifierKey(name, private.public_key().public_bytes_raw(), SignatureType.WITNESS)

    @classmethod
    def make(cls, path: Path, name: str) -> "WitnessKey":
        """Make a key and keep it in a new file that its owner alone may read. Raises FileExistsError."""
        key = cls(name, Ed25519PrivateKey.generate())
        content = bytes([SignatureType.WITNESS]) + key._private.private_bytes_raw()
        text = f"{_PREFIX}{name}+{key.verifier.id.hex()}+{base64.b64encode(content).decode()}\n"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return key

    @classmethod
    def load(cls, path: Path) -> "WitnessKey":
        """The key that `make` wrote. Raises InputError."""
        try:
            name, _, rest = path.read_text().strip().removeprefix(_PREFIX).partition("+")
            content = base64.b64decode(rest.partition("+")[2], validate=True)
            key = cls(name, Ed25519PrivateKey.from_private_bytes(content[1:]))
        except (OSError, ValueError, NoteError) as error:
            raise InputError(f"{path} holds no witness's key: make one with `witness new-key`.") from error
        return key

    def cosign(self, text: str) -> str:
        """The signature line for a note, with the time of now."""
        key = self.verifier
        return note.cosign(text, key.name, key.public_key, self._private.sign, time=int(time.time()))


class Witness:
    """What this witness vouched for so far, in the folder `state`."""

    def __init__(self, state: Path, key: WitnessKey) -> None:
        self._state = state
        self._key = key

    def cosign(self, publication: Directory, log_keys: Sequence[VerifierKey]) -> Checkpoint:
        """Vouch for the latest checkpoint, beside which the cosignature is then put. `log_keys` are those of the log.

        Raises ForkError where it contradicts what was vouched for, ProofError or PublicationError where the published
        tiles do not show that it goes on from that, NoteError where the log did not sign it.
        """
        with self._alone():
            text = publication.latest()
            if text is None:
                raise PublicationError(f"{publication.path} has no checkpoint yet.")
            note.verify(text, log_keys)
            new = Checkpoint.parse(Note.parse(text).body)
            last = self._last()
            if last is None or Checkpoint.parse(last.body) != new:
                self._check(Checkpoint.parse(last.body) if last else None, new, publication)
                last = Note.parse(text + self._key.cosign(text))
                write_once(self._state / str(new.size), str(last).encode())
            name = self._key.verifier.name
            (line,) = (str(signature) for signature in last.signatures if signature.name == name)
            publication.add_cosignature(new.size, name, line)
            return new

    def _check(self, last: Checkpoint | None, new: Checkpoint, publication: Directory) -> None:
        """Raise unless `new` goes on from `last`."""
        old = last or Checkpoint(new.origin, 0, EMPTY_ROOT)
        if new.origin != old.origin:
            raise ForkError(f"The log calls itself {new.origin}; this witness vouches for {old.origin}.")
        if new.size < old.size:
            raise ForkError(f"Fork: the log shows {new.size} leaves; it had {old.size} when this witness last looked.")
        if new.size == old.size and last is not None:
            raise ForkError(f"Fork: the log shows another checkpoint of {new.size} leaves than this witness saw.")
        if root(new.size, publication.read_tile) != new.root:
            raise ProofError(f"The published tiles do not lead to the checkpoint of {new.size} leaves.")
        proof = consistency_proof(old.size, new.size, publication.read_tile)
        try:
            verify_consistency(old.size, old.root, new.size, new.root, proof)
        except ProofError as error:
            raise ForkError(f"Fork: {error}") from None

    def _last(self) -> Note | None:
        """The largest checkpoint that was vouched for."""
        sizes = [int(file.name) for file in self._state.iterdir() if file.name.isdecimal()]
        return Note.parse((self._state / str(max(sizes))).read_text()) if sizes else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep out another run of the same witness: each alone would be right, both together not."""
        self._state.mkdir(parents=True, exist_ok=True)
        with (self._state / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
