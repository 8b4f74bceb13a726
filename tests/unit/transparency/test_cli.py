"""The commands as a person types them: what they say, and by which code they end."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.transparency.logs import LOG_KEY, Log, change, events, rows
from transparency.cli import main, verify_main
from transparency.lines import EXPORT_HEADER
from transparency.publication import Directory

LINES = events(100)
KEY = str(LOG_KEY)
DOCUMENT = Path(__file__).parent.parent.parent.parent / "docs/access-log.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published log, its export, and a checkpoint that a reader kept."""
    log = Log()
    directory = Directory(tmp_path / "published")
    for start in range(0, 100, 20):
        grown = log.seal(LINES[start : start + 20])
        directory.publish(log.published[grown.size], grown.tiles)
    write_export(tmp_path, LINES)
    (tmp_path / "mine").write_text(log.published[100])
    return tmp_path


def write_export(folder: Path, lines: list[bytes]) -> None:
    (folder / "export").write_bytes(b"".join([EXPORT_HEADER + b"\n", *rows(lines)]))


def verify_in(folder: Path, *more: str) -> int:
    options = ["--publication", str(folder / "published"), "--checkpoint", str(folder / "mine"), str(folder / "export")]
    return verify_main(["--key", KEY, *options, *more])


def test_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_in(folder) == 0
    said = capsys.readouterr()
    assert said.out.startswith("WHOLE: ")
    assert "Proved: 100 events were held against 100 leaves" in said.out
    assert "Not proved: that everything was recorded" in said.out
    assert said.err == ""


def test_findings_are_one_line_each(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_export(folder, [change(line, child_id=1) if place in {3, 70} else line for place, line in enumerate(LINES)])
    assert verify_in(folder) == 1
    first, second, third, *_ = capsys.readouterr().out.splitlines()
    assert first == "altered: event 10004 (leaf 3) is not what was sealed there"
    assert second == "altered: event 10071 (leaf 70) is not what was sealed there"
    assert third == "NOT WHOLE."


def test_by_a_checkpoint_alone_and_keys_in_a_file(folder: Path) -> None:
    (folder / "keys").write_text(f"{KEY}\n")
    command = ["verify", "--key", str(folder / "keys"), "--checkpoint", str(folder / "mine"), str(folder / "export")]
    assert main(command) == 0


def test_a_month_is_verified_as_the_document_says(folder: Path) -> None:
    """docs/access-log.md: of a log that goes on before and after."""
    (command,) = re.findall(r"^python -m transparency (verify --part .+)$", DOCUMENT.read_text(), re.MULTILINE)
    given = {"KEY": KEY, "DIR": str(folder / "published"), "MINE": str(folder / "mine")}
    (folder / "export").write_bytes(b"".join([EXPORT_HEADER + b"\n", *rows(LINES[30:60], 30)]))

    assert main([given.get(word, str(folder / "export") if "." in word else word) for word in command.split()]) == 0


def test_a_part(folder: Path) -> None:
    write_export(folder, LINES[:50])
    assert verify_in(folder) == 1
    assert verify_in(folder, "--part") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--key", KEY, "export"], "nothing to verify by"),
        (["--key", KEY, "--checkpoint", "mine", "absent"], "absent"),
        (["--key", KEY, "--checkpoint", "absent", "export"], "absent"),
        (["--key", KEY, "--checkpoint", "mine", "mine"], "no export of the log"),
        (["--key", KEY, "--publication", "absent", "export"], "is no folder"),
        (["--key", "a+b+c", "--checkpoint", "mine", "export"], "--key"),
        (["--key", "absent", "--checkpoint", "mine", "export"], "absent"),
        (["--key", "witness.pub", "--checkpoint", "mine", "export"], "log's own key"),
        (["--key", KEY, "--checkpoint", "binary", "export"], "not a text"),
    ],
)
def test_what_cannot_be_read(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(folder)
    Path("binary").write_bytes(b"\xff")
    main(["witness", "new-key", "witness", "--name", "w"])
    Path("witness.pub").write_text(capsys.readouterr().out)
    assert verify_main(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["verify"], ["witness"], ["verify", "export"], ["nonsense"]])
def test_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_the_witness(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["witness", "new-key", str(folder / "key"), "--name", "w.example.org"]) == 0
    public = capsys.readouterr().out.strip()
    assert public.startswith("w.example.org+")
    cosign = ["witness", "cosign", "--log-key", KEY, "--key", str(folder / "key"), "--state", str(folder / "state")]
    assert main([*cosign, "--publication", str(folder / "published")]) == 0
    assert "100 leaves" in capsys.readouterr().out
    export, published = str(folder / "export"), str(folder / "published")
    assert main(["verify", "--key", KEY, "--key", public, "--publication", published, export]) == 0
    said = capsys.readouterr().out
    assert "cosigned by w.example.org" in said
    assert "rewritten as a whole" not in said

    other = Log()
    grown = other.seal(change(line, child_id=1) for line in LINES)
    Directory(folder / "other").publish(other.published[100], grown.tiles)
    assert main([*cosign, "--publication", str(folder / "other")]) == 1
    assert "Fork" in capsys.readouterr().err
    assert main([*cosign, "--publication", str(folder / "absent")]) == 2
    assert main(["witness", "new-key", str(folder / "key"), "--name", "again"]) == 2


def test_a_bad_name_makes_no_key(tmp_path: Path) -> None:
    assert main(["witness", "new-key", str(tmp_path / "key"), "--name", "two words"]) == 2
    assert not (tmp_path / "key").exists()


def test_it_runs_without_django_or_database(folder: Path) -> None:
    forbidden = "import sys; sys.modules['django'] = None; sys.modules['psycopg'] = None;"
    program = f"{forbidden} from transparency.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["verify", "--key", KEY, "--checkpoint", str(folder / "mine"), str(folder / "export")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    for start in (["-c", program], ["-m", "transparency"]):
        ended = subprocess.run(
            [sys.executable, *start, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, "")
