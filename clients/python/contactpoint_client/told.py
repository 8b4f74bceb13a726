"""What stands in answers, as the registry's OpenAPI document has it."""

from typing import NotRequired, TypedDict


class Coded(TypedDict):
    """A word of a closed list."""

    code: str
    label: str


class Place(TypedDict):
    """Somebody to ring."""

    name: str
    telephone: str


class Organisation(TypedDict):
    """Where somebody works."""

    name: str
    closed_on: str | None


class Whose(TypedDict):
    """Which source said so, and when it was last confirmed."""

    source: Coded
    confirmed_on: str


class Match(TypedDict):
    """A child who fits. `child` is a reference, good for this person in this session."""

    child: str
    name: str
    also: list[str]
    date_of_birth: str
    age: int
    gender: Coded
    locality: str | None
    shielded: bool
    why: list[str]
    differs: list[str]


class Found(TypedDict):
    """Who was found, best first."""

    search: str
    matches: list[Match]
    too_many: bool
    refine: str | None


class Recalled(TypedDict):
    """A child whose record the person opened."""

    child: str
    name: str
    also: list[str]
    date_of_birth: str
    age: int
    gender: Coded
    locality: str | None
    shielded: bool
    opened_at: str


class Recent(TypedDict):
    """Children of the last seven days."""

    children: list[Recalled]


class OtherName(TypedDict):
    """A name that the child has besides, or had."""

    kind: Coded
    name: str
    valid_from: str | None
    valid_to: str | None


class SaidBy(TypedDict):
    """Whose words the parts at the head of the record are."""

    parts: str
    source: str
    confirmed_on: str


class Differing(TypedDict):
    """That sources say different things of one part."""

    part: str
    told: str


class Number(TypedDict):
    """A number that somebody else gave."""

    kind: Coded
    value: str
    said_by: Whose


class Address(TypedDict):
    """Where the child lives or lived."""

    state: Coded
    lines: list[str]
    town: str | None
    postcode: str | None
    valid_from: str | None
    valid_to: str | None
    said_by: Whose


class Guardian(TypedDict):
    """A person with parental responsibility or care."""

    name: str
    relation: Coded
    parental_responsibility: bool
    lives_with_child: bool
    telephone: str | None
    said_by: Whose


class Involvement(TypedDict):
    """A service that works or worked with the child."""

    id: int | None
    organisation: Organisation
    service: Coded
    practitioner: str
    telephone: str
    started_on: str
    ended_on: str | None
    lead: bool
    own: bool
    said_by: Whose


class Record(TypedDict):
    """The record as this person may see it."""

    child: str
    reason: Coded
    name: str
    date_of_birth: str
    age: int
    gender: Coded
    number: str
    date_of_death: str | None
    other_names: list[OtherName]
    said_by: list[SaidBy]
    differ: list[Differing]
    further_numbers: list[str]
    numbers: list[Number]
    addresses: list[Address]
    guardians: list[Guardian]
    involvements: list[Involvement]
    ended_involvements: list[Involvement]
    sensitive_service: bool
    assessment_holder: str | None
    shielded: bool
    authority: Place
    leave_until: str | None
    kept_until: str | None
    may_record: bool


class Basis(TypedDict):
    """Why a sensitive service was entered."""

    basis: Coded
    decided_by: Coded | None
    competence: Coded | None
    decided_on: str | None


class OwnInvolvement(TypedDict):
    """An involvement of the person's own organisation as it stands."""

    id: int
    service: Coded
    practitioner: str
    telephone: str
    started_on: str
    ended_on: str | None
    lead: bool
    basis: Basis | None


class Recorded(TypedDict):
    """The involvement that was recorded, and its version (its ETag).

    The version is None where it was recorded before, by the same key: it may have changed since, and is to be read.
    """

    id: int
    version: str | None


class Kept(TypedDict):
    """The involvement that was changed, and its version from then on."""

    id: int
    version: str


class Me(TypedDict):
    """In whose name the system asks."""

    name: str
    role: Coded
    organisation: Place
    services: list[Coded]
    token_expires_at: str


class Following(TypedDict):
    """By what the system knows that it follows a record, and the day on which that ends by itself."""

    following: str
    until: str


class Lists(TypedDict):
    """Every closed list."""

    reasons: list[Coded]
    genders: list[Coded]
    services: list[Coded]
    sensitive_services: list[Coded]
    bases: list[Coded]
    deciders: list[Coded]
    competences: list[Coded]
    mistakes: list[Coded]
    basis_ends: list[Coded]


class Wrong(TypedDict):
    """What is wrong with one part of a request: where in the body it stands (RFC 6901), or which parameter it is."""

    pointer: NotRequired[str]
    parameter: NotRequired[str]
    code: str
    detail: str
