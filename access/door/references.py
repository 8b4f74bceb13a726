"""References to people and records in links: sealed, and good for one user in one session only.

No identifier stands in an address, so none lands in a browser's history or a proxy's log; a link passed to a colleague,
kept past sign-out or made up leads nowhere; and there is no number to count upwards from.
"""

import base64
import binascii
import struct

from access.rules.errors import NotFoundError
from audit.actors import Actor
from encryption import keyring, seal
from encryption.errors import EncryptionError
from encryption.keys import Purpose

_ID = struct.Struct(">q")


def refer(place: seal.Place, to: int) -> str:
    """A reference to the row of that id, which opens at the same place alone."""
    return refer_to_bytes(place, _ID.pack(to))


def id_of(place: seal.Place, reference: str) -> int:
    """The id that `reference` leads to. Raises NotFoundError unless it was made for that place."""
    try:
        (found,) = _ID.unpack(referred_to(place, reference))
    except struct.error:
        raise NotFoundError from None
    return int(found)


def refer_to_bytes(place: seal.Place, to: bytes) -> str:
    """As `refer`, to what is known by these bytes."""
    key = keyring.current().sealing_key(Purpose.REFERENCE)
    return base64.urlsafe_b64encode(seal.seal(to, place, key)).decode().rstrip("=")


def referred_to(place: seal.Place, reference: str) -> bytes:
    """The bytes that `reference` leads to. Raises NotFoundError unless it was made for that place."""
    try:
        sealed = base64.b64decode(reference + "=" * (-len(reference) % 4), altchars=b"-_", validate=True)
        return seal.open_sealed(sealed, place, Purpose.REFERENCE)
    except (binascii.Error, ValueError, EncryptionError):
        raise NotFoundError from None


def refer_to_user(actor: Actor, user_id: int) -> str:
    """A reference by which `actor`, in this session, can ask for the user."""
    return refer(_place(actor, "user"), user_id)


def user_id_of(actor: Actor, reference: str) -> int:
    """The user that `reference` leads to. Raises NotFoundError unless it was made for this actor and session."""
    return id_of(_place(actor, "user"), reference)


def refer_to_organisation(actor: Actor, organisation_id: int) -> str:
    """A reference by which `actor`, in this session, can ask for the organisation."""
    return refer(_place(actor, "organisation"), organisation_id)


def organisation_id_of(actor: Actor, reference: str) -> int:
    """The organisation that `reference` leads to. Raises NotFoundError unless made for this actor and session."""
    return id_of(_place(actor, "organisation"), reference)


def _place(actor: Actor, what: str) -> seal.Place:
    return seal.Place("reference", what, actor.user_id, actor.session_id)
