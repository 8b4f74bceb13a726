"""FEBRL 4 (bench/search/febrl.py): people and mistakes that others made up, beside the package that brings them.

Originals are on record, and each duplicate is a row. Its made-up numbers have no check digit, by which a wrong one
would be refused before it is matched. So in one run nobody has a number, and in another those have theirs whose number
is some original's. Whose date of birth is no date has no row.

The rival is recordlinkage itself, with the comparisons of its own guide, on the same candidate pairs: ECM, which is
told of nobody, and a logistic regression, which is told the truth of a tenth. It runs in a Python of its own
(rival.py).
"""

import csv
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.feeds import figures
from bench.feeds.filed import Filed
from bench.search import febrl
from bench.search.febrl import Person
from bench.tables import Row as Figures
from feeds.matching.deciding import Candidate, Code, Decision, Outcome, decide
from feeds.matching.weights import Weights
from feeds.rows import Row, RowName
from registry.values import PostalAddress, Summary, SummaryName
from registry.vocabulary import Gender, NameKind

FILES = ("dataset4a.csv", "dataset4b.csv")
RIVAL = Path(__file__).with_name("rival.py")


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the data set, with all that a row may have; `told` is what stands in the file."""

    person: Person
    house: str
    number: str
    told: dict[str, str]

    @property
    def lines(self) -> tuple[str, ...]:
        return (self.house,) if self.house else ()


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures, and how many pairs were looked at."""

    rows: list[Figures]
    pairs: int


def read(directory: Path) -> tuple[list[Record], list[Record]]:
    """Originals and duplicates. Raises FileNotFoundError."""
    originals, duplicates = (_records(directory / name) for name in FILES)
    return originals, duplicates


def judge(directory: Path, by: Weights, rival: Path | None) -> Judged:
    """Precision and recall by the weights alone, with the rules, with numbers, and of the rival."""
    originals, duplicates = read(directory)
    filed = Filed([_summary(each) for each in originals])
    places = {each.person.number: place for place, each in enumerate(originals)}
    asked = [each for each in duplicates if each.person.born]
    meant = [places[each.person.number] for each in asked]
    compared = [filed.compared(_row(each, numbers=False), by) for each in asked]
    known = {each.number for each in originals}
    numbered = [filed.decide(_row(each, numbers=each.number in known), by) for each in asked]
    pairs = [(at, each.held.child_id) for at, some in enumerate(compared) for each in some]
    rows = [
        _counted("weights alone", [_by_weights(each, by) for each in compared], meant),
        _counted("with the rules", [decide(each, by) for each in compared], meant),
        _counted("with the rules and the numbers", numbered, meant),
    ]
    if rival:
        for name, linked in _ask_rival(rival, originals, asked, pairs, meant).items():
            rows.append(_counted(f"recordlinkage, {name}", _linked(linked, len(asked)), meant))
    found = sum(any(each.held.child_id == it for each in some) for some, it in zip(compared, meant, strict=True))
    rows.append(
        {**dict.fromkeys(rows[0], ""), "rows": "among the candidates", "count": len(asked), "linked right": found}
    )
    return Judged(rows, len(pairs))


def _by_weights(compared: Sequence[Candidate], by: Weights) -> Decision:
    """As the two bounds alone have it."""
    best = max(compared, key=lambda each: each.odds, default=None)
    if best is None or best.odds < by.doubt:
        return Decision(Outcome.NEW, Code.NOBODY)
    if best.odds < by.link:
        return Decision(Outcome.DOUBT, Code.UNSURE)
    return Decision(Outcome.LINK, Code.FITS, best.held.child_id)


def _counted(of: str, decisions: Sequence[Decision], meant: Sequence[int]) -> Figures:
    return figures.counted(of, (figures.verdict(*pair) for pair in zip(decisions, meant, strict=True)))


def _linked(pairs: list[list[int]], rows: int) -> list[Decision]:
    """One link for each row, as it may have one."""
    linked: dict[int, int] = dict(pairs)  # type: ignore[arg-type]
    return [
        Decision(Outcome.LINK, Code.FITS, linked[at]) if at in linked else Decision(Outcome.NEW, Code.NOBODY)
        for at in range(rows)
    ]


def _ask_rival(
    rival: Path, originals: list[Record], asked: list[Record], pairs: list[tuple[int, int]], meant: list[int]
) -> dict[str, list[list[int]]]:
    with TemporaryDirectory() as directory:
        question, answer = Path(directory, "question.json"), Path(directory, "answer.json")
        told = {
            "originals": [each.told for each in originals],
            "asked": [each.told for each in asked],
            "pairs": pairs,
            "meant": meant,
        }
        question.write_text(json.dumps(told), encoding="utf-8")
        subprocess.run([rival, RIVAL, question, answer], check=True)  # noqa: S603 - a Python and a file of ours
        answered: dict[str, list[list[int]]] = json.loads(answer.read_text(encoding="utf-8"))
        return answered


def _records(file: Path) -> list[Record]:
    with file.open(encoding="utf-8", newline="") as lines:
        told = [
            {name: (value or "").strip() for name, value in row.items()}
            for row in csv.DictReader(lines, skipinitialspace=True)
        ]
    return [
        Record(person, f"{row['street_number']} {row['address_1']}".strip(), row["soc_sec_id"], row)
        for person, row in zip(febrl.read([file]), told, strict=True)
    ]


def _row(record: Record, *, numbers: bool) -> Row:
    person = record.person
    if person.born is None:
        raise ValueError(person.number)
    return Row(
        line=1,
        key=person.number,
        name=RowName(person.given, person.family),
        date_of_birth=person.born,
        nhs_number=_as_nhs(record.number) if numbers else "",
        postal=PostalAddress(record.lines, "", person.postcode),
    )


def _summary(record: Record) -> Summary:
    person = record.person
    return Summary(
        names=(SummaryName(NameKind.LEGAL, person.given, person.family),),
        date_of_birth=person.born or febrl.TODAY,
        gender=Gender.NOT_SPECIFIED,
        number="0",
        town="",
        postcode=person.postcode,
        numbers=(_as_nhs(record.number),),
        shielded=False,
        lines=", ".join(record.lines),
    )


def _as_nhs(number: str) -> str:
    """Ten digits, as a number of the NHS has, whose check digit nobody looks at here."""
    return number.zfill(10) if number.isdecimal() else ""
