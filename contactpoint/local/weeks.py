"""The weeks of use with which the demonstration begins: simulated, some of it misuse, and examined as all use is.

They are made in a copy of the database, which takes its place when it is whole: ended half way, they are made again.
What of them was misuse stands in a file that its owner alone reads, and nowhere in the database.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg

from contactpoint.local import preparation, servers
from contactpoint.local.preparation import environment, manage

FILE = "weeks.labels"
DAYS = 56  # shorter than accounts lie idle for before that is noticed: those of the demonstration were not used
OF_USE = ("--users=300", f"--days={DAYS}", "--misuse=0.05", "--clear-case", "--seed=3")
COPY = f"{servers.DATABASE}_weeks"
IS_USED = """
    SELECT EXISTS (SELECT FROM audit_event WHERE actor_id IS NOT NULL) OR EXISTS (SELECT FROM audit_checkpoint)
"""


def make(directory: Path, addresses: Mapping[str, str]) -> bool:
    """Make the weeks where nobody has used the service yet. Returns whether it begins with them. Raises LocalError."""
    file, draft = directory / FILE, directory / f"{FILE}.draft"
    if file.exists():
        return True
    if not _is_used(addresses["DATABASE_OWNER_URL"]):
        draft.unlink(missing_ok=True)
        with _copy(directory, addresses) as copy:
            _fill(directory, copy, draft)
    if draft.exists():  # it may have been killed before it came to this
        draft.replace(file)
    return file.exists()


def _fill(directory: Path, addresses: Mapping[str, str], labels: Path) -> None:
    since = date.today() - timedelta(days=DAYS + 2)  # noqa: DTZ011 - wherever this machine is, before they begin
    manage(directory, environment(addresses, "owner"), "simulate_year", *OF_USE, f"--labels={labels}")
    manage(directory, environment(addresses, "worker"), "make_traits")
    manage(directory, environment(addresses, "examiner"), "examine_again", f"--since={since}")


@contextmanager
def _copy(directory: Path, addresses: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Addresses of a copy that takes the database's place afterwards; on servers of one's own, of itself."""
    if preparation.are_of_ones_own():
        yield addresses
        return
    running = servers.ensure_running(directory)
    running.drop_database(COPY)
    running.make_database(COPY, template=servers.DATABASE)
    yield running.environment(COPY)
    running.put_in_place(COPY)


def _is_used(owner_address: str) -> bool:
    with psycopg.connect(owner_address) as connection:
        found = connection.execute(IS_USED).fetchone()
    return bool(found and found[0])
