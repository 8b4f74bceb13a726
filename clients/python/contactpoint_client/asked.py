"""What is sent, as the registry's OpenAPI document has it. What is not known is left out."""

from typing import NotRequired, TypedDict


class Search(TypedDict, total=False):
    """What is known of the child. Days are like 2017-04-09, and a day or month that is not known is left off."""

    given_name: str
    family_name: str
    date_of_birth: str
    age: int
    postcode: str
    house: str
    street: str
    gender: str
    number: str
    search: str


class Basis(TypedDict):
    """Why a sensitive service may be entered."""

    basis: str
    decided_by: NotRequired[str]
    competence: str
    decided_on: str
    sure: NotRequired[bool]


class Entry(TypedDict):
    """An involvement of the person's own organisation."""

    service: NotRequired[str]
    practitioner: str
    telephone: str
    started_on: str
    lead: bool
    basis: NotRequired[Basis]


class Withdrawal(TypedDict, total=False):
    """Why it stands on the record no more: one of the two."""

    mistake: str
    basis_end: str
