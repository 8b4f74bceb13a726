"""Step, as the sequencer: seal all there is, measure what it is made of, export it, prove some events, weigh the rest.

    python -m bench.audit.sealing PROOFS EXPORT

Prints the figures. Raises RuntimeError where sealing raised an alert: then what was measured is not the log in order.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import connection  # noqa: E402

from audit.events import EventKind  # noqa: E402
from audit.leaves import leaves  # noqa: E402
from audit.management.commands import export_log  # noqa: E402
from audit.models import Checkpoint, Event  # noqa: E402
from audit.proofs import inclusion_of  # noqa: E402
from audit.sequencer import read_tile, seal  # noqa: E402
from encryption.signing import public_keys  # noqa: E402
from transparency import tree  # noqa: E402
from transparency.note import VerifierKey  # noqa: E402

WARM = 20
TAKEN_APART = 5
SIZES = r"""
    SELECT part, sum(bytes)::bigint FROM (
        SELECT 'rows' AS part, pg_table_size(relid) AS bytes FROM pg_partition_tree('audit_event') WHERE isleaf
        UNION ALL
        SELECT 'index ' || substring(pg_get_indexdef(pg_index.indexrelid) FROM 'USING (.*?\))'),
            pg_relation_size(pg_index.indexrelid)
        FROM pg_partition_tree('audit_event') JOIN pg_index ON indrelid = relid WHERE isleaf
        UNION ALL
        SELECT 'tiles', pg_total_relation_size('audit_tile')
        UNION ALL
        SELECT 'checkpoints', pg_total_relation_size('audit_checkpoint')
    ) AS sizes GROUP BY part ORDER BY 2 DESC
"""


def main() -> None:
    proofs, export = int(sys.argv[1]), Path(sys.argv[2])
    sealed, seconds = _timed(seal)
    if Event.objects.filter(kind=EventKind.ALERT_RAISED).exists():
        raise RuntimeError("Sealing raised an alert: see audit_event for kind alert.raised.")
    parts = _parts_of_sealing()
    exported, export_seconds = _timed(partial(_export, export))
    print(
        json.dumps(
            {
                "sealed": sealed,
                "sealing seconds": seconds,
                "parts": parts,
                "exported": exported,
                "export seconds": export_seconds,
                "proofs": _proofs(proofs),
                "bytes": _sizes(),
                "keys": [str(VerifierKey(settings.LOG_ORIGIN, key)) for key in public_keys()],
                "publication": str(settings.PUBLICATION_DIR),
            }
        )
    )


def _parts_of_sealing() -> dict[str, float]:
    """Microseconds an event of each thing that sealing does, taken apart once more on some of its checkpoints."""
    checkpoints = list(Checkpoint.objects.order_by("-size")[1 : TAKEN_APART + 2])[::-1]
    taken = [_taken_apart(begin, end) for begin, end in pairwise(checkpoints)]
    return {name: median(each[name] for each in taken) for name in taken[0]}


def _taken_apart(begin: Checkpoint, end: Checkpoint) -> dict[str, float]:
    condition = "transaction_id >= %s::text::xid8 AND transaction_id < %s::text::xid8"
    bounds = [str(begin.before_transaction), str(end.before_transaction)]
    found, read = _timed(partial(leaves, condition, bounds))
    _, checked = _timed(lambda: [leaf.is_ours() for leaf in found])
    _, extended = _timed(lambda: tree.extend(begin.size, read_tile, [leaf.hash for leaf in found]))
    seconds = {"read": read, "leaf and tag checked": checked, "tree": extended}
    return {name: value / len(found) * 1_000_000 for name, value in seconds.items()}


def _export(file: Path) -> int:
    with file.open("w", encoding="utf-8") as text:
        return export_log.write(text)


def _proofs(wanted: int) -> list[float]:
    """Milliseconds that the proof for an event takes, for events from all over the log."""
    first, last = _ids()
    random = Random(1)
    milliseconds = []
    for _ in range(WARM + wanted):
        event = random.randint(first, last)
        proof, seconds = _timed(partial(inclusion_of, event))
        if proof is None:
            raise RuntimeError(f"There is no proof for event {event}.")
        milliseconds.append(seconds * 1000)
    return milliseconds[WARM:]


def _ids() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM audit_event")
        first, last = cursor.fetchone()
        return first, last


def _sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        return dict(cursor.fetchall())


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = act()
    return result, time.perf_counter() - begun


if __name__ == "__main__":
    main()
