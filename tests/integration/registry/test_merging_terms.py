"""Records that lie together pass into the archive together, and none is kept past its own day."""

from datetime import date, timedelta

import pytest

from audit.events import EventKind
from audit.reasons import Reason
from registry.actions.finding import open_record
from registry.models import Child, MergeRequest
from registry.worker import retention
from registry.worker.retention import Kept
from tests.conftest import as_worker
from tests.integration.registry.merging import Bureau, build_bureau, do_approved
from tests.integration.registry.people import BORN, AddChildren, Town, draft, full_draft
from tests.log import events

OLDER = date(BORN.year - 1, BORN.month, BORN.day)
YOUNGER = date(BORN.year + 1, BORN.month, BORN.day)


def grown_up(born: date) -> date:
    return born.replace(year=born.year + 18)


def keep(today: date) -> Kept:
    with as_worker():
        return retention.keep_to_terms(today)


def stands(child: int) -> tuple[bool, int | None] | None:
    """Whether it is archived, and under which it lies; None where it is gone."""
    with as_worker():
        return Child.objects.filter(pk=child).values_list("archived", "merged_into").first()


def together(town: Town, add: AddChildren, born: date) -> Bureau:
    stays, under = add(full_draft(town), draft(town, "Aminah", "Siddiqui", numbers=[], date_of_birth=born))
    bureau = build_bureau(town, stays, under)
    bureau.put_together()
    return bureau


@pytest.mark.parametrize("born", [BORN, YOUNGER])
def test_what_lies_under_a_record_is_archived_with_it(town: Town, add: AddChildren, born: date) -> None:
    two = together(town, add, born).two
    assert keep(grown_up(BORN) - timedelta(days=1)) == Kept()
    assert keep(grown_up(BORN)) == Kept(archived=2)
    assert (stands(two.stays), stands(two.under)) == ((True, None), (True, None))
    assert {each.child_id for each in events(kind=EventKind.CHILD_ARCHIVED)} == {two.stays, two.under}
    (parted,) = events(kind=EventKind.CHILD_PARTED)
    assert parted.child_id == two.stays
    over = born.replace(year=born.year + 24)
    assert keep(BORN.replace(year=BORN.year + 24)).destroyed == 1 + (born == BORN)
    assert stands(two.stays) is None
    keep(over)
    assert stands(two.under) is None
    with as_worker():
        assert not MergeRequest.objects.exists()


def test_what_lies_under_a_record_is_kept_no_longer_than_by_itself(town: Town, add: AddChildren) -> None:
    bureau = together(town, add, OLDER)
    assert keep(grown_up(OLDER)) == Kept(archived=1)
    assert stands(bureau.two.under) == (True, None)
    assert stands(bureau.two.stays) == (False, None)
    # The one goes on alone, and nothing leads to it by what the other said.
    actor = town.actor("social_worker")
    record = open_record(actor=actor, child_id=bureau.two.stays, reason=Reason.SAFEGUARDING)
    assert record.further_numbers == ()
    assert "Siddiqui" not in [name.family for _kind, name in record.names]
    with as_worker():
        summary = Child.objects.get(pk=bureau.two.stays).summary.open()
    assert "Siddiqui" not in [name.family for name in summary.names]
    assert keep(OLDER.replace(year=OLDER.year + 24)).destroyed == 1
    assert stands(bureau.two.under) is None
    assert stands(bureau.two.stays) == (True, None)


def test_what_waits_for_an_archived_record_is_left(town: Town, add: AddChildren) -> None:
    stays, under = add(full_draft(town), draft(town, "Aminah", numbers=[], date_of_birth=OLDER))
    bureau = build_bureau(town, stays, under)
    bureau.asked()
    bureau.approved()
    keep(grown_up(OLDER))
    assert do_approved() == 0
    assert stands(under.pk) == (True, None)
