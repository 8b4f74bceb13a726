"""What of a user can be compared with what is known of children: keyed fingerprints, and nothing that can be read.

The worker makes them (registry/traits/); the examiner compares them, and has no key with which to make one. A user's
own home is kept as fingerprints alone, from the moment on which it is told.
"""

import msgspec

from encryption.keys import Purpose
from encryption.packing import Packing


class Rare(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The fingerprint of a name, 40 bits of it, and how rare the name is: -log2 of the share of people who have it."""

    print: int
    bits: int


class Home(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Fingerprints of one address: house and street with postcode (0 where there is none), postcode, and its sector."""

    home: int
    postcode: int
    near: int


class PersonTraits(msgspec.Struct, frozen=True, array_like=True):
    """What of one user can be compared. `whole` is first forename with family name; None where a name has one word."""

    family: Rare | None
    whole: Rare | None
    telephones: tuple[int, ...] = ()
    homes: tuple[int, ...] = ()
    postcodes: tuple[int, ...] = ()
    near: tuple[int, ...] = ()


# Padded so that all are of one length but those of somebody with many addresses.
KEPT = Packing(PersonTraits, table="access_usertraits", column="traits", purpose=Purpose.TRAIT, pad_to=128)
