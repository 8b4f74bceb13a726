"""Where the examiner stands still, or does not keep up, somebody is told; where old events come in, nobody is."""

from datetime import datetime, timedelta

import psycopg
import pytest
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from contactpoint.local import servers as local_servers
from review import watch
from review.examining.cursor import Settled
from review.examining.examiner import Examiner
from tests.integration.audit.sealing import connected
from tests.integration.examining.history import History

CHILD = 1000
LONG_AGO = timedelta(hours=1)
MONTHS_AFTER = timedelta(days=30)


@pytest.fixture
def quick(settings: Settings) -> None:
    settings.REVIEW_UNEXAMINED_SECONDS = 60


def event_now(history: History, ago: timedelta = timedelta()) -> None:
    history.event(child_id=CHILD, at=(timezone.now() - ago).isoformat())


def stood_still_for(history: History, time: timedelta) -> None:
    """The examiner did all that there was so long ago, and nothing since."""
    history.server.execute("UPDATE review_cursor SET whole_at = now() - %s", [time])


def waiting_since(cluster: local_servers.Servers, log: str) -> datetime | None:
    with connected(cluster.database_address("worker", log)):
        return watch.unexamined_since()


def watched(cluster: local_servers.Servers, log: str, history: History) -> dict[str, int]:
    """Watch once, as the worker. Returns which alerts there are, and how often each was raised."""
    with connected(cluster.database_address("worker", log)):
        watch.watch_the_examiner()
    return dict(history.server.execute("SELECT what, times FROM audit_raisedalert").fetchall())


def test_nothing_waits_where_all_is_examined(
    log: str, history: History, cluster: local_servers.Servers, quick: None
) -> None:
    event_now(history)
    assert waiting_since(cluster, log) is not None
    Examiner().examine()
    stood_still_for(history, LONG_AGO)
    assert waiting_since(cluster, log) is None, "an hour without any event is a quiet hour"
    assert watched(cluster, log, history) == {}


def test_who_stands_still_is_told_of_and_counted(
    log: str, history: History, cluster: local_servers.Servers, quick: None
) -> None:
    stood_still_for(history, LONG_AGO)
    event_now(history, ago=timedelta(minutes=10))
    with capture_logs() as said:
        assert watched(cluster, log, history) == {"unexamined": 1}
    told = [line for line in said if line["event"] == "alert.raised"]
    assert [line["what"] for line in told] == ["unexamined"]
    assert 600 <= int(told[0]["fields"][0].removeprefix("seconds.")) < 660
    assert watched(cluster, log, history) == {"unexamined": 2}
    Examiner().examine()
    assert watched(cluster, log, history) == {"unexamined": 2}


def test_an_event_after_a_quiet_hour_has_only_just_begun_to_wait(
    log: str, history: History, cluster: local_servers.Servers, quick: None
) -> None:
    stood_still_for(history, LONG_AGO)
    event_now(history)
    assert watched(cluster, log, history) == {}


def test_old_events_that_are_written_now_wait_since_now(
    log: str, history: History, cluster: local_servers.Servers, quick: None
) -> None:
    """As where a demonstration is filled, or a log from elsewhere."""
    event_now(history)
    Examiner().examine()
    history.event(child_id=CHILD)
    assert watched(cluster, log, history) == {}
    stood_still_for(history, LONG_AGO)
    assert watched(cluster, log, history) == {"unexamined": 1}


def test_who_is_held_up_by_a_long_transaction_stands_still(
    log: str, history: History, cluster: local_servers.Servers, quick: None
) -> None:
    with psycopg.connect(cluster.database_address("worker", log)) as held:
        held.execute("SELECT pg_current_xact_id()")
        Examiner().examine()
        stood_still_for(history, LONG_AGO)
        event_now(history, ago=timedelta(minutes=10))
        assert Examiner().examine() == 0
        assert watched(cluster, log, history) == {"unexamined": 1}


def test_all_is_examined_only_after_the_last_batch(log: str, history: History) -> None:
    history.event(child_id=CHILD)
    history.event(child_id=CHILD, after=MONTHS_AFTER)
    settled = Settled()
    first = settled.next_batch(0)
    last = settled.next_batch(first.before)
    assert (len(first.happenings), first.whole_at) == (1, None)
    assert len(last.happenings) == 1
    assert last.whole_at is not None
