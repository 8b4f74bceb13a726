"""A doubt waits for whoever answers for the record by now, and for as many people as it needs by now."""

from collections.abc import Callable
from datetime import date

import pytest

from feeds.actions.matches import list_matches
from feeds.models import Match, Supplier, VerdictKind
from feeds.worker.deciding import follow_records
from registry.models import Child
from registry.protection.households import shield_each
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.sending import ALIKE, matches, take, work
from tests.integration.feeds.test_match_pages import links, say
from tests.integration.registry.handing import Border, build_border
from tests.integration.registry.merging import Bureau, build_bureau
from tests.integration.registry.people import AddChildren, Town, draft
from tests.integration.registry.visiting import Visitor, main_of


def border_of(town: Town, child: Child) -> Border:
    with as_owner_here():
        return build_border(town, child)


def hand_over(border: Border) -> None:
    """The record, by the pages, from the town's authority to another."""
    border.offer()
    border.step(border.takes, "accept")


def waiting_for(border: Border) -> tuple[int, int]:
    """How many, for whoever gave the record away and whoever took it over."""
    return len(links(border.gives)), len(links(border.takes))


def follow() -> int:
    with as_worker():
        return follow_records()


def verdicts() -> list[str]:
    with as_worker():
        return list(Match.objects.order_by("pk").values_list("outcome", flat=True))


def test_after_a_hand_over_it_waits_for_who_took_over(child: Child, health: Supplier, town: Town) -> None:
    take(health, ALIKE)
    border = border_of(town, child)
    hand_over(border)
    assert waiting_for(border) == (0, 0)
    assert (follow(), follow()) == (1, 0)
    assert waiting_for(border) == (0, 1)
    say(border.takes, "same")
    assert verdicts() == [VerdictKind.SAME]


def test_of_a_record_under_one_it_waits_for_who_answers_for_that(
    town: Town, add: AddChildren, health: Supplier
) -> None:
    stays, under = add(draft(town), draft(town))
    batch = take(health, {**ALIKE, "given": "Amina"})
    assert {each.child_id for each in matches(batch)} == {stays.pk, under.pk}
    build_bureau(town, stays, under).put_together()
    border = border_of(town, stays)
    hand_over(border)
    assert (follow(), waiting_for(border)) == (2, (0, 2))
    actor = factories.actor_for(border.takes.person)
    assert {each.child_id for each in list_matches(actor=actor)} == {stays.pk}


def test_what_is_decided_stays_with_who_decided_it(child: Child, health: Supplier, town: Town) -> None:
    batch = take(health, ALIKE)
    border = border_of(town, child)
    say(border.gives, "different")
    hand_over(border)
    assert follow() == 0
    work()
    assert [each.authority_id for each in matches(batch)] == [town.authority.pk]


def _shielded(bureau: Bureau) -> None:
    with as_worker():
        shield_each([bureau.two.stays])


def _shielded_below(bureau: Bureau) -> None:
    bureau.put_together()
    with as_worker():
        shield_each([bureau.two.under])


def _archived(bureau: Bureau) -> None:
    with as_worker():
        Child.objects.filter(pk=bureau.two.stays).update(archived=True)


def _severed(bureau: Bureau) -> None:
    with as_worker():
        Child.objects.filter(pk=bureau.two.stays).update(severed=True)


@pytest.mark.parametrize("comes", [_shielded, _shielded_below, _archived, _severed])
def test_what_came_since_the_doubt_arose_makes_it_two_who_decide(
    town: Town, child: Child, add: AddChildren, health: Supplier, comes: Callable[[Bureau], None]
) -> None:
    (other,) = add(draft(town, "Omar", "Khan", date_of_birth=date(2012, 3, 4)))
    bureau = build_bureau(town, child, other)
    take(health, ALIKE)
    first, second = Visitor(bureau.first), Visitor(bureau.second)
    assert "Two people have to agree" not in main_of(first.get(links(first)[0]))
    comes(bureau)
    assert "Two people have to agree" in main_of(first.get(links(first)[0]))
    say(first, "same")
    assert verdicts() == [""]
    say(second, "same")
    assert verdicts() == [VerdictKind.SAME]
