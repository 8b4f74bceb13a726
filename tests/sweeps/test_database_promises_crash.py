"""What nobody can refuse is seen: a record taken back, a log changed by its owner, a server killed in the middle.

On a PostgreSQL of its own, as durable as in earnest.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psutil
import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from pytest_django import DjangoDbBlocker, Settings

from audit import sequencer, watch
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.reasons import Reason
from audit.recorder import About, record
from contactpoint.local import servers as local_servers
from registry.actions.finding import introduce, open_record
from tests import servers
from tests.integration.audit.sealing import connected, keys
from tests.sweeps import attacking
from tests.sweeps.attacking import NO_SESSION, OPENED, Place, placed_apart, read_child, refusal, told
from transparency.exports import Export
from transparency.findings import Kind, Report
from transparency.publication import Directory
from transparency.verify import verify

READ = "SELECT registry_read(%s, %s)"
SHOWN_BEFORE_THE_KILL = 150
TELLER = Process("sign-in")


@pytest.fixture(scope="module")
def directory(running_servers: object) -> Path:
    # Not in pytest's own folders, which PostgreSQL's user may not enter.
    made = servers.run_directory() / f"{servers.own_database()}_crashing"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def cluster(directory: Path) -> Iterator[local_servers.Servers]:
    yield servers.start_another(directory, durable=True)
    local_servers.stop(directory)


@pytest.fixture
def place(
    cluster: local_servers.Servers, django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path
) -> Iterator[Place]:
    settings.PUBLICATION_DIR = tmp_path / "publication"
    with placed_apart(cluster, django_db_blocker) as made:
        yield made


@pytest.fixture
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test does not wait two minutes for a process to explain itself."""
    monkeypatch.setattr(watch, "GRACE", timedelta(0))


class GivenUpError(Exception):
    """Rolls a transaction back."""


def unrecorded(place: Place) -> int:
    """What the watch counts, after a last event of a process that had nothing to hide."""
    with transaction.atomic():
        record(EventKind.LOG_HEARTBEAT, actor=TELLER)
    with connected(place.running.database_address("sequencer", place.name)):
        return watch.unrecorded(watch._recently_counted())


@pytest.mark.usefixtures("no_grace")
@pytest.mark.parametrize("back", ["ROLLBACK", "ROLLBACK TO before"])
def test_opening_that_is_taken_back_leaves_a_gap_that_is_reported(place: Place, back: str) -> None:
    """It showed nothing; that somebody tried is seen all the same."""
    assert unrecorded(place) == 0
    with place.connected() as web:
        for number in (1, 2):
            web.execute("SELECT 1")
            web.execute("SAVEPOINT before")
            event = attacking.record(web, place.teacher, child_id=place.child, **OPENED)
            assert refusal(web, READ, event, place.teacher.session_key).sqlstate == NO_SESSION
            web.execute(back)
            web.commit()
            assert unrecorded(place) == number


@pytest.mark.usefixtures("no_grace")
def test_connection_that_breaks_off_takes_no_reading_back(place: Place) -> None:
    with place.connected() as web:
        event = attacking.commit_event(web, place.teacher, child_id=place.child, **OPENED)
        assert read_child(web, place.teacher, event)
        web.close()
    assert place.as_owner("SELECT child_id FROM audit_event WHERE id = %s", event) == [(place.child,)]
    assert unrecorded(place) == 0


@pytest.mark.usefixtures("no_grace")
def test_opening_whose_connection_breaks_off_leaves_a_gap_that_is_reported(place: Place) -> None:
    with place.connected() as web:
        attacking.record(web, place.teacher, child_id=place.child, **OPENED)
        web.close()
    time.sleep(0.2)  # PostgreSQL notices
    assert unrecorded(place) == 1


@pytest.mark.usefixtures("no_grace")
def test_gap_is_not_explained_by_an_event_that_is_not_ours(place: Place) -> None:
    with place.connected() as web:
        attacking.record(web, place.teacher, child_id=place.child, **OPENED)
        web.rollback()
        attacking.record(web, place.teacher, kind="child.searched", number=9, voided=[1, 2, 3])
        web.commit()
    assert unrecorded(place) == 1


