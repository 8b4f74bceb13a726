"""The house stays in order: rooms have names, and nothing lies loose between them."""

import ast
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
# What Django and Celery look for at the top of an app.
OF_THE_FRAMEWORK = {"__init__.py", "apps.py", "tasks.py", "urls.py"}
RULES = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]
# Packages that no layer holds: what checks the service from outside it.
OUTSIDE = {"bench", "tests"}
ALONE = {"transparency"}  # by a contract of its own
ROOMS = sorted(path.parent for path in (PROJECT / "access").glob("*/__init__.py") if path.parent.name != "migrations")


def test_nothing_lies_loose_at_the_top_of_access() -> None:
    assert {path.name for path in (PROJECT / "access").glob("*.py")} == OF_THE_FRAMEWORK


@pytest.mark.parametrize(
    "room", [each for each in ROOMS if each.name not in {"models", "management"}], ids=lambda room: room.name
)
def test_each_room_says_what_it_is_for(room: Path) -> None:
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text()))


def packages() -> set[str]:
    return {path.parent.name for path in PROJECT.glob("*/__init__.py")} - OUTSIDE


def test_every_package_has_its_layer_and_is_checked() -> None:
    """A layer in parentheses that has come without being named in root_packages would be passed over in silence."""
    layers = RULES["importlinter"]["contracts"][0]["layers"]
    named = {name.strip() for layer in layers for name in layer.split("|")}
    there = {name for name in named if not name.startswith("(")}

    assert there | ALONE == packages()
    assert set(RULES["importlinter"]["root_packages"]) == packages()
    assert packages() <= set(RULES["mypy"]["files"])


@pytest.mark.parametrize(
    ("library", "may"), [("cryptography", {"encryption", "transparency"}), ("guardian", {"transparency"})]
)
def test_no_package_is_left_out_of_who_may_not_import(library: str, may: set[str]) -> None:
    (sources,) = (
        set(contract["source_modules"])
        for contract in RULES["importlinter"]["contracts"]
        if contract.get("forbidden_modules") == [library]
    )

    assert sources == packages() - may
