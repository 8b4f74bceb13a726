"""What suppliers sent to the demonstration: the same each time, sent once, and with something of each kind in it."""

from datetime import date

import pytest

from access.models import Organisation
from feeds import demonstration
from feeds.models import Batch, BatchState
from registry.models import Child
from tests.conftest import as_worker
from tests.integration.registry.people import Town

DAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration, "PUPILS", 130)
    monkeypatch.setattr(demonstration, "FAMILIES", 9)


def make(council: Organisation) -> list[tuple[str, int, int]]:
    with as_worker():
        made = demonstration.make(council, seed=2004, generated_on=DAY, today=DAY)
        return [(each.state, each.rows, each.refused) for each in made]


def test_it_is_sent_once(town: Town) -> None:
    """Where nobody of it is on record it is not as usual, and waits to be let in."""
    once = make(town.authority)
    assert once == [(BatchState.CHECKED, 130, 1), (BatchState.CHECKED, 9, 0)]
    with as_worker():
        children = Child.objects.count()
        read = [(each.read, set(each.holds or {})) for each in Batch.objects.order_by("pk")]
    assert read == [(129, {"gender", "postcode", "pupil_number", "guardians", "school"}), (9, {"gender", "postcode"})]
    assert make(town.authority) == once
    with as_worker():
        assert (Batch.objects.count(), Child.objects.count()) == (2, children)


def test_it_is_the_same_each_time() -> None:
    first, again = (list(demonstration.census_of(_homes(), DAY)) for _ in range(2))
    assert first == again
    assert len({row["key"] for row in first}) == 130


def test_every_slip_changes_its_row_and_no_other() -> None:
    one, other = list(demonstration.census_of(_homes(), DAY))[:2]
    before = dict(one), dict(other)
    for slip in demonstration.SLIPS:
        changed = slip(one, other)
        assert changed != one, slip
        assert changed["key"] == one["key"]
    assert (one, other) == before


def _homes() -> demonstration.Homes:
    return demonstration.Homes(2004, DAY)
