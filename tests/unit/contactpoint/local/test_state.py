"""What an installation makes once and keeps for itself."""

import stat
from pathlib import Path

import pytest

from contactpoint.local import state
from contactpoint.local.errors import LocalError


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "state"
    monkeypatch.setenv("CONTACTPOINT_STATE", str(path))
    return path


def test_the_directory_is_made_for_its_owner_alone(directory: Path) -> None:
    assert state.directory() == directory
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_secret_is_made_once_and_private(directory: Path) -> None:
    key = state.secret("secret_key")
    assert len(key) >= 50
    assert state.secret("secret_key") == key
    assert stat.S_IMODE((directory / "secret_key").stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    obstacle = tmp_path / "taken"
    obstacle.mkdir()
    (obstacle / "inside").touch()
    with pytest.raises(LocalError, match="could not be written"):
        state.write_private(obstacle, "text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_lock_keeps_others_out_and_is_free_again_when_its_holder_fails(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with pytest.raises(BlockingIOError), state.locked(lock), state.locked(lock, wait=False):
        pass
    with state.locked(lock, wait=False):
        pass
