"""Rows matched with the registry in PostgreSQL, as the worker: one step of matching.py. Prints one line of JSON."""

import json
import sys
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time
from typing import Any

import django

django.setup()

from itertools import islice  # noqa: E402 - Django first
from random import Random  # noqa: E402

from bench.feeds import figures, making  # noqa: E402
from bench.feeds.making import Person, Sent  # noqa: E402
from feeds.matching import Decision, Matcher  # noqa: E402
from feeds.matching.candidates import by_what_is_said  # noqa: E402
from registry.demonstration.countrywide import all_england  # noqa: E402
from registry.demonstration.england import block, blocks_for  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.models import ChildNumber, Shield  # noqa: E402
from registry.rules.numbers import number_fingerprint  # noqa: E402
from registry.search import index  # noqa: E402
from registry.vocabulary import NumberKind  # noqa: E402

ROWS, IN_A_BLOCK = 4000, 1000


def main() -> None:
    children = int(sys.argv[1])
    random = Random(2)
    people = _people(children, random)
    ids = _ids([person for _place, person in people])
    told: dict[str, Any] = {"rows": len(people), "children": children, "shielded": Shield.objects.count()}
    for numbers in (True, False):
        sent = list(making.rows(people, random, numbers=numbers))
        told["with numbers" if numbers else "without numbers"] = _match(sent, dict(people), ids)
    print(json.dumps(told))


def _match(sent: list[Sent], people: dict[int, Person], ids: dict[str, int]) -> dict[str, object]:
    began, worked = perf_counter(), process_time()
    matcher = Matcher()
    made = perf_counter() - began
    decisions = list[Decision]()
    for start in range(0, len(sent), IN_A_BLOCK):
        decisions += matcher.match([each.row for each in sent[start : start + IN_A_BLOCK]])
    elapsed, worked = perf_counter() - began, process_time() - worked
    meant = [ids[people[each.about].child.nhs_number] for each in sent]
    verdicts = [figures.verdict(*pair) for pair in zip(decisions, meant, strict=True)]
    asked = {place: each.row for place, each in enumerate(sent[:IN_A_BLOCK])}
    looked = perf_counter()
    found = by_what_is_said(asked)
    looked = perf_counter() - looked
    return {
        **figures.counted("matched in PostgreSQL", verdicts),
        "seconds": round(elapsed, 2),
        "seconds to remember the shielded": round(made, 2),
        "processor seconds of Python": round(worked, 2),
        "rows a second": round(len(sent) / elapsed),
        "ms of the index a row": round(1000 * looked / len(asked), 3),
        "candidates of the index a row": round(sum(map(len, found.values())) / len(asked), 1),
        "peak MB": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
    }


def _people(children: int, random: Random) -> list[tuple[int, Person]]:
    today = index.started_on()
    homes = (
        home for number in blocks_for(children) for home in block(all_england(), seed=SEED, number=number, today=today)
    )
    everybody = [Person(child, home) for home in homes for child in home.children]
    random.shuffle(everybody)
    return list(enumerate(islice(everybody, ROWS)))


def _ids(people: list[Person]) -> dict[str, int]:
    prints = {number_fingerprint(NumberKind.NHS, each.child.nhs_number): each.child.nhs_number for each in people}
    known = ChildNumber.objects.filter(fingerprint__in=list(prints)).values_list("fingerprint", "child_id")
    return {prints[bytes(fingerprint)]: child_id for fingerprint, child_id in known}


if __name__ == "__main__":
    main()
