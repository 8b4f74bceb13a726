"""What of a feed is linked without a person: learnt from decisions, put in force by who keeps it, and taken back."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain, repeat
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from access.models import OrganisationKind, Role
from encryption.errors import KeyMissingError
from feeds.matching import weights
from feeds.matching.comparing import Levels
from feeds.models import Agreement, Batch, BatchState, Bounds, BoundsState, Match, Supplier, VerdictKind
from feeds.rules.bounds import Limits, Moves, Pair, Suggestion, suggestions
from feeds.worker import learning
from feeds.worker.learning import in_force, suggest_all
from registry.models import Child
from registry.views.steps import CHANGED
from tests import ageing, factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.sending import AMINA, send, supplier
from tests.integration.registry.people import Town
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, rows_of, text_of
from tests.log import events

LIST = reverse("batches")
FITS: Levels = (("family", "same"), ("given", "same"), ("born", "same"))
IDENTIFIED: Levels = (*FITS, ("nhs", "same"))
ENOUGH = 3_100
AT_FIRST = weights.current()


def decided(
    feed: Supplier,
    child: Child,
    many: int = ENOUGH,
    *,
    bits: float = 9.5,
    outcome: str = VerdictKind.SAME,
    levels: Levels = FITS,
    code: str = "unsure",
    by: int | None = AT_FIRST.version,
) -> None:
    """A batch of the feed with so many doubtful rows of which people have decided."""
    with as_worker():
        batch = Batch.objects.create(
            supplier=feed,
            checksum=timezone.now().isoformat().encode()[-16:],
            size=1,
            state=BatchState.DONE,
            received_at=timezone.now(),
            weights=by,
        )
        Match.objects.bulk_create(
            Match(
                batch=batch,
                place=place,
                child=child,
                authority_id=child.responsible_authority_id,
                code=code,
                agreement=Agreement(bits, levels),
                outcome=outcome,
                decided_at=timezone.now() if outcome else None,
            )
            for place in range(many)
        )


def suggested(feed: Supplier) -> Bounds | None:
    """What the worker suggests in a night, if it does."""
    with as_worker():
        suggest_all()
        return Bounds.objects.filter(supplier=feed, state=BoundsState.SUGGESTED).first()


def made(feed: Supplier, *, link: float = 9.0, state: str = BoundsState.CONFIRMED, **more: object) -> Bounds:
    with as_owner_here():
        return Bounds.objects.create(
            **{
                "supplier": feed,
                "weights": AT_FIRST.version,
                "link": link,
                "doubt": AT_FIRST.doubt,
                "moves": Moves.LINK,
                "moved_from": AT_FIRST.link,
                "decided": 4_000,
                "against": 0,
                "suggested_at": timezone.now(),
                "state": state,
                "decided_at": None if state == BoundsState.SUGGESTED else timezone.now(),
                **more,
            }
        )


def page_of(visitor: Visitor) -> str:
    found: list[str] = re.findall(r'href="(/batches/bounds/[^"]+)"', text_of(visitor.get(LIST)))
    return found[0]


def press(visitor: Visitor, step: str) -> str:
    """Take the step that the page offers. Returns what the next page says."""
    (address,) = set(re.findall(rf'href="(/batches/bounds/[^"]+/{step}/)"', text_of(visitor.get(page_of(visitor)))))
    return main_of(visitor.fill(address))


def state_of(bounds: Bounds) -> str:
    with as_worker():
        return Bounds.objects.get(pk=bounds.pk).state


def test_from_decisions_to_the_bounds_in_force_and_back_by_the_pages(
    census: Supplier, child: Child, keeper: Visitor
) -> None:
    decided(census, child)
    found = suggested(census)
    assert found is not None
    assert (found.link, found.doubt, found.decided, found.against) == (9.0, AT_FIRST.doubt, ENOUGH, 0)
    assert "1 suggestion about what is linked without a person waits" in main_of(keeper.get(reverse("home")))
    assert "A suggestion waits" in main_of(keeper.get(LIST))
    page = main_of(keeper.get(page_of(keeper)))
    assert "Link rows without a person from odds of 510 to 1, and no longer only from 1,000 to 1." in page
    assert "Of 3,100 doubtful rows that fitted so well, people said of 3,100 that it is the same child" in page
    before = len(events())

    assert "It counts from now on." in press(keeper, "confirm")
    with as_worker():
        assert in_force(census.pk) == found
    (event,) = (each for each in events()[before:] if each.kind == "supplier.changed")
    assert event.fields == [f"supplier.{census.pk}", f"bounds.{found.pk}", "confirmed"]
    assert event.actor_id == keeper.person.pk
    page = main_of(keeper.get(page_of(keeper)))
    assert "odds of at least 510 to 1" in page
    assert "Nothing is suggested" in page
    assert "suggestion" not in main_of(keeper.get(reverse("home")))
    assert "suggestion" not in main_of(keeper.get(LIST))
    (row,) = rows_of(text_of(keeper.get(page_of(keeper))))
    assert "In force" in row
    assert suggested(census) is None  # what was learnt is used

    assert "What counted before counts again." in press(keeper, "take-back")
    with as_worker():
        assert in_force(census.pk) is None
    assert "odds of at least 1,000 to 1" in main_of(keeper.get(page_of(keeper)))


def test_rows_are_linked_by_the_bounds_in_force_and_the_batch_says_by_which(census: Supplier, child: Child) -> None:
    batch = send(census, AMINA)
    assert (batch.linked, batch.queued) == (1, 0)
    assert (batch.weights, batch.bounds_id) == (AT_FIRST.version, None)
    bounds = made(census, link=40.0)
    batch = send(census, {**AMINA, "confirmed_on": "2026-09-02"})
    assert (batch.linked, batch.queued) == (0, 1)
    assert (batch.weights, batch.bounds_id) == (AT_FIRST.version, bounds.pk)


def test_another_feed_and_other_weights_keep_their_own(census: Supplier, health: Supplier, child: Child) -> None:
    made(census, link=40.0)
    assert send(health, AMINA).linked == 1
    with as_owner_here():
        Bounds.objects.update(weights=AT_FIRST.version - 1)
    assert send(census, AMINA).linked == 1


@pytest.mark.parametrize(
    "more",
    [
        {"many": 2_900},
        {"outcome": ""},
        {"outcome": VerdictKind.DIFFERENT, "bits": 9.5},
        {"levels": IDENTIFIED},
        {"levels": ()},
        {"code": "several"},
        {"code": "shielded"},
        {"by": AT_FIRST.version - 1},
        {"by": None},
    ],
)
def test_nothing_is_learnt_from_what_says_nothing(census: Supplier, child: Child, more: dict[str, object]) -> None:
    """Nor of shielded children, of whom a suggestion would tell that people decided."""
    decided(census, child, **more)  # type: ignore[arg-type]
    assert suggested(census) is None


def test_of_a_feed_that_is_stopped_nothing_is_suggested(census: Supplier, child: Child) -> None:
    decided(census, child)
    with as_worker():
        Supplier.objects.filter(pk=census.pk).update(stopped_at=timezone.now())
    assert suggested(census) is None


def test_what_was_not_wanted_is_suggested_again_once_twice_as_many_say_so(
    census: Supplier, child: Child, keeper: Visitor
) -> None:
    decided(census, child)
    first = suggested(census)
    assert first is not None
    assert suggested(census) == first  # one waits at a time
    assert "It stays as it was." in press(keeper, "refuse")
    assert (state_of(first), suggested(census)) == (BoundsState.REFUSED, None)
    decided(census, child, ENOUGH - 1)
    assert suggested(census) is None
    decided(census, child, 1)
    again_ = suggested(census)
    assert again_ is not None
    assert again_.decided == 2 * ENOUGH


def test_that_one_bound_is_to_stay_says_nothing_of_the_other(census: Supplier, child: Child, keeper: Visitor) -> None:
    decided(census, child)
    first = suggested(census)
    assert first is not None
    assert first.moves == Moves.LINK
    press(keeper, "refuse")
    decided(census, child, 400, bits=AT_FIRST.doubt + 0.5, outcome=VerdictKind.DIFFERENT)
    second = suggested(census)
    assert second is not None
    assert (second.moves, second.link, second.doubt) == (Moves.DOUBT, AT_FIRST.link, AT_FIRST.doubt + 1)
    page = main_of(keeper.get(page_of(keeper)))
    assert "Nothing is suggested" not in page


def test_that_fewer_are_not_to_be_shown_does_not_say_that_more_are_not(census: Supplier, child: Child) -> None:
    higher = {"moves": Moves.DOUBT, "moved_from": AT_FIRST.doubt, "doubt": AT_FIRST.doubt + 1, "link": AT_FIRST.link}
    made(census, state=BoundsState.REFUSED, **higher)
    decided(census, child, 60, bits=AT_FIRST.doubt + 0.5)
    found = suggested(census)
    assert found is not None
    assert (found.moves, found.doubt) == (Moves.DOUBT, AT_FIRST.doubt - 2)


def test_nothing_is_suggested_from_bounds_that_are_taken_back_meanwhile(
    census: Supplier, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = made(census, link=10.0)
    decided(census, child)

    def taken_back_meanwhile(pairs: Sequence[Pair], now: Limits) -> list[Suggestion]:
        with as_owner_here():
            Bounds.objects.filter(pk=bounds.pk).update(state=BoundsState.WITHDRAWN)
        return suggestions(pairs, now)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(learning, "suggestions", taken_back_meanwhile)
        assert suggested(census) is None
    assert suggested(census) is not None


def test_decision_about_a_record_that_is_being_destroyed_is_passed_over(
    census: Supplier, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key has gone, and its rows have not yet."""
    decided(census, child, ENOUGH + 1)
    opens = chain([KeyMissingError("gone")], repeat(False))
    monkeypatch.setattr(learning, "is_identified", mock.create_autospec(learning.is_identified, side_effect=opens))
    found = suggested(census)
    assert found is not None
    assert found.decided == ENOUGH


