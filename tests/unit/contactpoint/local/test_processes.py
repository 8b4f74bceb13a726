"""Processes that outlived whoever started them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contactpoint.local import demo, processes

SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    # The words on its command line are what tells the web process from any other.
    process = subprocess.Popen([sys.executable, "-c", SLEEP, "contactpoint.wsgi:application"])
    (tmp_path / "web.pid").write_text(f"{process.pid}\n")
    yield process
    process.kill()
    process.wait()


def test_a_process_left_over_is_found_and_ended(tmp_path: Path, web: subprocess.Popen[bytes]) -> None:
    found = processes.running(tmp_path, "web.pid")
    assert found is not None
    assert found.pid == web.pid
    processes.end(tmp_path, "web.pid")
    assert web.poll() is not None
    assert not (tmp_path / "web.pid").exists()


def test_another_program_with_an_old_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "worker.pid").write_text(str(os.getpid()))
    processes.end(tmp_path, "worker.pid")
    assert not (tmp_path / "worker.pid").exists()


@pytest.mark.parametrize("content", ["", "not a number", "4194305"])
def test_a_useless_number_file_is_removed(tmp_path: Path, content: str) -> None:
    (tmp_path / "demo.pid").write_text(content)
    assert processes.running(tmp_path, "demo.pid") is None
    processes.end(tmp_path, "demo.pid")
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_end_is_nothing(tmp_path: Path) -> None:
    processes.end(tmp_path, "demo.pid", "web.pid", "worker.pid")


def test_all_that_the_demonstration_starts_is_ended_with_it(tmp_path: Path) -> None:
    started = (
        demo._serving(tmp_path, "web", 8000),
        demo._serving(tmp_path, "sign_in", 8001),
        demo._worker(tmp_path),
        demo._apart(tmp_path, "sequencer"),
        demo._apart(tmp_path, "examiner"),
        demo._witness(tmp_path),
    )
    files = {name for each in started for name in re.findall(r"--pid(?:file)?=\S+/(\S+\.pid)", each)}
    assert len(files) == len(started)
    assert set(processes.SERVING) == files
    assert set(processes.MARKS) == files | {"demo.pid"}
