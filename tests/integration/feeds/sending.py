"""What suppliers send to the town of the registry's tests, and what the worker makes of it."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from django.test import override_settings
from django.utils import timezone

from access.models import Organisation
from feeds.matching import weights
from feeds.models import (
    Agreement,
    Batch,
    BatchRow,
    BatchState,
    Bounds,
    BoundsState,
    Match,
    RowOutcome,
    SourceRecord,
    Supplier,
    VerdictKind,
)
from feeds.readers import Format
from feeds.rows import Fault, Row, RowName
from feeds.rules.bounds import Moves
from feeds.worker import waiting
from feeds.worker.receiving import receive
from registry.models import Child
from registry.vocabulary import Source
from registry.worker.changing import Values, values_of
from tests.acting import taken_for
from tests.conftest import as_owner_here, as_worker

AMINA = {
    "key": "A1",
    "given": "Amina",
    "family": "Hussain",
    "date_of_birth": "2017-04-09",
    "gender": "F",
    "address_1": "12 Hidden Lane",
    "town": "Sale",
    "postcode": "M33 4AB",
    "confirmed_on": "2026-09-01",
}
# Held for a person: a slip of the pen, or the name of her twin.
ALIKE = {**AMINA, "key": "P1", "given": "Aminah"}
NOBODY = {
    "key": "N1",
    "given": "Tomasz",
    "family": "Wisniewski",
    "date_of_birth": "2016-11-21",
    "gender": "M",
    "address_1": "3 Elm Close",
    "town": "Oldham",
    "postcode": "OL1 2CD",
    "confirmed_on": "2026-09-01",
}


def supplier(
    organisation: Organisation,
    source: Source = Source.SCHOOL_CENSUS,
    written_as: Format = Format.TABLE,
    **more: object,
) -> Supplier:
    """A feed that the organisation keeps; a table has our own headings."""
    with as_worker():
        return Supplier.objects.create(organisation=organisation, source=source, format=written_as, **more)


def written(rows: Iterable[dict[str, str]]) -> bytes:
    """The rows as a supplier writes them."""
    listed = list(rows)
    columns = list(dict.fromkeys(name for each in listed for name in each))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode()


def send(of: Supplier, *rows: dict[str, str]) -> Batch:
    """Receive and check; nothing is let in."""
    return send_bytes(of, written(rows))


def send_bytes(of: Supplier, content: bytes) -> Batch:
    with as_worker():
        batch_id = receive(supplier=of, stream=io.BytesIO(content))
    work()
    return again(batch_id)


def take(of: Supplier, *rows: dict[str, str]) -> Batch:
    """Receive, check and take in."""
    return let_in(send(of, *rows))


def let_in(batch: Batch) -> Batch:
    """As somebody let it in who keeps the feed, and the worker took it in."""
    return _moved(batch, BatchState.COMMITTED)


def take_back(batch: Batch) -> Batch:
    return _moved(batch, BatchState.UNDOING)


def work() -> None:
    """A turn of the worker. What it commits stays, whatever becomes of it after."""
    with override_settings(KEYRING_HOLDER="worker"), taken_for("contactpoint_worker"):
        waiting.process_waiting()


def again(batch_id: int) -> Batch:
    with as_worker():
        return Batch.objects.select_related("supplier__organisation").get(pk=batch_id)


def outcomes(batch: Batch) -> list[tuple[int, str, str]]:
    """Line, outcome and code of each row."""
    with as_worker():
        return list(BatchRow.objects.filter(batch=batch).order_by("place").values_list("line", "outcome", "code"))


def taken_back(batch: Batch) -> list[str]:
    """What became of each row as the batch was taken back."""
    with as_worker():
        return list(BatchRow.objects.filter(batch=batch).order_by("place").values_list("taken_back", flat=True))


def child_of(batch: Batch, line: int) -> int | None:
    with as_worker():
        return BatchRow.objects.get(batch=batch, line=line).child_id


def children_of(batch: Batch) -> list[int | None]:
    """Whom each row is about."""
    with as_worker():
        return list(BatchRow.objects.filter(batch=batch).order_by("place").values_list("child", flat=True))


def content_of(batch: Batch, line: int) -> str:
    """What is kept of a row: what its supplier wrote, or what stood on the record before."""
    with as_worker():
        return BatchRow.objects.get(batch=batch, line=line).content.open() or ""


def children() -> int:
    """How many are on record."""
    with as_worker():
        return Child.objects.count()


def values(child_id: int) -> Values:
    with as_worker():
        return values_of([child_id])[child_id]


def said_of(child_id: int) -> list[tuple[str, bool]]:
    """Which sources say something of the child, and whether they say it now."""
    with as_worker():
        found = SourceRecord.objects.filter(child=child_id).select_related("supplier").order_by("pk")
        return [(each.supplier.source, each.superseded_by_id is None) for each in found]


def matches(batch: Batch) -> list[Match]:
    with as_worker():
        return list(Match.objects.filter(batch=batch).order_by("pk"))


def decide(match: Match, verdict: VerdictKind) -> None:
    """As people decided, and the worker carried it out."""
    with as_worker():
        Match.objects.filter(pk=match.pk).update(outcome=verdict, decided_at=timezone.now())
    work()


def _moved(batch: Batch, state: BatchState) -> Batch:
    with as_worker():
        Batch.objects.filter(pk=batch.pk).update(state=state)
    work()
    return again(batch.pk)


def of_each_kind(authority: Organisation, child: Child) -> None:
    """A feed of the authority with a batch that waits, one taken in with a row refused, a doubt, and bounds: some in
    force, and others suggested.
    """
    feed = supplier(authority)
    of_bounds = {"weights": weights.current().version, "moves": Moves.LINK, "decided": 4_000, "against": 1}
    with as_owner_here():
        for link, state in ((9.0, BoundsState.CONFIRMED), (8.0, BoundsState.SUGGESTED)):
            Bounds.objects.create(
                supplier=feed,
                link=link,
                doubt=weights.current().doubt,
                moved_from=link + 1,
                suggested_at=timezone.now(),
                state=state,
                decided_at=timezone.now() if state == BoundsState.CONFIRMED else None,
                **of_bounds,
            )
    with as_worker():
        waits, taken = (
            Batch.objects.create(
                supplier=feed, checksum=state.encode(), size=1, state=state, received_at=timezone.now()
            )
            for state in (BatchState.CHECKED, BatchState.DONE)
        )
        BatchRow.objects.create(batch=taken, place=1, line=2, outcome=RowOutcome.REFUSED, code=Fault.DATE, content="{}")
        Batch.objects.filter(pk=taken.pk).update(rows=1, refused=1)
        Match.objects.create(
            batch=waits,
            place=1,
            child=child,
            authority=authority,
            code="unsure",
            agreement=Agreement(9.5, ()),
            said=Row(line=2, key="1", name=RowName("Amelia", "Okafor"), date_of_birth=date(2015, 3, 4)),
        )
