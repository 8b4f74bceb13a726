"""The documents can be read, what they name is there, and limits are those that hold. Durations: test_durations.py."""

import ast
import os
import re
from fnmatch import fnmatch
from functools import cache
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings

from access.calls.actions import MOST_FOUND
from access.software.actions.leavers import FEW
from access.software.api.schema import MOST_RESULTS
from access.software.lists import spreadsheets
from audit.sequencer import BATCH
from contactpoint.local.postgresql import SETTINGS
from contactpoint.local.preparation import CHILDREN
from contactpoint.settings import base

PROJECT = Path(__file__).parent.parent.parent
LONGEST_LINE = 130
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
ARCHITECTURE = PROJECT / "docs/architecture.md"
CONTRIBUTING = PROJECT / "CONTRIBUTING.md"
FEEDS = PROJECT / "docs/feeds.md"
QUESTIONS = re.compile(r"^\| (?P<question>[^|]+\?) \| (?P<answers>.+) \|$", re.MULTILINE)
ANSWER = re.compile(r"`(?P<file>[^`]+)`(: `(?P<symbol>[^`]+)`)?")
# A path of ours in a document: a file by its ending, or a folder by its stroke; in running text only with its folder.
FILE = r"[\w.*/-]+\.(?:py|sql|md|json|js|mjs|scss|txt|toml|yml|lock|png)"
PATH = re.compile(rf"`({FILE}|(?:[a-z_]+|\.ci)/[\w./-]*)`|(?<![\w./<>`*-])((?=[^\s`]*/){FILE})(?![\w/])")
# What stands for many files, and what a run of the service makes.
NOT_A_FILE_OF_OURS = re.compile(r"\b(NAME|TABLE)\b|^\.local/")
NOT_LOOKED_INTO = ("node_modules", "staticfiles", "__pycache__")
# What makes PostgreSQL write statements and values down, or show them.
SAYING = ("log_", "track_")
WORDS = {5: "Five", 10: "ten", 20: "twenty", 60: "Sixty", 300: "three hundred"}
COUNTS = {name: int(rate.split("/")[0]) for name, rate in base.ACCOUNT_RATE_LIMITS.items() if rate}
# document, what it says with {} for the limit, what decides the limit
LIMITS: list[tuple[str, str, object]] = [
    ("README.md", "about {:,} made-up children", CHILDREN),
    ("docs/access-log.md", "{:,} events to a checkpoint", BATCH),
    ("docs/architecture.md", "The demonstration has {:,} children", CHILDREN),
    ("docs/architecture.md", "more than {} children none is shown", WORDS[settings.SEARCH_RESULT_LIMIT]),
    ("docs/feeds.md", "names more than {} people, and more than half", FEW),
    ("docs/feeds.md", "Send at most {} at once", spreadsheets.limits()),
    ("docs/feeds.md", "at most {} at a time", MOST_RESULTS),
    ("docs/suppliers.md", "up to {} MB", settings.STREAMED_FILE_MAX_BYTES // 1024**2),
    ("docs/threat-model.md", "names more than {} people and more than half", FEW),
    ("docs/threat-model.md", "shows at most {} results", WORDS[settings.SEARCH_RESULT_LIMIT]),
    ("docs/threat-model.md", "names and organisations of practitioners, {} at a time", WORDS[MOST_FOUND]),
    ("docs/threat-model.md", "{} wrong passwords for an account", WORDS[COUNTS["password_here"]]),
    ("docs/threat-model.md", "{} within an hour, from anywhere", WORDS[COUNTS["password_elsewhere"]]),
    ("docs/threat-model.md", "{} wrong guesses within an hour", WORDS[COUNTS["address_wrong"]]),
    ("docs/threat-model.md", "{} wrong codes in a colleague's name", WORDS[COUNTS["read_out_colleague"]].capitalize()),
    ("docs/threat-model.md", "A mediator has {} tries an hour", WORDS[COUNTS["read_out_failed"]]),
    ("templates/help.html", "At most {} children are shown", WORDS[settings.SEARCH_RESULT_LIMIT]),
]
MOVABLE = re.compile(r"^(?:# syntax=|FROM |\s*image: )(?P<image>[\w./-]+:[\w.-]+)(?!\S*@)", re.MULTILINE)
DECISION = re.compile(r"\bADR (\d+(?:(?:, | and |, and )\d+)*)")


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@cache
def paths() -> frozenset[str]:
    """Every file and folder of the project, from its top."""
    there = set()
    for folder, folders, files in os.walk(PROJECT):
        folders[:] = [
            each for each in folders if each not in NOT_LOOKED_INTO and (each == ".ci" or not each.startswith("."))
        ]
        there |= {str((Path(folder) / each).relative_to(PROJECT)) for each in (*folders, *files)}
    return frozenset(there)


def is_there(path: str) -> bool:
    """Whether a path leads anywhere: from the project's top, or else from a folder that the text is about."""
    wanted = path.rstrip("/")
    if (PROJECT / wanted.split("/")[0]).is_dir() and "/" in wanted:
        return any(fnmatch(each, wanted) for each in paths())
    return any(fnmatch(each, wanted) or fnmatch(each, f"*/{wanted}") for each in paths())


def answers() -> list[tuple[str, str, str]]:
    """Question, file and symbol of each answer in the table of docs/architecture.md; the symbol may be empty."""
    return [
        (row["question"], answer["file"], answer["symbol"] or "")
        for row in QUESTIONS.finditer(ARCHITECTURE.read_text())
        for answer in ANSWER.finditer(row["answers"])
    ]


def lists() -> list[tuple[str, str]]:
    """File and symbol of each list that a table of CONTRIBUTING.md says to extend."""
    rows = "".join(re.findall(r"^\|.*\n", CONTRIBUTING.read_text(), re.MULTILINE))
    return [(each["file"], each["symbol"]) for each in ANSWER.finditer(rows) if each["symbol"]]


def defined_in(path: Path) -> set[str]:
    """The names that a Python module makes at its top."""
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    return names


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_no_line_is_too_long_to_read(path: Path) -> None:
    long = [number for number, line in enumerate(path.read_text().splitlines(), 1) if len(line) > LONGEST_LINE]

    assert long == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_files_that_a_document_names_are_there(path: Path) -> None:
    named = {quoted or plain for quoted, plain in PATH.findall(path.read_text())}

    assert [each for each in sorted(named) if not is_there(each) and not NOT_A_FILE_OF_OURS.search(each)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_decisions_that_a_document_names_are_there(path: Path) -> None:
    named = {int(number) for found in DECISION.findall(path.read_text()) for number in re.findall(r"\d+", found)}
    decided = {int(each.name[:4]) for each in (PROJECT / "docs/adr").glob("*.md")}

    assert named <= decided


def test_questions_of_a_newcomer_are_answered_in_two_files_at_most() -> None:
    asked = [question for question, _file, _symbol in answers()]

    assert len(set(asked)) >= 12
    assert max(asked.count(question) for question in asked) <= 2


@pytest.mark.parametrize(("question", "file", "symbol"), answers(), ids=lambda value: value)
def test_answer_is_where_the_table_says(question: str, file: str, symbol: str) -> None:
    path = PROJECT / file
    assert path.is_file()
    assert not symbol or symbol in defined_in(path)


def test_lists_to_extend_are_found() -> None:
    assert len(lists()) >= 4


@pytest.mark.parametrize(("file", "symbol"), lists(), ids=lambda value: value)
def test_list_to_extend_is_where_contributing_says(file: str, symbol: str) -> None:
    assert symbol in defined_in(PROJECT / file)


def server_settings(text: str, pattern: str) -> dict[str, str]:
    return {name: value for name, value in re.findall(pattern, text, re.MULTILINE) if name.startswith(SAYING)}


def test_settings_that_keep_values_out_of_postgresqls_log_are_the_same_wherever_they_stand() -> None:
    ours = {name: value for name, value in SETTINGS.items() if name.startswith(SAYING)}

    assert server_settings((PROJECT / "SECURITY.md").read_text(), r"^      (\w+) = (\S+)$") == ours
    assert server_settings((PROJECT / "docker-compose.yml").read_text(), r"-c (\w+)=(\S+)") == ours


@pytest.mark.parametrize(("document", "said", "decided"), LIMITS)
def test_limit_that_a_document_names_is_the_one_that_holds(document: str, said: str, decided: object) -> None:
    text = " ".join((PROJECT / document).read_text().split())

    assert said.format(decided) in text


def test_every_error_that_software_gets_is_in_the_table_of_feeds() -> None:
    code = "".join(path.read_text() for path in (PROJECT / "access/software/api").glob("*.py"))
    answered = {HTTPStatus[name] for name in re.findall(r"HTTPStatus\.([A-Z_]+)", code)}
    listed = {int(status) for status in re.findall(r"^\| (\d{3}) \|", FEEDS.read_text(), re.MULTILINE)}

    # What the library raises where the person changed since.
    assert listed == {status for status in answered if status >= HTTPStatus.BAD_REQUEST} | {
        HTTPStatus.PRECONDITION_FAILED
    }


def test_images_that_somebody_else_can_move_are_named_as_such() -> None:
    """A tag is whatever its maker last called so: of these nobody says that they are known by a hash."""
    images = {image for name in ("Dockerfile", "docker-compose.yml") for image in MOVABLE.findall(read(name))}

    assert len(images) == 5, images
    assert [
        image for image in images if f"`{image}`" not in read("docs/adr/0019-nothing-is-resolved-at-install.md")
    ] == []


def read(name: str) -> str:
    return (PROJECT / name).read_text()
