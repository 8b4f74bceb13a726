"""How good what a supplier sends is: counted as it is taken in, and shown to those who keep the feed."""

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from access.models import Role
from access.rules.errors import NotFoundError
from feeds.actions.quality import read_quality
from feeds.models import Batch, BatchState, SourceRecord, Supplier, VerdictKind
from feeds.worker import silence, taking_in
from feeds.worker.applying import Applying, Block, Dealt
from registry.models import Child
from registry.vocabulary import Source
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds import sending
from tests.integration.feeds.sending import AMINA, NOBODY, again, decide, matches, send, supplier, take, work
from tests.integration.registry.people import NHS_NUMBER, AddChildren, Town, full_draft
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, text_of
from tests.log import events

LIST = reverse("batches")
REFUSED = {**NOBODY, "key": "N2", "date_of_birth": "0023-01-01"}
KNOWN = AMINA | {"nhs_number": NHS_NUMBER}
CENSUS = [KNOWN, NOBODY, REFUSED, {**NOBODY, "given": "Tomek"}]
DOUBT = {**AMINA, "given": "Aminata", "address_1": "9 Far Road", "postcode": "LS1 4AB", "date_of_birth": "2017-04-09"}


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


@pytest.fixture
def census(town: Town) -> Supplier:
    return supplier(town.authority)


@pytest.fixture
def keeper(town: Town) -> Visitor:
    return Visitor(town.administrator)


def address(visitor: Visitor, on: str = LIST) -> str:
    found: list[str] = re.findall(r'href="(/batches/quality/[^"]+)"', text_of(visitor.get(on)))
    return found[0]


def told(batch: Batch) -> tuple[int, object, object]:
    return batch.read, batch.holds, batch.ages


def test_what_rows_say_is_counted_as_it_is_checked_and_again_as_it_is_taken_in(child: Child, census: Supplier) -> None:
    """Of rows that could be read: three of the four, of which one names whom another named."""
    counted = 3, {"gender": 3, "postcode": 3, "nhs_number": 1}, {"half": 3}
    batch = send(census, *CENSUS)
    assert told(batch) == counted
    assert (batch.named, batch.silent) == (None, None)
    batch = sending.let_in(batch)
    assert told(batch) == counted
    assert (batch.named, batch.silent) == (2, 0)


