"""`make token`: in whose name it asks."""

import os
import subprocess

import pytest

from contactpoint.local import state


@pytest.mark.parametrize(
    ("given", "whose"), [([], "practitioner"), (["AS=grace.mensah@example.org"], "grace.mensah@example.org")]
)
def test_whoever_is_not_named_is_the_practitioner(given: list[str], whose: str) -> None:
    """Of itself make calls an assembler AS."""
    environment = {name: value for name, value in os.environ.items() if name not in ("AS", "MAKEFLAGS", "MAKELEVEL")}
    told = subprocess.run(
        ["make", "--dry-run", "token", *given],
        cwd=state.PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.rstrip().endswith(f'demonstration_token.py "{whose}"')
