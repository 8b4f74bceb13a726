"""The migration operations, forwards and back, on functions and tables of a migrated database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from contactpoint.roles import OWNER, SERVING
from database.operations import CreateFunction, DropFunction, GuardTable, PageOperation, ReplaceFunction
from database.pages import Kind, Page, pages_of
from tests.acting import acting_as

STATE = ProjectState()
pytestmark = pytest.mark.django_db


def forwards(app: str, operation: PageOperation) -> None:
    with owners_editor() as editor:
        operation.database_forwards(app, editor, STATE, STATE)


def backwards(app: str, operation: PageOperation) -> None:
    with owners_editor() as editor:
        operation.database_backwards(app, editor, STATE, STATE)


@contextmanager
def owners_editor() -> Iterator[BaseDatabaseSchemaEditor]:
    with acting_as(OWNER), connection.schema_editor() as editor:
        yield editor


def bodies(name: str) -> list[str]:
    """As PostgreSQL keeps them: to the letter what stands on the page."""
    return [body for (body,) in ask("select prosrc from pg_proc where proname = %s order by pronargs", name)]


def body(app: str, name: str, version: int) -> str:
    return Page(app, Kind.FUNCTION, name).read(version).split("$$")[1]


def guards(table: str) -> list[tuple[object, ...]]:
    return [
        *ask("select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", table),
        *ask("select polname::text from pg_policy where polrelid = %s::regclass order by 1", table),
        *ask("select tgname::text from pg_trigger where tgrelid = %s::regclass and not tgisinternal order by 1", table),
    ]


def ask(statement: str, name: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
        return list(cursor.fetchall())


def test_replaced_function_goes_back_to_the_version_before_and_forth_again() -> None:
    replace = ReplaceFunction("audit_record", version=6)
    assert bodies("audit_record") == [body("access", "audit_record", 6)]

    backwards("access", replace)
    assert bodies("audit_record") == [body("access", "audit_record", 5)]

    forwards("access", replace)
    assert bodies("audit_record") == [body("access", "audit_record", 6)]


def test_function_whose_arguments_change_is_dropped_first_and_comes_back() -> None:
    backwards("registry", CreateFunction("search.put", version=2))
    backwards("registry", DropFunction("search.put", version=1))
    assert bodies("put") == [body("registry", "search.put", 1)]

    forwards("registry", DropFunction("search.put", version=1))
    assert bodies("put") == []
    forwards("registry", CreateFunction("search.put", version=2))
    assert bodies("put") == [body("registry", "search.put", 2)]


def test_function_is_neither_made_nor_dropped_where_another_has_its_name() -> None:
    with pytest.raises(ProgrammingError, match=r'function name "search[.]put" is not unique'):
        forwards("registry", CreateFunction("search.put", version=1))

    with acting_as(OWNER), connection.cursor() as cursor:
        cursor.execute(Page("registry", Kind.FUNCTION, "search.put").read(1), None)
    with pytest.raises(ProgrammingError, match=r'function name "search[.]put" is not unique'):
        forwards("registry", DropFunction("search.put", version=2))


def test_new_function_is_nobodys_before_the_rights_are_given(pages: dict[Kind, Path]) -> None:
    """Rights are given when the whole run of migrations ends well; where it does not, nobody has them meanwhile."""
    tells = "CREATE OR REPLACE FUNCTION access_tells() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$SELECT 1$$"
    (pages[Kind.FUNCTION] / "access_tells.sql").write_text(f"{tells};\n")

    forwards("access", CreateFunction("access_tells"))
    assert callers("access_tells") == set()

    forwards("access", DropFunction("access_tells"))
    backwards("access", DropFunction("access_tells"))
    assert callers("access_tells") == set()


def callers(function: str) -> set[str]:
    """Roles that serve and may call it."""
    return {
        role for role in SERVING if ask(f"select has_function_privilege(%s, '{function}()', 'EXECUTE')", role)[0][0]
    }


@pytest.mark.parametrize("table", ["access_signinsession", "access_accreditation"])
def test_table_loses_its_guards_on_the_way_back_and_gets_them_again(table: str) -> None:
    before = guards(table)

    backwards("access", GuardTable(table))
    assert guards(table) == [(False, False)]

    forwards("access", GuardTable(table))
    assert guards(table) == before


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[Kind, Path]:
    """Folders for other pages than those that the app access has."""
    monkeypatch.setattr(apps.get_app_config("access"), "path", str(tmp_path))
    folders = {kind: tmp_path / "sql" / kind for kind in Kind}
    for folder in folders.values():
        (folder / "superseded").mkdir(parents=True)
    return folders


def test_new_guards_stand_in_place_of_all_that_were_there(pages: dict[Kind, Path]) -> None:
    first, second = "superseded/access_site.1.sql", "access_site.sql"
    (pages[Kind.GUARD] / first).write_text("CREATE POLICY first ON access_site USING (false)")
    (pages[Kind.GUARD] / second).write_text(
        "ALTER TABLE access_site ENABLE ROW LEVEL SECURITY; CREATE POLICY second ON access_site USING (false)"
    )

    forwards("access", GuardTable("access_site", version=2))
    assert guards("access_site") == [(True, False), ("second",)]

    backwards("access", GuardTable("access_site", version=2))
    assert guards("access_site") == [(False, False), ("first",)]


def test_function_that_is_dropped_for_good_has_superseded_versions_alone(pages: dict[Kind, Path]) -> None:
    (pages[Kind.FUNCTION] / "superseded/access_gone.1.sql").write_text("SELECT 1")

    (page,) = pages_of("access", Kind.FUNCTION)
    assert (page.name, list(page.versions), page.read(1)) == ("access_gone", [1], "SELECT 1")


@pytest.mark.parametrize(("name", "version"), [("audit_record", 0), ("audit_record", 7), ("audit_recrod", 1)])
def test_version_that_there_is_none_of_is_refused_with_where_it_was_looked_for(name: str, version: int) -> None:
    with pytest.raises(LookupError, match=rf"access/sql/functions has no version {version} of {name}"):
        forwards("access", ReplaceFunction(name, version=version))


def test_pages_of_an_app_are_named_once_however_many_versions_they_have() -> None:
    names = [page.name for page in pages_of("registry", Kind.FUNCTION)]

    assert names.count("search.draw") == 1
    assert pages_of("encryption", Kind.FUNCTION) == []


def test_operations_say_what_they_do() -> None:
    assert ReplaceFunction("audit_record", version=2).describe() == "ReplaceFunction audit_record, version 2"
