"""A past that is filled in: sealed and believed where it comes first, found out where it does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from audit import sequencer
from audit.actors import Actor
from audit.events import EventKind
from audit.filling import (
    LogInUseError,
    NotWrittenError,
    Past,
    PastWriter,
    check_not_in_use,
    fill,
    make_months,
    move_back,
)
from audit.models import Event
from audit.recorder import About
from contactpoint.local import servers as local_servers
from tests.integration.audit.sealing import connected, keys, raised, write
from transparency.exports import Export
from transparency.findings import Kind
from transparency.publication import Directory
from transparency.verify import Report, verify

BEGIN = datetime(2024, 2, 29, 23, 59, 59, 999_999, UTC)
GUARDS = """
    SELECT pg_get_expr(relpartbound, oid), relrowsecurity AND relforcerowsecurity,
        (SELECT count(*) FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal)
    FROM pg_class WHERE relispartition AND relkind = 'r' AND relname ~ '^audit_event_' ORDER BY relname
"""


@pytest.fixture
def owner(cluster: local_servers.Servers, log: str) -> Iterator[str]:
    """The log, as its owner fills it."""
    with connected(cluster.database_address("owner", log)):
        yield log


def past(*, after: timedelta = timedelta(), **about: object) -> Past:
    actor = Actor(
        user_id=7,
        role="practitioner",
        organisation_id=3,
        authority_id=2,
        session_id=11,
        request_id=UUID(int=5),
        session_key="",
    )
    told = About(**({"child_id": 4, "reason": "s47"} | about))  # type: ignore[arg-type]
    return Past(at=BEGIN + after, kind=EventKind.CHILD_OPENED, actor=actor, about=told)


def judged(cluster: local_servers.Servers, log: str, tmp_path: Path, publication: Directory) -> Report:
    """What somebody with an export, the publication and the keys finds, once all is sealed."""
    with connected(cluster.database_address("sequencer", log)):
        sequencer.seal()
        call_command("export_log", str(tmp_path / "export"))
    with (tmp_path / "export").open("rb") as lines:
        return verify([Export("export", lines)], publication, {}, keys())


def test_what_filled_the_registry_goes_before_a_past_and_all_of_it_holds(
    owner: str, cluster: local_servers.Servers, tmp_path: Path, publication: Directory
) -> None:
    with connected(cluster.database_address("worker", owner)):
        write(30, in_one=5)
    before = list(Event.objects.order_by("id"))
    move_back(BEGIN - timedelta(hours=1))
    make_months(BEGIN, BEGIN + timedelta(days=40))
    writer = PastWriter(uuid4())
    written = fill([(past(after=timedelta(days=each)), writer) for each in range(40)])

    moved = {event.pk: event for event in Event.objects.exclude(pk__in=written)}
    assert max(event.at for event in moved.values()) <= BEGIN - timedelta(hours=1)
    assert [event.kind for event in moved.values() if event.pk not in {each.pk for each in before}] == [
        "log.maintained"
    ]
    for one, other in pairwise(before):
        assert moved[other.pk].at - moved[one.pk].at == other.at - one.at
    assert [event.at for event in Event.objects.filter(pk__in=written).order_by("id")] == [
        BEGIN + timedelta(days=each) for each in range(40)
    ]
    report = judged(cluster, owner, tmp_path, publication)
    assert report.findings == ()
    assert raised(cluster, owner) == {}


def test_a_past_behind_the_present_is_found(
    owner: str, cluster: local_servers.Servers, tmp_path: Path, publication: Directory
) -> None:
    with connected(cluster.database_address("worker", owner)):
        write(2)
    make_months(BEGIN, BEGIN)
    fill([(past(), PastWriter(uuid4()))])
    report = judged(cluster, owner, tmp_path, publication)
    assert [finding.kind for finding in report.findings] == [Kind.BACK_DATED]


def test_a_log_in_use_is_left_alone(owner: str, cluster: local_servers.Servers, publication: Directory) -> None:
    check_not_in_use()
    make_months(BEGIN, BEGIN)
    fill([(past(), PastWriter(uuid4()))])
    with pytest.raises(LogInUseError, match="what people did"):
        move_back(BEGIN)
    assert not Event.objects.filter(kind=EventKind.LOG_MAINTAINED).exists()


def test_a_log_whose_beginning_is_sealed_is_left_alone(
    owner: str, cluster: local_servers.Servers, publication: Directory
) -> None:
    with connected(cluster.database_address("sequencer", owner)):
        write(1)
        sequencer.seal()
    with pytest.raises(LogInUseError, match="sealed"):
        move_back(BEGIN)


@pytest.mark.parametrize("broken", [{"child_id": None}, {"reason": ""}, {"reason": "a|b"}])
def test_rules_of_the_log_hold_for_the_past(owner: str, broken: dict[str, object]) -> None:
    make_months(BEGIN, BEGIN)
    with pytest.raises(NotWrittenError):
        fill([(past(), PastWriter(uuid4())), (past(**broken), PastWriter(uuid4()))])
    assert not Event.objects.exists()


@pytest.mark.parametrize("role", ["web", "worker", "sequencer", "sign_in"])
def test_nobody_who_serves_writes_a_past_or_makes_room_for_it(
    cluster: local_servers.Servers, log: str, role: str
) -> None:
    with connected(cluster.database_address(role, log)):
        with pytest.raises(ProgrammingError, match="permission denied"):
            make_months(BEGIN, BEGIN)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute("INSERT INTO audit_event DEFAULT VALUES")


def test_months_of_the_past_are_guarded_as_those_ahead_are(owner: str) -> None:
    """By the calendar of UTC, in winter and in summer, each once."""
    make_months(BEGIN, BEGIN + timedelta(days=200))
    make_months(BEGIN, BEGIN + timedelta(days=200))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(GUARDS)
        months = cursor.fetchall()
    assert len({guards for *_, guards in months}) == 1, "as many triggers as those made ahead of time"
    assert all(secured for _, secured, _ in months)
    assert [bounds for bounds, _, _ in months][:7] == [
        f"FOR VALUES FROM ('2024-0{month}-01 00:00:00+00') TO ('2024-0{month + 1}-01 00:00:00+00')"
        for month in range(2, 9)
    ]
