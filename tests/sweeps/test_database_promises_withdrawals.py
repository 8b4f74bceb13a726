"""What was withdrawn is gone for the web role, there is one way of withdrawing it, and none back."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from contactpoint.local.servers import Servers
from tests.sweeps.attacking import (
    CHANGED,
    OPENED,
    Place,
    Web,
    commit_event,
    keep,
    placed,
    read_child,
    record,
    refusal,
    show,
    show_session,
    told,
)

READ = {"kind": "involvement.read"}
WITHDRAWN = {"kind": "involvement.withdrawn", "reason": "wrong_child"}
INSERT_WITHDRAWN = (
    "INSERT INTO registry_involvement (id, row_version, child_id, lead, details, withdrawal)"
    " SELECT 999999999, 1, child_id, false, details, details FROM registry_involvement LIMIT 1"
)
Row = tuple[int, int]  # id and version


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


def rows_of(place: Place, child: int) -> list[Row]:
    wanted = "SELECT id, row_version FROM registry_involvement WHERE child_id = %s AND withdrawal IS NULL ORDER BY id"
    return place.as_owner(wanted, child)  # type: ignore[return-value]


def ids_seen(web: Web) -> set[int]:
    return {row for (row,) in web.execute("SELECT id FROM registry_involvement").fetchall()}


def withdraw(web: Web, row: Row) -> bool:
    """Whether the database did it, for whoever may not read the row as well."""
    answer = web.execute("SELECT registry_involvement_withdraw(%s, %s, %s)", [*row, sealed(web)]).fetchone()
    assert answer is not None
    return bool(answer[0])


def sealed(web: Web) -> bytes:
    """Something sealed, whatever it says."""
    found = web.execute("SELECT email FROM access_user LIMIT 1").fetchone()
    assert found is not None
    return bytes(found[0])


@pytest.fixture(scope="module")
def gone(place: Place) -> Row:
    """A row that has been withdrawn, committed."""
    row = rows_of(place, place.child)[0]
    with place.connected() as web:
        someone = place.newcomer()
        keep(web, someone, place.child, **WITHDRAWN)
        assert withdraw(web, row)
        assert row[0] not in ids_seen(web), "in the same transaction already"
        web.commit()
    return row


@pytest.mark.parametrize("kind", [OPENED, {"kind": "child.shown"}, READ])
def test_no_reading_shows_what_was_withdrawn(place: Place, gone: Row, kind: dict[str, str]) -> None:
    someone = place.newcomer()
    with place.connected() as web:
        child = read_child(web, someone, commit_event(web, someone, child_id=place.child, **kind))
        assert child is not None
        assert gone[0] not in {row["id"] for row in child["involvements"] or ()}
        assert {row["withdrawal"] for row in child["involvements"] or ()} <= {None}


@pytest.mark.parametrize("change", [CHANGED, {"kind": "involvement.recorded"}, WITHDRAWN])
def test_no_change_shows_what_was_withdrawn(place: Place, gone: Row, change: dict[str, str]) -> None:
    with place.connected() as web:
        keep(web, place.newcomer(), place.child, **change)
        assert ids_seen(web)
        assert gone[0] not in ids_seen(web)
        for wanted in ("id = %s", "ctid = (SELECT ctid FROM registry_involvement WHERE id = %s)"):
            assert web.execute(f"SELECT details FROM registry_involvement WHERE {wanted}", [gone[0]]).fetchall() == []
        held = "SELECT withdrawal FROM registry_involvement WHERE withdrawal IS NOT NULL"
        assert web.execute(held).fetchall() == []


def test_no_statement_brings_it_back(place: Place, gone: Row) -> None:
    """A change that reads nothing is checked against fewer policies than one that does."""
    before = place.as_owner("SELECT * FROM registry_involvement WHERE id = %s", gone[0])
    with place.connected() as web:
        keep(web, place.newcomer(), place.child, **WITHDRAWN)
        for change in ("withdrawal = NULL", "details = details, withdrawal = NULL", "lead = false"):
            assert gone[0] not in {
                row for (row,) in web.execute(f"UPDATE registry_involvement SET {change} RETURNING id").fetchall()
            }
            web.execute(f"UPDATE registry_involvement SET {change}")
        assert isinstance(refusal(web, "DELETE FROM registry_involvement"), InsufficientPrivilege)
        assert not withdraw(web, gone), "who said so, and why, is said once"
        web.commit()
    assert place.as_owner("SELECT * FROM registry_involvement WHERE id = %s", gone[0]) == before


def test_web_role_withdraws_by_no_statement_of_its_own(place: Place) -> None:
    with place.connected() as web:
        keep(web, place.newcomer(), place.other, **WITHDRAWN)
        for change in (
            "UPDATE registry_involvement SET withdrawal = details, lead = false",
            "UPDATE registry_involvement SET withdrawal = details, lead = false WHERE child_id = child_id",
            INSERT_WITHDRAWN,
        ):
            assert isinstance(refusal(web, change), InsufficientPrivilege), change


@pytest.mark.parametrize(
    ("before", "beside"),
    [
        (None, []),
        (READ, []),
        (None, [READ, WITHDRAWN]),  # nothing was read to be changed
        (OPENED, [WITHDRAWN]),
        (WITHDRAWN, [WITHDRAWN]),
        (READ, [READ]),
        (READ, [WITHDRAWN | {"reason": ""}]),
        (READ, [{"kind": "involvement.ended", "reason": "wrong_child"}]),
    ],
)
def test_nothing_is_withdrawn_without_its_reading_and_its_event(
    place: Place, before: dict[str, str] | None, beside: list[dict[str, str]]
) -> None:
    row = rows_of(place, place.other)[0]
    someone = place.newcomer()
    with place.connected() as web:
        show_session(web, someone)
        if before:
            show(web, someone, commit_event(web, someone, child_id=place.other, **before))
        for event in beside:
            record(web, someone, child_id=place.other, **event)
        assert not withdraw(web, row)


def test_event_about_one_child_withdraws_nothing_of_another(place: Place) -> None:
    row = rows_of(place, place.other)[0]
    someone = place.newcomer()
    with place.connected() as web:
        keep(web, someone, place.child, **WITHDRAWN)
        assert not withdraw(web, row)
        web.rollback()
        read = commit_event(web, someone, child_id=place.other, **READ)
        for child in (place.child, None):
            show(web, someone, read)
            record(web, someone, child_id=child, **WITHDRAWN)
            assert not withdraw(web, row)
            web.rollback()
        show(web, someone, read)
        record(web, someone, child_id=place.other, **WITHDRAWN)
        assert withdraw(web, row), "nothing else was in the way"
        web.rollback()


def test_event_of_somebody_else_withdraws_nothing(place: Place) -> None:
    row = rows_of(place, place.other)[0]
    someone, other = place.newcomer(), place.newcomer()
    with place.connected() as web:
        show(web, someone, commit_event(web, someone, child_id=place.other, **READ))
        record(web, other, child_id=place.other, **WITHDRAWN)
        assert not withdraw(web, row)
        assert ids_seen(web) == set()


def test_event_that_was_committed_withdraws_nothing_more(place: Place) -> None:
    row = rows_of(place, place.other)[0]
    someone = place.newcomer()
    with place.connected() as web:
        read = commit_event(web, someone, child_id=place.other, **READ)
        commit_event(web, someone, child_id=place.other, **WITHDRAWN)
        show(web, someone, read)
        assert not withdraw(web, row)
        assert ids_seen(web) == set()


def test_event_that_was_taken_back_withdraws_nothing(place: Place) -> None:
    row = rows_of(place, place.other)[0]
    someone = place.newcomer()
    with place.connected() as web:
        show(web, someone, commit_event(web, someone, child_id=place.other, **READ))
        web.execute("SAVEPOINT before")
        record(web, someone, child_id=place.other, **WITHDRAWN)
        web.execute("ROLLBACK TO before")
        assert not withdraw(web, row)
        assert ids_seen(web) == set()


def test_involvement_of_a_shielded_child_is_not_withdrawn(place: Place) -> None:
    row = rows_of(place, place.shielded)[0]
    with place.connected() as web:
        keep(web, place.newcomer(), place.shielded, **WITHDRAWN)
        assert not withdraw(web, row)


def test_version_that_was_not_read_is_not_withdrawn(place: Place) -> None:
    number, version = rows_of(place, place.other)[0]
    with place.connected() as web:
        keep(web, place.newcomer(), place.other, **WITHDRAWN)
        assert not withdraw(web, (number, version + 1))


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_but_a_practitioner_records_a_withdrawal(place: Place, role: Role) -> None:
    someone = place.newcomer(role)
    with place.connected() as web:
        claims = told(someone, child_id=place.other, **WITHDRAWN)
        error = refusal(web, "SELECT audit_record(%s, %s)", someone.session_key, claims)
        assert isinstance(error, psycopg.Error)
        assert error.sqlstate == "CP001"
