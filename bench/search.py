"""Find the demonstration's children again with what people get wrong: recall and time, by kind of mistake.

    DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.search [--queries 300] [--json FILE]

Truth comes from the generator that made the children; queries run as the web role, through the function that the
search page calls. The rival in the same run is the plain way to search sealed records: open and score every summary.
"""

import argparse
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from statistics import median

import django

django.setup()

from bench import mistakes, tables  # noqa: E402 - Django first
from registry.actions.children import number_fingerprint  # noqa: E402
from registry.demonstration.england import Places, households  # noqa: E402
from registry.demonstration.shapes import Child as SyntheticChild  # noqa: E402
from registry.demonstration.shapes import Household  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.models import Child, ChildNumber  # noqa: E402
from registry.retention import age  # noqa: E402
from registry.search import index  # noqa: E402
from registry.search.criteria import Criteria  # noqa: E402
from registry.search.find import find  # noqa: E402
from registry.search.score import score  # noqa: E402
from registry.vocabulary import NameKind, NumberKind  # noqa: E402

KINDS: dict[str, mistakes.Mistake] = {
    "exact names and date": mistakes.exact,
    "family name typed wrong": mistakes.family_name_wrong,
    "given name typed wrong": mistakes.given_name_wrong,
    "both names typed wrong": mistakes.both_names_wrong,
    "names swapped": mistakes.names_swapped,
    "day and month swapped": mistakes.day_and_month_swapped,
    "year one out": mistakes.year_one_out,
    "day and month, and family name": mistakes.date_and_family_name_wrong,
    "age instead of date": mistakes.with_age_only,
    "half a double-barrelled name": mistakes.half_a_family_name,
    "family name and postcode": mistakes.family_name_and_postcode,
}
SCANS = 5


def main() -> None:
    options = _options()
    random = Random(options.seed)
    children = list(_known_children(options.children))
    index.tokeniser()  # read once in the life of a process
    rows = [
        _measure(kind, mistake, random.sample(children, len(children)), options.queries, random)
        for kind, mistake in KINDS.items()
    ]
    former = [_asked_by(child, household, NameKind.FORMER) for child, household in children]
    rows.append(_measure_former([each for each in former if each], children, options.queries))
    plain = median(row["median ms"] for row in rows)
    scan = _scan_seconds(random.choice(children)) * 1000
    rival = f"Opening and scoring every summary instead: {scan:.0f} ms a search, {scan / plain:.0f} times that median."
    tables.show("Search by kind of mistake", rows, notes=[f"{len(children)} children. {rival}"])
    tables.write_json(options.json, {"children": len(children), "kinds": rows, "scan ms": scan})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=300, help="queries of each kind")
    parser.add_argument("--children", type=int, default=20_000, help="how many the demonstration was made with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def _known_children(children: int) -> Iterator[tuple[SyntheticChild, Household]]:
    stream = households(Places.load(), seed=SEED, children=children, today=index.started_on())
    for household in stream:
        # Shielded children are not to be found by where they live: another matter than recall.
        yield from ((child, household) for child in household.children if not child.shielded)


def _asked_by(child: SyntheticChild, household: Household, kind: NameKind) -> mistakes.Asked | None:
    """What is true of the child, under its name of that kind."""
    name = next((each for each in child.names if each.kind == kind), None)
    if name is None:
        return None
    return mistakes.Asked(
        given=name.given.split()[0],
        family=name.family,
        date_of_birth=child.date_of_birth,
        age=age(child.date_of_birth, _today()),
        postcode=household.address.postcode,
    )


def _measure(
    kind: str,
    mistake: mistakes.Mistake,
    children: list[tuple[SyntheticChild, Household]],
    queries: int,
    random: Random,
) -> tables.Row:
    asked = []
    for child, household in children:
        true = _asked_by(child, household, NameKind.LEGAL)
        mistaken = mistake(true, random) if true else None
        if mistaken:
            asked.append((child, mistaken))
        if len(asked) == queries:
            break
    return _row(kind, asked)


def _measure_former(
    former: list[mistakes.Asked], children: list[tuple[SyntheticChild, Household]], queries: int
) -> tables.Row:
    holders = [child for child, household in children if _asked_by(child, household, NameKind.FORMER)]
    return _row("former name and date", list(zip(holders, former, strict=True))[:queries])


def _row(kind: str, asked: list[tuple[SyntheticChild, mistakes.Asked]]) -> tables.Row:
    first = within_ten = too_many = 0
    milliseconds, examined = [], []
    for child, query in asked:
        wanted = _child_id(child)
        begun = time.perf_counter()
        found = find(_criteria(query))
        milliseconds.append((time.perf_counter() - begun) * 1000)
        ids = [match.child_id for match in found.matches]
        first += ids[:1] == [wanted]
        within_ten += wanted in ids
        too_many += bool(found.refine)
        examined.append(found.examined)
    total = len(asked)
    return {
        "kind": kind,
        "queries": total,
        "first %": 100 * first / total,
        "in ten %": 100 * within_ten / total,
        "too many %": 100 * too_many / total,
        "opened, median": median(examined),
        "median ms": median(milliseconds),
        "p95 ms": tables.percentile(milliseconds, 95),
    }


def _criteria(asked: mistakes.Asked) -> Criteria:
    with_postcode = (asked.date_of_birth is None and asked.age is None) or not asked.given
    return Criteria(
        today=_today(),
        given=asked.given,
        family=asked.family,
        date_of_birth=asked.date_of_birth,
        age=None if asked.date_of_birth else asked.age,
        postcode=asked.postcode if with_postcode else "",
    )


def _child_id(child: SyntheticChild) -> int:
    row = ChildNumber.objects.get(fingerprint=number_fingerprint(NumberKind.NHS, child.nhs_number))
    return row.child_id


def _scan_seconds(known: tuple[SyntheticChild, Household]) -> float:
    """One search by opening and scoring every summary: the median of a few."""
    asked = _asked_by(*known, NameKind.LEGAL)
    criteria = _criteria(asked or mistakes.Asked())
    seconds = []
    for _ in range(SCANS):
        begun = time.perf_counter()
        for child in Child.objects.only("summary", "row_version").iterator():
            score(criteria, child.summary.open())
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


def _today() -> date:
    return index.started_on()


if __name__ == "__main__":
    main()
