"""The documents can be read, and what they name is there."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
LONGEST_LINE = 130
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
ARCHITECTURE = PROJECT / "docs/architecture.md"
QUESTIONS = re.compile(r"^\| (?P<question>[^|]+\?) \| (?P<answers>.+) \|$", re.MULTILINE)
ANSWER = re.compile(r"`(?P<file>[^`]+)`(: `(?P<symbol>[^`]+)`)?")
# Files that the table names and that are not there yet.
# A path of ours in a document: from the top of the project, to a file or a folder, without a pattern in it.
PATH = re.compile(r"`((?:[a-z_]+|\.ci)/[\w./-]*)`")


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def answers() -> list[tuple[str, str, str]]:
    """Question, file and symbol of each answer in the table of docs/architecture.md; the symbol may be empty."""
    return [
        (row["question"], answer["file"], answer["symbol"] or "")
        for row in QUESTIONS.finditer(ARCHITECTURE.read_text())
        for answer in ANSWER.finditer(row["answers"])
    ]


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
    named = {found.rstrip("/") for found in PATH.findall(path.read_text())}
    apps = {each.name for each in PROJECT.iterdir() if each.is_dir()}

    assert [each for each in sorted(named) if each.split("/")[0] in apps and not (PROJECT / each).exists()] == []


def test_questions_of_a_newcomer_are_answered_in_two_files_at_most() -> None:
    asked = [question for question, _file, _symbol in answers()]

    assert len(set(asked)) >= 12
    assert max(asked.count(question) for question in asked) <= 2


@pytest.mark.parametrize(("question", "file", "symbol"), answers(), ids=lambda value: value)
def test_answer_is_where_the_table_says(question: str, file: str, symbol: str) -> None:
    path = PROJECT / file
    assert path.is_file()
    assert not symbol or symbol in defined_in(path)
