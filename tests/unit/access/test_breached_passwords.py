"""The list of breached passwords: taken in line by line, and looked up in its file."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings as SettingsWrapper

from access.sign_in.breached_passwords import (
    MARK,
    WIDTH,
    BreachedPasswordValidator,
    UnreadableListError,
    check_demanded,
    is_breached,
    take_in,
)

STOLEN = ["correct horse battery staple", "password1234", "Pa55word-of-theirs", "трикота-дерево", ""]


def line_of(password: str, count: int = 3) -> bytes:
    return b"%b:%d\r\n" % (hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode(), count)


def ordered(*passwords: str) -> list[bytes]:
    return sorted(line_of(password) for password in passwords)


@pytest.fixture
def path(tmp_path: Path, settings: SettingsWrapper) -> Path:
    settings.BREACHED_PASSWORDS_FILE = tmp_path / "new" / "breached"
    return tmp_path / "new" / "breached"


def test_every_password_of_the_list_is_found_and_no_other(path: Path) -> None:
    assert take_in(ordered(*STOLEN), path) == len(STOLEN)

    assert [is_breached(password, path) for password in STOLEN] == [True] * len(STOLEN)
    assert [is_breached(f"{password}!", path) for password in STOLEN] == [False] * len(STOLEN)
    assert path.stat().st_size == (len(STOLEN) + 1) * WIDTH


@property_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stolen=st.sets(st.text(), min_size=1), asked=st.text())
def test_file_answers_as_the_list_would(path: Path, stolen: set[str], asked: str) -> None:
    stolen = {each for each in stolen if each.isprintable()}
    asked = asked if asked.isprintable() else "?"
    take_in(ordered(*stolen, "one at least"), path)

    assert all(is_breached(each, path) for each in stolen)
    assert is_breached(asked, path) == (asked in {*stolen, "one at least"})


def test_small_letters_blank_lines_and_repeats_are_taken(path: Path) -> None:
    line = line_of(STOLEN[0])

    assert take_in([line.lower(), b"\n", line, b"\r\n"], path) == 1
    assert is_breached(STOLEN[0], path)


def test_rare_ones_are_left_out_on_request(path: Path) -> None:
    lines = sorted([line_of("often", 10), line_of("rarely", 9)])

    assert take_in(lines, path, at_least=10) == 1
    assert [is_breached(each, path) for each in ("often", "rarely")] == [True, False]


def test_one_line_at_a_time_is_read(path: Path) -> None:
    """However long the list is."""

    def endless() -> Iterator[bytes]:
        for number in range(200_000):
            yield b"%040X:1\n" % (number << 110)

    assert take_in(endless(), path) == 200_000


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([line_of("b"), line_of("a")], "Line 2 is out of order"),
        ([b"0" * 32 + b":1\n"], "Line 1 is not HASH:COUNT with a SHA-1 hash of 40 digits"),
        ([b"0" * 40 + b"\n"], "Line 1 is not HASH:COUNT"),
        ([b"\n", b"G" * 40 + b":1\n"], "Line 2 is not HASH:COUNT"),
        ([b"password1234\n"], "Line 1 is not HASH:COUNT"),
        ([b"\xff\xfe" * 40], "Line 1 is not HASH:COUNT"),
        ([b"0" * 40 + b":many\n"], "Line 1 does not end with a count"),
        ([], "There is no password in it"),
    ],
)
def test_another_kind_of_list_is_refused_and_changes_nothing(path: Path, lines: list[bytes], says: str) -> None:
    take_in(ordered("kept"), path)

    with pytest.raises(UnreadableListError, match=says) as caught:
        take_in(sorted(lines, reverse=True) if "order" in says else lines, path, at_least=2)

    assert "password1234" not in str(caught.value)
    assert is_breached("kept", path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("spoilt", ["cut short", "the mark alone", "empty", "another mark"])
def test_file_that_is_none_of_ours_is_not_asked(path: Path, spoilt: str) -> None:
    take_in(ordered(*STOLEN), path)
    whole = path.read_bytes()
    contents = {"cut short": whole[:-1], "the mark alone": MARK, "empty": b"", "another mark": b"x" + whole[1:]}
    path.write_bytes(contents[spoilt])

    with pytest.raises(ImproperlyConfigured, match="take_in_breached_passwords"):
        is_breached(STOLEN[0], path)


def test_choice_of_a_stolen_password_is_refused(path: Path) -> None:
    take_in(ordered(*STOLEN), path)
    validator = BreachedPasswordValidator()

    validator.validate("three quiet random words")
    with pytest.raises(ValidationError, match="stolen somewhere else"):
        validator.validate(STOLEN[0])


def test_without_the_file_nothing_is_refused(path: Path) -> None:
    BreachedPasswordValidator().validate(STOLEN[0])


def test_command_takes_in_a_file(path: Path, tmp_path: Path) -> None:
    source = tmp_path / "list.txt"
    source.write_bytes(b"".join(ordered(*STOLEN)))
    output = io.StringIO()

    call_command("take_in_breached_passwords", str(source), stdout=output)

    assert output.getvalue() == f"5 breached passwords in {path}.\n"
    assert is_breached(STOLEN[0], path)


@pytest.mark.parametrize("content", [None, b"no list\n"])
def test_command_says_what_is_wrong_with_a_file(path: Path, tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "list.txt"
    if content is not None:
        source.write_bytes(content)

    with pytest.raises(CommandError, match=r"list\.txt.* Nothing was changed\."):
        call_command("take_in_breached_passwords", str(source))


def test_command_reads_from_another_program(path: Path) -> None:
    command = [sys.executable, "manage.py", "take_in_breached_passwords", "-"]
    environment = {"DJANGO_SETTINGS_MODULE": "contactpoint.settings.test"}

    finished = subprocess.run(command, input=b"", env=environment, capture_output=True, check=False)

    assert b"There is no password in it. Nothing was changed." in finished.stderr


def test_web_process_that_demands_the_list_wants_one_that_it_can_read(path: Path, settings: SettingsWrapper) -> None:
    check_demanded()
    settings.BREACHED_PASSWORDS_DEMANDED = True
    with pytest.raises(ImproperlyConfigured, match=r"stolen passwords: No such file.*take_in_breached_passwords"):
        check_demanded()
    path.parent.mkdir()
    path.write_bytes(b"not a list")
    with pytest.raises(ImproperlyConfigured, match="is no file of breached passwords"):
        check_demanded()
    take_in(ordered(*STOLEN), path)
    check_demanded()
