"""The settings for millions of children, and the server that takes them."""

from pathlib import Path

import psutil
import psycopg
import pytest

from contactpoint.local import servers
from contactpoint.local.errors import LocalError
from contactpoint.local.postgresql import LARGE


def test_a_profile_that_there_is_not_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTACTPOINT_PROFILE", "huge")
    with pytest.raises(LocalError, match="it is `large`, or not set"):
        servers.reserve(tmp_path)


def test_the_large_profile_starts_and_is_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTACTPOINT_PROFILE", "large")
    tmp_path.chmod(0o700)
    started = servers.ensure_running(tmp_path)
    try:
        with psycopg.connect(started.postgresql.superuser_address) as superuser:
            in_force = dict(superuser.execute("SELECT name, setting FROM pg_settings").fetchall())
            (buffers,) = superuser.execute("SELECT pg_size_bytes(current_setting('shared_buffers'))").fetchone()
    finally:
        servers.stop(tmp_path)
    assert 0.65 < buffers / psutil.virtual_memory().total < 0.68
    assert in_force["wal_level"] == LARGE["wal_level"]
    assert in_force["synchronous_commit"] == in_force["fsync"] == "on"
    assert in_force["track_activities"] == "off"