def test_suggestion_for_other_weights_can_be_left_and_cannot_be_taken(census: Supplier, keeper: Visitor) -> None:
    """It waits, so that nothing else is suggested: whoever keeps the feed is shown it, and what can be done."""
    bounds = made(census, state=BoundsState.SUGGESTED, weights=AT_FIRST.version - 1)
    address = page_of(keeper)
    page = text_of(keeper.get(address))
    assert "cannot be taken any more" in page
    assert "Do as is suggested" not in page
    assert f"{bounds.pk}/confirm/" not in page
    confirm = f"{address}{bounds.pk}/confirm/"
    assert CHANGED in main_of(keeper.browser.get(confirm, follow=True))
    assert CHANGED in main_of(keeper.follow(confirm, seen="suggested"))
    assert state_of(bounds) == BoundsState.SUGGESTED
    assert "It stays as it was." in press(keeper, "refuse")
    assert state_of(bounds) == BoundsState.REFUSED


def test_to_take_back_what_is_in_force_has_what_was_worked_out_from_it_fall_away(
    census: Supplier, keeper: Visitor
) -> None:
    first, second = made(census, link=9.0), made(census, link=8.0, state=BoundsState.SUGGESTED)
    press(keeper, "take-back")
    assert (state_of(first), state_of(second)) == (BoundsState.WITHDRAWN, BoundsState.REFUSED)


