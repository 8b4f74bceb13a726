"""Values that tests of feeds need: a row, and what is held of the same child."""

from dataclasses import replace
from datetime import date

from feeds.matching.comparing import Comparing, Held
from feeds.matching.deciding import Candidate, Decision, decide
from feeds.matching.matcher import candidate
from feeds.matching.weights import read
from feeds.rows import Row, RowGuardian, RowName
from registry.values import PostalAddress, SummaryName
from registry.vocabulary import Gender, NameKind, NumberKind, Relation

BORN = date(2017, 4, 9)
NHS_NUMBER = "9434765919"
OTHER_NHS_NUMBER = "9434765870"
PUPIL_NUMBER = "H801200001001"
HOME = PostalAddress(("12 Oak Road",), "Sale", "M33 4AB")
ELSEWHERE = PostalAddress(("7 Mill Lane",), "Kendal", "LA9 4AA")
ENGLAND = 23.4  # in bits: eleven million children
# Round figures, so that no estimate changes what the rules are tried with.
WEIGHTS = read(
    {
        "version": 0,
        "names": 18.0,
        "link": 10.0,
        "doubt": -5.0,
        "apart": 10.0,
        "fields": {
            "family": {"same": 9.5, "half": 5, "known": 6, "spelt": 7, "sound": 5, "slip": 7, "near": 3, "begin": 2.5}
            | {"initial": 4, "part": 3.5, "parent": 1, "other": -5.5},
            "given": {"same": 8.5, "half": 2, "known": 4, "spelt": 6, "sound": 3, "slip": 5, "near": 3, "begin": 2.5}
            | {"initial": 3, "part": -1, "another": -1, "short": 1, "other": -6},
            "born": {"same": 12.5, "swapped": 7, "day_out": 4.5, "days_out": 1.5, "month_out": 4, "slip": 3}
            | {"year_out": 5, "year": 3, "other": -7},
            "gender": {"same": 1, "other": -7},
            "home": {"home": 20, "postcode": 15, "house": 15, "slip": 8, "district": 6, "other": -3.5},
            "nhs": {"same": 20, "other": -7},
            "upn": {"same": 20, "other": -6},
            "key": {"same": 20},
            "guardian": {"same": 12, "family": 4, "other": -3},
            "named": {"legal": 0, "former": -3, "known_as": -2},
            "order": {"straight": 0, "swapped": -4},
        },
    }
)


def row(given: str = "Amina", family: str = "Hussain", **changes: object) -> Row:
    """A row about a girl of Sale, without numbers."""
    made = Row(
        line=1,
        key="K1",
        name=RowName(given, family),
        date_of_birth=BORN,
        gender=Gender.FEMALE,
        postal=HOME,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def held(given: str = "Amina", family: str = "Hussain", **changes: object) -> Held:
    """What is held of her."""
    made = Held(
        child_id=1,
        names=(SummaryName(NameKind.LEGAL, given, family),),
        date_of_birth=BORN,
        gender=Gender.FEMALE,
        postcode=HOME.postcode,
        lines=", ".join(HOME.lines),
        numbers=frozenset({(NumberKind.NHS, NHS_NUMBER)}),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def guardian(given: str, family: str) -> RowGuardian:
    return RowGuardian(given, family, Relation.MOTHER, parental_responsibility=True, lives_with_child=True)


def compared(told: Row, of: Held, *, known: int | None = None) -> dict[str, str]:
    return Comparing(told, known).with_(of).by_field


def beside(told: Row, of: Held, *, known: int | None = None) -> Candidate:
    """The record as a candidate of the row, in England."""
    return candidate(Comparing(told, known), of, WEIGHTS, ENGLAND)


def decided(told: Row, *of: Held, known: int | None = None) -> Decision:
    """What is decided of the row, where these are on record."""
    return decide([beside(told, each, known=known) for each in of], WEIGHTS)
