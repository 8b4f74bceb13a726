"""The demonstration's witness: a process of its own, with a key that no other is told of, which `make stop` ends."""

import shlex
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from contactpoint.local import demo, preparation, processes, stop, witness
from contactpoint.local.errors import LocalError
from contactpoint.local.state import PROJECT
from contactpoint.settings import outside
from encryption.keys import Purpose
from encryption.signing import Signer
from tests.unit.encryption.keyrings import keyrings_in, said_by_make_keys
from tests.unit.transparency.logs import Log, events
from transparency.note import Checkpoint, VerifierKey, sign, verify
from transparency.publication import Directory, file_name

SECONDS = 30
ADDRESSES = dict.fromkeys(preparation.ADDRESSES, "postgresql://nobody@127.0.0.1:1/none")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with its keys and a witness."""
    monkeypatch.setenv("CONTACTPOINT_STATE", str(tmp_path))
    said_by_make_keys(tmp_path / "keys")
    witness.prepare(tmp_path, preparation.environment(ADDRESSES, "sequencer"))
    return tmp_path


@pytest.fixture
def log_key(place: Path) -> VerifierKey:
    return VerifierKey.parse((place / "witness" / "log-keys").read_text())


@pytest.fixture
def published(place: Path, log_key: VerifierKey) -> Directory:
    """What the demonstration's sequencer would have published."""
    signer = Signer(keyrings_in(place / "keys")["sequencer"].sealing_key(Purpose.CHECKPOINT))

    grown = Log().seal(events(20))
    checkpoint = Checkpoint(log_key.name, grown.size, grown.root)
    publication = Directory(witness.publication(place))
    publication.publish(sign(checkpoint, log_key.name, signer.public_key, signer.sign), grown.tiles)
    return publication


@pytest.fixture
def others_secret(monkeypatch: pytest.MonkeyPatch) -> str:
    """Addresses, keys and passwords of the service, as whoever starts it all may have them."""
    for name in (*preparation.ADDRESSES, *outside.BUCKET, "SECRET_KEY", "KEYRING_DIR", "EMAIL_HOST_PASSWORD"):
        monkeypatch.setenv(name, "of-somebody-else")
    return "of-somebody-else"


@pytest.fixture
def running(place: Path) -> Iterator[subprocess.Popen[str]]:
    """The witness, started as `make demo` starts it."""
    command = ["sh", "-c", demo._witness(place)]
    process = subprocess.Popen(command, cwd=PROJECT, env=witness.environment(), stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not file.exists():
        assert time.monotonic() < deadline, file
        time.sleep(0.05)


def test_it_vouches_for_what_the_demonstration_publishes(
    place: Path, published: Directory, log_key: VerifierKey, running: subprocess.Popen[str]
) -> None:
    public = VerifierKey.parse(witness.public_key(place))
    wait_for(published.path / "cosignatures" / "20" / file_name(witness.NAME))  # its folder is there before it
    assert verify(published.checkpoint(20), [log_key, public]) == (log_key.name, witness.NAME)


def test_make_stop_ends_it(
    place: Path, published: Directory, running: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    wait_for(place / "witness.pid")
    assert processes.running(place, "witness.pid") is not None
    stop.main()
    assert running.wait(timeout=SECONDS) == 0
    assert capsys.readouterr().out == "Stopped.\n"
    assert not (place / "witness.pid").exists()


def test_its_key_is_its_own(place: Path, others_secret: str, running: subprocess.Popen[str]) -> None:
    """Nobody else is told where it is, and it is told nothing of the service."""
    key = place / "witness" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert f"--key={key}" in shlex.split(demo._witness(place))
    for other in (
        demo._serving(place, "web", 8000),
        demo._serving(place, "sign_in", 8001),
        demo._worker(place),
        demo._apart(place, "sequencer"),
        demo._apart(place, "examiner"),
    ):
        assert str(key.parent) not in other
    for role in ("owner", "web", "sign_in", "worker", "sequencer", "examiner", "reader"):
        assert str(key.parent) not in str(preparation.environment(ADDRESSES, role))
    assert others_secret not in str(psutil.Process(running.pid).environ())
    assert "PRIVATE" not in witness.public_key(place)


def test_a_key_that_is_there_stays(place: Path) -> None:
    before = (place / "witness" / "key").read_text(), witness.public_key(place)
    witness.prepare(place, preparation.environment(ADDRESSES, "sequencer"))
    assert ((place / "witness" / "key").read_text(), witness.public_key(place)) == before
    (place / "witness.key").unlink()
    witness.prepare(place, preparation.environment(ADDRESSES, "sequencer"))
    assert ((place / "witness" / "key").read_text(), witness.public_key(place)) == before


def test_a_new_key_is_told_at_once(place: Path) -> None:
    before = witness.public_key(place)
    (place / "witness" / "key").unlink()
    witness.prepare(place, preparation.environment(ADDRESSES, "sequencer"))
    assert witness.public_key(place) != before
    public = witness._said([*witness.PROGRAM, "public-key", str(place / "witness" / "key")], witness.environment())
    assert witness.public_key(place) == public.strip()


def test_the_service_is_told_its_public_key(place: Path) -> None:
    asking = "from django.conf import settings; print(*settings.WITNESS_KEYS)"
    environment = preparation.environment(ADDRESSES, "web")
    command = [sys.executable, "-c", asking]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == witness.public_key(place)


def test_a_key_that_is_none_is_told_in_a_line(place: Path) -> None:
    (place / "witness" / "key").write_text("nonsense")
    (place / "witness.key").unlink()
    with pytest.raises(LocalError, match="holds no witness's key"):
        witness.prepare(place, preparation.environment(ADDRESSES, "sequencer"))
