"""What witnesses say reaches the auditors, and only if they said it; where it does not come, somebody is told."""

from pathlib import Path

import psycopg
import pytest
from django.test import override_settings
from pytest_django import Settings

from audit import outside, sequencer, tasks
from audit.models import Checkpoint, Cosignature
from contactpoint.local.servers import Servers
from tests.integration.audit.sealing import connected, keys, raised, write
from transparency.errors import ForkError
from transparency.publication import Directory
from transparency.witness import Witness, WitnessKey

NAME = "witness.example.org/one"


class House:
    """Where the witness lives: its key and what it saw."""

    def __init__(self, path: Path, name: str = NAME) -> None:
        path.mkdir()
        self.key = WitnessKey.make(path / "key", name)
        self._witness = Witness(path / "state", self.key)

    def look(self, publication: Directory) -> int:
        return self._witness.cosign(publication, keys()).size


def grow(cluster: Servers, log: str, number: int = 3) -> int:
    """Write, seal, publish. Returns how large the log is."""
    with connected(cluster.database_address("worker", log)):
        write(number)
    sequencer.seal()
    return int(Checkpoint.objects.order_by("-size")[0].size)


def age(cluster: Servers, log: str, seconds: int) -> None:
    """Let all checkpoints be older by so much."""
    with psycopg.connect(cluster.postgresql.superuser_address, dbname=log) as superuser:
        superuser.execute("UPDATE audit_checkpoint SET at = at - %s * interval '1 second'", [seconds])


def watched(cluster: Servers, log: str) -> dict[str, int]:
    """Let the worker look, and say how often which alert was raised so far."""
    with connected(cluster.database_address("worker", log)):
        tasks.watch_what_is_outside()
    return raised(cluster, log)


def test_what_the_witness_said_is_taken_up_with_the_next_seal(
    cluster: Servers, log: str, publication: Directory, house: House
) -> None:
    size = grow(cluster, log)
    assert outside.standings()[0].at is None
    assert outside.standings()[0].waiting_since == Checkpoint.objects.get(size=size).at

    house.look(publication)
    tasks.seal()

    [said] = outside.standings()
    assert (said.witness, said.size, said.waiting_since) == (NAME, size, None)
    assert outside.cosigned(Checkpoint.objects.all()) == {size: {NAME: said.at}}
    tasks.seal()
    assert Cosignature.objects.count() == 1


def test_a_word_of_a_later_checkpoint_is_one_of_those_before(
    cluster: Servers, log: str, publication: Directory, house: House
) -> None:
    sizes = [grow(cluster, log) for _ in range(3)]
    house.look(publication)
    newest = grow(cluster, log)
    outside.take_up_cosignatures()

    [said] = outside.standings()
    assert said.size == sizes[-1]
    assert said.waiting_since == Checkpoint.objects.get(size=newest).at


def test_what_the_witness_did_not_say_is_not_taken_up(
    cluster: Servers, log: str, publication: Directory, house: House, tmp_path: Path
) -> None:
    """As it would be, had somebody who can write where the log is published written it."""
    impostor = House(tmp_path / "impostor")
    size = grow(cluster, log)
    impostor.look(publication)
    outside.take_up_cosignatures()
    assert Cosignature.objects.count() == 0

    file = publication.path / f"cosignatures/{size}/witness.example.org%2Fone"
    for nonsense in (b"\xff", b"nothing", b"", Checkpoint.objects.get(size=size).note.encode()):
        file.chmod(0o600)
        file.write_bytes(nonsense)
        outside.take_up_cosignatures()
        assert Cosignature.objects.count() == 0


def test_what_somebody_wrote_into_the_table_is_not_shown(
    cluster: Servers, log: str, publication: Directory, house: House, tmp_path: Path
) -> None:
    size = grow(cluster, log)
    house.look(publication)
    outside.take_up_cosignatures()
    other = House(tmp_path / "other").key.cosign(Checkpoint.objects.get(size=size).note)
    with psycopg.connect(cluster.postgresql.superuser_address, dbname=log) as superuser:
        superuser.execute("UPDATE audit_cosignature SET line = %s", [other])

    assert outside.cosigned(Checkpoint.objects.all()) == {size: {}}
    assert outside.standings()[0].at is None


