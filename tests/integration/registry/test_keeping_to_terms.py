"""A record passes into the archive, where nobody finds it, and is gone six years later, in every table."""

import re
from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from audit.events import EventKind
from audit.recorder import About, record
from contactpoint.local.state import PROJECT
from encryption.errors import KeyMissingError
from encryption.seal import cohort_of_sealed
from registry.models import Child, ChildNumber, ChildTraits
from registry.models.child import ChildRow
from registry.policies.records import child_to_keep
from registry.search.index.filing import living
from registry.search.index.rebuilding import file_block
from registry.worker import retention, severing
from registry.worker.refiling import file_anew
from registry.worker.resealing import ROWS, seal_alike
from registry.worker.retention import ClockWrongError, Kept
from tests.acting import acting_as
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import BORN, AddChildren, Town, draft, full_draft
from tests.integration.registry.severing import build_desk
from tests.integration.registry.shielding import build_office, file_shielded
from tests.integration.registry.visiting import Visitor, text_of
from tests.log import events

GROWN_UP = date(BORN.year + 18, BORN.month, BORN.day)
OVER = date(BORN.year + 24, BORN.month, BORN.day)
OF_A_CHILD = """
    SELECT format('%s.%s', child.conrelid::regclass, a.attname), child.conrelid::regclass::text, a.attname
    FROM pg_constraint AS child JOIN pg_attribute AS a ON a.attrelid = child.conrelid AND a.attnum = child.conkey[1]
    WHERE child.contype = 'f' AND child.confrelid = 'registry_child'::regclass
"""


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


@pytest.fixture
def teacher(town: Town) -> Visitor:
    return Visitor(town.teacher)


def keep(today: date | None) -> Kept:
    with as_worker():
        return retention.keep_to_terms(today)


def rows_beside(child: Child) -> list[ChildRow]:
    return [row for model in ROWS for row in model.objects.filter(child=child.pk).order_by("pk")]


def cohorts_beside(child: Child) -> set[str | None]:
    return {cohort_of_sealed(row.details.stored) for row in rows_beside(child)}


def said_beside(child: Child) -> list[object]:
    return [row.details.open() for row in rows_beside(child)]


def rows_of(child_id: int) -> dict[str, int]:
    """How many rows of each table that points to children are the child's."""
    counted = {}
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(OF_A_CHILD)
        for name, table, column in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [child_id])
            counted[name] = cursor.fetchone()[0]
    return counted


@pytest.fixture
def full_life(town: Town, child: Child) -> Child:
    """A child of whom a new identity was asked for and approved, and who is shielded for it."""
    with as_owner_here():
        office = build_office(town, child)
    desk = build_desk(office)
    desk.ask()
    file_shielded()
    desk.approve()
    return child


def test_nothing_happens_the_day_before(child: Child, teacher: Visitor) -> None:
    assert keep(GROWN_UP - timedelta(days=1)) == Kept()
    assert teacher.opened()


def test_who_has_grown_up_is_found_and_opened_by_nobody(child: Child, teacher: Visitor) -> None:
    reference = teacher.opened()
    assert keep(GROWN_UP) == Kept(archived=1)
    assert "/record/" not in text_of(teacher.search())
    with as_worker():
        number = Child.objects.get(pk=child.pk).number.open()
    assert "/record/" not in text_of(teacher.search(number=number))
    for name in ("open_record", "record", "record_involvement", "ask_shield"):
        assert teacher.get(reverse(name, args=[reference])).status_code == 404, name
    assert teacher.browser.post(reverse("open_record", args=[reference]), {"reason": "safeguarding"}).status_code == 404
    assert "Amina" not in text_of(teacher.get(reverse("lately")))
    with as_worker():
        assert Child.objects.get(pk=child.pk).archived


def test_the_archive_is_told_in_the_log_of_the_authority_and_once(town: Town, child: Child) -> None:
    keep(GROWN_UP)
    assert keep(GROWN_UP + timedelta(days=1)) == Kept()
    (event,) = events(kind=EventKind.CHILD_ARCHIVED)
    assert (event.child_id, event.process, event.authority_id) == (child.pk, "retention", town.authority.pk)


