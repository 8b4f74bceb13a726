"""Where there is nobody to look up, no year is made."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from access.models import User
from tests.integration.registry.test_epochs import OWNER, connected_as


def test_an_empty_registry_is_told_so(own_database: str, tmp_path: Path) -> None:
    with connected_as(OWNER):
        with pytest.raises(CommandError, match="too few families"):
            call_command("simulate_year", "--users=40", f"--labels={tmp_path / 'labels'}", stdout=io.StringIO())
        assert not User.objects.exists()
    assert not (tmp_path / "labels").exists()