def test_a_witness_with_a_new_key_is_one_witness(
    cluster: Servers, log: str, publication: Directory, house: House, tmp_path: Path, settings: Settings
) -> None:
    first = grow(cluster, log)
    house.look(publication)
    outside.take_up_cosignatures()
    renewed = House(tmp_path / "renewed")
    settings.WITNESS_KEYS = (house.key.verifier, renewed.key.verifier)
    second = grow(cluster, log)
    renewed.look(publication)
    outside.take_up_cosignatures()

    assert [said.size for said in outside.standings()] == [second]
    assert all(outside.cosigned(Checkpoint.objects.all())[size] for size in (first, second))


def test_a_witness_that_is_silent_is_told_of(
    cluster: Servers, log: str, publication: Directory, house: House, settings: Settings
) -> None:
    grow(cluster, log)
    house.look(publication)
    outside.take_up_cosignatures()
    age(cluster, log, settings.AUDIT_UNWITNESSED_SECONDS + 1)
    assert watched(cluster, log) == {}, "there is nothing that it has not seen"

    grow(cluster, log)
    assert watched(cluster, log) == {}
    age(cluster, log, settings.AUDIT_UNWITNESSED_SECONDS + 1)
    assert outside.standings()[0].is_late
    assert watched(cluster, log) == {"unwitnessed": 1}
    assert watched(cluster, log) == {"unwitnessed": 2}

    tasks.seal()
    house.look(publication)
    tasks.seal()
    age(cluster, log, settings.AUDIT_UNWITNESSED_SECONDS + 1)
    assert not outside.standings()[0].waiting_since
    assert watched(cluster, log) == {"unwitnessed": 2}


def test_a_fork_that_a_witness_refused_leaves_it_silent(
    cluster: Servers, log: str, publication: Directory, house: House, tmp_path: Path, settings: Settings
) -> None:
    """The log is cut back to before what the witness saw, and grows anew: the database and the folder agree."""
    grow(cluster, log)
    grow(cluster, log)
    house.look(publication)
    outside.take_up_cosignatures()
    with psycopg.connect(cluster.postgresql.superuser_address, dbname=log) as superuser:
        superuser.execute("DELETE FROM audit_cosignature")
        superuser.execute("DELETE FROM audit_checkpoint")
        superuser.execute("DELETE FROM audit_tile")
        superuser.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        superuser.execute("UPDATE audit_event SET child_id = 99 WHERE id = (SELECT min(id) FROM audit_event)")
        superuser.execute("ALTER TABLE audit_event ENABLE TRIGGER ALL")
    with override_settings(PUBLICATION_DIR=tmp_path / "again"):
        size = grow(cluster, log)
        with pytest.raises(ForkError):
            house.look(Directory(tmp_path / "again"))
        outside.take_up_cosignatures()
        assert outside.cosigned(Checkpoint.objects.all())[size] == {}
        age(cluster, log, settings.AUDIT_UNWITNESSED_SECONDS + 1)
        assert watched(cluster, log)["unwitnessed"] == 1


def test_a_place_of_publication_that_is_gone_is_told_of_and_nothing_is_lost(
    cluster: Servers, log: str, publication: Directory, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "a file").touch()
    with override_settings(PUBLICATION_DIR=tmp_path / "a file" / "below"), pytest.raises(NotADirectoryError):
        grow(cluster, log)
    assert Checkpoint.objects.filter(published_at=None).exists()
    assert watched(cluster, log) == {}
    age(cluster, log, settings.AUDIT_UNPUBLISHED_SECONDS + 1)
    assert watched(cluster, log) == {"unpublished": 1}

    sequencer.seal()
    assert publication.sizes() == [int(each.size) for each in Checkpoint.objects.order_by("size")]
    assert watched(cluster, log) == {"unpublished": 1}


def test_an_alert_names_the_witness_by_its_key(house: House) -> None:
    code = outside.code_of(NAME)
    assert code == f"witness.{house.key.verifier.id.hex()}"
    assert outside.witness_named(code) == NAME
    assert outside.witness_named("witness.00000000") == "witness.00000000"


def test_the_sequencer_alone_writes_cosignatures_and_the_web_role_reads_none(cluster: Servers, log: str) -> None:
    for role in ("web", "worker", "reader"):
        refused(cluster.database_address(role, log), "INSERT INTO audit_cosignature (witness) VALUES ('a')")
    refused(cluster.database_address("web", log), "SELECT FROM audit_cosignature")
    refused(cluster.database_address("sequencer", log), "DELETE FROM audit_cosignature")


def refused(address: str, statement: str) -> None:
    with psycopg.connect(address) as role, pytest.raises(psycopg.errors.InsufficientPrivilege):
        role.execute(statement)
