"""That whatever the database runs otherwise than its page says is found, whichever of the two was changed."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from contactpoint.roles import OWNER, WEB
from database.comparison import differing
from tests.integration.acting import acting_as

pytestmark = pytest.mark.django_db

OTHER_RESULT = "create function access_sessions_end_of(person bigint) returns text language sql as 'select null'"


@pytest.fixture(autouse=True)
def owner() -> Iterator[None]:
    with acting_as(OWNER):
        yield


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pages of access, to be changed."""
    config = apps.get_app_config("access")
    copied = shutil.copytree(Path(config.path) / "sql", tmp_path / "sql")
    monkeypatch.setattr(config, "path", str(tmp_path))
    return copied


def found() -> list[str]:
    return [page.name for page in differing()]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("create or replace function access_today() returns date language sql as 'select null::date'", "access_today"),
        ("alter function audit_record(text, jsonb) security invoker", "audit_record"),
        ("alter function search.drawn(bigint, text, integer) reset search_path", "search.drawn"),
        ("alter function access_leads(text, text, text) volatile", "access_leads"),
        ("drop function access_sessions_end_of; " + OTHER_RESULT, "access_sessions_end_of"),
        ("drop function access_history_of(bigint, integer)", "access_history_of"),
        ("create function access_actor(boolean) returns bigint language sql as 'select 1'", "access_actor"),
        ("drop policy web_sees on access_stop", "access_stop"),
        ("create policy mine on registry_child to contactpoint_web using (true)", "registry_child"),
        ("alter policy web_keeps on registry_involvement using (true)", "registry_involvement"),
        ("alter policy worker on access_site to contactpoint_worker, contactpoint_web", "access_site"),
        ("alter table access_apitoken no force row level security", "access_apitoken"),
        ("alter table access_grant disable row level security", "access_grant"),
        ("drop trigger access_user_is_added on access_user", "access_user"),
        ("alter table access_user disable trigger access_user_is_changed", "access_user"),
        ("alter trigger audit_event_append_only on audit_event rename to other", "audit_event"),
    ],
)
def test_what_was_changed_by_hand_is_found(change: str, name: str) -> None:
    assert found() == []

    with connection.cursor() as cursor:
        cursor.execute(change)

    assert found() == [name]


@pytest.mark.parametrize(
    ("page", "said", "instead"),
    [
        ("functions/access_session_begin.sql", "10 hours", "11 hours"),
        ("functions/audit_record.sql", "SECURITY DEFINER", ""),
        ("guards/access_stop.sql", "lifted_at IS NULL AND ", ""),
        ("guards/access_vettingitem.sql", "AFTER DELETE", "AFTER TRUNCATE"),
    ],
)
def test_page_that_was_changed_without_a_number_is_found(sql: Path, page: str, said: str, instead: str) -> None:
    text = (sql / page).read_text()
    assert said in text
    (sql / page).write_text(text.replace(said, instead).replace(" REFERENCING OLD TABLE AS changed", ""))

    assert found() == [Path(page).stem]


def test_white_space_does_not_count(sql: Path) -> None:
    for page in sql.rglob("*.sql"):
        page.write_text(page.read_text().replace("\n    ", "\n\t\n"))

    assert found() == []


def test_comparing_changes_nothing_and_locks_no_table(sql: Path) -> None:
    (sql / "functions/access_today.sql").write_text(
        "CREATE OR REPLACE FUNCTION access_today() RETURNS date LANGUAGE sql AS 'SELECT NULL::date'"
    )
    assert found() == ["access_today"]

    with connection.cursor() as cursor:
        cursor.execute("select access_today() is not null")
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "select relation::regclass::text from pg_locks where pid = pg_backend_pid() and locktype = 'relation' "
            "and mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')"
        )
        assert cursor.fetchall() == []


def test_nobody_but_the_owner_may_ask() -> None:
    with (
        acting_as(WEB),
        pytest.raises(CommandError, match=r"(?s)(must be owner|permission denied).*set DATABASE_ROLE=owner"),
    ):
        call_command("check_sql")


def test_command_says_how_many_pages_hold() -> None:
    said = StringIO()
    call_command("check_sql", stdout=said)

    assert said.getvalue().startswith("The database runs what its ")


def test_command_names_the_pages_and_a_way_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop policy web_sees on access_stop")

    with pytest.raises(CommandError, match=r"(?s)  access/sql/guards/access_stop\.sql\n.*new number and a migration"):
        call_command("check_sql")
