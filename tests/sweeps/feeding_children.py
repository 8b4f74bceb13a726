"""The feed path, as a process with the worker's rights: reads canaries, adds a child with one in every value.

Run as `python -m tests.sweeps.feeding_children` with a JSON object of canaries on standard input.
"""

import json
import sys
from collections.abc import Mapping
from datetime import date

import django

if __name__ == "__main__":
    django.setup()

# Models want Django to be set up first.
from access.models import Organisation
from audit.actors import Process
from registry.actions.children import Draft, add_children
from registry.values import (
    Address,
    Assessment,
    GuardianDetails,
    InvolvementDetails,
    Name,
    Number,
    PostalAddress,
    Provenance,
)
from registry.vocabulary import AddressState, Gender, NameKind, NumberKind, Relation, Service, Source

SOURCE = Provenance(Source.LOCAL_AUTHORITY, date(2026, 1, 5))


def add_child(put: Mapping[str, str]) -> None:
    """Add the child through the action that every feed uses."""
    draft = Draft(
        authority_id=_organisation("authority"),
        date_of_birth=date.fromisoformat(put["date_of_birth"]),
        gender=Gender.FEMALE,
        names=[(kind, _name(put, kind)) for kind in NameKind],
        numbers=[(kind, Number(put[f"{kind}_number"], SOURCE)) for kind in NumberKind],
        addresses=[_address(put, "present"), _address(put, "earlier")],
        guardians=[_guardian(put)],
        involvements=[(False, _involvement(put))],
        assessment=Assessment(_organisation("hospital"), SOURCE),
    )
    add_children(actor=Process("canaries"), drafts=[draft])


def _organisation(kind: str) -> int:
    return int(Organisation.objects.filter(kind=kind).earliest("pk").pk)


def _name(put: Mapping[str, str], kind: str) -> Name:
    return Name(put[f"{kind}_given"], put[f"{kind}_family"], None, None, SOURCE)


def _address(put: Mapping[str, str], which: str) -> Address:
    postal = PostalAddress((put[f"{which}_street"],), put[f"{which}_town"], put[f"{which}_postcode"])
    return Address(AddressState.CURRENT, postal, None, None, SOURCE)


def _guardian(put: Mapping[str, str]) -> GuardianDetails:
    return GuardianDetails(
        given=put["guardian_given"],
        family=put["guardian_family"],
        relation=Relation.MOTHER,
        parental_responsibility=True,
        lives_with_child=True,
        telephone=put["guardian_telephone"],
        provenance=SOURCE,
    )


def _involvement(put: Mapping[str, str]) -> InvolvementDetails:
    return InvolvementDetails(
        organisation_id=_organisation("hospital"),
        service=Service.HOSPITAL,
        practitioner=put["practitioner"],
        telephone=put["practitioner_telephone"],
        started_on=date.fromisoformat(put["started_on"]),
        ended_on=None,
        basis=None,
        provenance=SOURCE,
    )


if __name__ == "__main__":
    add_child(json.load(sys.stdin))
