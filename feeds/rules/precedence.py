"""What each source may say of a child, and whose word counts where they differ.

A value is what the best source of this list says which says anything at all. Where a home is concerned, whoever knew
it a year later knows better, whatever their place in the list: people move, and a birth certificate does not.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from registry.values import Provenance
from registry.vocabulary import Source


class Field(StrEnum):
    """What sources say, in the parts of which one source's word is taken whole."""

    NAME = "name"
    FORMER_NAMES = "former_names"
    DATE_OF_BIRTH = "date_of_birth"
    GENDER = "gender"
    NHS_NUMBER = "nhs_number"
    PUPIL_NUMBER = "pupil_number"
    ADDRESS = "address"
    GUARDIANS = "guardians"
    EDUCATION = "education"
    GP = "gp"
    DATE_OF_DEATH = "date_of_death"


BIRTHS, PDS = Source.BIRTH_REGISTRATION, Source.PERSONAL_DEMOGRAPHICS
CENSUS, BENEFIT, LOCAL = Source.SCHOOL_CENSUS, Source.CHILD_BENEFIT, Source.LOCAL_AUTHORITY

# Best first. Who is not in the list of a field does not say it, and what they write there is not taken.
PRECEDENCE: Mapping[Field, tuple[Source, ...]] = {
    Field.NAME: (PDS, BENEFIT, CENSUS, BIRTHS, LOCAL),
    Field.FORMER_NAMES: (PDS, CENSUS),
    Field.DATE_OF_BIRTH: (BIRTHS, PDS, BENEFIT, CENSUS, LOCAL),
    Field.GENDER: (PDS, CENSUS, BIRTHS, BENEFIT, LOCAL),
    Field.NHS_NUMBER: (PDS, BIRTHS),
    Field.PUPIL_NUMBER: (CENSUS, LOCAL),
    Field.ADDRESS: (PDS, CENSUS, BENEFIT, LOCAL, BIRTHS),
    Field.GUARDIANS: (BENEFIT, CENSUS, LOCAL, BIRTHS),
    Field.EDUCATION: (CENSUS, LOCAL),
    Field.GP: (PDS,),
    Field.DATE_OF_DEATH: (BIRTHS, PDS),
}
KNOWN_BETTER_AFTER = timedelta(days=365)


class Said(Protocol):
    """Anything that says from whom and from when it is."""

    @property
    def provenance(self) -> Provenance: ...


T = TypeVar("T", bound=Said)


def may_say(source: Source, field: Field) -> bool:
    """Whether that source's word is taken for the field at all."""
    return source in PRECEDENCE[field]


def winner(field: Field, said: Iterable[T]) -> T | None:
    """Whose word counts, of all that is said of the field. What people entered counts before what no source may say."""
    ranked = sorted(said, key=lambda each: (_place(field, each.provenance.source), -_day(each)))
    if not ranked:
        return None
    best = ranked[0]
    if field is Field.ADDRESS:
        newest = max(ranked, key=_day)
        if _is_known_better(newest, best):
            return newest
    return best


def contradicts(field: Field, beaten: Said, best: Said) -> bool:
    """Whether a word that says something else than the one that counts still means it. Where a child was born to is no
    word about where they live years later."""
    return not (field is Field.ADDRESS and beaten.provenance.source is BIRTHS and _is_known_better(best, beaten))


def is_beaten_by_place(field: Field, beaten: Said, best: Said) -> bool:
    """Whether the one counts before the other by its place in the list, and not since it is newer."""
    return _place(field, best.provenance.source) < _place(field, beaten.provenance.source)


def _is_known_better(one: Said, than: Said) -> bool:
    return one.provenance.confirmed_on - than.provenance.confirmed_on >= KNOWN_BETTER_AFTER


def _place(field: Field, source: Source) -> int:
    order = PRECEDENCE[field]
    return order.index(source) if source in order else len(order)


def _day(said: Said) -> int:
    return said.provenance.confirmed_on.toordinal()
