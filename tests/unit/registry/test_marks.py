"""The mark of a record is another one for whatever its reader would read otherwise, and for nothing else."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from access.models import Organisation
from registry.record import Identity, KnownInvolvement, Record
from registry.selectors import marks
from registry.selectors.records import record_of
from registry.shown import ShownChild
from registry.values import SaidBy, WhoSaid
from registry.vocabulary import Gender, NameKind, NumberKind, Service, Source
from tests.factories import CENSUS
from tests.integration.registry import people

TODAY = date(2026, 11, 30)
OTHER = replace(CENSUS, source=Source.LOCAL_AUTHORITY, confirmed_on=date(2026, 11, 1))
HERE, THERE = (Organisation(pk=number, name=f"Place {number}") for number in (1, 2))
IDENTITY = Identity(7, "Amina Hussain", date(2017, 4, 9), 9, Gender.FEMALE, "100 0000 0013")


def known(row: int = 1, **changes: object) -> KnownInvolvement:
    details = people.involvement(HERE, Service.SCHOOL)
    return KnownInvolvement(row, replace(details, **changes), HERE, lead=False, own=True, row_version=1)  # type: ignore[arg-type]


RECORD = Record(
    identity=IDENTITY,
    authority=HERE,
    shielded=False,
    names=((NameKind.LEGAL, people.name("Amina", "Hussain")),),
    addresses=(people.address(), people.address("OL1 2CD")),
    numbers=((NumberKind.NHS, "943 476 5919", CENSUS),),
    guardians=(people.guardian("Farah"), people.guardian("Yusuf")),
    current=(known(), known(2, service=Service.GP)),
)
# What of a record makes no other mark, and why.
SAME = {
    "shielded": "of a protected child there is no mark",
    "by_right": "nobody follows by leave",
    "leave_until": "nobody follows by leave",
    "kept_until": "how long a record is kept is no news of the child",
    "said_by": "whose word it is and when it was confirmed",
}
OTHERWISE: dict[str, Any] = {
    "identity": replace(IDENTITY, gender=Gender.MALE),
    "authority": THERE,
    "date_of_death": date(2026, 1, 5),
    "names": (*RECORD.names, (NameKind.KNOWN_AS, people.name("Mina", "Hussain"))),
    "addresses": RECORD.addresses[:1],
    "numbers": ((NumberKind.NHS, "999 173 6115", CENSUS),),
    "guardians": (people.guardian("Farah"), replace(people.guardian("Yusuf"), telephone=None)),
    "current": (known(), replace(known(2, service=Service.GP), lead=True)),
    "ended": (known(3, service=Service.POLICE, ended_on=date(2025, 3, 1)),),
    "sensitive": True,
    "assessment_holder": THERE,
    "further_numbers": ("100 0000 0021",),
}
NOTHING_NEW: dict[str, Any] = {
    "age": {"identity": replace(IDENTITY, age=10)},
    "order": {
        "guardians": RECORD.guardians[::-1],
        "addresses": RECORD.addresses[::-1],
        "current": RECORD.current[::-1],
    },
    "rows written anew": {"current": tuple(replace(each, id=each.id + 9, row_version=3) for each in RECORD.current)},
    "whose word": {
        "guardians": tuple(replace(each, provenance=OTHER) for each in RECORD.guardians),
        "current": (known(provenance=OTHER), known(2, service=Service.GP, provenance=OTHER)),
        "numbers": ((NumberKind.NHS, "943 476 5919", OTHER),),
        "said_by": SaidBy(gender=WhoSaid(Source.SCHOOL_CENSUS, TODAY)),
    },
}


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The mark of a record that was read so."""

    def made(record: Record) -> str:
        monkeypatch.setattr(marks, "record_of", lambda *_, **__: record)
        shown: Any = ShownChild
        return marks.mark_of(shown, Organisation(pk=1, responsible_authority_id=2), today=TODAY)

    assert marks.record_of is record_of
    return made


def test_every_part_of_a_record_is_told_or_has_a_reason() -> None:
    assert {field.name for field in fields(Record)} == {*OTHERWISE, *SAME}


@pytest.mark.parametrize("part", OTHERWISE)
def test_what_reads_otherwise_has_another_mark(mark: Any, part: str) -> None:
    assert mark(replace(RECORD, **{part: OTHERWISE[part]})) != mark(RECORD)


@pytest.mark.parametrize("how", NOTHING_NEW)
def test_what_is_nothing_new_has_the_same_mark(mark: Any, how: str) -> None:
    assert mark(replace(RECORD, **NOTHING_NEW[how])) == mark(RECORD)
