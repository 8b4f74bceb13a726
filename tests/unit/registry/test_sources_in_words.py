"""That sources differ, in words that say which counts and why."""

from datetime import date, timedelta

import pytest

from access.models import Organisation
from feeds.rules.precedence import KNOWN_BETTER_AFTER
from registry.record import Identity, Record
from registry.values import Difference, Name, Provenance, SaidBy, WhoSaid
from registry.views.sources import IN_A_SENTENCE, ShownProvenance, differing, who_said
from registry.vocabulary import Gender, NameKind, Part, Source

PDS, CENSUS, BENEFIT = Source.PERSONAL_DEMOGRAPHICS, Source.SCHOOL_CENSUS, Source.CHILD_BENEFIT
DAY, LATER = date(2026, 9, 1), date(2026, 9, 2)
WHO = Identity(1, "Amina Hussain", date(2017, 4, 9), 9, Gender.FEMALE, "1")


def record(said_by: SaidBy, **more: object) -> Record:
    legal = Name("Amina", "Hussain", None, None, Provenance(PDS, DAY))
    return Record(WHO, Organisation(), shielded=False, names=((NameKind.LEGAL, legal),), said_by=said_by, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (
            Difference(Part.NAME, PDS, (CENSUS,), ()),
            "Sources differ about the name. The NHS Personal Demographics Service counts before the school census.",
        ),
        (
            Difference(Part.GUARDIANS, BENEFIT, (CENSUS, Source.LOCAL_AUTHORITY, None), ()),
            (
                "Sources differ about the parents and carers. Child benefit counts before the school census, "
                "the local authority and what was recorded earlier."
            ),
        ),
        (
            Difference(Part.ADDRESS, CENSUS, (), (PDS,)),
            (
                "Sources differ about the address. The school census counts because it is a year or more newer than "
                "the NHS Personal Demographics Service."
            ),
        ),
        (
            Difference(Part.ADDRESS, CENSUS, (BENEFIT,), (PDS,)),
            (
                "Sources differ about the address. The school census counts before child benefit and is a year or more "
                "newer than the NHS Personal Demographics Service."
            ),
        ),
        (
            Difference(Part.PUPIL_NUMBER, CENSUS, (), (CENSUS,)),
            "Sources differ about the unique pupil number. Of what the school census said, the latest counts.",
        ),
        (
            Difference(Part.DATE_OF_BIRTH, None, (CENSUS,), ()),
            "Sources differ about the date of birth. What was recorded earlier counts before the school census.",
        ),
    ],
)
def test_it_says_which_counts_and_why(difference: Difference, words: str) -> None:
    assert differing(record(SaidBy(differ=(difference,)))) == {difference.part: words}


def test_parts_of_one_source_and_day_stand_together() -> None:
    said = SaidBy(date_of_birth=WhoSaid(PDS, DAY), gender=WhoSaid(PDS, LATER), date_of_death=WhoSaid(PDS, DAY))
    first, second = ShownProvenance(PDS.label, DAY), ShownProvenance(PDS.label, LATER)
    assert who_said(record(said)) == [("Name and date of birth", first), ("Gender", second)]
    died = record(said, date_of_death=DAY)
    assert who_said(died) == [("Name, date of birth and date of death", first), ("Gender", second)]
    assert who_said(record(SaidBy())) == [("Name", first)]


def test_newer_is_by_a_year_as_the_page_says() -> None:
    assert timedelta(days=365) == KNOWN_BETTER_AFTER


def test_every_source_stands_in_a_sentence() -> None:
    assert set(IN_A_SENTENCE) == {*Source, None}
