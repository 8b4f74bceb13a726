"""A witness that runs goes on whatever it is shown, and says each thing once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from contactpoint.local.state import PROJECT
from tests.unit.transparency.logs import LOG_KEY, WITNESS, Log, change, events
from transparency.note import verify
from transparency.publication import Directory
from transparency.vigil import keep_watch
from transparency.witness import Witness, WitnessKey

LINES = events(40)
SECONDS = 20


class Rounds(Event):
    """Ends the watch after as many looks as there are steps, with a step taken before each but the first."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        super().__init__()
        self._steps = list(steps)

    def wait(self, timeout: float | None = None) -> bool:
        if not self._steps:
            return True
        self._steps.pop(0)()
        return False


class Road:
    """A log, and the witness across the road, who looks at the same folder whatever is in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = Log()
        self.publication = Directory(path / "published")
        self.key = WitnessKey.make(path / "key", WITNESS)
        self.said: list[str] = []

    def grow(self, number: int = 10) -> None:
        start = len(self.log.lines)
        grown = self.log.seal(LINES[start : start + number])
        self.publication.publish(self.log.published[grown.size], grown.tiles)

    def replace(self, other: Log) -> None:
        """Lay another log where this one was."""
        self.publication.path.rename(self.path / f"away-{len(list(self.path.iterdir()))}")
        self.log = other
        self.publication.publish(other.published[max(other.published)], other.tiles)

    def put_back(self) -> None:
        self.publication.path.rename(self.path / "false")
        next(self.path.glob("away-*")).rename(self.publication.path)

    def watch(self, *steps: Callable[[], object]) -> list[str]:
        witness = Witness(self.path / "state", self.key)
        keep_watch(
            witness, self.publication, [LOG_KEY], every=0, say=self.said.append, ended=Rounds(*steps)
        )  # fmt: skip
        return self.said


@pytest.fixture
def road(tmp_path: Path) -> Road:
    return Road(tmp_path)


def test_vouches_for_each_checkpoint_that_comes_and_says_so_once(road: Road) -> None:
    assert road.watch(road.grow, road.grow, road.grow) == ["Waits. Nothing is published yet.", "Vouches for the log."]
    for size in (10, 20, 30):
        note = road.publication.checkpoint(size)
        assert verify(note, [LOG_KEY, road.key.verifier]) == (LOG_KEY.name, WITNESS)


def test_a_fork_is_refused_for_as_long_as_it_is_shown(road: Road) -> None:
    road.grow()
    other = Log()
    other.seal(change(line, child_id=1) for line in LINES[:20])

    said = road.watch(lambda: road.replace(other), lambda: None, road.put_back)

    assert [line.partition(":")[0] for line in said] == [
        "Vouches for the log.",
        "NOT COSIGNED. Fork",
        "Vouches for the log.",
    ]
    assert list((road.path / "false").glob("cosignatures/*/*")) == []


def test_a_fork_is_refused_by_a_witness_that_was_started_again(road: Road) -> None:
    road.grow()
    road.watch()
    other = Log()
    other.seal(change(line, child_id=1) for line in LINES[:20])
    road.replace(other)
    assert road.watch()[-1].startswith("NOT COSIGNED. Fork")
    assert road.publication.cosignature(20, WITNESS) is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no note"])
def test_nothing_that_is_published_ends_it(road: Road, content: bytes) -> None:
    road.grow()

    def spoil() -> None:
        (road.publication.path / "checkpoint").unlink()
        (road.publication.path / "checkpoint").write_bytes(content)

    said = road.watch(spoil, lambda: None)
    assert said[0] == "Vouches for the log."
    assert said[1].startswith("NOT COSIGNED.")
    assert len(said) == 2


def test_tiles_that_are_missing_are_waited_for(road: Road) -> None:
    road.grow()
    tile = next(road.publication.path.glob("tile/0/000.p/10"))
    kept = tile.read_bytes()
    tile.unlink()
    said = road.watch(lambda: tile.write_bytes(kept))
    assert said[0].startswith("Waits. ")
    assert said[1:] == ["Vouches for the log."]


@pytest.fixture
def running(road: Road) -> Iterator[subprocess.Popen[str]]:
    """The witness as a process of its own, with nothing in its environment."""
    road.grow()
    command = [sys.executable, "-m", "transparency", "witness", "run", "--every=0.1", "--log-key", str(LOG_KEY)]
    command += [
        f"--publication={road.publication.path}",
        f"--key={road.path / 'key'}",
        f"--state={road.path / 'state'}",
    ]
    command += [f"--publication={road.publication.path}", f"--pidfile={road.path / 'pid'}"]
    environment = {"PATH": os.defpath}
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    yield process
    process.kill()
    process.communicate()


def wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_as_a_process_it_vouches_until_it_is_ended(
    number: signal.Signals, road: Road, running: subprocess.Popen[str]
) -> None:
    wait(lambda: road.publication.cosignature(10, WITNESS) is not None)
    assert (road.path / "pid").read_text() == f"{running.pid}\n"
    road.grow()
    wait(lambda: road.publication.cosignature(20, WITNESS) is not None)

    running.send_signal(number)

    assert running.wait(timeout=SECONDS) == 0
    assert running.stdout is not None
    assert running.stdout.read() == f"{WITNESS}: Vouches for the log.\n"
    assert not (road.path / "pid").exists()


def test_killed_and_started_again_it_goes_on_from_what_it_signed(road: Road, running: subprocess.Popen[str]) -> None:
    wait(lambda: road.publication.cosignature(10, WITNESS) is not None)
    running.kill()
    running.wait(timeout=SECONDS)
    road.grow()
    assert road.watch() == ["Vouches for the log."]
    assert road.publication.cosignature(20, WITNESS) is not None
