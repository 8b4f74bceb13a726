"""Find the demonstration's children again with what people get wrong: recall and time, by kind of mistake.

    DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.search [--queries 300] [--json FILE]

Truth comes from the generator that made the children; queries run as the web role, through the action that the search
page calls, with both events written and committed. The rival in the same run is the plain way to search sealed
records: open and score every summary.
"""

import argparse
import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from statistics import median
from uuid import uuid4

import django
import psycopg

django.setup()

from audit.actors import Actor  # noqa: E402 - Django first
from bench import mistakes, people, tables  # noqa: E402
from registry.actions.children import number_fingerprint  # noqa: E402
from registry.actions.finding import search  # noqa: E402
from registry.demonstration.england import Places, households  # noqa: E402
from registry.demonstration.shapes import Child as SyntheticChild  # noqa: E402
from registry.demonstration.shapes import Household  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.models import Child  # noqa: E402
from registry.retention import age  # noqa: E402
from registry.search import index  # noqa: E402
from registry.search.criteria import Criteria  # noqa: E402
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
    asked = {
        kind: _ask(mistake, random.sample(children, len(children)), options.queries, random)
        for kind, mistake in KINDS.items()
    }
    former = [(child, _asked_by(child, household, NameKind.FORMER)) for child, household in children]
    asked["former name and date"] = [(child, query) for child, query in former if query][: options.queries]
    with people.practitioner() as actor:
        rows = [_row(kind, each, actor) for kind, each in asked.items()]
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


def _ask(
    mistake: mistakes.Mistake, children: list[tuple[SyntheticChild, Household]], queries: int, random: Random
) -> list[tuple[SyntheticChild, mistakes.Asked]]:
    """What is asked with that mistake, and for whom."""
    asked = []
    for child, household in children:
        true = _asked_by(child, household, NameKind.LEGAL)
        mistaken = mistake(true, random) if true else None
        if mistaken:
            asked.append((child, mistaken))
        if len(asked) == queries:
            break
    return asked


def _row(kind: str, asked: list[tuple[SyntheticChild, mistakes.Asked]], actor: Actor) -> tables.Row:
    first = within_ten = too_many = 0
    milliseconds, examined = [], []
    ids_of = _child_ids()
    for child, query in asked:
        wanted = ids_of[number_fingerprint(NumberKind.NHS, child.nhs_number)]
        begun = time.perf_counter()
        found = search(actor=actor, criteria=_criteria(query), trail=uuid4())
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


@cache
def _child_ids() -> dict[bytes, int]:
    """Children by the fingerprint of their NHS number. As the worker, which the truth is no secret to."""
    with psycopg.connect(people.address("worker")) as worker:
        rows = worker.execute("SELECT fingerprint, child_id FROM registry_childnumber").fetchall()
    return {bytes(fingerprint): child_id for fingerprint, child_id in rows}


def _scan_seconds(known: tuple[SyntheticChild, Household]) -> float:
    """One search by opening and scoring every summary: the median of a few."""
    asked = _asked_by(*known, NameKind.LEGAL)
    criteria = _criteria(asked or mistakes.Asked())
    field = Child._meta.get_field("summary")
    seconds = []
    for _ in range(SCANS):
        begun = time.perf_counter()
        with psycopg.connect(people.address("worker")) as worker:
            for child_id, version, summary in worker.execute("SELECT id, row_version, summary FROM registry_child"):
                score(criteria, field.open_stored(bytes(summary), row=child_id, version=version))
        seconds.append(time.perf_counter() - begun)
    return median(seconds)


def _today() -> date:
    return index.started_on()


if __name__ == "__main__":
    main()
