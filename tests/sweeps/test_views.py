"""Views parse, call and render; forms check what was typed. Actions and selectors read, write and record."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
APPS = ("access", "contactpoint", "pages", "registry", "review")
DOORS_TO_TABLES = {"objects", "_base_manager", "_default_manager", "connection", "connections", "cursor"}
QUERIES = {
    "aggregate",
    "annotate",
    "bulk_create",
    "bulk_update",
    "exclude",
    "filter",
    "get_or_create",
    "in_bulk",
    "prefetch_related",
    "select_for_update",
    "select_related",
    "update_or_create",
    "values_list",
}
TRANSACTIONS = {"transaction", "atomic"}
RECORDING = {"audit.recorder", *(f"audit.recorder.{name}" for name in ("record", "record_each", "alert"))}
RIGHT_WAY = "Read in a selector; where reading is an event, in an action, as access/people/actions/reading.py does."
EXCEPTIONS = {  # file: why it may
    "access/sign_in/views/second_factors.py": "a transaction round allauth's own views, which write by themselves",
}


def ours() -> list[Path]:
    return sorted(path for app in APPS for path in (PROJECT / app).rglob("*.py") if path.name != "__init__.py")


def views() -> list[Path]:
    return [path for path in ours() if "views" in path.parts or path.stem == "views"]


def forms() -> list[Path]:
    return [path for path in ours() if path.stem in {"forms", "form_fields"}]


def names_in(tree: ast.Module) -> set[str]:
    """Every name and attribute that stands in the code."""
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
    }


def imported_by(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def wrongs_of(source: str) -> set[str]:
    """What stands in the source of a view or form and belongs elsewhere."""
    tree = ast.parse(source)
    return (names_in(tree) & (DOORS_TO_TABLES | QUERIES | TRANSACTIONS)) | (RECORDING & set(imported_by(tree)))


def test_no_view_or_form_records_or_goes_to_the_tables_itself() -> None:
    wrong = {str(path.relative_to(PROJECT)): wrongs_of(path.read_text()) for path in [*views(), *forms()]}

    assert {name: what for name, what in wrong.items() if what and name not in EXCEPTIONS} == {}, RIGHT_WAY
    assert {name for name in EXCEPTIONS if not wrong[name]} == set(), "no exceptions any more"


@pytest.mark.parametrize(
    "source",
    [
        "from audit.recorder import record",
        "from audit import recorder",
        "import audit.recorder",
        "User.objects.get(pk=1)",
        "people_administered(actor).filter(pk=1)",
        "with transaction.atomic(): pass",
        "connection.cursor()",
    ],
)
def test_what_belongs_elsewhere_is_seen(source: str) -> None:
    assert wrongs_of(source)


def test_views_and_forms_are_found() -> None:
    assert len(views()) >= 20
    assert len(forms()) >= 7
