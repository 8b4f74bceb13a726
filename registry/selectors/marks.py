"""A mark of all that a practitioner of some organisation reads on a record: another one where they would read something
else, and the same one where they would not.

So nobody is told that something changed where all that changed is hidden from them, such as that a second sensitive
service has begun; or where it is whose word something is, and when it was confirmed last (docs/adr/0059).
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import msgspec

from access.models import Organisation
from encryption.tokens import fingerprint
from registry.record import KnownInvolvement, Record
from registry.selectors.records import record_of
from registry.shown import ShownChild


@dataclass(frozen=True, slots=True)
class PractitionerOf:
    """Any practitioner of an organisation, as records are cut to them (registry.policies.disclosure.Reader)."""

    seeing_organisation_id: int
    authority_id: int


def mark_of(shown: ShownChild, organisation: Organisation, *, today: date) -> str:
    """The mark of the record as practitioners of the organisation read it today."""
    reader = PractitionerOf(organisation.pk, organisation.authority_id)
    said = msgspec.json.encode(_said(record_of(shown, actor=reader, today=today)), order="sorted")
    return fingerprint("mark of a record", said.decode()).hex()


def _said(record: Record) -> dict[str, Any]:
    """All that the record says. Not the age, which goes on by itself; and lists in an order of their own, so that a row
    that is written anew is not taken for a new one."""
    holder = record.assessment_holder
    return {
        "identity": asdict(replace(record.identity, age=0)),
        "authority": record.authority.pk,
        "died": record.date_of_death,
        "names": _sorted(_bare(name) | {"kind": kind} for kind, name in record.names),
        "numbers": _sorted({"kind": kind, "value": value} for kind, value, _said_by in record.numbers),
        "further_numbers": sorted(record.further_numbers),
        "addresses": _sorted(_bare(each) for each in record.addresses),
        "guardians": _sorted(_bare(each) for each in record.guardians),
        "involvements": _sorted(_involvement(each) for each in (*record.current, *record.ended)),
        "sensitive": record.sensitive,
        "assessment": None if holder is None else holder.pk,
    }


def _involvement(known: KnownInvolvement) -> dict[str, Any]:
    return _bare(known.details) | {"lead": known.lead}


def _bare(value: Any) -> dict[str, Any]:
    """Its parts, without whose word it is."""
    parts = asdict(value)
    del parts["provenance"]
    return parts


def _sorted(told: Any) -> list[str]:
    return sorted(msgspec.json.encode(each, order="sorted").decode() for each in told)
