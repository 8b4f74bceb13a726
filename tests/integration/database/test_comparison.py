"""That whatever the database runs otherwise than its page says is found, whichever of the two was changed."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from contactpoint.roles import OWNER, WEB
from database.comparison import differing
from tests.acting import acting_as

pytestmark = pytest.mark.django_db

APPEND_ONLY = "execute function audit_event_refuse_change()"
MONTH = f"audit_event_{timezone.now():%Y_%m}"
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
    """Names, of pages and of what has none."""
    return [Path(each).stem if each.endswith(".sql") else each.partition(":")[0] for each in differing()]


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
        ("alter table access_systemtoken no force row level security", "access_systemtoken"),
        ("alter table access_grant disable row level security", "access_grant"),
        ("drop trigger access_user_is_added on access_user", "access_user"),
        ("alter table access_user disable trigger access_user_is_changed", "access_user"),
        ("alter trigger audit_event_append_only on audit_event rename to other", "audit_event"),
        ("create rule quiet as on insert to access_stop do instead nothing", "access_stop"),
        # Of which there is no page.
        ("create function look() returns bigint language sql as 'select 1'", "look"),
        ("create procedure search.tidy() language sql as 'select 1'", "search.tidy"),
        ("create policy mine on access_organisation using (true)", "access_organisation"),
        ("alter table access_reminder enable row level security", "access_reminder"),
        ("create rule quiet as on insert to access_reminder do instead nothing", "access_reminder"),
        (f"create trigger odd after insert on access_usage for each row {APPEND_ONLY}", "access_usage"),
        # Of a month of the log.
        (f"drop policy owner on {MONTH}", MONTH),
        (f"create policy mine on {MONTH} to contactpoint_web using (true)", MONTH),
        (f"alter table {MONTH} disable row level security", MONTH),
        (f"alter table {MONTH} no force row level security", MONTH),
        (f"alter table {MONTH} disable trigger audit_event_append_only", MONTH),
        (f"alter table {MONTH} disable trigger audit_event_row_append_only", MONTH),
        (f"create trigger odd after insert on {MONTH} for each row {APPEND_ONLY}", MONTH),
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


def test_condition_that_was_commented_out_is_found(sql: Path) -> None:
    """White space alone was changed: the end of a line, with which a comment ends."""
    text = (
        "CREATE OR REPLACE FUNCTION access_today() RETURNS date LANGUAGE sql\n"
        "AS $$ SELECT now()::date -- why{}LIMIT 0\n$$"
    )
    (sql / "functions/access_today.sql").write_text(text.format("\n"))
    with connection.cursor() as cursor:
        cursor.execute(text.format("\n  "))
        assert found() == []
        cursor.execute(text.format(" "))

    assert found() == ["access_today"]


def test_how_lines_are_indented_does_not_count(sql: Path) -> None:
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
