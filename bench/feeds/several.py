"""Several feeds received, let in, worked on by one process of some, or counted: one step. Prints one line of JSON."""

import io
import json
import sys
from collections import Counter
from dataclasses import replace
from itertools import islice
from time import process_time, time

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django first

from access.models import Organisation, OrganisationKind  # noqa: E402
from bench.feeds.reading import as_table  # noqa: E402
from bench.feeds.sending import STRANGERS  # noqa: E402
from feeds.models import Batch, BatchRow, BatchState, RowOutcome, Supplier  # noqa: E402
from feeds.readers import Format  # noqa: E402
from feeds.worker.receiving import receive  # noqa: E402
from feeds.worker.waiting import process_waiting  # noqa: E402
from registry.demonstration.countrywide import all_england  # noqa: E402
from registry.demonstration.england import households  # noqa: E402
from registry.models import Child  # noqa: E402
from registry.vocabulary import Source  # noqa: E402


def main() -> None:
    step, *rest = sys.argv[1:]
    if step == "receive":
        told: object = _receive(*map(int, rest))
    else:
        told = _work() if step == "work" else _tell(int(rest[0]))
    print(json.dumps(told))


def _stands_in_all(place: int, shared: int) -> bool:
    """Of a hundred rows so many, at the same places of each batch."""
    return place % 100 < shared


def _receive(feeds: int, rows: int, shared: int) -> int:
    """A batch of new children for each feed, let in. Returns how many children there are in all."""
    authorities = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, responsible_authority=None)
    everybody = (
        (home, replace(child, nhs_number="", upn=""))
        for home in households(all_england(), seed=STRANGERS, children=rows * 2 * feeds, today=timezone.localdate())
        for child in home.children
    )
    in_all = list(islice(everybody, rows))
    for authority in authorities[:feeds]:
        own = islice(everybody, rows)
        people = [
            both if _stands_in_all(place, shared) else one
            for place, (both, one) in enumerate(zip(in_all, own, strict=True), start=1)
        ]
        supplier = Supplier.objects.create(organisation=authority, source=Source.CHILD_BENEFIT, format=Format.TABLE)
        receive(supplier=supplier, stream=io.BytesIO(as_table(people)))
    process_waiting()
    Batch.objects.filter(state=BatchState.CHECKED).update(state=BatchState.COMMITTED)
    of_all = sum(_stands_in_all(place, shared) for place in range(1, rows + 1))
    return of_all + feeds * (rows - of_all)


def _work() -> dict[str, float]:
    """Until nothing waits that is not another process's."""
    began = time()
    process_waiting()
    return {"began": began, "ended": time(), "processor": process_time()}


def _tell(shared: int) -> dict[str, int]:
    """What became of the batches, of how many rows that stand in all of them a record was made twice, and how many
    children are on record."""
    batches = Batch.objects.all()
    made = BatchRow.objects.filter(outcome=RowOutcome.CREATED).values_list("place", flat=True)
    times = Counter(place for place in made if _stands_in_all(place, shared))
    return {
        "twice": sum(each > 1 for each in times.values()),
        "done": sum(each.state == BatchState.DONE for each in batches),
        "rows": sum(each.rows for each in batches),
        "created": sum(each.created for each in batches),
        "linked": sum(each.linked for each in batches),
        "queued": sum(each.queued for each in batches),
        "children": Child.objects.count(),
    }


if __name__ == "__main__":
    main()
