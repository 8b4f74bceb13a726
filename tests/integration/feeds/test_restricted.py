"""Whose whereabouts a supplier keeps back is protected from the first row on, by whatever way it came."""

from datetime import date

import pytest
from django.utils import timezone

from audit.events import EventKind
from audit.reasons import ShieldLifting
from feeds.models import BatchState, Supplier, VerdictKind
from registry.models import Child, Shield
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.sending import ALIKE, AMINA, NOBODY, child_of, decide, matches, outcomes, take
from tests.integration.registry.people import AddChildren, Town, address, draft
from tests.integration.registry.shielding import file_shielded
from tests.log import events

RESTRICTED = {**AMINA, "restricted": "yes"}


def shielded() -> list[int]:
    """Whose shield is in force, and not because another child's is."""
    with as_worker():
        in_force = Shield.objects.filter(ended_on=None, spread=False)
        return list(in_force.order_by("child").values_list("child_id", flat=True))


def asked() -> list[int | None]:
    return [each.child_id for each in events(kind=EventKind.SHIELD_ASKED)]


def lift_shields(town: Town) -> None:
    """As two people do who decide that they are not needed."""
    by_two = {"lift_asked_by": town.teacher, "lift_asked_at": timezone.now(), "lifted_by": town.colleague}
    with as_worker():
        Shield.objects.update(ended_on=factories.today(), lift_reason=ShieldLifting.RISK_OVER, **by_two)


def test_who_is_linked_is_protected_in_the_name_of_the_feed(child: Child, health: Supplier) -> None:
    batch = take(health, RESTRICTED)
    assert outcomes(batch) == [(2, "linked", "")]
    assert shielded() == asked() == [child.pk]
    (event,) = events(kind=EventKind.SHIELD_ASKED)
    assert (event.process, event.actor_id) == ("feeds", None)
    assert (event.organisation_id, event.authority_id) == (health.organisation_id, health.organisation_id)


def test_who_is_new_is_protected(health: Supplier) -> None:
    batch = take(health, {**NOBODY, "restricted": "yes"})
    assert outcomes(batch) == [(2, "created", "")]
    assert shielded() == asked() == [child_of(batch, 2)]


def test_who_is_told_of_as_before_is_protected_where_nobody_ever_was_asked(child: Child, health: Supplier) -> None:
    take(health, RESTRICTED)
    with as_owner_here():
        Shield.objects.all().delete()
    batch = take(health, RESTRICTED, NOBODY)
    assert (batch.linked, batch.unchanged) == (1, 1)
    assert shielded() == [child.pk]


def test_whoever_may_be_meant_the_child_of_that_number_is_protected(child: Child, health: Supplier) -> None:
    take(health, AMINA)
    batch = take(health, {**RESTRICTED, "given": "Zara", "date_of_birth": "2012-01-30"})
    assert [outcome for _line, outcome, _code in outcomes(batch)] == ["queued"]
    assert shielded() == asked() == [child.pk]


def test_nobody_is_protected_because_a_row_may_be_about_them(child: Child, health: Supplier) -> None:
    batch = take(health, {**ALIKE, "restricted": "yes"})
    assert shielded() == []
    decide(*matches(batch), VerdictKind.SAME)
    assert shielded() == asked() == [child.pk]


def test_who_lives_with_them_is_protected_too(child: Child, health: Supplier, town: Town, add: AddChildren) -> None:
    sister = {"given": "Zara", "family": "Malik", "date_of_birth": date(2012, 1, 30)}
    together, apart = add(draft(town, **sister), draft(town, **sister, addresses=(address("OL1 2CD"),)))
    take(health, RESTRICTED)
    file_shielded()
    assert [each.child_id for each in events(kind=EventKind.SHIELD_SPREAD)] == [together.pk]
    assert shielded() == [child.pk]
    with as_worker():
        assert not Shield.objects.filter(child=apart).exists()


def test_it_is_asked_once_however_often_it_is_said(child: Child, health: Supplier) -> None:
    take(health, RESTRICTED)
    for rows in ([RESTRICTED, NOBODY], [{**RESTRICTED, "postcode": "M33 5XY"}]):
        assert take(health, *rows).state == BatchState.DONE
    assert shielded() == asked() == [child.pk]


def test_what_people_decided_stands_until_it_is_kept_back_anew(child: Child, health: Supplier, town: Town) -> None:
    """Also where something else is said of the child: no program takes back what two people decided."""
    take(health, RESTRICTED)
    lift_shields(town)
    take(health, RESTRICTED, NOBODY)
    moved = {**RESTRICTED, "postcode": "M33 5XY"}
    take(health, moved)
    assert shielded() == []
    take(health, {**moved, "restricted": "no"})
    assert shielded() == []
    take(health, moved, NOBODY)
    assert shielded() == [child.pk]


@pytest.mark.parametrize("closed", ["archived", "severed"])
def test_a_closed_record_is_not_protected(child: Child, health: Supplier, closed: str) -> None:
    batch = take(health, {**ALIKE, "restricted": "yes"})
    with as_worker():
        Child.objects.filter(pk=child.pk).update(**{closed: True})
    decide(*matches(batch), VerdictKind.SAME)
    assert outcomes(batch) == [(2, "linked", "")]
    assert shielded() == asked() == []
