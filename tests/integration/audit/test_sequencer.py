"""Sealing on a real database: what is sealed, when, by whom, and what is published."""

import threading
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from audit import sequencer
from audit.models import Checkpoint, Event
from contactpoint.local import servers as local_servers
from tests.integration.audit.sealing import keys, raised, write
from tests.log import forged_event
from transparency import tree
from transparency.note import Checkpoint as SignedCheckpoint
from transparency.note import Note, verify
from transparency.publication import Directory


def signed() -> list[SignedCheckpoint]:
    """Every checkpoint of the database, its signature verified."""
    notes = list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
    for note in notes:
        assert verify(note, keys()) == (settings.LOG_ORIGIN,)
    return [SignedCheckpoint.parse(Note.parse(note).body) for note in notes]


def leaf_hashes() -> list[bytes]:
    return [bytes(leaf) for leaf in Event.objects.order_by("transaction_id", "id").values_list("leaf", flat=True)]


def root_of(hashes: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, as it stands there."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return tree.node_hash(root_of(hashes[:half]), root_of(hashes[half:]))


def test_events_are_sealed_in_their_order_and_published(log: str, publication: Directory) -> None:
    write(300, in_one=7)
    assert sequencer.seal() == 300
    write(5)
    assert sequencer.seal() == 5
    hashes = leaf_hashes()
    assert [(each.size, each.root) for each in signed()] == [(300, root_of(hashes[:300])), (305, root_of(hashes))]
    assert publication.sizes() == [300, 305]
    assert tree.root(300, publication.read_tile) == root_of(hashes[:300])
    assert tree.root(305, publication.read_tile) == root_of(hashes)
    assert not Checkpoint.objects.filter(published_at=None).exists()


def test_nothing_new_makes_no_checkpoint(log: str) -> None:
    assert sequencer.seal() == 0
    write(1)
    assert (sequencer.seal(), sequencer.seal()) == (1, 0)
    assert [each.size for each in signed()] == [1]


def test_what_still_runs_holds_the_seal_up_and_is_sealed_in_its_place(log: str, cluster: local_servers.Servers) -> None:
    """A transaction that began early and committed late is neither lost nor pushed in between what is sealed."""
    with psycopg.connect(cluster.database_address("worker", log)) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        write(3)
        assert sequencer.seal() == 0, "an earlier transaction may still write"
        slow.commit()
        assert sequencer.seal() == 3


def test_transaction_of_another_database_holds_nothing_up(log: str, cluster: local_servers.Servers) -> None:
    with psycopg.connect(cluster.database_address("worker")) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        write(3)
        assert sequencer.seal() == 3


def test_batches_end_between_transactions(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 10)
    write(24, in_one=4)
    write(30, in_one=30)
    assert sequencer.seal() == 54
    sizes = [each.size for each in signed()]
    assert sizes == [8, 16, 24, 54], "a transaction's events are sealed together, however many they are"
    assert [each.root for each in signed()] == [root_of(leaf_hashes()[:size]) for size in sizes]


def test_transactions_are_in_the_order_of_numbers(log: str) -> None:
    """Where the count gets another digit, the order of text would be another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        now = int(cursor.fetchone()[0])
        for _ in range(10 ** len(str(now)) - now - 3):
            cursor.execute("SELECT pg_current_xact_id()")
    write(6)
    sequencer.seal()
    assert signed()[-1].root == root_of(leaf_hashes())


def test_second_sequencer_does_nothing_while_one_is_at_it(log: str, cluster: local_servers.Servers) -> None:
    write(2)
    with psycopg.connect(cluster.database_address("sequencer", log)) as other:
        other.execute("SELECT FROM audit_turn FOR UPDATE")
        assert sequencer.seal() == 0
    assert sequencer.seal() == 2


def test_two_sequencers_at_once_make_one_tree(log: str, publication: Directory) -> None:
    def work() -> None:
        try:
            for _ in range(20):
                sequencer.seal()
        finally:
            connection.close()

    write(100)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    write(50)
    for thread in threads:
        thread.join()
    sequencer.seal()
    assert [each.root for each in signed()] == [root_of(leaf_hashes()[: each.size]) for each in signed()]
    assert signed()[-1].size == 150


def test_killed_before_publishing_it_publishes_what_it_had_signed(
    log: str, publication: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(10)
    with monkeypatch.context() as broken:
        broken.setattr(sequencer, "publish", _killed)
        with pytest.raises(KeyboardInterrupt):
            sequencer.seal()
    assert publication.latest() is None
    (before,) = Checkpoint.objects.values_list("note", flat=True)
    write(3)
    sequencer.seal()
    assert publication.checkpoint(10) == before, "the same checkpoint, not another one of the same size"
    assert publication.sizes() == [10, 13]


def test_killed_while_sealing_it_leaves_nothing_half_done(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(10)
    with monkeypatch.context() as broken:
        broken.setattr(sequencer, "_signed", _killed)
        with pytest.raises(KeyboardInterrupt):
            sequencer.seal()
    assert not Checkpoint.objects.exists()
    assert sequencer.seal() == 10


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_event_that_is_not_ours_raises_an_alert_and_is_sealed(log: str, cluster: local_servers.Servers) -> None:
    write(2)
    with psycopg.connect(cluster.database_address("worker", log)) as insider:
        insider.execute(
            "SELECT audit_record_process(%s)",
            [forged_event(kind="child.added")],
        )
    sequencer.seal()
    (alert,) = Event.objects.filter(kind="alert.raised")
    forged = Event.objects.get(writer="00000000-0000-4000-8000-000000000000")
    assert (alert.reason, alert.fields) == ("not_ours", ["count.1", f"event.{forged.pk}"])


def test_flood_of_what_is_not_ours_is_one_event_a_batch_that_counts_them(
    log: str, cluster: local_servers.Servers
) -> None:
    with psycopg.connect(cluster.database_address("worker", log)) as insider:
        for _ in range(sequencer.NAMED_IN_AN_ALERT + 50):
            insider.execute("SELECT audit_record_process(%s)", [forged_event(kind="child.added")])
    sequencer.seal()
    (alert,) = Event.objects.filter(kind="alert.raised")
    forged = Event.objects.filter(writer="00000000-0000-4000-8000-000000000000").order_by("id")
    assert alert.fields[0] == f"count.{len(forged)}"
    assert alert.fields[1:] == [f"event.{event.pk}" for event in forged[: sequencer.NAMED_IN_AN_ALERT]]
    assert raised(cluster, log) == {"not_ours": len(forged)}


def test_event_changed_before_its_seal_raises_an_alert(log: str, cluster: local_servers.Servers) -> None:
    _, second = write(2)
    with psycopg.connect(cluster.postgresql.superuser_address, dbname=log) as thief:
        thief.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        thief.execute("UPDATE audit_event SET child_id = 99 WHERE id = %s", [second])
        thief.execute(
            "UPDATE audit_event AS event SET leaf = sha256('\\x00'::bytea || convert_to(audit_line(event), 'UTF8'))"
        )
    sequencer.seal()
    (alert,) = Event.objects.filter(kind="alert.raised")
    assert alert.fields == ["count.1", f"event.{second}"], "line and leaf agree, the tag does not"


def test_restored_database_is_refused(log: str) -> None:
    write(1)
    sequencer.seal()
    with transaction.atomic():
        Checkpoint.objects.create(
            size=2, root=b"0" * 32, before_transaction=str(2**40), note="", at=Checkpoint.objects.get(size=1).at
        )
    with pytest.raises(sequencer.RestoredDatabaseError):
        sequencer.seal()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_checkpoint SET root = ''",
        "DELETE FROM audit_checkpoint",
        "DELETE FROM audit_tile",
        "UPDATE audit_event SET child_id = 1",
        "DELETE FROM audit_event",
    ],
)
def test_sequencer_may_add_and_not_take_back(log: str, statement: str) -> None:
    write(1)
    sequencer.seal()
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_export_and_proofs_come_from_what_was_sealed(log: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:  # type: ignore[type-arg]
    ids = write(20, in_one=3)
    sequencer.seal()
    call_command("export_log", str(tmp_path / "log.txt"))
    header, *lines = (tmp_path / "log.txt").read_text().splitlines()
    assert header == "contactpoint-log/1"
    assert [line.partition(" ")[0] for line in lines] == [str(index) for index in range(20)]
    assert [tree.leaf_hash(line.partition(" ")[2].encode()) for line in lines] == leaf_hashes()[:20]
    call_command("prove", event=ids[4])
    proof = capsys.readouterr().out
    assert f"index {4}\n" in proof
    assert settings.LOG_ORIGIN in proof
