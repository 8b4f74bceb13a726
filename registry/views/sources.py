"""Whose words stand on a record, and that sources differ, in the words of its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from registry.record import Record
from registry.values import Difference, Provenance, WhoSaid
from registry.vocabulary import NameKind, Part, Source

# As each stands in a sentence; None is what stood on the record before any supplier spoke.
IN_A_SENTENCE: Mapping[Source | None, str] = {
    Source.PRACTITIONER: "what was entered in this service",
    Source.SCHOOL_CENSUS: "the school census",
    Source.PERSONAL_DEMOGRAPHICS: "the NHS Personal Demographics Service",
    Source.CHILD_BENEFIT: "child benefit",
    Source.BIRTH_REGISTRATION: "the registration of births",
    Source.LOCAL_AUTHORITY: "the local authority",
    None: "what was recorded earlier",
}


@dataclass(frozen=True, slots=True)
class ShownProvenance:
    """Which source said so, and when it was last confirmed."""

    source: str
    confirmed_on: date


def shown_provenance(said: Provenance | WhoSaid) -> ShownProvenance:
    return ShownProvenance(said.source.label, said.confirmed_on)


def said_of_the_head(record: Record) -> list[tuple[Part, WhoSaid]]:
    """Of what stands at the head of the page, whose words each part is; of none whose words nobody knows."""
    legal = [name.provenance for kind, name in record.names if kind == NameKind.LEGAL]
    named = [WhoSaid(each.source, each.confirmed_on) for each in legal]
    said = record.said_by
    parts = (
        (Part.NAME, named[0] if named else None),
        (Part.DATE_OF_BIRTH, said.date_of_birth),
        (Part.GENDER, said.gender),
        (Part.DATE_OF_DEATH, said.date_of_death if record.date_of_death else None),
    )
    return [(part, whose) for part, whose in parts if whose is not None]


def who_said(record: Record) -> list[tuple[str, ShownProvenance]]:
    """Of what stands at the head of the page: which parts are whose words. Those of one source and day together."""
    found: dict[WhoSaid, list[str]] = {}
    for part, whose in said_of_the_head(record):
        found.setdefault(whose, []).append(str(part.label))
    return [(_begun(_together(parts)), shown_provenance(whose)) for whose, parts in found.items()]


def differing(record: Record) -> dict[str, str]:
    """By part: that sources differ about it, which of them counts, and why."""
    return {str(each.part): _in_words(each) for each in record.said_by.differ}


def _in_words(difference: Difference) -> str:
    counts = IN_A_SENTENCE[difference.counts]
    why = []
    if difference.before:
        why.append(f"counts before {_named(difference.before)}")
    if others := [each for each in difference.newer_than if each != difference.counts]:
        newer = f"a year or more newer than {_named(others)}"
        why.append(f"is {newer}" if why else f"counts because it is {newer}")
    told = [f"Sources differ about the {difference.part.label}."]
    if why:
        told.append(_begun(f"{counts} {' and '.join(why)}."))
    if difference.counts in difference.newer_than:
        told.append(f"Of what {counts} said, the latest counts.")
    return " ".join(told)


def _named(sources: Iterable[Source | None]) -> str:
    return _together([IN_A_SENTENCE[each] for each in sources])


def _together(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _begun(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
