"""References to children as ids of FHIR, which are of 64 characters at most and know no underscore.

A reference is 49 bytes, and the first is the version of the seal, the same for all: without it they are 64 characters.
"""

import base64
import re

from access.rules.errors import NotFoundError
from audit.actors import Actor
from encryption.seal import VERSION
from registry.references import child_id_of, refer_to

SEALED_ID = re.compile(r"[A-Za-z0-9.-]{64}")
ALPHABET = b"-."


def id_for(actor: Actor, child_id: int) -> str:
    """The id of the child's Patient, good for this person in this session."""
    reference = refer_to(actor, child_id)
    sealed = base64.urlsafe_b64decode(reference + "=" * (-len(reference) % 4))
    return base64.b64encode(sealed[1:], ALPHABET).decode()


def child_of(actor: Actor, patient: str) -> int:
    """The child that the id leads to. Raises NotFoundError unless it was made for this person and session."""
    if not SEALED_ID.fullmatch(patient):
        raise NotFoundError
    sealed = bytes([VERSION]) + base64.b64decode(patient, ALPHABET)
    return child_id_of(actor, base64.urlsafe_b64encode(sealed).decode().rstrip("="))
