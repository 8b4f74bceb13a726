"""Step, as the web role: open records and read them. Prints milliseconds, opening by opening, and what each was for.

python -m bench.audit.opening OPENINGS
"""

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402

from audit.actors import Actor  # noqa: E402
from audit.events import EventKind  # noqa: E402
from audit.reasons import Reason  # noqa: E402
from audit.recorder import About, record_first  # noqa: E402
from bench.audit import people  # noqa: E402
from registry.policies.records import child_to_open  # noqa: E402
from registry.selectors.records import record_of  # noqa: E402

WARM = 50
TOUCHED = re.compile(r"(access|registry)_\w+")


class Watch:
    """Times each statement that Django executes, as the client sees it, by what it touches."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = defaultdict(float)

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001 - Django's own signature
        context: dict[str, Any],
    ) -> Any:
        begun = time.perf_counter()
        result = execute(sql, params, many, context)
        self.milliseconds[TOUCHED.search(sql)[0]] += _since(begun)  # type: ignore[index]
        return result


def main() -> None:
    random, openings = Random(1), int(sys.argv[1])
    actors, children = people.actors(), people.children()
    measured = [_open(random.choice(actors), random.choice(children)) for _ in range(WARM + openings)]
    print(json.dumps(measured[WARM:]))


def _open(actor: Actor, child_id: int) -> dict[str, float]:
    """Milliseconds by part; `all of it` and `the event, committed` by the clock, the rest within them."""
    begun = time.perf_counter()
    about = About(child_id=child_id, reason=Reason.COOPERATION)
    ticket = record_first(EventKind.CHILD_OPENED, about, actor=actor)
    recorded = _since(begun)
    watch = Watch()
    with connection.execute_wrapper(watch):
        record_of(child_to_open(ticket, child_id), actor=actor, today=timezone.localdate())
    return {"all of it": _since(begun), "the event, committed": recorded, **watch.milliseconds}


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