def test_before_the_last_is_what_counts_once_the_last_is_taken_back(census: Supplier, keeper: Visitor) -> None:
    first, second = made(census, link=9.0), made(census, link=8.0)
    press(keeper, "take-back")
    with as_worker():
        assert in_force(census.pk) == first
    assert state_of(second) == BoundsState.WITHDRAWN


def test_a_stale_tab_changes_nothing(census: Supplier, keeper: Visitor) -> None:
    bounds = made(census, state=BoundsState.SUGGESTED)
    (address,) = set(re.findall(r'href="(/batches/bounds/[^"]+/confirm/)"', text_of(keeper.get(page_of(keeper)))))
    press(keeper, "refuse")
    assert CHANGED in main_of(keeper.follow(address, seen="suggested"))
    shown = page_of(keeper)
    keeper.get(address)  # leads back, with what is said there
    assert CHANGED in main_of(keeper.get(shown))
    assert state_of(bounds) == BoundsState.REFUSED
    for typed in ({}, {"seen": "nonsense"}):
        assert keeper.post(address, **typed).status_code != 500
    assert state_of(bounds) == BoundsState.REFUSED


@pytest.mark.parametrize("step", ["confirm", "refuse", "take-back"])
def test_a_step_takes_a_fresh_second_factor(census: Supplier, keeper: Visitor, step: str) -> None:
    state = BoundsState.CONFIRMED if step == "take-back" else BoundsState.SUGGESTED
    bounds = made(census, state=state)
    address = f"{page_of(keeper)}{bounds.pk}/{step}/"
    with as_owner_here():
        ageing.confirmed_longer_ago(keeper.browser.cookies["session"].value, timedelta(minutes=6))
    assert keeper.post(address, seen=state)["Location"].startswith(reverse("confirm"))
    assert state_of(bounds) == state


def test_bounds_of_another_feed_are_not_found(census: Supplier, town: Town, keeper: Visitor) -> None:
    """Neither those of another authority, nor those of a feed of one's own under another's address."""
    bounds = made(census, state=BoundsState.SUGGESTED)
    (address,) = set(re.findall(r'href="(/batches/bounds/[^"]+/confirm/)"', text_of(keeper.get(page_of(keeper)))))
    with as_owner_here():
        council = factories.organisation(kind=OrganisationKind.AUTHORITY)
        elsewhere = Visitor(factories.user(role=Role.ADMINISTRATOR, works_for=council))
        supplier(council)
    assert_plain_refusal(elsewhere.get(address), 404)
    theirs = page_of(elsewhere)
    assert_plain_refusal(elsewhere.post(f"{theirs}{bounds.pk}/confirm/", seen="suggested"), 404)
    assert state_of(bounds) == BoundsState.SUGGESTED


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": 41.0},
        {"link": -1.0},
        {"doubt": 9.0},
        {"doubt": -11.0},
        {"moves": "other"},
        {"decided": 0},
        {"against": 4_001},
        {"state": "other"},
    ],
)
def test_bounds_that_are_none_are_not_kept(census: Supplier, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        made(census, **wrong)  # type: ignore[arg-type]


def test_what_is_only_suggested_counts_for_nothing(census: Supplier, child: Child) -> None:
    made(census, link=40.0, state=BoundsState.SUGGESTED)
    batch = send(census, AMINA)
    assert (batch.linked, batch.bounds_id) == (1, None)
