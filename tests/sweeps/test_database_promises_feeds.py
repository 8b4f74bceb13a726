"""Feeds, to an insider with the web role's own login and live sessions: nobody reads what a supplier sent, lets in or
takes back what is not theirs, reads a match without a record of it, or decides alone what needs two.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege
from pytest_django.plugin import DjangoDbBlocker

from audit.actors import Actor
from contactpoint.local.servers import Servers
from feeds.models import MOST_FAILURES, Agreement, Batch, BatchRow, BatchState, Match, RowOutcome, Supplier
from feeds.rows import Row, RowName
from feeds.sealed_stream import seal_part
from registry.models import Child
from registry.protection.households import shield_each
from registry.vocabulary import Source
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import BORN, stranger
from tests.sweeps.attacking import Place, commit_event, confirm, placed, record, refusal, show
from tests.sweeps.severing import NO_EVENT, NOT_THEIRS, administrator, how

TABLES = ("supplier", "bounds", "batch", "chunk", "batchrow", "sourcerecord", "match", "verdict")
Web = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town))
    return int(made[0].pk)


@pytest.fixture
def batch(place: Place) -> int:
    """One that was checked, of a feed that the town's authority keeps."""
    with transaction.atomic(), as_worker():
        supplier, _made = Supplier.objects.get_or_create(
            organisation=place.town.authority, source=Source.SCHOOL_CENSUS, format="table"
        )
        made = Batch.objects.create(
            supplier=supplier,
            checksum=timezone.now().isoformat().encode()[-16:],
            size=10,
            state=BatchState.CHECKED,
            received_at=timezone.now(),
        )
        BatchRow.objects.create(batch=made, place=1, line=9, outcome=RowOutcome.REFUSED, code="date", content="Amina")
    return int(made.pk)


def match(place: Place, batch: int, child: int) -> int:
    with transaction.atomic(), as_worker():
        made = Match.objects.create(
            batch_id=batch,
            place=1,
            child=Child.objects.get(pk=child),
            authority=place.town.authority,
            code="unsure",
            agreement=Agreement(9.5, ()),
            said=Row(line=2, key="1", name=RowName("Amina", "Malik"), date_of_birth=BORN),
        )
    return int(made.pk)


def protect(child: int) -> None:
    with transaction.atomic(), as_worker():
        shield_each([child])


def decide(web: Web, actor: Actor, child: int, which: int, verdict: str, seen: int, **told: object) -> bool:
    values = {"kind": "match.decided", "child_id": child, "fields": [f"match.{which}", verdict], **told}
    record(web, actor, **values)
    ((taken,),) = web.execute("SELECT feeds_match_decide(%s, %s)", [which, seen]).fetchall()
    return bool(taken)


def step(web: Web, actor: Actor, kind: str, batch: int, seen: str = "checked", about: str = "") -> bool:
    record(web, actor, kind=kind, fields=[about or f"batch.{batch}"])
    ((taken,),) = web.execute("SELECT feeds_batch_decide(%s, %s)", [batch, seen]).fetchall()
    return bool(taken)


def begin(web: Web, actor: Actor, supplier: int) -> int:
    record(web, actor, kind="batch.received", fields=[f"supplier.{supplier}"])
    ((made,),) = web.execute("SELECT feeds_batch_begin()").fetchall()
    return int(made)


def part(batch: int, place: int) -> bytes:
    return seal_part(b"key,family,date_of_birth", batch_id=batch, place=place)


def supplier_of(batch: int) -> int:
    with transaction.atomic(), as_worker():
        return int(Batch.objects.get(pk=batch).supplier_id)


def verdict_of(which: int) -> str:
    with transaction.atomic(), as_worker():
        return Match.objects.get(pk=which).outcome


def test_web_role_has_no_right_on_what_suppliers_send_and_say(place: Place) -> None:
    with place.connected() as web:
        for table in TABLES:
            for statement in (
                f"SELECT 1 FROM feeds_{table}",
                f"SELECT xmin, ctid FROM feeds_{table}",
                f"INSERT INTO feeds_{table} DEFAULT VALUES",
                f"UPDATE feeds_{table} SET id = id",
                f"DELETE FROM feeds_{table}",
                f"SELECT last_value FROM feeds_{table}_id_seq",
            ):
                assert isinstance(refusal(web, statement), InsufficientPrivilege), statement


