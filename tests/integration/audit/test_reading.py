"""Reading the log: recorded first, with the reader's rights alone, and only for as long as the block lasts."""

import pytest
from django.db import ProgrammingError, connection, transaction

from access.models import Role, User
from audit.actors import Process
from audit.errors import InTransactionError, NoLiveSessionError
from audit.events import EventKind
from audit.models import Event
from audit.reading import reading
from audit.recorder import About, record, record_first
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext
from tests.log import events, last_event


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: the log is read after its reading is committed."""


@pytest.fixture
def auditor(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.AUDITOR)


def current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        (role,) = cursor.fetchone()
        return str(role)


def test_reading_is_recorded_before_anything_is_read(auditor: User) -> None:
    with reading(factories.actor_for(auditor), About(child_id=9)):
        newest = Event.objects.order_by("-id").first()

    assert newest is not None
    assert (newest.kind, newest.actor_id, newest.child_id) == (EventKind.LOG_READ, auditor.pk, 9)


def test_reader_role_ends_with_the_block(auditor: User) -> None:
    with reading(factories.actor_for(auditor)):
        assert current_role() == "contactpoint_reader"
    assert current_role() == "contactpoint_web"


def test_reader_role_ends_with_a_block_that_fails(auditor: User) -> None:
    with pytest.raises(ZeroDivisionError), reading(factories.actor_for(auditor)):
        1 / 0  # noqa: B018
    assert current_role() == "contactpoint_web"
    assert last_event().kind == EventKind.LOG_READ, "nobody can tell how much was read before it failed"


def test_reading_in_a_transaction_is_refused_before_anything_is_recorded(auditor: User) -> None:
    """It could be rolled back, and the record of it with it."""
    actor = factories.actor_for(auditor)
    with transaction.atomic(), pytest.raises(InTransactionError), reading(actor):
        pytest.fail("the log could be read")
    assert events(kind=EventKind.LOG_READ) == []


@pytest.mark.parametrize("table", ["registry_child", "access_user", "access_session", "search.child_token"])
def test_nothing_but_the_log_is_read_within(auditor: User, table: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        reading(factories.actor_for(auditor)),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"select from {table}")


def test_query_evaluated_after_the_block_shows_nothing(auditor: User) -> None:
    with reading(factories.actor_for(auditor)):
        late = Event.objects.all()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(late)


def test_reader_sees_nothing_where_no_reading_is_recorded(auditor: User) -> None:
    record_first(EventKind.ACCESS_REFUSED, actor=factories.actor_for(auditor))
    with acting_as("contactpoint_reader"):
        assert Event.objects.count() == 0


def test_reader_sees_nothing_where_another_event_is_shown(auditor: User) -> None:
    other = record_first(EventKind.ACCESS_REFUSED, actor=factories.actor_for(auditor))
    with other.shown(), acting_as("contactpoint_reader"):
        assert Event.objects.count() == 0


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MEDIATOR, Role.ADMINISTRATOR])
def test_nobody_but_an_auditor_reads(as_owner: OwnerContext, role: Role) -> None:
    with as_owner():
        person = factories.user(role=role)
    with pytest.raises(NoLiveSessionError), reading(factories.actor_for(person)):
        pytest.fail("the log could be read")
    assert current_role() == "contactpoint_web"


def test_process_reads_nothing(db: None) -> None:
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.LOG_READ, actor=Process("tests"))
