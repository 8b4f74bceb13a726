"""What FHIR calls things: systems of codes and numbers, and the parts that several resources are made of.

What FHIR has no place for stands in extensions of our own; docs/api.md lists them.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import TextChoices

from access.models import Organisation, OrganisationKind
from registry.values import Provenance, WhoSaid
from registry.vocabulary import Gender, Part

Told = dict[str, Any]

PATH = "/api/fhir/R4"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
GENDERS: Mapping[Gender, str] = {Gender.FEMALE: "female", Gender.MALE: "male", Gender.NOT_SPECIFIED: "unknown"}
# Their directory is that of the NHS, which gives each an ODS code.
OF_THE_NHS = frozenset({OrganisationKind.GP_PRACTICE, OrganisationKind.COMMUNITY_HEALTH, OrganisationKind.HOSPITAL})
NOTHING: tuple[object, ...] = (None, "", [], {})
AN_ODS_CODE = re.compile(r"[A-Z][A-Z0-9]{2,7}")


def address_of(what: str) -> str:
    """The address of something below the base."""
    return f"{settings.SERVICE_ADDRESS}{PATH}/{what}"


def number_system(name: str) -> str:
    """What numbers are called that nobody else has a name for."""
    return address_of(f"Id/{name}")


def coding(listed: str, word: TextChoices) -> Told:
    """A word of a closed list of ours."""
    return {"system": address_of(f"CodeSystem/{listed}"), "code": word.value, "display": str(word.label)}


def concept(listed: str, word: TextChoices, *others: Told) -> Told:
    """The same as a concept, with what others call it."""
    return {"coding": [coding(listed, word), *others], "text": str(word.label)}


def extension(name: str, **value: Any) -> Told:
    """What FHIR has no place for; its value, or extensions within it."""
    return {"url": address_of(f"StructureDefinition/{name}"), **value}


def said_by(said: Provenance | WhoSaid, part: Part | None = None) -> Told:
    """Which source said so, and when it was last confirmed; of which `part`, where it does not stand in that part."""
    return extension(
        "said-by",
        extension=[
            *([{"url": "part", "valueCoding": coding("part", part)}] if part else []),
            {"url": "source", "valueCoding": coding("source", said.source)},
            {"url": "confirmedOn", "valueDate": said.confirmed_on.isoformat()},
        ],
    )


def known(**told: Any) -> Told:
    """Without what is not known, however deep it stands: FHIR has neither null nor anything empty."""
    within = {name: _known(value) for name, value in told.items()}
    return {name: value for name, value in within.items() if value not in NOTHING}


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return known(**value)
    if isinstance(value, str):
        return value if value.strip() else None
    return [each for each in map(_known, value) if each not in NOTHING] if isinstance(value, list) else value


def day(value: date | None) -> str | None:
    """A day as FHIR writes one."""
    return value.isoformat() if value else None


def period(first: date | None, last: date | None) -> Told:
    """From when to when, as far as it is known."""
    return known(start=day(first), end=day(last))


def telephone(number: str | None) -> list[Told]:
    """Where somebody can be rung, if that is known."""
    return [{"system": "phone", "value": number}] if number else []


def ods_code(organisation: Organisation) -> Told | None:
    """The identifier that the NHS gives it, if it does."""
    code = organisation.directory_code
    if organisation.kind not in OF_THE_NHS or not AN_ODS_CODE.fullmatch(code):
        return None
    return {"system": ODS_CODE, "value": code}


def confidentiality(*, restricted: bool) -> Told:
    """Whether the whereabouts are kept back, as the NHS Personal Demographics Service says it."""
    code, display = ("R", "restricted") if restricted else ("U", "unrestricted")
    return {"security": [{"system": CONFIDENTIALITY, "code": code, "display": display}]}
