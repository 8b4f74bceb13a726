"""Recording is compulsory: where the log cannot be written, no page shows a child; and a view costs few statements."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from registry.policies.records import child_to_keep
from tests.integration.registry.visiting import Visitor, text_of
from tests.sweeps.attacking import Place, placed

MOST_STATEMENTS = 12
OF_THE_CHILD = ("Amina", "Hussain", "Malik", "12 Hidden Lane", "M33 4AB", "Farah", "9434765919")
Unwritable = Callable[[Place], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def visitor(place: Place) -> Visitor:
    """A teacher whose browser shows error pages as they are."""
    return Visitor(place.town.teacher, Client(raise_request_exception=False))


@pytest.fixture(scope="module")
def addresses(place: Place, visitor: Visitor) -> list[str]:
    """Every page that shows the child, each seen to show her while the log can be written."""
    results = visitor.search()
    reference = visitor.opened()
    (involvement,) = own_involvements(place, visitor)
    made = [
        results.redirect_chain[-1][0],
        reverse("open_record", args=[reference]),
        reverse("record", args=[reference]),
        reverse("record_involvement", args=[reference]),
        reverse("correct_involvement", args=[reference, involvement]),
        reverse("end_involvement", args=[reference, involvement]),
    ]
    for address in made:
        page = visitor.get(address)
        assert page.status_code == 200, address
        assert "Hussain" in text_of(page), address
    return made


def own_involvements(place: Place, visitor: Visitor) -> list[int]:
    """Those of the teacher's school with the child that was opened, by the links of the record."""
    reference = visitor.opened()
    page = text_of(visitor.get(reverse("record", args=[reference])))
    rows = place.as_owner("SELECT id FROM registry_involvement")
    return [each for (each,) in rows if reverse("correct_involvement", args=[reference, each]) in page]


@contextmanager
def no_partition(place: Place) -> Iterator[None]:
    """The month has no place in the log, as after a worker that stood still for a quarter of a year."""
    ((month, bounds),) = place.as_owner(
        "SELECT oid::regclass::text, pg_get_expr(relpartbound, oid) FROM pg_class"
        " WHERE oid IN (SELECT tableoid FROM audit_event)"
    )
    place.as_owner(f"ALTER TABLE audit_event DETACH PARTITION {month}")
    yield
    place.as_owner(f"ALTER TABLE audit_event ATTACH PARTITION {month} {bounds}")


@contextmanager
def no_right(place: Place) -> Iterator[None]:
    """The web role was not given the right to record."""
    place.as_owner("REVOKE EXECUTE ON FUNCTION audit_record(text, jsonb) FROM contactpoint_web")
    yield
    place.as_owner("GRANT EXECUTE ON FUNCTION audit_record(text, jsonb) TO contactpoint_web")


@contextmanager
def no_disc(place: Place) -> Iterator[None]:
    """Every write to the log fails."""
    place.as_owner("ALTER TABLE audit_event ADD CONSTRAINT disc_is_full CHECK (number < 0) NOT VALID")
    yield
    place.as_owner("ALTER TABLE audit_event DROP CONSTRAINT disc_is_full")


@pytest.mark.parametrize("unwritable", [no_partition, no_right, no_disc])
def test_no_page_shows_a_child_while_the_log_cannot_be_written(
    place: Place, visitor: Visitor, addresses: list[str], unwritable: Unwritable
) -> None:
    with unwritable(place):
        pages = {address: visitor.get(address) for address in addresses}
        pages["search"] = visitor.search()
        pages["reason"] = visitor.follow(addresses[1], reason="safeguarding")
    for address, page in pages.items():
        assert page.status_code in (500, 503), address
        assert [value for value in OF_THE_CHILD if value in text_of(page)] == [], address
    for address in addresses:
        assert visitor.get(address).status_code == 200, "it works again afterwards"


def test_view_of_a_record_takes_few_statements(visitor: Visitor, addresses: list[str]) -> None:
    """The whole of the request: session, user, vetting, event, record. BEGIN and COMMIT are no queries."""
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        page = visitor.get(addresses[2])
    assert page.status_code == 200
    assert any("audit_record" in sql for sql in statements)
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)


def test_lock_of_a_child_does_not_name_the_child(place: Place) -> None:
    """Everybody who connects may list locks."""
    with child_to_keep(place.newcomer(), place.other), place.connected() as web:
        locks = web.execute(
            "SELECT classid, objid FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        ).fetchall()
    assert locks
    assert all(place.other not in lock for lock in locks)
