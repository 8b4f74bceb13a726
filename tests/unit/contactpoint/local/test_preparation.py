"""What the demonstration checks and hands on before it starts."""

import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from contactpoint.local import preparation
from contactpoint.local.errors import LocalError
from contactpoint.settings import outside

ADDRESSES = {
    "DATABASE_URL": "postgresql://web@host/database",
    "DATABASE_OWNER_URL": "postgresql://owner@host/database",
    "DATABASE_SIGN_IN_URL": "postgresql://sign_in@host/database",
    "DATABASE_WORKER_URL": "postgresql://worker@host/database",
    "DATABASE_SEQUENCER_URL": "postgresql://sequencer@host/database",
    "DATABASE_EXAMINER_URL": "postgresql://examiner@host/database",
    "DATABASE_READER_URL": "postgresql://reader@host/database",
    "REDIS_URL": "redis://web@host",
    "REDIS_SIGN_IN_URL": "redis://sign_in@host",
    "REDIS_WORKER_URL": "redis://worker@host",
    "REDIS_SEQUENCER_URL": "redis://sequencer@host",
    "REDIS_EXAMINER_URL": "redis://examiner@host",
}


@pytest.fixture
def no_servers_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ADDRESSES:
        monkeypatch.delenv(name, raising=False)


def test_a_free_port_passes() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    preparation.check_port(port)


def test_a_taken_port_is_told_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} is taken.*make demo PORT={port + 1}"):
            preparation.check_port(port)


def test_a_full_disc_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=300_000_000))
    with pytest.raises(LocalError, match=r"0\.3 GB are free .* 1\.5 GB are needed"):
        preparation.check_disc(tmp_path)
    (tmp_path / "users.json").touch()
    preparation.check_disc(tmp_path)


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("web", {"DATABASE_URL", "REDIS_URL"}),
        ("sign_in", {"DATABASE_SIGN_IN_URL", "REDIS_SIGN_IN_URL"}),
        ("owner", {"DATABASE_OWNER_URL"}),
        ("worker", {"DATABASE_WORKER_URL", "REDIS_WORKER_URL"}),
        ("sequencer", {"DATABASE_SEQUENCER_URL", "REDIS_SEQUENCER_URL"}),
        ("examiner", {"DATABASE_EXAMINER_URL", "REDIS_EXAMINER_URL"}),
        ("reader", {"DATABASE_READER_URL"}),
    ],
)
def test_a_process_learns_the_passwords_of_its_own_role_and_account_alone(
    monkeypatch: pytest.MonkeyPatch, role: str, names: set[str]
) -> None:
    for key, value in ADDRESSES.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("QUEUE_WORKER_KEY", "somebody else's")
    environment = preparation.environment(ADDRESSES, role)
    named = {key for key in environment if key.startswith(("DATABASE_", "REDIS_", "QUEUE_"))}
    assert named == names | {"DATABASE_ROLE"}
    assert environment["DATABASE_ROLE"] == role
    assert {name: environment[name] for name in names} == {name: ADDRESSES[name] for name in names}


@pytest.mark.parametrize("role", ["web", "sign_in", "owner", "worker", "sequencer", "examiner", "reader"])
def test_the_worker_alone_learns_of_the_bucket(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    for name in outside.BUCKET:
        monkeypatch.setenv(name, "told")
    learned = {name for name in preparation.environment(ADDRESSES, role) if name.startswith("BUCKET_")}
    assert learned == (set(outside.BUCKET) if role == "worker" else set())


def test_servers_of_ones_own_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in ADDRESSES.items():
        monkeypatch.setenv(name, value)
    assert preparation.server_addresses(tmp_path) == ADDRESSES
    assert list(tmp_path.iterdir()) == []


def test_half_named_servers_are_refused(
    no_servers_of_ones_own: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", ADDRESSES["DATABASE_URL"])
    others = ", ".join(name for name in ADDRESSES if name != "DATABASE_URL")
    with pytest.raises(LocalError, match=f"set {others} too"):
        preparation.server_addresses(tmp_path)


def test_a_failing_command_is_told_in_one_line_and_kept_in_full(tmp_path: Path) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "contactpoint.settings.test"}
    with pytest.raises(LocalError, match=r"`manage\.py no_such_command` failed: .*\nAll it said is in"):
        preparation.manage(tmp_path, environment, "no_such_command")
    assert "Unknown command" in (tmp_path / "demo.log").read_text()
