"""`manage.py make_keys` makes what is missing, once, and never breaks what is there."""

import fcntl
import os
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError

from contactpoint.local.state import PROJECT
from encryption import keyring
from encryption.distribution import complete
from encryption.errors import KeyMissingError, KeyWrongError
from encryption.holders import HOLDERS
from encryption.keys import Purpose
from tests.unit.encryption.keyrings import contents, keyrings_in, mode_of, said_by_make_keys

# 33 years of months, and one key for each other purpose.
KEYS = 33 * 12 + len(Purpose) - 1
ALL_NEW = f"Made {KEYS} keys.\nNew keyrings: web, sign_in, worker, sequencer, examiner.\n"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory, not there before, in which keys were made."""
    assert said_by_make_keys(tmp_path / "new" / "keys") == ALL_NEW
    return tmp_path / "new" / "keys"


def test_keys_are_made_for_every_purpose_and_month(tmp_path: Path) -> None:
    made = complete(tmp_path, today=date(2026, 11, 30)).made
    loaded = keyrings_in(tmp_path)

    assert made == KEYS == len({number for keys in loaded.values() for number in keys.numbers()})
    assert {key.purpose for keys in loaded.values() for key in keys.all_keys()} == set(Purpose)
    assert loaded["web"].has(Purpose.CHILD, "2026-11")
    assert loaded["web"].has(Purpose.CHILD, "2026-12")
    assert loaded["web"].has(Purpose.CHILD, "2059-10")
    assert not loaded["web"].has(Purpose.CHILD, "2026-10")
    assert not loaded["web"].has(Purpose.CHILD, "2059-11")


def test_each_month_later_one_key_is_added_for_those_who_hold_it_and_none_is_changed(tmp_path: Path) -> None:
    complete(tmp_path, today=date(2026, 11, 30))
    before = {process: keyring.read(tmp_path / process) for process in HOLDERS}

    assert complete(tmp_path, today=date(2026, 12, 1)).made == 1
    for process in ("web", "worker"):
        [new] = [entry for entry in keyring.read(tmp_path / process) if entry not in before[process]]
        assert new.cohort == "2059-11"
        assert [entry for entry in keyring.read(tmp_path / process) if entry != new] == before[process]
    assert keyring.read(tmp_path / "sequencer") == before["sequencer"]


def test_made_keys_are_their_owners_alone(directory: Path) -> None:
    assert mode_of(directory) == 0o700
    assert [mode_of(directory / process) for process in HOLDERS] == [0o700] * len(HOLDERS)
    files = {f"{process}/{name}" for process in HOLDERS for name in ("keys.json", "root.key")}
    assert {name: mode_of(directory / name) for name in contents(directory)} == dict.fromkeys(files, 0o600)


def test_run_twice_nothing_changes(directory: Path) -> None:
    before = contents(directory)

    assert said_by_make_keys(directory) == "All keys are there.\n"
    assert contents(directory) == before


def test_key_taken_out_everywhere_is_made_anew_beside_the_others(directory: Path) -> None:
    entries = keyring.read(directory / "web")
    [taken_out] = [entry for entry in entries if entry.purpose == Purpose.AUDIT]
    kept = [entry for entry in entries if entry is not taken_out]
    keyring.write(directory / "web", kept)

    assert said_by_make_keys(directory) == "Made 1 keys.\n"
    [new] = [entry for entry in keyring.read(directory / "web") if entry not in kept]
    assert [entry for entry in keyring.read(directory / "web") if entry != new] == kept
    assert new.purpose == Purpose.AUDIT
    assert new.number != taken_out.number


@pytest.mark.parametrize("process", HOLDERS)
def test_root_key_lost_is_never_replaced(process: str, directory: Path) -> None:
    (directory / process / "root.key").unlink()
    before = contents(directory)

    with pytest.raises(KeyMissingError, match="root key"):
        said_by_make_keys(directory)
    assert contents(directory) == before


def test_root_key_alone_is_kept(directory: Path) -> None:
    root_key = (directory / "examiner" / "root.key").read_bytes()
    (directory / "examiner" / "keys.json").unlink()

    assert said_by_make_keys(directory) == "All keys are there.\nNew keyrings: examiner.\n"
    assert (directory / "examiner" / "root.key").read_bytes() == root_key


@pytest.mark.parametrize("process", HOLDERS)
@pytest.mark.parametrize("damage", ["truncated", "another root key"])
def test_damaged_keys_are_left_as_they_are(damage: str, process: str, directory: Path) -> None:
    keys, root_key = directory / process / "keys.json", directory / process / "root.key"
    if damage == "truncated":
        keys.write_bytes(keys.read_bytes()[: len(keys.read_bytes()) // 2])
    else:
        root_key.write_bytes(bytes(32))
    before = contents(directory)

    with pytest.raises(KeyWrongError):
        said_by_make_keys(directory)
    assert contents(directory) == before


@pytest.mark.parametrize("purpose", [Purpose.USER, Purpose.CHECKPOINT, Purpose.TAG, Purpose.SESSION])
def test_rotated_key_is_the_newest_of_all_who_hold_it(purpose: Purpose, directory: Path) -> None:
    before = keyrings_in(directory)
    with_it = {process for process, keys in before.items() if keys.keys_for(purpose)}
    assert said_by_make_keys(directory, "--rotate", purpose) == "Made 1 keys.\n"
    after = keyrings_in(directory)

    [newest] = {after[process].sealing_key(purpose).number for process in with_it}
    for process, keys in after.items():
        new = keys.numbers() - before[process].numbers()
        assert new == ({newest} if process in with_it else set())


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


def test_disc_full_leaves_the_old_keys_and_says_so(directory: Path) -> None:
    entries = keyring.read(directory / "web")
    keyring.write(directory / "web", [entry for entry in entries if entry.purpose != Purpose.AUDIT])
    before = contents(directory)
    run = run_make_keys(directory, largest_file=len(before["web/keys.json"]) // 2)
    _output, errors = run.communicate(timeout=60)

    assert run.returncode != 0
    assert "File too large" in errors
    assert "needs to write every keyring below" in errors
    assert "Traceback" not in errors
    assert {name: (directory / name).read_bytes() for name in before} == before
    assert said_by_make_keys(directory) == "Made 1 keys.\n"


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys").touch()

    with pytest.raises(CommandError, match=r"keys.*needs to write every keyring below"):
        said_by_make_keys(tmp_path / "keys")


def test_run_waits_for_another_to_end(tmp_path: Path) -> None:
    """Else both make a whole set, and what was sealed with the set that is written over is lost."""
    other = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    run = run_make_keys(tmp_path)
    # Long enough for a run that would not wait; one that waits passes however slow the machine is.
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(timeout=5)

    os.close(other)
    assert run.communicate(timeout=60)[0] == ALL_NEW
