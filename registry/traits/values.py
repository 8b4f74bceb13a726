"""What of a child can be compared: keyed fingerprints, and nothing that can be read."""

import msgspec

from access.people.traits import Rare
from encryption.keys import Purpose
from encryption.packing import Packing
from registry.vocabulary import Service

OPEN = 0  # the last day of an involvement that goes on
# Kept for good: numbers that stand in sealed rows. A new service takes the next one.
SERVICE_CODES: dict[Service, int] = {
    Service.SCHOOL: 1,
    Service.EARLY_YEARS: 2,
    Service.EDUCATED_ELSEWHERE: 3,
    Service.GP: 4,
    Service.HEALTH_VISITING: 5,
    Service.SCHOOL_NURSING: 6,
    Service.SOCIAL_CARE: 7,
    Service.EARLY_HELP: 8,
    Service.EDUCATION_WELFARE: 9,
    Service.EDUCATIONAL_PSYCHOLOGY: 10,
    Service.SPEECH_THERAPY: 11,
    Service.HOSPITAL: 12,
    Service.POLICE: 13,
    Service.YOUTH_JUSTICE: 14,
    Service.HOUSING: 15,
    Service.VOLUNTARY: 16,
    Service.SEXUAL_HEALTH: 17,
    Service.MENTAL_HEALTH: 18,
    Service.SUBSTANCE_MISUSE: 19,
}


class Involved(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """That an organisation works or worked with the child, from day to day (`date.toordinal()`, OPEN while it does)."""

    organisation_id: int
    service: int
    from_day: int
    to_day: int


class ChildTraits(msgspec.Struct, frozen=True, array_like=True):
    """What of one child can be compared.

    `families` are the child's own family names: legal, known as and former. `guardians` are first forename with family
    name. Of addresses there is the present one and those before. `born` tells school years apart: 2015 is of those born
    from 1 September 2015 to 31 August 2016.
    """

    families: tuple[Rare, ...] = ()
    guardians: tuple[Rare, ...] = ()
    guardian_families: tuple[Rare, ...] = ()
    homes: tuple[int, ...] = ()
    postcodes: tuple[int, ...] = ()
    near: tuple[int, ...] = ()
    telephones: tuple[int, ...] = ()
    involved: tuple[Involved, ...] = ()
    born: int = 0


# Padded so that nearly all are of one length: it would tell how much is known of a child.
KEPT = Packing(ChildTraits, table="registry_childtraits", column="traits", purpose=Purpose.TRAIT, pad_to=256)
