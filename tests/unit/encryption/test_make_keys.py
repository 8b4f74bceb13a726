"""`manage.py make_keys` makes what is missing, once, and never breaks what is there."""

import fcntl
import io
import os
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from contactpoint.local.state import PROJECT
from encryption import keyring
from encryption.backends.file import FileBackend
from encryption.errors import KeyMissingError, KeyWrongError
from encryption.keys import Purpose
from encryption.management.commands.make_keys import make_missing
from tests.unit.encryption.keyrings import keyring_in, mode_of

# 33 years of months, and one key for each other purpose.
KEYS = 33 * 12 + len(Purpose) - 1


def make_keys(directory: Path) -> str:
    output = io.StringIO()
    with keyring_in(directory):
        call_command("make_keys", stdout=output)
    return output.getvalue()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory, not there before, in which keys were made."""
    assert make_keys(tmp_path / "new" / "keys") == f"Made {KEYS} keys.\n"
    return tmp_path / "new" / "keys"


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_keys_are_made_for_every_purpose_and_month(tmp_path: Path) -> None:
    backend = FileBackend.create(tmp_path)
    made = make_missing(tmp_path, backend, today=date(2026, 11, 30))
    loaded = keyring.load(tmp_path, backend)

    assert made == KEYS == len(loaded.numbers())
    assert all(loaded.has(purpose, None) for purpose in Purpose if purpose != Purpose.CHILD)
    assert loaded.has(Purpose.CHILD, "2026-11")
    assert loaded.has(Purpose.CHILD, "2026-12")
    assert loaded.has(Purpose.CHILD, "2059-10")
    assert not loaded.has(Purpose.CHILD, "2026-10")
    assert not loaded.has(Purpose.CHILD, "2059-11")


def test_each_month_later_one_key_is_added_and_none_changed(tmp_path: Path) -> None:
    backend = FileBackend.create(tmp_path)
    make_missing(tmp_path, backend, today=date(2026, 11, 30))
    before = keyring.read(tmp_path)

    assert make_missing(tmp_path, backend, today=date(2026, 12, 1)) == 1
    assert keyring.read(tmp_path)[:-1] == before
    assert keyring.read(tmp_path)[-1].cohort == "2059-11"


def test_made_keys_are_their_owners_alone(directory: Path) -> None:
    assert mode_of(directory) == 0o700
    assert {name: mode_of(directory / name) for name in contents(directory)} == {"keys.json": 0o600, "root.key": 0o600}


def test_run_twice_nothing_changes(directory: Path) -> None:
    before = contents(directory)

    assert make_keys(directory) == "All keys are there.\n"
    assert contents(directory) == before


def test_key_taken_out_is_made_anew_beside_the_others(directory: Path) -> None:
    entries = keyring.read(directory)
    [taken_out] = [entry for entry in entries if entry.purpose == Purpose.SESSION]
    kept = [entry for entry in entries if entry is not taken_out]
    keyring.write(directory, kept)

    assert make_keys(directory) == "Made 1 keys.\n"
    assert keyring.read(directory)[:-1] == kept
    assert keyring.read(directory)[-1].purpose == Purpose.SESSION
    assert keyring.read(directory)[-1].number != taken_out.number


def test_root_key_lost_is_never_replaced(directory: Path) -> None:
    (directory / "root.key").unlink()
    before = contents(directory)

    with pytest.raises(KeyMissingError, match="root key"):
        make_keys(directory)
    assert contents(directory) == before


def test_root_key_alone_is_kept(directory: Path) -> None:
    root_key = (directory / "root.key").read_bytes()
    (directory / "keys.json").unlink()

    assert make_keys(directory) == f"Made {KEYS} keys.\n"
    assert (directory / "root.key").read_bytes() == root_key


@pytest.mark.parametrize("damage", ["truncated", "another root key"])
def test_damaged_keys_are_left_as_they_are(damage: str, directory: Path) -> None:
    if damage == "truncated":
        (directory / "keys.json").write_bytes((directory / "keys.json").read_bytes()[:5000])
    else:
        (directory / "root.key").write_bytes(bytes(32))
    before = contents(directory)

    with pytest.raises(KeyWrongError):
        make_keys(directory)
    assert contents(directory) == before


def run_make_keys(directory: Path, *, largest_file: int | None = None) -> "subprocess.Popen[str]":
    """`manage.py make_keys` in a process of its own; no file it writes may be larger than `largest_file` bytes."""

    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    environment = os.environ | {
        "KEYRING_DIR": str(directory),
        "DJANGO_SETTINGS_MODULE": "contactpoint.settings.test",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(
        [sys.executable, str(PROJECT / "manage.py"), "make_keys"],
        env=environment,
        preexec_fn=limit,  # noqa: PLW1509 - no threads here
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_disc_full_leaves_the_old_keys(directory: Path) -> None:
    keyring.write(directory, keyring.read(directory)[:-1])
    before = (directory / "keys.json").read_bytes()
    run = run_make_keys(directory, largest_file=len(before) // 2)
    _output, errors = run.communicate(timeout=60)

    assert run.returncode != 0
    assert "File too large" in errors
    assert (directory / "keys.json").read_bytes() == before
    assert make_keys(directory) == "Made 1 keys.\n"


def test_run_waits_for_another_to_end(tmp_path: Path) -> None:
    """Else both make a whole set, and what was sealed with the set that is written over is lost."""
    backend = FileBackend.create(tmp_path)
    other = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    run = run_make_keys(tmp_path)
    # Long enough for a run that would not wait; one that waits passes however slow the machine is.
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(timeout=5)

    make_missing(tmp_path, backend, today=timezone.localdate())
    os.close(other)
    assert run.communicate(timeout=60)[0] == "All keys are there.\n"
    assert len(keyring.read(tmp_path)) == KEYS
