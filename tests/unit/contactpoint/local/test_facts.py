"""What demo.json says."""

import json
import stat
from pathlib import Path

import pytest

from contactpoint.local import facts
from contactpoint.local.errors import LocalError

FACTS = facts.Facts(
    address="http://127.0.0.1:8000",
    sign_in_address="http://localhost:8001",
    users=[{"role": "auditor", "email": "auditor@example.org"}],
    databases={"owner": "postgresql://o", "web": "postgresql://w", "worker": "postgresql://k"},
    redis={"web": "redis://r"},
)


def test_what_is_written_is_read_again_and_is_private(tmp_path: Path) -> None:
    FACTS.write(tmp_path)
    assert facts.read(tmp_path) == FACTS
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    assert set(json.loads((tmp_path / "demo.json").read_text())) == {
        "address",
        "sign_in_address",
        "users",
        "databases",
        "redis",
    }


def test_forgotten_facts_are_not_there(tmp_path: Path) -> None:
    FACTS.write(tmp_path)
    assert facts.exist(tmp_path)
    facts.forget(tmp_path)
    assert not facts.exist(tmp_path)
    with pytest.raises(LocalError, match="make demo"):
        facts.read(tmp_path)
