"""Step, as the owner: what people did, into FOLDER. Prints nothing.

python -m bench.review.detection.reading FOLDER

Of each event there is number, time, who did it, in what role, in what kind of place, and what it was.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first

EVENTS = """
    SELECT event.id, extract(epoch FROM event.at)::float, event.actor_id, event.role, place.kind, event.kind
    FROM audit_event AS event JOIN access_organisation AS place ON place.id = event.organisation_id
    WHERE event.actor_id IS NOT NULL ORDER BY event.at, event.id
"""


def main() -> None:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS)
        (Path(sys.argv[1]) / "events").write_text(json.dumps(cursor.fetchall()))
    print(json.dumps(None))


if __name__ == "__main__":
    main()
