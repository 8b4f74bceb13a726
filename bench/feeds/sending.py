"""A batch taken in by the worker, of new children and of known ones: one step. Prints one line of JSON."""

import io
import json
import sys
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

import django

django.setup()

from dataclasses import replace  # noqa: E402 - Django first
from itertools import islice  # noqa: E402

from django.utils import timezone  # noqa: E402

from access.models import Organisation, OrganisationKind  # noqa: E402
from bench.feeds.reading import as_table  # noqa: E402
from feeds.models import Batch, BatchState, Supplier  # noqa: E402
from feeds.readers import Format  # noqa: E402
from feeds.worker.receiving import receive  # noqa: E402
from feeds.worker.waiting import process_waiting  # noqa: E402
from registry.demonstration.countrywide import all_england  # noqa: E402
from registry.demonstration.england import households  # noqa: E402
from registry.demonstration.shapes import Household  # noqa: E402
from registry.vocabulary import Source  # noqa: E402

STRANGERS = 3  # the seed of an England that nobody has on record


def main() -> None:
    rows = int(sys.argv[1])
    authority = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, responsible_authority=None)[0]
    supplier = Supplier.objects.create(organisation=authority, source=Source.CHILD_BENEFIT, format=Format.TABLE)
    everybody = (
        (home, child)
        for home in households(all_england(), seed=STRANGERS, children=rows * 2, today=timezone.localdate())
        for child in home.children
    )
    # Numbers are drawn alike in each made-up England: strangers with the numbers of others would all be doubtful.
    people = [(home, replace(child, nhs_number="", upn="")) for home, child in islice(everybody, rows)]
    new = as_table(people)
    moved = as_table([(_moved(home), child) for home, child in people])
    told = {
        "new": _take(supplier, new),
        "said again, moved": _take(supplier, moved),
        "the same": _take(supplier, moved + b"\n"),
    }
    print(json.dumps(told | {"peak MB": getrusage(RUSAGE_SELF).ru_maxrss // 1024}))


def _moved(home: Household) -> Household:
    """The same household, all of it somewhere else in the same street."""
    return replace(home, address=replace(home.address, lines=("Flat 2", *home.address.lines)))


def _take(supplier: Supplier, content: bytes) -> dict[str, float]:
    batch_id = receive(supplier=supplier, stream=io.BytesIO(content))
    checked, checking = _timed()
    Batch.objects.filter(pk=batch_id, state=BatchState.CHECKED).update(state=BatchState.COMMITTED)
    taken, taking = _timed()
    batch = Batch.objects.get(pk=batch_id)
    return {
        "rows": batch.rows,
        "linked": batch.linked,
        "unchanged": batch.unchanged,
        "created": batch.created,
        "queued": batch.queued,
        "refused": batch.refused,
        "checked a second": round(batch.rows / checked),
        "taken in a second": round(batch.rows / taken),
        "Python, microseconds a row": round(taking / batch.rows * 1e6),
        "Python to check": round(checking / batch.rows * 1e6),
    }


def _timed() -> tuple[float, float]:
    began, worked = perf_counter(), process_time()
    process_waiting()
    return perf_counter() - began, process_time() - worked


if __name__ == "__main__":
    main()
