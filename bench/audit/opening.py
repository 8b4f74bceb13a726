"""Step, as the web role: open records and read them, each in its transaction. Prints milliseconds, opening by opening.

    python -m bench.audit.opening OPENINGS

Twice: by Django, whose statements are timed one by one as the client sees them, the commit too; and once more the very
statements of that transaction in one pipeline, prepared as Django's are: little but the database's own time is left.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

import django
import psycopg

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402

from audit.actors import Actor  # noqa: E402
from audit.events import EventKind  # noqa: E402
from audit.reasons import Reason  # noqa: E402
from audit.recorder import About, record  # noqa: E402
from bench.audit import people  # noqa: E402
from registry.policies import child_to_open  # noqa: E402
from registry.selectors import record_of  # noqa: E402

WARM = 50


class Watch:
    """Times each statement that Django executes, and keeps it as it was sent."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self.statements: list[tuple[str, Any]] = []

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
        self.milliseconds += _since(begun)
        self.statements.append((sql, params))
        return result


def main() -> None:
    random, openings = Random(1), int(sys.argv[1])
    actors, children = people.actors(), people.children()
    measured = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as plain:
        for _ in range(WARM + openings):
            watch, commit = _open(random.choice(actors), random.choice(children))
            begun = time.perf_counter()
            with plain.pipeline(), plain.transaction():
                for sql, params in watch.statements:
                    plain.execute(sql.encode(), params, prepare=True)
            measured.append(
                {
                    "by statement": watch.milliseconds + commit,
                    "in one pipeline": _since(begun),
                    "commit": commit,
                    "statements": len(watch.statements),
                }
            )
    print(json.dumps(measured[WARM:]))


def _open(actor: Actor, child_id: int) -> tuple[Watch, float]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        with transaction.atomic():
            record(EventKind.CHILD_OPENED, About(child_id=child_id, reason=Reason.COOPERATION), actor=actor)
            record_of(child_to_open(actor, child_id), actor=actor, today=timezone.localdate())
            begun = time.perf_counter()
        return watch, _since(begun)


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
