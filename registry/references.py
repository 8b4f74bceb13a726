"""References to records in links: sealed, and good for one user in one session only.

No identifier of a child stands in an address, so none lands in a browser's history or a proxy's log; a link passed
to a colleague, kept past sign-out or made up leads nowhere; and there is no number to count upwards from.
"""

import base64
import binascii
import struct

from access.errors import NotFoundError
from audit.actors import Actor
from encryption import keyring, seal
from encryption.errors import EncryptionError
from encryption.keys import Purpose

_CHILD_ID = struct.Struct(">q")


def refer_to(actor: Actor, child_id: int) -> str:
    """A reference by which `actor`, in this session, can ask for the child."""
    key = keyring.current().sealing_key(Purpose.REFERENCE)
    sealed = seal.seal(_CHILD_ID.pack(child_id), _place(actor), key)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def child_id_of(actor: Actor, reference: str) -> int:
    """The child that `reference` leads to. Raises NotFoundError unless it was made for this actor and session."""
    try:
        sealed = base64.b64decode(reference + "=" * (-len(reference) % 4), altchars=b"-_", validate=True)
        (child_id,) = _CHILD_ID.unpack(seal.open_sealed(sealed, _place(actor)))
    except (binascii.Error, ValueError, EncryptionError, struct.error):
        raise NotFoundError from None
    return int(child_id)


def _place(actor: Actor) -> seal.Place:
    return seal.Place("reference", "child", actor.user_id, actor.session_id)
