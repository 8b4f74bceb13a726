"""A batch loses nothing and invents nobody: every row has an outcome, and nothing is done twice."""

from dataclasses import replace
from unittest import mock

import psycopg
import pytest

from audit.events import EventKind
from contactpoint.local.servers import Servers
from feeds.models import Batch, BatchState, Chunk, TakenBack
from feeds.rows import Fault
from feeds.worker import taking_in, waiting
from feeds.worker.applying import Applying
from feeds.worker.receiving import SentBeforeError
from registry.models import Child, ChildName, Guardian, Involvement
from registry.values import Provenance
from registry.vocabulary import NameKind, Service, Source
from tests.conftest import as_worker
from tests.integration.feeds import sending
from tests.integration.feeds.sending import AMINA, NOBODY, child_of, outcomes, send, supplier, take, values
from tests.integration.registry.people import BORN, NHS_NUMBER, Town, involvement
from tests.integration.registry.visiting import Visitor, text_of
from tests.log import events

CENSUS = [
    AMINA,
    NOBODY,
    {**NOBODY, "key": "N2", "date_of_birth": "0023-01-01"},
    {**NOBODY, "key": "N1", "given": "Tomek"},
]


def counts(batch: Batch) -> dict[str, int]:
    return {name: getattr(batch, name) for name in ("rows", "linked", "created", "queued", "refused")}


def _record_involvement(town: Town, child_id: int) -> None:
    details = replace(involvement(town.school, Service.SCHOOL), provenance=Provenance(Source.PRACTITIONER, BORN))
    with as_worker():
        Involvement.objects.create(child=Child.objects.get(pk=child_id), details=details)


def children() -> int:
    with as_worker():
        return Child.objects.count()


def test_a_check_says_what_would_become_of_each_row_and_changes_nothing(
    child: Child, census: "sending.Supplier"
) -> None:
    batch = send(census, *CENSUS)
    assert batch.state == BatchState.CHECKED
    assert counts(batch) == {"rows": 4, "linked": 1, "created": 1, "queued": 0, "refused": 2}
    assert children() == 1
    assert outcomes(batch) == []
    (event,) = events(kind=EventKind.BATCH_CHECKED)
    assert event.fields == [f"batch.{batch.pk}"]


def test_every_row_ends_linked_created_queued_or_refused(child: Child, census: "sending.Supplier") -> None:
    batch = take(census, *CENSUS)
    assert batch.state == BatchState.DONE
    assert counts(batch) == {"rows": 4, "linked": 1, "created": 1, "queued": 0, "refused": 2}
    assert [(outcome, code) for _line, outcome, code in outcomes(batch)] == [
        ("linked", ""),
        ("created", ""),
        ("refused", Fault.DATE),
        ("refused", Fault.TWICE),
    ]
    assert child_of(batch, 2) == child.pk
    assert children() == 2
    assert [each.child_id for each in events(kind=EventKind.CHILD_CHANGED)] == [child.pk]


def test_nothing_of_what_was_sent_stays_once_it_is_taken_in(child: Child, census: "sending.Supplier") -> None:
    take(census, *CENSUS)
    with as_worker():
        assert not Chunk.objects.exists()


def test_who_is_created_is_found_at_once(child: Child, census: "sending.Supplier", town: Town) -> None:
    take(census, NOBODY)
    typed = {"given_name": "Tomasz", "family_name": "Wisniewski"}
    born = {"date_of_birth_day": "21", "date_of_birth_month": "11", "date_of_birth_year": "2016"}
    page = text_of(Visitor(town.teacher).search(**typed, **born))
    assert "Tomasz Wisniewski" in page


def test_to_send_it_again_changes_nothing(child: Child, census: "sending.Supplier") -> None:
    take(census, *CENSUS)
    with pytest.raises(SentBeforeError):
        send(census, *CENSUS)
    again = take(census, AMINA, NOBODY)
    assert (again.linked, again.unchanged, again.created) == (2, 2, 0)
    assert len(events(kind=EventKind.CHILD_CHANGED)) == 1


def test_a_new_address_moves_the_old_one_back(child: Child, census: "sending.Supplier") -> None:
    take(census, {**AMINA, "address_1": "3 Elm Close", "town": "Oldham", "postcode": "OL1 2CD"})
    present, *earlier = values(child.pk).addresses
    assert present.postal is not None
    assert (present.postal.postcode, present.provenance.source) == ("OL1 2CD", Source.SCHOOL_CENSUS)
    assert "M33 4AB" in {each.postal.postcode for each in earlier if each.postal}