def test_a_year_after_death_is_enough(child: Child) -> None:
    died = date(2026, 3, 1)
    with as_worker():
        known = Child.objects.get(pk=child.pk)
        known.date_of_death = died
        known.save()
    assert keep(date(2027, 2, 28)) == Kept()
    assert keep(date(2027, 3, 1)) == Kept(archived=1)
    assert keep(date(2033, 2, 28)) == Kept()


def test_nothing_brings_it_back_into_search_or_comparison(child: Child, teacher: Visitor) -> None:
    keep(GROWN_UP)
    with as_worker():
        file_anew(child.pk)
        for epoch in living():
            assert file_block(epoch, range(child.pk, child.pk + 1)) == 0
        assert not ChildTraits.objects.filter(child=child.pk).exists()
    assert "/record/" not in text_of(teacher.search())
    with pytest.raises(IntegrityError, match="stays there"), as_worker():
        Child.objects.filter(pk=child.pk).update(archived=False)


def test_after_six_years_nothing_is_left_and_others_stay(town: Town, full_life: Child, add: AddChildren) -> None:
    (other,) = add(draft(town, "Bo", date_of_birth=BORN + timedelta(days=400)))
    before = rows_of(full_life.pk)
    assert {name for name, rows in before.items() if rows} >= {
        f"registry_{table}.child_id"
        for table in (
            *("childname", "childaddress", "childnumber", "guardian", "involvement", "shield", "childsaidby"),
            *("identityrequest",),
        )
    }
    others = rows_of(other.pk)
    keep(GROWN_UP)
    assert keep(OVER - timedelta(days=1)).destroyed == 0
    assert keep(OVER).destroyed == 1
    assert set(rows_of(full_life.pk).values()) == {0}
    with as_worker():
        assert [each.pk for each in Child.objects.all()] == [other.pk]
        assert not ChildNumber.objects.filter(child=full_life.pk).exists(), "of which the owner sees none anyway"
    assert {name: rows for name, rows in rows_of(other.pk).items() if rows} == {
        name: rows for name, rows in others.items() if rows and "trait" not in name
    }
    (event,) = events(kind=EventKind.CHILD_DESTROYED)
    assert (event.child_id, event.authority_id) == (full_life.pk, town.authority.pk)


def test_what_the_worker_was_away_for_is_made_up_for_at_once(child: Child) -> None:
    assert keep(OVER + timedelta(days=800)) == Kept(archived=1, destroyed=1)


def test_nobody_destroys_what_is_not_archived(child: Child) -> None:
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_child WHERE id = %s", [child.pk])
        assert cursor.rowcount == 0
    with as_owner_here(), pytest.raises(IntegrityError, match="archived before"), transaction.atomic():
        Child.objects.filter(pk=child.pk)._raw_delete("default")
    for role in ("contactpoint_web", "contactpoint_examiner", "contactpoint_sequencer", "contactpoint_reader"):
        with pytest.raises(DatabaseError, match="permission denied"), acting_as(role), connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_child WHERE id = %s", [child.pk])


def test_only_those_are_opened_whose_month_it_is(town: Town, child: Child, add: AddChildren) -> None:
    add(*(draft(town, "Bo", date_of_birth=BORN + timedelta(days=31 * each)) for each in range(2, 8)))
    with mock.patch.object(retention, "stage_on", wraps=retention.stage_on) as asked:
        keep(GROWN_UP)
    assert asked.call_count == 1


def test_what_nobody_can_open_is_said_and_left_alone(child: Child) -> None:
    gone = mock.patch.object(retention, "cohort_of_sealed", side_effect=KeyMissingError("gone"))
    with gone, capture_logs() as logs:
        assert keep(OVER) == Kept(unopened=1)
    assert [(each["event"], each["records"]) for each in logs] == [("retention.unopened", 1)]
    with as_worker():
        assert not Child.objects.get(pk=child.pk).archived


