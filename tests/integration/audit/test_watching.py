"""The watch and the heartbeat on a real log: what raises an alert, once, and what does not."""

import threading
from contextlib import suppress
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from audit import heartbeat, numbering, sequencer, watch
from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert
from audit.models import Event
from audit.numbering import writer
from contactpoint.local.servers import Servers
from tests.integration.audit.sealing import connected, raised, write
from tests.log import forged_event


# As whoever has a role's password can write it: its tag is none of ours.
@pytest.fixture(autouse=True)
def nothing_rolled_back_yet() -> None:
    numbering._writer_of.cache_clear()  # what other tests rolled back in their logs is no explanation here


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test does not wait two minutes for a process to explain itself."""
    monkeypatch.setattr(watch, "GRACE", timedelta(0))


class GivenUpError(Exception):
    """Rolls a transaction back."""


def alerts() -> list[tuple[str, list[str]]]:
    return [(event.reason, event.fields) for event in Event.objects.filter(kind="alert.raised").order_by("id")]


def as_superuser(cluster: Servers, log: str, *statements: str) -> None:
    with psycopg.connect(cluster.postgresql.superuser_address, dbname=log) as thief:
        thief.execute("SET session_replication_role = replica")
        for statement in statements:
            thief.execute(statement)


def test_log_with_honest_rollbacks_raises_nothing(log: str) -> None:
    for _ in range(3):
        write(4, in_one=2)
        with suppress(GivenUpError), transaction.atomic():
            write(3, in_one=3)
            raise GivenUpError
    write(1)
    watch.watch_the_numbers()
    assert alerts() == []


def test_part_of_a_transaction_that_was_taken_back_raises_nothing(log: str) -> None:
    with transaction.atomic():
        write(1)
        with suppress(GivenUpError), transaction.atomic():
            write(2, in_one=2)
            raise GivenUpError
        write(1)
    write(1)
    watch.watch_the_numbers()
    assert alerts() == []


def test_event_removed_before_its_seal_is_missed_once(log: str, cluster: Servers) -> None:
    _, removed, _ = write(3)
    number = Event.objects.get(pk=removed).number
    as_superuser(cluster, log, f"DELETE FROM audit_event WHERE id = {removed}")
    watch.watch_the_numbers()
    watch.watch_the_numbers()
    assert ("removed", [f"writer.{writer().id}", f"numbers.{number}-{number}"]) in alerts()
    assert len([what for what, _ in alerts() if what == "removed"]) == 1


def test_last_event_of_a_process_that_was_killed_leaves_a_gap_when_it_is_removed(log: str, cluster: Servers) -> None:
    """By their numbers nobody misses it: it has no heartbeat after it."""
    _, last = write(2)
    numbering._writer_of.cache_clear()
    write(2)
    as_superuser(cluster, log, f"DELETE FROM audit_event WHERE id = {last}")
    watch.watch_the_numbers()
    assert [(what, fields[0]) for what, fields in alerts()] == [("unrecorded", "count.1")]


def test_flood_of_removals_is_one_event_that_names_each(log: str, cluster: Servers) -> None:
    made = [*write(50), *write(1)]
    numbers = [Event.objects.get(pk=event).number for event in made]
    as_superuser(
        cluster, log, f"DELETE FROM audit_event WHERE id BETWEEN {made[1]} AND {made[48]} AND id <> {made[10]}"
    )
    watch.watch_the_numbers()
    ((_, fields),) = [alert for alert in alerts() if alert[0] == "removed"]
    assert fields == [
        f"writer.{writer().id}",
        f"numbers.{numbers[1]}-{numbers[9]}",
        f"numbers.{numbers[11]}-{numbers[48]}",
    ]
    assert raised(cluster, log)["removed"] == 47


def test_one_more_removal_is_told_though_others_were_told_before(log: str, cluster: Servers) -> None:
    one, other = write(5)[1:4:2]
    write(1)
    first, second = (Event.objects.get(pk=event).number for event in (one, other))
    as_superuser(cluster, log, f"DELETE FROM audit_event WHERE id = {one}")
    watch.watch_the_numbers()
    as_superuser(cluster, log, f"DELETE FROM audit_event WHERE id = {other}")
    watch.watch_the_numbers()
    told = [fields[1] for what, fields in alerts() if what == "removed"]
    assert told == [f"numbers.{first}-{first}", f"numbers.{second}-{second}"]
    assert raised(cluster, log)["removed"] == 2


def test_flood_of_writers_is_few_events_and_hides_no_number(log: str, cluster: Servers) -> None:
    removed = []
    for _ in range(watch.MOST_WRITERS + 31):
        numbering._writer_of.cache_clear()
        removed.append(write(3, in_one=3)[1])
    as_superuser(cluster, log, f"DELETE FROM audit_event WHERE id = ANY ('{{{','.join(map(str, removed))}}}')")
    watch.watch_the_numbers()
    watch.watch_the_numbers()
    removals = [fields for what, fields in alerts() if what == "removed"]
    assert len(removals) == watch.MOST_WRITERS + 1
    named = [field for fields in removals for field in fields if field.startswith("writer.")]
    assert len(named) == len(set(named)) == watch.MOST_WRITERS + 31


@pytest.mark.parametrize("fields", [["count.1000000"], [], ["count.x"], ["count.9", "from.1", "to.2"]], ids=",".join)
@pytest.mark.parametrize("process", ["watch", "tests"])
def test_forged_alert_does_not_hide_what_was_taken_back(
    log: str, cluster: Servers, fields: list[str], process: str
) -> None:
    forge(cluster, log, kind="alert.raised", process=process, reason="unrecorded", fields=fields)
    take_back(cluster, log)
    write(2)
    watch.watch_the_numbers()
    assert [fields[0] for _, fields in alerts()[1:]] == ["count.1"]


@pytest.mark.parametrize("numbers", ["numbers.1-100", "numbers.1-999999999999", "numbers.x", "numbers.", "numbers.1"])
def test_forged_alert_does_not_hide_a_removal(log: str, cluster: Servers, numbers: str) -> None:
    _, removed, _ = write(3)
    told = [f"writer.{writer().id}", numbers]
    forge(cluster, log, kind="alert.raised", process="watch", reason="removed", fields=told)
    as_superuser(cluster, log, f"DELETE FROM audit_event WHERE id = {removed}")
    watch.watch_the_numbers()
    assert ("removed", [f"writer.{writer().id}", "numbers.2-2"]) in alerts()


def test_forged_numbers_accuse_nobody_and_hide_nothing(log: str, cluster: Servers) -> None:
    """They have an alert of their own, at their seal."""
    _, removed, _ = write(3)
    forge(cluster, log, writer=str(writer().id), number=2**62)
    forge(cluster, log, number=1)
    forge(cluster, log, number=2**62)
    watch.watch_the_numbers()
    assert alerts() == []
    as_superuser(cluster, log, f"DELETE FROM audit_event WHERE id = {removed}")
    watch.watch_the_numbers()
    assert [fields for what, fields in alerts() if what == "removed"] == [[f"writer.{writer().id}", "numbers.2-2"]]


def test_numbers_far_apart_are_told_and_counted(log: str, cluster: Servers) -> None:
    """Also where our own software was made to write them: the watch goes on."""
    write(1)
    writer()._last = 2**62
    write(1)
    watch.watch_the_numbers()
    watch.watch_the_numbers()
    assert [fields[1:] for what, fields in alerts() if what == "removed"] == [[f"numbers.2-{2**62}"]]
    assert raised(cluster, log)["removed"] == watch.MOST_TIMES


def test_who_records_and_rolls_back_leaves_a_gap_that_is_asked_about(log: str, cluster: Servers) -> None:
    write(2)
    take_back(cluster, log)
    write(2)
    watch.watch_the_numbers()
    ((what, fields),) = alerts()
    assert (what, fields[0]) == ("unrecorded", "count.1")


def test_gap_is_asked_about_once_and_the_next_one_too(log: str, cluster: Servers) -> None:
    write(2)
    take_back(cluster, log)
    write(2)
    watch.watch_the_numbers()
    watch.watch_the_numbers()
    take_back(cluster, log)
    take_back(cluster, log)
    write(2)
    watch.watch_the_numbers()
    assert [fields[0] for _, fields in alerts()] == ["count.1", "count.2"]
    assert raised(cluster, log) == {"unrecorded": 3}


def forge(cluster: Servers, log: str, **changes: object) -> None:
    """An event that is not ours."""
    with psycopg.connect(cluster.database_address("worker", log)) as insider:
        by_hand(insider, **changes)


def take_back(cluster: Servers, log: str) -> None:
    """Somebody records, looks, and rolls back."""
    with psycopg.connect(cluster.database_address("worker", log)) as insider:
        by_hand(insider)
        insider.rollback()


def by_hand(insider: psycopg.Connection, **changes: object) -> int:
    ((event_id,),) = insider.execute("SELECT audit_record_process(%s)", [forged_event(**changes)]).fetchall()
    return int(event_id)


def test_events_that_wait_too_long_raise_an_alert_once(log: str, cluster: Servers, settings: Settings) -> None:
    settings.AUDIT_UNSEALED_SECONDS = 0
    write(1)
    with connected(cluster.database_address("worker", log)):
        watch.watch_the_seal()
        watch.watch_the_seal()
    assert [what for what, _ in alerts()] == ["unsealed"]
    assert raised(cluster, log) == {"unsealed": 2}


def test_alert_that_somebody_holds_up_is_in_the_log_all_the_same(
    log: str, cluster: Servers, settings: Settings
) -> None:
    settings.AUDIT_UNSEALED_SECONDS = 0
    address = cluster.database_address("worker", log)
    with connected(address):
        with transaction.atomic():
            raise_alert(Alert.UNSEALED, actor=watch.WATCH)
        with psycopg.connect(address) as insider:
            insider.execute("SELECT audit_alert_again('unsealed', '', NULL, NULL, 1)")
            watch.watch_the_seal()
    assert [what for what, _ in alerts()] == ["unsealed", "unsealed"]
    assert raised(cluster, log) == {"unsealed": 2}, "the event begins no other alert beside the one that goes on"


def test_alert_that_somebody_begins_and_holds_up_is_in_the_log_all_the_same(
    log: str, cluster: Servers, settings: Settings
) -> None:
    settings.AUDIT_UNSEALED_SECONDS = 0
    address = cluster.database_address("worker", log)
    write(1)
    with connected(address), psycopg.connect(address) as insider:
        forged = by_hand(insider, kind="alert.raised", reason="unsealed")
        insider.execute("SELECT audit_alert_begin(%s, '', 1)", [forged])
        watch.watch_the_seal()
    assert [what for what, _ in alerts()] == ["unsealed", "unsealed"]


def test_operators_are_told_where_the_alert_cannot_be_recorded(log: str, settings: Settings) -> None:
    settings.AUDIT_UNSEALED_SECONDS = 0
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    with capture_logs() as said, pytest.raises(DatabaseError):
        watch._raise(Alert.UNSEALED, ["seconds.11"])
    assert [(line["event"], line["what"], line["fields"]) for line in said] == [
        ("alert.raised", "unsealed", ["seconds.11"])
    ]


def test_sealed_log_raises_nothing(log: str, cluster: Servers, settings: Settings) -> None:
    settings.AUDIT_UNSEALED_SECONDS = 0
    write(1)
    sequencer.seal()
    with connected(cluster.database_address("worker", log)):
        watch.watch_the_seal()
    assert alerts() == []


def test_process_says_that_it_lives_and_that_it_ended(log: str, settings: Settings) -> None:
    settings.AUDIT_HEARTBEAT_SECONDS = 0.05
    stop = threading.Event()
    beating = threading.Thread(target=heartbeat._beat, args=(Process("tests"), stop))
    beating.start()
    deadline = timezone.now() + timedelta(seconds=20)
    while Event.objects.filter(kind="log.heartbeat").count() < 2 and timezone.now() < deadline:
        pass
    heartbeat.close(Process("tests"), stop)
    beating.join()
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds.count("log.heartbeat") >= 2
    assert kinds.count("log.closed") == 1


def test_heartbeat_that_cannot_be_recorded_ends_nothing(log: str, cluster: Servers) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    heartbeat.beat(Process("tests"))
    assert not Event.objects.exists()
