"""The benchmarks that make a service of their own, small: each runs to its end and writes figures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from contactpoint.local import state

SMALL = {
    "audit": ("--only=writers", "--rounds=1", "--seconds=0.2"),
    "audit opening": ("--only=opening", "--openings=5"),
    "audit log": ("--only=log", "--events=60000"),
    "feeds killed": ("killed", "--rows=120", "--kills=4", "--database=600"),
    "feeds taking": ("taking", "--rows=120", "--database=600"),
    "listing": ("--users=400", "--requests=3"),
    "review": ("--events=20000",),
    "review.detection": ("--children=2500", "--users=120", "--days=75"),
    "revocation": ("--sessions=20", "--sample=3", "--requests=5"),
    "shields": ("--children=2000", "--requests=10", "--urgent=3", "--queries=2"),
    "sign_in": ("--people=8",),
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SMALL)
def test_small_run(name: str, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", f"bench.{name.split(maxsplit=1)[0]}", *SMALL[name], f"--json={file}"]
    # Not the test run's own addresses and keys: each has servers and keys of its own.
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "REDIS_", "KEYRING_"))}
    done = subprocess.run(command, env=clean, cwd=state.PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(file.read_text())