def test_nothing_without_its_event_in_the_same_transaction(place: Place, batch: int, child: int) -> None:
    which = match(place, batch, child)
    actor = administrator(place)
    confirm(place, actor)
    with place.connected() as web:
        commit_event(web, actor, kind="batch.committed", fields=[f"batch.{batch}"])
        commit_event(web, actor, kind="match.decided", child_id=child, fields=[f"match.{which}", "same"])
        commit_event(web, actor, kind="batch.received", fields=[f"supplier.{supplier_of(batch)}"])
        for statement in (
            f"SELECT feeds_batch_decide({batch}, 'checked')",
            f"SELECT feeds_match_decide({which}, 0)",
            "SELECT feeds_batch_begin()",
            "SELECT * FROM feeds_suppliers()",
            "SELECT * FROM feeds_batches(10)",
            f"SELECT * FROM feeds_quality({supplier_of(batch)}, 12)",
            f"SELECT * FROM feeds_bounds_of({supplier_of(batch)})",
            "SELECT * FROM feeds_refused()",
            "SELECT * FROM feeds_matches()",
        ):
            assert refusal(web, statement).sqlstate == NO_EVENT, statement
        ((told,),) = web.execute("SELECT feeds_match_child()").fetchall()
        assert told is None


def test_nobody_decides_about_the_batch_of_another_authority(place: Place, batch: int) -> None:
    stranger_there = administrator(place, elsewhere=True)
    confirm(place, stranger_there)
    with place.connected() as web:
        for kind in ("batch.committed", "batch.undone"):
            assert how(step, web, stranger_there, kind, batch) == NOT_THEIRS
        assert how(begin, web, stranger_there, supplier_of(batch)) == NOT_THEIRS
        event = commit_event(web, stranger_there, kind="batch.listed")
        show(web, stranger_there, event)
        assert batch not in {row[0] for row in web.execute("SELECT id FROM feeds_batches(1000)").fetchall()}
        assert web.execute("SELECT id FROM feeds_batches(1000, %s)", [batch]).fetchall() == []
        web.rollback()
        show(web, stranger_there, commit_event(web, stranger_there, kind="batch.returned", fields=[f"batch.{batch}"]))
        assert web.execute("SELECT * FROM feeds_refused()").fetchall() == []


def test_numbers_of_a_feed_are_told_to_who_keeps_it_and_of_five_decided_rows_how_long_they_waited(
    place: Place, batch: int, child: int
) -> None:
    """Nor by an event of another kind, and never when a single row was decided."""
    feed = supplier_of(batch)
    with transaction.atomic(), as_worker():
        Batch.objects.filter(pk=batch).update(state=BatchState.DONE, begun_at=timezone.now() - timedelta(days=4))
        of = Child.objects.get(pk=child)
        for number in range(1, 6):
            Match.objects.create(
                batch_id=batch,
                place=number,
                child=of,
                authority=place.town.authority,
                code="unsure",
                agreement=Agreement(9.5, ()),
                outcome="same" if number < 5 else "",
                decided_at=timezone.now() - timedelta(days=1) if number < 5 else None,
            )
    keeper, elsewhere = administrator(place), administrator(place, elsewhere=True)
    asked = "SELECT same, different, waiting, waited FROM feeds_quality(%s, 100) WHERE id = %s"
    with place.connected() as web:
        show(web, elsewhere, commit_event(web, elsewhere, kind="batch.listed"))
        assert web.execute("SELECT * FROM feeds_quality(%s, NULL)", [feed]).fetchall() == []
        assert web.execute("SELECT * FROM feeds_quality(NULL, 100)").fetchall() == []
        web.rollback()
        show(web, keeper, commit_event(web, keeper, kind="match.listed"))
        assert refusal(web, asked, feed, batch).sqlstate == NO_EVENT
        show(web, keeper, commit_event(web, keeper, kind="batch.listed"))
        assert web.execute(asked, [feed, batch]).fetchall() == [(4, 0, 1, None)]
        web.rollback()
        with transaction.atomic(), as_worker():
            Match.objects.filter(batch=batch, outcome="").update(outcome="different", decided_at=timezone.now())
        show(web, keeper, commit_event(web, keeper, kind="batch.listed"))
        ((same, different, waiting, waited),) = web.execute(asked, [feed, batch]).fetchall()
        assert (same, different, waiting, waited.days) == (4, 1, 0, 3)


