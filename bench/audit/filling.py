"""Step, as the owner: fill the log with as many events as are asked for. Prints the seconds it took.

    python -m bench.audit.filling EVENTS

Events are made and tagged as our software does and go through `audit_append`, which gives time, line and leaf, so that
all of it can be sealed and checked as in earnest; only the session behind each is not asked for. Many share a
transaction, in consultations: a search, what it listed, and a record opened.
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from random import Random
from uuid import UUID, uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first

settings.KEYRING_HOLDER = "web"  # the owner, who writes all this at once, has no keys

from django.db import connection, transaction  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import Progress  # noqa: E402

from audit.actors import Actor  # noqa: E402
from audit.events import EventKind  # noqa: E402
from audit.recorder import CRITERIA_PAD_TO  # noqa: E402
from bench.audit import events  # noqa: E402
from encryption import keyring, seal  # noqa: E402
from encryption.keys import Purpose  # noqa: E402

AT_ONCE = 1000
WRITERS, USERS, CHILDREN = 8, 5000, 100_000
SHOWN = 10
CRITERIA = b'{"given":"Amelia","family":"Okafor","date_of_birth":"2015-03-04"}'
APPEND = """
    SELECT count(audit_append(jsonb_populate_record(NULL::audit_event, told)))
    FROM (
        SELECT told || jsonb_build_object('id', nextval('audit_event_id_seq')) AS told
        FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS each (told, place) ORDER BY place
    ) AS numbered
"""


def main() -> None:
    wanted = int(sys.argv[1])
    lines = _events()
    begun = time.monotonic()
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("filling the log", total=wanted)
        for start in range(0, wanted, AT_ONCE):
            batch = list(islice(lines, min(AT_ONCE, wanted - start)))
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(APPEND, [f"[{','.join(batch)}]"])
            progress.advance(bar, len(batch))
    seconds = time.monotonic() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_event")
    print(json.dumps(seconds))


def _events() -> Iterator[str]:
    random = Random(1)
    writers = [(uuid4(), count(1)) for _ in range(WRITERS)]
    while True:
        writer, numbers = random.choice(writers)
        yield from _consultation(random, writer, numbers)


def _consultation(random: Random, writer: UUID, numbers: Iterator[int]) -> Iterator[str]:
    actor = _actor(random)
    trail = uuid4()
    shown = random.sample(range(1, CHILDREN), SHOWN)
    number = next(numbers)
    key = keyring.current().sealing_key(Purpose.AUDIT)
    criteria = seal.seal(CRITERIA, seal.Place(str(writer), "criteria", number, 0), key, pad_to=CRITERIA_PAD_TO)
    for event in (
        events.values(EventKind.CHILD_SEARCHED, actor, writer, number, trail=trail, criteria=criteria),
        events.values(EventKind.CHILD_LISTED, actor, writer, next(numbers), trail=trail, shown=shown),
        events.opening(actor, writer, next(numbers), shown[0]),
    ):
        yield events.told(event)


def _actor(random: Random) -> Actor:
    user = random.randrange(USERS)
    return Actor(
        user_id=user,
        role="practitioner",
        organisation_id=user % 500,
        authority_id=user % 10,
        session_id=random.randrange(10**6),
        request_id=uuid4(),
        session_key="",
    )


if __name__ == "__main__":
    main()
