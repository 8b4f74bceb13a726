"""The whole benchmark, small: every table is printed and every figure written, and no budget is left changed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contactpoint.local import servers, state
from contactpoint.settings.base import BUDGETS

CHILDREN = 300


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a process that works on a demonstration of few children."""
    directory = tmp_path_factory.mktemp("state")
    # Not the test run's own addresses and keys: the demonstration has servers and keys of its own.
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "REDIS_", "KEYRING_"))}
    clean |= {"CONTACTPOINT_STATE": str(directory), "DJANGO_SETTINGS_MODULE": "contactpoint.settings.local"}
    addresses = servers.ensure_running(directory).environment()
    try:
        for command in (
            ("web", "make_keys"),
            ("owner", "migrate", "--verbosity=0"),
            ("worker", "make_demonstration", f"--children={CHILDREN}", f"--users-file={directory / 'users.json'}"),
            ("sign_in", "give_demonstration_secrets", f"--users-file={directory / 'users.json'}"),
        ):
            role, *arguments = command
            environment = clean | addresses | {"DATABASE_ROLE": role}
            subprocess.run([sys.executable, "manage.py", *arguments], env=environment, cwd=state.PROJECT, check=True)
        yield clean
    finally:
        servers.stop(directory)


def run(environment: dict[str, str], file: Path, *options: str) -> tuple[str, dict[str, Any]]:
    """What it prints, and what it writes."""
    few = ("--queries=3", "--per-origin=1", "--warm-up=2", "--rival-queries=1", "--steady-seconds=1", f"--json={file}")
    command = [sys.executable, "-m", "bench.search", f"--children={CHILDREN}", *few, *options]
    done = subprocess.run(command, env=environment, cwd=state.PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout, json.loads(file.read_text())


@pytest.mark.slow
@pytest.mark.timeout(900)  # a code of an authenticator is taken once in half a minute, and several sign in
def test_small_run(demonstration: dict[str, str], tmp_path: Path) -> None:
    printed, written = run(demonstration, tmp_path / "figures.json")
    for table in ("Milliseconds", "On the disc", "Searches without a pause", "Who is found", "by origin of names"):
        assert table in printed
    exact = written["found"][0]
    assert (exact["kind"], exact["queries"], exact["first %"]) == ("exact", 3, 100.0)
    assert written["steady"][0]["a second"] > 0
    with psycopg.connect(_owner(demonstration)) as owner:
        row = owner.execute("SELECT max(hourly) FROM access_budget WHERE measure = 'searches'").fetchone()
    assert row == (max(budget["searches"][0] for budget in BUDGETS.values() if "searches" in budget),)


@pytest.mark.slow
@pytest.mark.timeout(900)  # a code of an authenticator is taken once in half a minute, and several sign in
def test_an_england_that_is_not_there(demonstration: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):  # rather than ask for children by others' names
        run(demonstration, tmp_path / "figures.json", "--england-seed=1")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_shielded_children_are_asked_for(demonstration: dict[str, str]) -> None:
    """Among so few children hardly any is shielded: it finds them in the country, and says that they are too few."""
    command = [sys.executable, "-m", "bench.search.shielded", f"--children={CHILDREN}"]
    done = subprocess.run(command, env=demonstration, cwd=state.PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "too few to compare" in done.stderr


def _owner(environment: dict[str, str]) -> str:
    addresses = servers.ensure_running(Path(environment["CONTACTPOINT_STATE"])).environment()
    return addresses["DATABASE_OWNER_URL"]