def test_a_batch_is_let_in_by_the_event_that_names_it_and_once(place: Place, batch: int) -> None:
    actor = administrator(place)
    confirm(place, actor)
    with place.connected() as web:
        assert how(step, web, actor, "batch.committed", batch, "checked", f"batch.{batch + 1}") == NO_EVENT
        assert not step(web, actor, "batch.committed", batch, "done")
        web.rollback()
        assert step(web, actor, "batch.committed", batch)
        web.commit()
        assert not step(web, actor, "batch.committed", batch)
        assert not step(web, actor, "batch.committed", batch, "committed")
        web.rollback()


@pytest.mark.parametrize(
    ("state", "failures", "taken"),
    [
        (BatchState.RECEIVED, 0, ["batch.undone"]),
        (BatchState.CHECKED, 0, ["batch.committed", "batch.undone"]),
        (BatchState.COMMITTED, 0, ["batch.undone"]),
        (BatchState.DONE, 0, ["batch.undone"]),
        (BatchState.UNDOING, 0, []),
        (BatchState.UNDOING, 1, ["batch.undone"]),
        (BatchState.UNDONE, 1, []),
        (BatchState.REFUSED, 1, []),
    ],
)
def test_a_step_is_taken_only_with_a_batch_that_stands_where_it_begins(
    place: Place, batch: int, state: BatchState, failures: int, taken: list[str]
) -> None:
    """What is being taken back is begun again only where the worker could not go on."""
    with transaction.atomic(), as_worker():
        Batch.objects.filter(pk=batch).update(state=state, failures=failures)
    actor = administrator(place)
    confirm(place, actor)
    with place.connected() as web:
        for kind in ("batch.committed", "batch.undone"):
            assert not any(step(web, actor, kind, batch, other) for other in BatchState if other != state)
            assert step(web, actor, kind, batch, state) is (kind in taken)
            web.rollback()


def test_to_begin_again_is_to_be_tried_again(place: Place, batch: int) -> None:
    with transaction.atomic(), as_worker():
        Batch.objects.filter(pk=batch).update(state=BatchState.UNDOING, failures=MOST_FAILURES)
    actor = administrator(place)
    confirm(place, actor)
    with place.connected() as web:
        assert step(web, actor, "batch.undone", batch, "undoing")
        web.commit()
        assert not step(web, actor, "batch.undone", batch, "undoing")
        web.rollback()
    with transaction.atomic(), as_worker():
        assert Batch.objects.values_list("state", "failures").get(pk=batch) == (BatchState.UNDOING, 0)


def test_nothing_is_let_in_of_a_supplier_who_is_stopped(place: Place, batch: int) -> None:
    actor = administrator(place)
    confirm(place, actor)
    with transaction.atomic(), as_worker():
        Supplier.objects.filter(pk=supplier_of(batch)).update(stopped_at=timezone.now())
    with place.connected() as web:
        assert not step(web, actor, "batch.committed", batch)
        web.rollback()
        assert step(web, actor, "batch.undone", batch)
        web.rollback()
    with transaction.atomic(), as_worker():
        Supplier.objects.filter(pk=supplier_of(batch)).update(stopped_at=None)


def test_letting_in_and_taking_back_want_a_fresh_second_factor(place: Place, batch: int) -> None:
    actor = administrator(place)
    confirm(place, actor, "10 minutes")
    with place.connected() as web:
        for kind in ("batch.committed", "batch.undone"):
            assert how(step, web, actor, kind, batch) is not None


def test_no_part_is_added_to_what_another_transaction_began(place: Place, batch: int) -> None:
    actor = administrator(place)
    with place.connected() as web:
        made = begin(web, actor, supplier_of(batch))
        web.execute("SELECT feeds_batch_part(%s, 0, %s)", [made, part(made, 0)])
        web.execute("SELECT feeds_batch_end(%s, %s, 7)", [made, bytes(16)])
        web.commit()
        for of in (made, batch):
            record(web, actor, kind="batch.received", fields=[f"supplier.{supplier_of(batch)}"])
            assert refusal(web, "SELECT feeds_batch_part(%s, 1, %s)", of, part(of, 1)).sqlstate == NOT_THEIRS
            record(web, actor, kind="batch.received", fields=[f"supplier.{supplier_of(batch)}"])
            assert refusal(web, "SELECT feeds_batch_end(%s, %s, 9)", of, bytes(16)).sqlstate == NOT_THEIRS


