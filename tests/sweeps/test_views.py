"""Views parse, call and render; forms check what was typed. Actions and selectors read, write and record.

The views for software (access/software/api/) and the views of contactpoint/ are held to it as well.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
APPS = ("access", "api", "contactpoint", "feeds", "pages", "registry", "review")
DOORS_TO_TABLES = {"objects", "_base_manager", "_default_manager", "connection", "connections", "cursor"}
# Other things have names like these, too: what counts is that it is called.
QUERIES = {
    "aggregate",
    "all",
    "annotate",
    "bulk_create",
    "bulk_update",
    "count",
    "create",
    "dates",
    "delete",
    "distinct",
    "earliest",
    "exclude",
    "exists",
    "filter",
    "first",
    "get_or_create",
    "in_bulk",
    "iterator",
    "last",
    "latest",
    "order_by",
    "prefetch_related",
    "record_usage",
    "refresh_from_db",
    "save",
    "select_for_update",
    "select_related",
    "union",
    "update",
    "update_or_create",
    "values_list",
}
QUERIES_OF_COLUMNS = {"defer", "only", "values"}  # a dictionary's own values() names none
TRANSACTIONS = {"transaction", "atomic"}
RECORDING = {"audit.recorder", *(f"audit.recorder.{name}" for name in ("record", "record_each", "alert"))}
RIGHT_WAY = "Read in a selector; where reading is an event, in an action, as access/people/actions/reading.py does."
EXCEPTIONS = {  # file: what it may, and why
    "access/sign_in/views/second_factors.py": (
        {"atomic", "transaction"},
        "a transaction round allauth's own views, which write by themselves",
    ),
    "contactpoint/health.py": ({"connection", "cursor"}, "asks whether the database answers, and reads no table"),
}


def ours() -> list[Path]:
    return sorted(path for app in APPS for path in (PROJECT / app).rglob("*.py") if path.name != "__init__.py")


def is_view(path: Path) -> bool:
    """By its place; at the top of contactpoint/, by saying who may call it."""
    if path.parent.name == "contactpoint":
        return "from access.door.routes import" in path.read_text()
    return "views" in path.parts or path.stem == "views" or path.parent.name == "api"


def views() -> list[Path]:
    return [path for path in ours() if is_view(path)]


def forms() -> list[Path]:
    return [path for path in ours() if path.parent.name == "forms" or path.stem.endswith(("forms", "form_fields"))]


def names_in(tree: ast.Module) -> set[str]:
    """Every name and attribute that stands in the code."""
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
    }


def called_in(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Each method that the code calls, and whether it is told anything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, bool(node.args or node.keywords)


def imported_by(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def wrongs_of(source: str) -> set[str]:
    """What stands in the source of a view or form and belongs elsewhere."""
    tree = ast.parse(source)
    named = names_in(tree) & (DOORS_TO_TABLES | TRANSACTIONS)
    called = {name for name, told in called_in(tree) if name in QUERIES or (told and name in QUERIES_OF_COLUMNS)}
    return named | called | (RECORDING & set(imported_by(tree)))


def test_no_view_or_form_records_or_goes_to_the_tables_itself() -> None:
    wrong = {str(path.relative_to(PROJECT)): wrongs_of(path.read_text()) for path in [*views(), *forms()]}
    excepted = {name: what for name, (what, _why) in EXCEPTIONS.items()}

    assert {name: what for name, what in wrong.items() if what and what != excepted.get(name)} == {}, RIGHT_WAY
    assert {name: what for name, what in excepted.items() if what != wrong[name]} == {}, "an exception too many"


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
        "person.save()",
        "person.delete()",
        "authenticator.record_usage()",
        "people_administered(actor).count()",
        "people_administered(actor).exists()",
        "people_administered(actor).order_by('pk')",
        "people_administered(actor).first()",
        "people_administered(actor).values('pk')",
        "people_administered(actor).update(role=role)",
        "organisation.people.create(role=role)",
        "organisation.people.all()",
    ],
)
def test_what_belongs_elsewhere_is_seen(source: str) -> None:
    assert wrongs_of(source)


@pytest.mark.parametrize(
    "source", ["asked.values()", "found.count", "asked.filter", "first = last", "all(asked)", "desk.clear(request)"]
)
def test_what_only_has_the_name_of_a_query_is_let_be(source: str) -> None:
    assert not wrongs_of(source)


@pytest.mark.parametrize(
    "name", ["access/software/api/scim.py", "contactpoint/start.py", "contactpoint/health.py", "review/views/log.py"]
)
def test_views_are_known_wherever_they_stand(name: str) -> None:
    assert PROJECT / name in views()


def test_views_and_forms_are_found() -> None:
    assert len(views()) >= 30
    assert len(forms()) >= 15
    assert PROJECT / "registry/forms/identities.py" in forms()
