"""Step, as the owner: again and again somebody opens the record of a child of their own home. Prints the seconds.

    python -m bench.review.waiting TIMES

They are from when the event says that it happened until another connection finds the case: the turn of the timetable,
the queue, the examiner and its commit. Timetable and examiner run meanwhile (bench/review/__main__.py), and start while
the first is waited for, which is not told. Each time it is another person and another child, some time after the one
before.
"""

import json
import sys
import time
from random import Random

from bench.review import filling  # which makes Django ready

# isort: split
from django.db import connection
from django.utils import timezone

from access.people.traits import PersonTraits
from audit.events import EventKind
from registry.traits import filing
from registry.traits.values import ChildTraits
from review.rules.weights import weights

FOUND = """
    SELECT extract(epoch FROM clock_timestamp() - last_at)::float FROM review_case
    WHERE person_id = %s AND score >= %s
"""
EVERY = 0.01  # seconds: how often it is looked for
AT_MOST = 60.0


def main() -> None:
    times = 1 + int(sys.argv[1])
    random = Random(2)
    first_user, first_child = filling.PEOPLE + 1, filling.CHILDREN + 1
    filling.make_users(first_user, first_user + times - 1)
    homes = [(random.getrandbits(40), random.getrandbits(40)) for _ in range(times)]
    filing.put_users(
        (first_user + number, 1, 1, PersonTraits(None, None, telephones=(telephone,), homes=(home,)))
        for number, (home, telephone) in enumerate(homes)
    )
    filing.put(
        (first_child + number, 1, ChildTraits(telephones=(telephone,), homes=(home,)))
        for number, (home, telephone) in enumerate(homes)
    )
    seconds = []
    for number in range(times):
        # At any time between two turns.
        time.sleep(random.uniform(0, 2))
        seconds.append(_waited(first_user + number, first_child + number))
    print(json.dumps(seconds[1:]))


def _waited(user: int, child: int) -> float:
    """How long until there is a case about somebody who opens that record now. Raises TimeoutError."""
    place = filling.organisation_of(user)
    opened = {"organisation_id": place, "session_id": user, "child_id": child}
    filling.record([filling.event(EventKind.CHILD_OPENED, timezone.now(), user, **opened)])
    end = time.monotonic() + AT_MOST
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(FOUND, [user, weights().score.threshold])
            if found := cursor.fetchone():
                return float(found[0])
        time.sleep(EVERY)
    raise TimeoutError(f"No case within {AT_MOST:.0f} seconds: do timetable and examiner run?")


if __name__ == "__main__":
    main()