def test_the_same_is_not_taken_twice(place: Place, batch: int) -> None:
    actor = administrator(place)
    with place.connected() as web:
        ends = []
        for _ in range(2):
            made = begin(web, actor, supplier_of(batch))
            ((new,),) = web.execute("SELECT feeds_batch_end(%s, %s, 7)", [made, b"of one checksum."]).fetchall()
            ends.append(new)
            web.commit() if new else web.rollback()
        assert ends == [True, False]


def test_a_match_is_read_after_the_event_that_names_it_and_its_child(place: Place, batch: int, child: int) -> None:
    which = match(place, batch, child)
    actor, elsewhere = administrator(place), administrator(place, elsewhere=True)
    with place.connected() as web:
        for who, told in (
            (actor, {"kind": "match.listed"}),
            (actor, {"kind": "match.read", "child_id": child, "fields": [f"match.{which + 1}"]}),
            (actor, {"kind": "match.read", "child_id": child + 1, "fields": [f"match.{which}"]}),
            (elsewhere, {"kind": "match.read", "child_id": child, "fields": [f"match.{which}"]}),
        ):
            show(web, who, commit_event(web, who, **told))
            told_of_it = web.execute("SELECT said FROM feeds_matches() WHERE id = %s", [which]).fetchall()
            assert all(said is None for (said,) in told_of_it)
            if told["kind"] == "match.read":
                assert web.execute("SELECT feeds_match_child()").fetchall() == [(None,)]
            web.rollback()
        show(web, actor, commit_event(web, actor, kind="match.read", child_id=child, fields=[f"match.{which}"]))
        ((said,),) = web.execute("SELECT said FROM feeds_matches()").fetchall()
        ((beside,),) = web.execute("SELECT feeds_match_child()").fetchall()
        assert said is not None
        assert beside["child"]["id"] == child


def test_nobody_decides_about_a_match_of_another_authority_or_child(place: Place, batch: int, child: int) -> None:
    which = match(place, batch, child)
    with place.connected() as web:
        elsewhere, actor = administrator(place, elsewhere=True), administrator(place)
        assert how(decide, web, elsewhere, child, which, "same", 0) == NOT_THEIRS
        assert how(decide, web, actor, child + 1, which, "same", 0) == NOT_THEIRS
        assert how(decide, web, actor, child, which, "yes", 0) == NO_EVENT
        assert not decide(web, actor, child, which, "same", 1)
        web.rollback()
        assert decide(web, actor, child, which, "same", 0)
        web.commit()
    assert verdict_of(which) == "same"


def test_two_decide_about_a_shielded_child_and_nobody_twice(place: Place, batch: int, child: int) -> None:
    which = match(place, batch, child)
    protect(child)
    one, other = administrator(place), administrator(place)
    with place.connected() as web:
        for seen in range(2):
            assert decide(web, one, child, which, "same", seen)
            web.commit()
            assert verdict_of(which) == ""
        assert decide(web, other, child, which, "same", 2)
        web.commit()
    assert verdict_of(which) == "same"


def test_where_two_differ_a_third_is_asked(place: Place, batch: int, child: int) -> None:
    which = match(place, batch, child)
    protect(child)
    with place.connected() as web:
        for seen, verdict in enumerate(("same", "different", "unsure", "same")):
            assert decide(web, administrator(place), child, which, verdict, seen)
            web.commit()
            assert verdict_of(which) == ""
        assert decide(web, administrator(place), child, which, "same", 4)
        web.commit()
    assert verdict_of(which) == "same"


def test_a_step_that_is_rolled_back_was_not_taken(place: Place, batch: int, child: int) -> None:
    which = match(place, batch, child)
    actor = administrator(place)
    with place.connected() as web:
        assert decide(web, actor, child, which, "same", 0)
        web.rollback()
    assert verdict_of(which) == ""
