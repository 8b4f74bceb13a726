"""Step: reckon the figures of what the steps before it left in FOLDER. Prints rows, notes and figures.

python -m bench.review.detection.counting FOLDER
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

django.setup()

from bench.review.detection import detectors, figures, rows  # noqa: E402 - Django first
from bench.review.detection.detectors import Detector  # noqa: E402
from bench.review.detection.happened import Happened  # noqa: E402
from review.rules.weights import weights  # noqa: E402
from review.simulation import labels  # noqa: E402


def main() -> None:
    folder = Path(sys.argv[1])
    events, said, cases, flags = (_read(folder / name) for name in ("events", "said", "cases", "flags"))
    happened = Happened.of(events, labels.read(folder / "labels"))
    found = (
        detectors.ours(cases, weights().score.threshold, happened),
        detectors.rules_only(flags, happened),
        detectors.volume_only(happened),
    )
    explained = figures.explained(happened, said["states"])
    table = [
        *rows.of_explained(explained),
        *rows.of_kinds(happened, found),
        *rows.of_alerts(happened, found),
        *rows.of_names(happened, found, said["scores"]),
    ]
    told = {
        "rows": table,
        "notes": _notes(happened, said["events"], found[0]),
        "explained": asdict(explained),
        "found": {each.name: figures.found_by_kind(happened, each) for each in found},
        "nearly": [asdict(each) for each in figures.groups(happened, figures.first_tenth(happened, said["scores"]))],
        "alerts": {each.name: asdict(figures.alerts(happened, each)) for each in found},
    }
    print(json.dumps(told))


def _notes(happened: Happened, examined: int, own: Detector) -> Sequence[str]:
    order, people = happened.labels.order, len(happened.labels.people)
    groups = figures.groups(happened, figures.alarmed(own))
    suspected = ", ".join(f"{each.origin or 'all'} {each.suspected} of {each.people}" for each in groups)
    return [
        " ".join(each)
        for each in (
            (
                f"{examined:,} events examined, {happened.views:,} records opened by {people:,} people,",
                f"{order.first} to {order.last}, seed {order.seed}.",
            ),
            (
                "Found: suspected for more after the first deed than before it; ours: a case at the threshold or more.",
                "Deeds: records opened, or what else it consists of, until the middle one of those found was.",
            ),
            (
                "Alerts: a case that comes to the threshold, once however many it names; one about a child is about",
                "nobody who had misused it only if none of those whom it names had. Of the rivals, a day on which",
                "somebody is flagged, once a person.",
            ),
            (
                f"The {figures.BUDGET} highest cases: each evening from the {figures.SETTLED_IN}th day on the queue is",
                "ranked, and nobody closes anything. The rivals' are whoever was flagged by then, by how often or by",
                f"the worst day. Where {figures.SHARE:.2%} misuse it, these people stand for {figures.COUNTRY:,}.",
            ),
            (
                "Rules only: each flag of a rule, whatever explains the access. Volume only: robust z of a day of 3.5",
                "or more against the same role in the same kind of place, four weeks back.",
            ),
            ("Suspected though honest, by origin of the name where it was drawn by one:", f"{suspected}."),
        )
    ]


def _read(file: Path) -> Any:
    return json.loads(file.read_text())


if __name__ == "__main__":
    main()
