"""The shapes of synthetic people and places: plain values, nothing of the database.

Telephone numbers are written as digits and spaces, national form. Every closed-list value is a member of
registry.vocabulary, so a loader passes it on as it is.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.values import BasisDecision
from registry.vocabulary import AddressState, Gender, NameKind, Relation, SensitiveBasis, Service


class OrganisationKind(StrEnum):
    """What an organisation is, as the demonstration knows it."""

    SCHOOL = "school"
    GP_PRACTICE = "gp_practice"
    NURSERY = "nursery"
    LOCAL_AUTHORITY = "local_authority"
    HEALTH_TRUST = "health_trust"
    HOSPITAL = "hospital"
    POLICE = "police"
    YOUTH_JUSTICE = "youth_justice"
    HOUSING = "housing"
    CHARITY = "charity"
    SENSITIVE = "sensitive"


class Origin(StrEnum):
    """Where a household's names come from. It steers names alone; the registry holds no such thing."""

    ENGLISH = "english"
    IRISH = "irish"
    WELSH = "welsh"
    SCOTTISH = "scottish"
    MUSLIM_SOUTH_ASIAN = "muslim_south_asian"
    SIKH = "sikh"
    HINDU = "hindu"
    TAMIL = "tamil"
    ARABIC = "arabic"
    IRANIAN_AFGHAN = "iranian_afghan"
    TURKISH = "turkish"
    SOMALI = "somali"
    NIGERIAN = "nigerian"
    GHANAIAN = "ghanaian"
    CARIBBEAN = "caribbean"
    CHINESE = "chinese"
    VIETNAMESE = "vietnamese"
    POLISH = "polish"
    ROMANIAN = "romanian"
    EASTERN_EUROPEAN = "eastern_european"
    PORTUGUESE = "portuguese"
    SPANISH = "spanish"
    ITALIAN = "italian"
    GREEK = "greek"
    JEWISH = "jewish"
    WESTERN_EUROPEAN = "western_european"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address: house and street (one or two lines), post town, postcode with its space."""

    lines: tuple[str, ...]
    town: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Name:
    """One of a child's names. `given` may be several forenames; `valid_to` is None while it is in use."""

    kind: NameKind
    given: str
    family: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Guardian:
    """A person with parental responsibility or care for the children at the positions `children`.

    A partner who is father of one child and step-parent of another stands twice, with the same name and
    telephone. `lives_with_child` is False for a parent elsewhere, whose address nobody holds here.
    """

    given: str
    family: str
    relation: Relation
    parental_responsibility: bool
    telephone: str
    lives_with_child: bool
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Involvement:
    """An organisation's contact with a child, besides the present school and GP.

    `organisation` is the key of an Organisation; `basis` and `decision` are of sensitive services, and only of them.
    At most one involvement of a child is the lead, and it is a current one.
    """

    organisation: str
    service: Service
    practitioner: str
    telephone: str
    started_on: date
    ended_on: date | None = None
    basis: SensitiveBasis | None = None
    decision: BasisDecision | None = None
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A synthetic child. `names[0]` is the legal name in use; others are former names and also-known-as.

    `registry_number` is the registry's own where the loader gives it that one. `origin` is the household's: the
    registry holds no such thing, and benchmarks are read by it.
    `school` is the key (URN) of the present school and `school_since` its start date, both or neither;
    `gp` is the key (ODS code) of the practice. With `address_state` other than current the household's
    address is the last one known, and no address is known at all when it is none_known.
    """

    names: tuple[Name, ...]
    date_of_birth: date
    gender: Gender
    nhs_number: str
    upn: str | None
    address_state: AddressState
    school: str | None
    school_since: date | None
    gp: str
    gp_since: date
    involvements: tuple[Involvement, ...]
    shielded: bool
    assessment: bool
    twin: bool
    registry_number: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Household:
    """Children who live together, with their guardians.

    `previous_address` and `moved_on`: both or neither. A child born after `moved_on` never lived at the
    previous address.
    """

    number: int
    origin: Origin
    address: Address
    previous_address: Address | None
    moved_on: date | None
    guardians: tuple[Guardian, ...]
    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school (key: URN), a GP practice (key: ODS code) or another organisation (key: a short word).

    `area` is the postcode area that it works in, empty where there is one authority alone.
    """

    key: str
    kind: OrganisationKind
    name: str
    telephone: str
    town: str
    postcode: str
    services: tuple[Service, ...]
    area: str = ""
