"""A batch received, worked on until nothing of it waits, or told as it stands: one step of a benchmark."""

import hashlib
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django first

from access.models import Organisation, OrganisationKind  # noqa: E402
from bench.feeds.reading import as_table  # noqa: E402
from bench.feeds.sending import STRANGERS  # noqa: E402
from feeds.models import Batch, BatchRow, BatchState, Match, SourceRecord, Supplier  # noqa: E402
from feeds.readers import Format  # noqa: E402
from feeds.worker import taking_in  # noqa: E402
from feeds.worker.receiving import receive  # noqa: E402
from feeds.worker.waiting import process_waiting  # noqa: E402
from registry.demonstration.countrywide import all_england  # noqa: E402
from registry.demonstration.england import households  # noqa: E402
from registry.models import Child  # noqa: E402
from registry.vocabulary import Source  # noqa: E402
from registry.worker.changing import values_of  # noqa: E402

# Small, so that most moments are between the beginning and the end of one.
ROWS_IN_A_BLOCK = 50
ENDED = (BatchState.CHECKED, BatchState.DONE, BatchState.REFUSED)


def main() -> None:
    taking_in.ROWS_IN_A_BLOCK = ROWS_IN_A_BLOCK
    step, *rest = sys.argv[1:]
    told: object
    if step == "receive":
        told = _receive(int(rest[0]))
    elif step == "tell":
        told = _tell()
    else:
        told = {"let_in": _let_in, "work": _work}[step]()
    print(json.dumps(told))


def _receive(rows: int) -> int:
    """Strangers, and each tenth of them twice, whom the batch names again."""
    authority = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, responsible_authority=None)[0]
    supplier = Supplier.objects.create(organisation=authority, source=Source.CHILD_BENEFIT, format=Format.TABLE)
    everybody = (
        (home, replace(child, nhs_number="", upn=""))
        for home in households(all_england(), seed=STRANGERS, children=rows * 2, today=timezone.localdate())
        for child in home.children
    )
    people = list(islice(everybody, rows))
    return receive(supplier=supplier, stream=io.BytesIO(as_table([*people, *people[::10]])))


def _let_in() -> None:
    Batch.objects.filter(state=BatchState.CHECKED).update(state=BatchState.COMMITTED)


def _work() -> None:
    """Until nothing waits. Others may have been killed before, and their connections end a moment later."""
    while Batch.objects.filter(failures=0).exclude(state__in=ENDED).exists():
        process_waiting()


def _tell() -> dict[str, object]:
    """What became of the batch, and a fingerprint of all that stands there, opened: no id, no time, no nonce."""
    digest = hashlib.sha256()
    for part in (_batch(), _rows(), _children(), _said(), _doubts()):
        for line in sorted(part):
            digest.update(line.encode() + b"\n")
    batch = Batch.objects.get()
    counts = {name: getattr(batch, name) for name in ("rows", "linked", "created", "queued", "refused")}
    return {"state": str(batch.state), **counts, "fingerprint": digest.hexdigest()[:16]}


def _batch() -> Iterator[str]:
    batch = Batch.objects.get()
    told = ["state", "reached", "rows", "linked", "created", "queued", "refused", "unchanged", "faults", "failures"]
    told += ["read", "holds", "ages", "named", "silent"]
    yield repr([getattr(batch, name) for name in told])


def _rows() -> Iterator[str]:
    for row in BatchRow.objects.all():
        yield repr((row.place, row.line, row.outcome, row.code, row.field, row.child_id is None, row.content.open()))


def _children() -> Iterator[str]:
    ids = list(Child.objects.values_list("pk", flat=True))
    yield from map(repr, values_of(ids).values())


def _said() -> Iterator[str]:
    for said in SourceRecord.objects.all():
        yield repr((said.place, bytes(said.key), bytes(said.digest), said.said.open(), said.superseded_by_id is None))


def _doubts() -> Iterator[str]:
    for match in Match.objects.all():
        yield repr((match.place, match.code, match.outcome, match.agreement.open(), match.said.open()))


if __name__ == "__main__":
    main()