def test_killed_after_any_block_it_ends_the_same(
    child: Child, census: "sending.Supplier", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row in a block of its own, and a crash within each of them in turn."""
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 1)
    batch = send(census, *CENSUS)
    apply = Applying.apply
    for crashing in range(4):
        calls = iter(range(10))

        def dying(self: Applying, *blocks: object, calls: object = calls, at: int = crashing) -> object:
            done = apply(self, *blocks)  # type: ignore[arg-type]
            if next(calls) == min(at, 1):  # type: ignore[call-overload]
                raise KeyboardInterrupt
            return done

        with mock.patch.object(Applying, "apply", dying), pytest.raises(KeyboardInterrupt):
            sending.let_in(batch)
        batch = sending.again(batch.pk)
        assert batch.reached == crashing
    batch = sending.let_in(batch)
    assert batch.state == BatchState.DONE
    assert counts(batch) == {"rows": 4, "linked": 1, "created": 1, "queued": 0, "refused": 2}
    assert (batch.read, batch.holds, batch.ages) == (3, {"gender": 3, "postcode": 3}, {"half": 3})
    assert children() == 2


def test_taken_back_the_record_says_what_it_said(child: Child, census: "sending.Supplier") -> None:
    before = values(child.pk)
    batch = take(census, {**AMINA, "family": "Malik-Hussain", "postcode": "M33 5XY"}, NOBODY)
    assert values(child.pk) != before
    batch = sending.take_back(batch)
    assert batch.state == BatchState.UNDONE
    assert values(child.pk) == before
    assert sending.said_of(child.pk) == []
    with as_worker():
        (made,) = Child.objects.exclude(pk=child.pk)
    assert made.archived


def test_taken_back_what_was_said_before_is_said_again(child: Child, census: "sending.Supplier") -> None:
    take(census, AMINA)
    before = values(child.pk)
    batch = take(census, {**AMINA, "postcode": "M33 5XY"})
    assert sending.said_of(child.pk) == [(Source.SCHOOL_CENSUS, False), (Source.SCHOOL_CENSUS, True)]
    sending.take_back(batch)
    assert values(child.pk) == before
    assert sending.said_of(child.pk) == [(Source.SCHOOL_CENSUS, True)]


def test_what_somebody_recorded_meanwhile_keeps_a_record(census: "sending.Supplier", town: Town) -> None:
    batch = take(census, NOBODY)
    made = child_of(batch, 2)
    assert made is not None
    _record_involvement(town, made)
    batch = sending.take_back(batch)
    assert sending.taken_back(batch) == [TakenBack.KEPT]
    with as_worker():
        assert not Child.objects.get(pk=made).archived


def test_a_batch_far_from_usual_waits_for_a_person(town: Town, child: Child) -> None:
    by_itself = supplier(town.authority, asks=False, usual_linked=1000)
    assert send(by_itself, AMINA).state == BatchState.COMMITTED
    sending.work()
    unusual = send(by_itself, NOBODY, {**NOBODY, "key": "N9", "given": "Ola", "date_of_birth": "2015-01-17"})
    assert (unusual.state, unusual.unusual) == (BatchState.CHECKED, True)


def test_a_supplier_who_is_stopped_halfway_leaves_nothing(
    child: Child, census: "sending.Supplier", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 1)
    before = values(child.pk)
    batch = send(census, {**AMINA, "postcode": "M33 5XY"}, NOBODY)
    apply = Applying.apply

    def stopping(self: Applying, *block: object) -> object:
        done = apply(self, *block)  # type: ignore[arg-type]
        type(census).objects.filter(pk=census.pk).update(stopped_at=timezone.now())
        return done

    with mock.patch.object(Applying, "apply", stopping):
        sending.let_in(batch)
    sending.work()
    batch = sending.again(batch.pk)
    assert (batch.state, batch.fault) == (BatchState.UNDONE, "stopped")
    assert values(child.pk) == before


@pytest.mark.parametrize(
    ("content", "fault", "line"),
    [
        (b"key,given,family,date_of_birth\nA1,Ami", Fault.BROKEN, 2),
        ("key,given,family,date_of_birth\nA1,Zo\xeb,Hussain,2017-04-09\n".encode("latin-1"), Fault.ENCODING, None),
        (b"key,key,family,date_of_birth\nA1,A1,Hussain,2017-04-09\n", Fault.HEADER, 1),
    ],
)
def test_what_spoils_all_of_it_refuses_all_of_it(
    census: "sending.Supplier", content: bytes, fault: Fault, line: int | None
) -> None:
    batch = sending.send_bytes(census, content)
    assert (batch.state, batch.fault) == (BatchState.REFUSED, fault)
    assert line is None or batch.fault_line == line
    with as_worker():
        assert not Chunk.objects.exists()


def test_values_of_a_better_source_stay(town: Town, child: Child, census: "sending.Supplier") -> None:
    health = supplier(town.authority, Source.PERSONAL_DEMOGRAPHICS)
    take(health, {**AMINA, "given": "Aminah", "key": "9", "nhs_number": NHS_NUMBER})
    take(census, {**AMINA, "given": "Amina"})
    (legal,) = (name for kind, name in values(child.pk).names if kind == NameKind.LEGAL)
    assert (legal.given, legal.provenance.source) == ("Aminah", Source.PERSONAL_DEMOGRAPHICS)
    assert len(sending.said_of(child.pk)) == 2


def test_rows_that_say_what_stood_there_keep_their_place(child: Child, census: "sending.Supplier") -> None:
    """Whoever has a guardian of a record in mind finds the same row after."""
    with as_worker():
        before = set(Guardian.objects.filter(child=child).values_list("pk", flat=True))
    take(census, {**AMINA, "known_as_given": "Mimi"})
    with as_worker():
        assert set(Guardian.objects.filter(child=child).values_list("pk", flat=True)) == before
        assert ChildName.objects.filter(child=child).count() == 4


def test_each_feed_is_with_one_process(census: "sending.Supplier", running_servers: Servers, own_database: str) -> None:
    with psycopg.connect(running_servers.database_address("worker", own_database), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [waiting.LOCK + census.pk])
        assert send(census, NOBODY).state == BatchState.RECEIVED
        other.execute("SELECT pg_advisory_unlock(%s)", [waiting.LOCK + census.pk])
    sending.work()
    with as_worker():
        assert Batch.objects.get().state == BatchState.CHECKED
