"""What is reported in the demonstration: two things, once, of children who are not shielded."""

from datetime import date

import pytest

from audit.reported import ReportedPart
from registry.demonstration import reports as demonstration
from registry.models import Report
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, stranger
from tests.integration.registry.reporting import build_counter, look_up_sources

pytestmark = pytest.mark.usefixtures("own_database")


def test_it_is_there_once_and_can_be_answered(town: Town, add: AddChildren) -> None:
    protected, child, other = add(stranger(town, shielded_since=date(2026, 1, 5)), stranger(town), stranger(town))
    with as_owner_here():
        for _ in range(2):
            made = demonstration.make(town.authority)
        counter = build_counter(town, child)
        assert Report.objects.count() == 2
    assert [(each.part, each.child_id) for each in made] == [
        (ReportedPart.ADDRESS, child.pk),
        (ReportedPart.SCHOOL, other.pk),
    ]
    assert look_up_sources() == 2
    assert counter.listed() == [each.pk for each in made]
    (who,) = counter.read(made[0]).informants
    assert who.organisation in (town.authority, town.school)
    counter.answer(made[0])
    assert counter.listed() == [made[1].pk]
    assert protected.pk not in {each.child_id for each in made}