@pytest.mark.usefixtures("no_grace")
def test_honest_rollbacks_are_explained_and_not_reported(place: Place) -> None:
    """Ours say which numbers they took back: by an error, by a savepoint, by a refusal of the database."""
    for _ in range(3):
        with suppress(GivenUpError), transaction.atomic():
            record(EventKind.CHILD_OPENED, About(child_id=place.child, reason=Reason.SAFEGUARDING), actor=place.teacher)
            raise GivenUpError
        with transaction.atomic():
            with suppress(GivenUpError), transaction.atomic():
                record(EventKind.CHILD_SHOWN, About(child_id=place.child), actor=place.teacher)
                raise GivenUpError
            record(EventKind.CHILD_SHOWN, About(child_id=place.child), actor=place.teacher)
        with suppress(Exception):
            introduce(actor=place.teacher, child_id=10**9)
    assert unrecorded(place) == 0


def sealed(place: Place, tmp_path: Path, name: str = "log.txt") -> Report:
    """Export what is sealed and have it judged."""
    with connected(place.running.database_address("sequencer", place.name)):
        call_command("export_log", str(tmp_path / name), stdout=StringIO())
    with (tmp_path / name).open("rb") as lines:
        return verify([Export(name, lines)], Directory(tmp_path / "publication"), {}, keys())


def seal(place: Place) -> int:
    with connected(place.running.database_address("sequencer", place.name)):
        return sequencer.seal()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE audit_event SET child_id = child_id + 1 WHERE id = %s", Kind.ALTERED),
        ("UPDATE audit_event SET at = at - interval '1 microsecond' WHERE id = %s", Kind.ALTERED),
        ("DELETE FROM audit_event WHERE id = %s", Kind.REMOVED),
    ],
)
@pytest.mark.parametrize("maintained", [True, False])
def test_owner_who_changes_an_event_is_found_by_the_verifier(
    place: Place, tmp_path: Path, change: str, kind: Kind, maintained: bool
) -> None:
    """Having said so, or with the triggers off: the tree knows what was sealed."""
    for child in (place.child, place.other, place.child):
        introduce(actor=place.teacher, child_id=child)
    ((event,),) = place.as_owner("SELECT max(id) - 1 FROM audit_event")
    assert seal(place)
    assert sealed(place, tmp_path, "before.txt").whole
    with place.connected("owner") as owner:
        if maintained:
            claims = told(place.teacher, kind="log.maintained", actor_id=None, process="maintenance")
            owner.execute("SELECT audit_record_process(%s)", [claims])
        else:
            for (table,) in owner.execute(
                "SELECT 'audit_event' UNION SELECT inhrelid::regclass::text FROM pg_inherits"
                " WHERE inhparent = 'audit_event'::regclass"
            ).fetchall():
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(change, [event])
        owner.commit()
    assert kind in sealed(place, tmp_path).kinds()


def test_no_child_was_shown_without_its_event_when_the_server_is_killed(
    place: Place, cluster: local_servers.Servers, directory: Path, tmp_path: Path
) -> None:
    place.as_owner("UPDATE access_budget SET hourly = 1000000, daily = 1000000")
    shown: list[tuple[int, int]] = []  # actor and child, noted once the page could have been sent
    seal(place)
    readers = [
        threading.Thread(target=_open_until_it_breaks, args=(actor, child, shown))
        for actor in (place.teacher, place.colleague)
        for child in (place.child, place.other, place.shielded)
    ]
    for reader in readers:
        reader.start()
    while len(shown) < SHOWN_BEFORE_THE_KILL and any(reader.is_alive() for reader in readers):
        time.sleep(0.01)
    _kill(directory)
    for reader in readers:
        reader.join()
    assert len(shown) >= SHOWN_BEFORE_THE_KILL, "the server was killed in the middle of a burst"

    connection.close()
    again = local_servers.ensure_running(directory)
    assert again.environment() == cluster.environment()
    recorded = place.as_owner("SELECT actor_id, child_id FROM audit_event WHERE kind = 'child.opened'")
    for each in set(shown):
        assert recorded.count(each) >= shown.count(each)
    introduce(actor=place.teacher, child_id=place.child)
    assert seal(place) > len(shown)
    assert sealed(place, tmp_path).kinds() <= {Kind.REMOVED_BEFORE_SEALING}, "the tree goes on"


def _open_until_it_breaks(actor: Actor, child: int, shown: list[tuple[int, int]]) -> None:
    try:
        while True:
            opened = open_record(actor=actor, child_id=child, reason=Reason.SAFEGUARDING)
            shown.append((actor.user_id, opened.identity.child_id))
    except Error:
        return
    finally:
        with suppress(Error):
            connection.close()


def _kill(directory: Path) -> None:
    """The server and all its processes at once, as when the power goes."""
    postmaster = psutil.Process(int((directory / "postgresql" / "data" / "postmaster.pid").read_text().split()[0]))
    for process in [postmaster, *postmaster.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
