"""Examining history again: what comes of it is what would have come of it at once."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from review.examining import cursor
from review.examining.again import begin_again
from review.examining.examiner import Examiner
from review.models import Case, Explanation
from review.rules.weights import weights
from tests.integration.examining.history import MONDAY, History
from tests.integration.examining.scenes import different, fill, several_days, strangers

DAYS = [MONDAY.date() + timedelta(days=number) for number in (0, 5, 6, 7, 13, 20, 27)]


@pytest.fixture
def examined(log: str, history: History) -> History:
    several_days(history)
    Examiner().examine()
    return history


def test_from_any_day_the_same_comes_of_it(examined: History) -> None:
    before = examined.kept()
    for day in DAYS:
        call_command("examine_again", since=day, stdout=StringIO())
        assert different(before, examined.kept()) == {}, day


@pytest.mark.parametrize("first", [6, 13, 20])
def test_what_is_about_the_days_before_stands_as_it_did(log: str, history: History, first: int) -> None:
    several_days(history, days=range(first))
    history.clock(after=timedelta(days=first - 1, hours=14))
    Examiner().examine()
    before = history.kept()
    several_days(history, days=range(first, 28))
    Examiner().examine()
    begin_again(MONDAY.date() + timedelta(days=first))
    now = history.kept()
    # A case that came later is there still, and nothing of it counts; what was drawn stays drawn.
    kept: dict[str, list[object]] = {"cases": [], "sampled": []}
    assert different(before | kept, now | kept) == {}


def test_of_a_child_whom_strangers_looked_up_the_same_comes_again(log: str, history: History) -> None:
    fill(history)
    for each in range(6):
        strangers(history, 1, first=each, after=timedelta(days=each))
    Examiner().examine()
    before = history.kept()
    assert Case.objects.filter(child_id__isnull=False, score__gte=weights().score.threshold).exists()
    for day in DAYS[:3]:
        call_command("examine_again", since=day, stdout=StringIO())
        assert different(before, history.kept()) == {}, day


def test_killed_the_examiner_goes_on_with_it(examined: History) -> None:
    before = examined.kept()
    begin_again(DAYS[2])
    Examiner().examine()
    assert different(before, examined.kept()) == {}


def test_closed_cases_keep_what_they_stand_on(examined: History) -> None:
    Case.objects.update(growing=False)
    before = examined.kept()
    call_command("examine_again", since=DAYS[0], stdout=StringIO())
    after = examined.kept()
    assert [each for each in before["findings"] if each not in after["findings"]] == []
    assert [growing for *_, growing in after["cases"]] == [False, False]


def test_a_day_to_come_is_refused_and_one_without_events_changes_nothing(examined: History) -> None:
    with pytest.raises(CommandError, match="has not come yet"):
        call_command("examine_again", since=date(2126, 1, 1))
    before = examined.kept()
    assert begin_again(date(2026, 5, 1)) == 0
    assert examined.kept() == before


def test_while_somebody_examines_it_says_so(examined: History) -> None:
    number = Explanation.objects.count()
    with examined.server.transaction():
        examined.server.execute("SELECT FROM review_cursor FOR UPDATE")
        with pytest.raises(CommandError, match="at work"):
            call_command("examine_again", since=DAYS[0])
        with transaction.atomic():
            assert cursor.take() is None
    assert Explanation.objects.count() == number
    connection.close()
