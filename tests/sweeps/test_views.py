"""Views fetch through selectors, actions and policies, which decide and record; none goes to the tables itself."""

import ast
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
APPS = ("access", "contactpoint", "registry", "review")
DOORS_TO_TABLES = {"objects", "_base_manager", "_default_manager", "connection", "connections", "cursor"}
EXCEPTIONS: dict[str, str] = {}  # view file: why it may


def views() -> list[Path]:
    ours = [path for app in APPS for path in (PROJECT / app).rglob("*.py") if path.name != "__init__.py"]
    return sorted(path for path in ours if "views" in path.parts or path.stem == "views")


def reaches_into_tables(path: Path) -> bool:
    names = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute | ast.Name)
    }
    return bool(names & DOORS_TO_TABLES)


def test_no_view_goes_to_the_tables_itself() -> None:
    assert {str(path.relative_to(PROJECT)) for path in views() if reaches_into_tables(path)} == set(EXCEPTIONS)


def test_views_are_found() -> None:
    assert len(views()) >= 20