def test_after_a_crash_what_was_counted_is_not_counted_again(
    child: Child, census: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where rows are then taken in larger blocks, and some of a block were dealt with before."""
    batch = send(census, *CENSUS)
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 1)
    apply = Applying.apply
    calls = iter((True, False))

    def dying(self: Applying, *blocks: Block) -> list[Dealt]:
        if next(calls):
            return apply(self, *blocks)
        raise RuntimeError("the worker stops here")

    with mock.patch.object(Applying, "apply", dying):
        stopped = sending.let_in(batch)
    assert (stopped.state, stopped.reached, stopped.failures) == (BatchState.COMMITTED, 1, 1)
    assert told(stopped) == (1, {"gender": 1, "postcode": 1, "nhs_number": 1}, {"half": 1})
    monkeypatch.setattr(taking_in, "ROWS_IN_A_BLOCK", 500)
    work()
    assert told(again(batch.pk)) == (3, {"gender": 3, "postcode": 3, "nhs_number": 1}, {"half": 3})


def test_how_old_it_is_counts_from_the_day_on_which_it_came_in(census: Supplier) -> None:
    came = timezone.localdate()
    rows = [
        {**NOBODY, "key": str(days), "confirmed_on": (came - timedelta(days=days)).isoformat()} for days in (1, 9, 400)
    ]
    assert send(census, *rows, {**NOBODY, "confirmed_on": ""}).ages == {"week": 1, "month": 1, "older": 1, "unsaid": 1}


def test_more_is_not_read_than_there_is(census: Supplier) -> None:
    batch = send(census, NOBODY)
    for told_of in ({"read": 2}, {"named": 3, "silent": 4}):
        with as_worker(), pytest.raises(IntegrityError), transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(**told_of)


def test_a_child_of_whom_the_feed_says_nothing_any_more(child: Child, census: Supplier) -> None:
    """To say the same of them once more is to speak of them. What was taken back was never said."""
    first = take(census, KNOWN, NOBODY)
    _age(first)
    second = take(census, KNOWN)
    assert (second.unchanged, second.named, second.silent) == (1, 2, 1)
    sending.take_back(second)
    assert _counted(census) == (2, 2)


def test_who_is_in_the_archive_is_not_spoken_of(child: Child, census: Supplier) -> None:
    take(census, KNOWN)
    with as_worker():
        Child.objects.filter(pk=child.pk).update(archived=True)
    assert _counted(census) == (0, 0)


def test_the_page_says_it_in_numbers(child: Child, census: Supplier, keeper: Visitor) -> None:
    assert "Nothing was read of this feed yet" in main_of(keeper.get(address(keeper)))
    take(census, *CENSUS)
    page = keeper.get(address(keeper))
    words = main_of(page)
    assert "The newest batch has 4 rows. Of so few nothing can be said." in words
    for said in (
        "1: a date cannot be read, or cannot be so",
        "1: the same child stands in what was sent more than once",
        "Nothing for a year",
    ):
        assert said in words
    cells = re.findall(r"<div class=\"stacked__value\">(.*?)</div>", text_of(page), re.DOTALL)
    assert {"1 (25%)", "2 (50%)", "3 (100%)"} <= {each.strip() for each in cells}
    # What this source may not say is not counted for it, and nobody is named.
    assert "NHS number" not in words
    assert "Wisniewski" not in text_of(page)
    assert "Hussain" not in text_of(page)


def test_bars_are_attributes_and_no_style(child: Child, census: Supplier, keeper: Visitor) -> None:
    take(census, *CENSUS)
    page = text_of(keeper.get(address(keeper)))
    assert page.count("<svg") > 10
    assert " style=" not in page
    assert page.count('role="img"') == page.count("<details")  # each chart has its table
    assert 'width="25.00%"' in page


def test_it_is_led_to_from_each_batch_and_recorded(child: Child, census: Supplier, keeper: Visitor) -> None:
    take(census, KNOWN)
    (batch,) = re.findall(r'href="(/batches/(?!send|quality|bounds)[^"]+)"', text_of(keeper.get(LIST)))
    before = len(events(kind="batch.listed"))
    assert "Of so few nothing can be said" in main_of(keeper.get(address(keeper, batch)))
    assert len(events(kind="batch.listed")) == before + 2


def test_a_batch_refused_as_a_whole_stands_out(census: Supplier, keeper: Visitor) -> None:
    sending.send_bytes(census, b"surname,born\nA,B\n")
    words = main_of(keeper.get(address(keeper)))
    assert "The newest batch was refused as a whole: a column is missing" in words
    assert "What became of the rows" not in words


def test_what_people_decided_of_doubtful_rows(town: Town, child: Child, keeper: Visitor) -> None:
    benefit = supplier(town.authority, Source.CHILD_BENEFIT)
    batch = take(benefit, DOUBT)
    assert batch.queued == 1, sending.outcomes(batch)
    words = main_of(keeper.get(address(keeper)))
    assert "1 (100%)" in words
    (match,) = matches(batch)
    decide(match, VerdictKind.DIFFERENT)
    assert again(batch.pk).created == 1
    assert "1 (100%)" in main_of(keeper.get(address(keeper)))


def test_of_another_authority_nothing_is_there(census: Supplier, keeper: Visitor) -> None:
    """Neither by the keeper's address, nor for whoever knows the feed's number."""
    with as_owner_here():
        other = factories.user(role=Role.ADMINISTRATOR)
    assert_plain_refusal(Visitor(other).get(address(keeper)), 404)
    with pytest.raises(NotFoundError):
        read_quality(actor=factories.actor_for(other), supplier_id=census.pk)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_comes_in(town: Town, role: Role) -> None:
    with as_owner_here():
        other = Visitor(factories.user(role=role, works_for=town.authority))
    assert_plain_refusal(other.get(reverse("feed_quality", args=["made-up"])), 403)


def _age(batch: Batch) -> None:
    """As it had come in more than a year ago."""
    by = timedelta(days=366)
    with as_worker():
        Batch.objects.filter(pk=batch.pk).update(received_at=batch.received_at - by)
        SourceRecord.objects.filter(batch=batch).update(said_at=batch.received_at - by)


def _counted(of: Supplier) -> tuple[int, int]:
    with as_worker():
        return silence.named_and_silent(of, now=timezone.now())
