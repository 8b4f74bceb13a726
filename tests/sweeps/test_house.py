"""The house stays in order: rooms have names, and nothing lies loose between them."""

import ast
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import BEGUN_FIRST, TESTS, begin_long_ones_first

PROJECT = Path(__file__).parent.parent.parent
# What Django and Celery look for at the top of an app.
OF_THE_FRAMEWORK = {"__init__.py", "apps.py", "tasks.py", "urls.py"}
RULES = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]
# Packages that no layer holds: what checks the service from outside it.
OUTSIDE = {"bench", "tests"}
ALONE = {"transparency"}  # by a contract of its own
# Apps that are divided into rooms, and what lies at their top besides: in registry, what a record is made of and what
# rooms on every floor use (ADR 21, 45).
AT_THE_TOP = {
    "access": OF_THE_FRAMEWORK,
    "registry": OF_THE_FRAMEWORK
    | {"vocabulary.py", "values.py", "record.py", "shown.py", "references.py"}
    | {"statements.py", "processes.py"},
}
WITHOUT_WORDS = {"migrations", "models", "management"}
ROOMS = sorted(path.parent for app in AT_THE_TOP for path in (PROJECT / app).glob("*/__init__.py"))


@pytest.mark.parametrize("app", AT_THE_TOP)
def test_nothing_lies_loose_at_the_top_of_an_app_with_rooms(app: str) -> None:
    assert {path.name for path in (PROJECT / app).glob("*.py")} == AT_THE_TOP[app]


@pytest.mark.parametrize(
    "room",
    [each for each in ROOMS if each.name not in WITHOUT_WORDS],
    ids=lambda room: str(room.relative_to(PROJECT)),
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


def test_modules_that_are_begun_first_are_there() -> None:
    assert [name for name in BEGUN_FIRST if not (TESTS / name).is_file()] == []


def test_long_modules_are_begun_first_and_those_of_few_quick_tests_last() -> None:
    def item(path: str, number: int, *, browses: bool = False) -> Any:
        return SimpleNamespace(path=TESTS / path, name=f"{path} {number}", keywords={"browser"} if browses else set())

    few, many = [item("few.py", 1)], [item("many.py", number) for number in range(9)]
    browsing, long = [item("browsing.py", 1, browses=True)], [item(BEGUN_FIRST[0], 1)]
    items = [*few, *many, *browsing, *long]
    begin_long_ones_first(items)
    assert [each.name for each in items] == [each.name for each in (*long, *browsing, *many, *few)]
