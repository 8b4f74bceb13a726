"""A key whose month is over is taken out of every keyring, is noted, and opens nothing any more, not even in memory."""

import io
import os
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from encryption import destruction, keyring
from encryption.distribution import complete
from encryption.errors import KeyMissingError
from encryption.holders import HOLDERS
from encryption.keys import Purpose, cohort_of
from encryption.seal import Place, open_sealed, seal
from tests.unit.encryption.keyrings import contents, keyring_in, keyrings_in, mode_of

MADE_ON, NEXT_MONTH = date(2026, 11, 30), date(2026, 12, 1)
PLACE = Place("registry_child", "date_of_birth", 1, 1)
WITH_CHILDREN = ["web", "worker"]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Keyrings of one month before."""
    complete(tmp_path, today=MADE_ON)
    return tmp_path


def said(directory: Path, today: date, *arguments: str) -> str:
    output = io.StringIO()
    with override_settings(KEYRING_DIR=directory), mock.patch.object(timezone, "localdate", return_value=today):
        call_command("destroy_keys", *arguments, stdout=output)
    return output.getvalue()


def test_nothing_is_due_before_the_month_is_over(directory: Path) -> None:
    before = contents(directory)
    assert said(directory, MADE_ON) == "No key is due.\n"
    assert contents(directory) == before


def test_a_key_goes_from_every_keyring_and_no_other_key_does(directory: Path) -> None:
    before = keyrings_in(directory)
    (gone,) = (key for key in before["web"].all_keys() if key.cohort == "2026-11")

    assert said(directory, NEXT_MONTH) == f"Destroyed key {gone.number:08x} of 2026-11.\n"
    after = keyrings_in(directory)
    for process in HOLDERS:
        assert after[process].numbers() == before[process].numbers() - {gone.number}
    for process in WITH_CHILDREN:
        (noted,) = destruction.destroyed(directory / process)
        assert noted == destruction.Destroyed("2026-11", gone.number, gone.commitment())
        assert mode_of(directory / process / destruction.FILE_NAME) & 0o077 == 0
    assert gone.secret.hex().encode() not in b"".join(contents(directory).values())


def test_make_keys_makes_it_again_for_nobody(directory: Path) -> None:
    said(directory, NEXT_MONTH)
    complete(directory, today=NEXT_MONTH)
    assert not any(ring.has(Purpose.CHILD, "2026-11") for ring in keyrings_in(directory).values())


def test_called_again_it_changes_nothing_and_forgets_nothing(directory: Path) -> None:
    said(directory, NEXT_MONTH)
    once = contents(directory)
    assert said(directory, NEXT_MONTH) == "No key is due.\n"
    assert contents(directory) == once
    said(directory, date(2027, 1, 1))
    assert [each.cohort for each in destruction.destroyed(directory / "worker")] == ["2026-11", "2026-12"]


@pytest.mark.parametrize("step", range(4))
def test_interrupted_anywhere_it_is_done_the_next_time(directory: Path, step: int) -> None:
    """The worker loses its key last: what it certifies, no other process can open."""
    real, steps = Path.replace, iter(range(4))

    def replace(self: Path, target: Path) -> Path:
        if next(steps) == step:
            raise OSError("interrupted")
        return real(self, target)

    with mock.patch.object(Path, "replace", replace), pytest.raises(CommandError, match="interrupted"):
        said(directory, NEXT_MONTH)
    rings = keyrings_in(directory)
    assert rings["worker"].has(Purpose.CHILD, "2026-11")
    assert said(directory, NEXT_MONTH).startswith("Destroyed key ")
    assert not any(ring.has(Purpose.CHILD, "2026-11") for ring in keyrings_in(directory).values())
    assert {len(destruction.destroyed(directory / process)) for process in WITH_CHILDREN} == {1}


def test_a_clock_that_is_years_ahead_destroys_nothing_by_itself(directory: Path) -> None:
    before = contents(directory)
    with pytest.raises(CommandError, match="60 months are due, 2026-11 to 2031-10, if today is 2031-11-05"):
        said(directory, date(2031, 11, 5))
    assert contents(directory) == before
    assert said(directory, date(2031, 11, 5), "--however-many").count("Destroyed") == 60


@pytest.mark.parametrize(("today", "arguments"), [(NEXT_MONTH, ()), (date(2027, 6, 1), ("--however-many",))])
def test_a_process_that_runs_forgets_each_of_them_within_a_second(
    directory: Path, today: date, arguments: tuple[str, ...]
) -> None:
    last, living = cohort_of(today - timedelta(days=1)), cohort_of(today)
    with keyring_in(directory / "web"):
        sealed = {
            cohort: seal(b"9 April 2002", PLACE, keyring.current().sealing_key(Purpose.CHILD, cohort))
            for cohort in (last, living)
        }
        assert open_sealed(sealed[last], PLACE, Purpose.CHILD) == b"9 April 2002"
        said(directory, today, *arguments)
        with override_settings(KEYRING_DIR=directory), mock.patch.object(keyring, "monotonic", second_later):
            with pytest.raises(KeyMissingError, match="destroyed"):
                open_sealed(sealed[last], PLACE, Purpose.CHILD)
            assert open_sealed(sealed[living], PLACE, Purpose.CHILD) == b"9 April 2002"


def second_later() -> float:
    return monotonic() + 1.1


def test_keyrings_that_cannot_be_written_are_named(directory: Path) -> None:
    with (
        mock.patch.object(os, "open", side_effect=PermissionError(13, "Permission denied")),
        pytest.raises(CommandError, match="needs to write every keyring"),
    ):
        said(directory, NEXT_MONTH)