def test_one_that_fails_keeps_no_other_from_its_term(town: Town, child: Child, add: AddChildren) -> None:
    others = add(draft(town, "Bo"), draft(town, "Cy"))
    with as_worker():
        Child.objects.filter(pk=child.pk).update(row_version=7)  # as if damaged: it does not open
    with capture_logs() as logs:
        assert keep(GROWN_UP) == Kept(archived=2, failed=1)
    assert [(each["event"], each["child"]) for each in logs] == [("retention.failed", child.pk)]
    assert {event.child_id for event in events(kind=EventKind.CHILD_ARCHIVED)} == {each.pk for each in others}


def test_what_was_sealed_for_a_later_month_is_sealed_with_the_record(child: Child) -> None:
    """With a date of death the record ends earlier: else its names would open when its own key is gone."""
    died = date(2026, 3, 1)
    with as_worker():
        known = Child.objects.get(pk=child.pk)
        known.date_of_death = died
        known.save()
        assert cohorts_beside(child) == {f"{OVER:%Y-%m}"}
        said = said_beside(child)
    keep(date(2027, 3, 1))
    with as_worker():
        assert cohorts_beside(child) == {"2033-03"}
        assert said_beside(child) == said
        versions = [row.row_version for row in rows_beside(child)]
        assert seal_alike([Child.objects.get(pk=child.pk)]) == 0
        assert [row.row_version for row in rows_beside(child)] == versions


def test_nothing_is_done_by_a_clock_that_is_wrong(child: Child) -> None:
    with mock.patch.object(timezone, "localdate", return_value=GROWN_UP):
        with pytest.raises(ClockWrongError, match=f"Here it is {GROWN_UP}"):
            keep(None)
        with as_worker():
            assert not Child.objects.get(pk=child.pk).archived
    assert keep(None) == Kept()


def test_nobody_records_with_a_record_that_was_archived_meanwhile(town: Town, child: Child) -> None:
    actor = town.actor("teacher")
    with child_to_keep(actor, child.pk), connection.cursor() as cursor:
        record(EventKind.INVOLVEMENT_RECORDED, About(child_id=child.pk), actor=actor)
        cursor.execute("SELECT registry_child_to_keep()")
        assert cursor.fetchone() == (child.pk,)
        keep(GROWN_UP)
        cursor.execute("SELECT registry_child_to_keep()")
        assert cursor.fetchone() == (None,)


def test_a_new_identity_that_was_approved_is_made_and_archived_with_the_old_record(full_life: Child) -> None:
    """Of whoever grew up meanwhile: the two records are no more one than any other two."""
    keep(GROWN_UP)
    with as_worker():
        assert severing.sever_approved() == 1
        with mock.patch.object(severing, "is_drawn", return_value=True):
            assert severing.make_drawn() == 1
    assert keep(GROWN_UP + timedelta(days=1)) == Kept(archived=1)
    with as_worker():
        assert set(Child.objects.values_list("severed", "archived")) == {(True, True), (False, True)}


def test_every_table_that_points_to_a_child_is_emptied_of_it(db: None) -> None:
    """By its foreign key, or by name; and what points to these, too."""
    page = (PROJECT / "registry/sql/functions/registry_child_destroyed.sql").read_text()
    named = set(re.findall(r"DELETE FROM public\.(\w+)", page))
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text, confdeltype FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = ANY (%s::regclass[])",
            [["registry_child", *named]],
        )
        pointing = cursor.fetchall()
    # A record points to the one under which it lies: one that is archived to none, and none to it.
    assert {table for table, _to, on_delete in pointing if on_delete == "a"} - {"registry_child"} == named
    assert {table for table, _to, on_delete in pointing if on_delete == "c"} >= {
        "registry_childnumber",
        "registry_childtraits",
        "search.late",
    }


def test_a_key_that_should_be_gone_is_said_each_night(child: Child) -> None:
    with as_worker():
        assert retention.months_due() == []
        with mock.patch.object(retention, "cohort_of", return_value="2027-01"):
            assert retention.months_due()[0] < "2027-01"
