"""The house stays in order: rooms have names, and nothing lies loose between them."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
# What Django and Celery look for at the top of an app.
OF_THE_FRAMEWORK = {"__init__.py", "apps.py", "tasks.py", "urls.py"}
ROOMS = sorted(path.parent for path in (PROJECT / "access").glob("*/__init__.py") if path.parent.name != "migrations")


def test_nothing_lies_loose_at_the_top_of_access() -> None:
    assert {path.name for path in (PROJECT / "access").glob("*.py")} == OF_THE_FRAMEWORK


@pytest.mark.parametrize(
    "room", [each for each in ROOMS if each.name not in {"models", "management"}], ids=lambda room: room.name
)
def test_each_room_says_what_it_is_for(room: Path) -> None:
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
