"""What stands out in what a supplier sends, and what does not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.rules.parts import Age, Part, age_of, parts_of
from feeds.rules.quality import Figures, Finding, Kind, Share, standing_out, usual
from feeds.views.standing_out import in_words, sentence
from registry.vocabulary import Source

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def batch(**told: object) -> Figures:
    """One of 400 rows, as it is usual."""
    values: dict[str, object] = {
        "id": 1,
        "state": "done",
        "stands": True,
        "is_refused": False,
        "received_at": NOW,
        "taken_in_at": NOW,
        "rows": 400,
        "linked": 370,
        "created": 10,
        "queued": 10,
        "refused": 10,
        "unchanged": 300,
        "faults": {"date": 4, "number": 6},
        "fault": "",
        "read": 390,
        "holds": {Part.PUPIL_NUMBER: 370, Part.FORMER_NAMES: 3},
        "ages": {Age.WEEK: 385, Age.OLDER: 5},
        "named": 1000,
        "silent": 50,
        "same": 0,
        "different": 0,
        "waiting": 0,
        "waited": None,
    }
    return Figures(**(values | told))  # type: ignore[arg-type]


def found(*batches: Figures) -> Finding | None:
    return standing_out(batches, source=Source.SCHOOL_CENSUS, now=NOW)


def kind(*batches: Figures) -> Kind | None:
    finding = found(*batches)
    return None if finding is None else finding.kind


def said(*batches: Figures) -> str:
    return sentence(found(*batches))


def test_what_is_as_usual_does_not_stand_out() -> None:
    assert kind() is None  # nothing was sent yet, which the page says
    assert kind(batch()) is None
    assert kind(batch(), batch(), batch()) is None
    assert said(batch()) == "Nothing stands out."


@pytest.mark.parametrize(
    ("told", "usually", "expected"),
    [
        ({"refused": 20}, {}, Kind.REFUSED),
        ({"refused": 19}, {}, None),
        ({"refused": 7}, {"refused": 1}, None),  # fewer than one in fifty
        ({"refused": 8}, {"refused": 1}, Kind.REFUSED),
        ({"refused": 40}, {"refused": 40}, Kind.REFUSED),  # one in ten, though it is usual
        ({"refused": 39}, {"refused": 39}, None),
        ({"queued": 20}, {}, Kind.DOUBTFUL),
        ({"queued": 19}, {}, None),
        ({"queued": 0, "same": 10, "different": 5, "waiting": 5}, {}, Kind.DOUBTFUL),  # decided since
        ({"ages": {Age.OLDER: 12}}, {}, Kind.OLD),
        ({"ages": {Age.OLDER: 300}}, {"ages": {Age.OLDER: 300}}, None),  # with some sources it always is
        ({"holds": {Part.PUPIL_NUMBER: 330}}, {}, Kind.LESS_SAID),
        ({"holds": {Part.PUPIL_NUMBER: 332}}, {}, None),
        ({"holds": {Part.PUPIL_NUMBER: 370}}, {}, None),  # that nobody has a former name is no wonder
        ({"created": 50}, {}, Kind.NEW),
        ({"created": 49}, {}, None),
        ({"silent": 100}, {}, Kind.SILENT),
        ({"silent": 99}, {}, None),
    ],
)
def test_the_rule(told: dict[str, object], usually: dict[str, object], expected: Kind | None) -> None:
    assert kind(batch(**told), batch(**usually), batch(**usually)) is expected


def test_the_first_batch_is_held_against_nothing_but_one_in_ten() -> None:
    assert kind(batch(refused=39)) is None
    assert kind(batch(refused=40)) is Kind.REFUSED
    assert kind(batch(created=400)) is None


def test_usual_is_the_median_of_the_batches_before() -> None:
    """One bad batch does not become usual, nor does a small one count."""
    before = [batch(refused=300), batch(refused=10), batch(refused=10), batch(rows=49, refused=49)]
    assert kind(batch(refused=20), *before) is Kind.REFUSED
    assert usual(lambda each: Share(each.refused, each.rows), before) == 1 / 40


def test_of_few_rows_no_share_says_anything_and_that_is_said() -> None:
    few = batch(rows=49, read=49, refused=49, created=0, named=49, silent=49)
    assert kind(few) is Kind.TOO_FEW
    assert said(few) == "The newest batch has 49 rows. Of so few nothing can be said."
    assert kind(batch(rows=50, read=50, queued=0, refused=0, created=0, named=49, silent=0)) is None


def test_where_no_batch_stands_nothing_is_said_to_be_well() -> None:
    assert kind(batch(stands=False)) is Kind.NONE_STANDS
    assert said(batch(rows=0)) == "No batch of this feed stands, so that nothing can be said of it."


def test_who_says_a_thing_once_is_not_silent_and_those_who_wait_come_first() -> None:
    silent = batch(silent=400)
    assert standing_out([silent], source=Source.BIRTH_REGISTRATION, now=NOW) is None
    assert kind(replace(silent, waiting=7, taken_in_at=NOW - timedelta(days=29))) is Kind.WAITING


def test_the_newest_batch_refused_as_a_whole_comes_first() -> None:
    whole = batch(stands=False, is_refused=True, rows=0, fault="header")
    assert kind(whole, batch(refused=400)) is Kind.REFUSED_WHOLE
    assert kind(batch(), whole) is None
    assert said(whole) == (
        "The newest batch was refused as a whole: a column is missing, is there twice, or is not known."
    )


def test_what_was_taken_back_neither_stands_out_nor_is_usual() -> None:
    undone = batch(stands=False, refused=400)
    assert kind(undone, batch()) is None
    assert kind(batch(refused=20), undone, undone, batch()) is Kind.REFUSED


def test_doubtful_rows_that_wait_for_long() -> None:
    """Of any batch, and from the day on which it was taken in."""
    old = batch(taken_in_at=NOW - timedelta(days=29), waiting=7)
    assert said(batch(), old) == "7 doubtful rows have waited for longer than four weeks."
    assert kind(batch(), batch(taken_in_at=NOW - timedelta(days=27), waiting=7)) is None
    assert kind(batch(taken_in_at=None, waiting=7)) is None


def test_it_is_said_in_a_sentence() -> None:
    refused = batch(refused=45, faults={"date": 5, "number": 40})
    assert said(refused, batch()) == (
        "One in nine rows of the newest batch was refused, most often because a number is not one that can be: its "
        "length, its characters or its check digit are wrong. Before, it was one in forty."
    )
    assert said(batch(refused=180, faults={}), batch()) == (
        "Four in ten rows of the newest batch were refused. Before, it was one in forty."
    )
    assert said(batch(holds={}), batch()) == (
        "No row of the newest batch has a pupil number. Before, it was nine in ten."
    )
    assert said(batch(silent=150)) == ("Of one in seven children whom this feed names it has said nothing for a year.")


def test_every_finding_has_words() -> None:
    told = [sentence(Finding(each, Share(1, 7), None, _code(each))) for each in Kind]
    assert len(set(told)) == len(Kind)
    assert all(each.endswith(".") and "None" not in each for each in told)
    for part in Part:
        assert sentence(Finding(Kind.LESS_SAID, Share(1, 7), None, part))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "none"),
        (1 / 900, "one in 900"),
        (1 / 104, "one in a hundred"),
        (1 / 40, "one in forty"),
        (1 / 18, "one in twenty"),
        (1 / 14, "one in fifteen"),
        (1 / 12, "one in twelve"),
        (1 / 9, "one in nine"),
        (0.39, "one in three"),
        (0.4, "four in ten"),
        (0.94, "nine in ten"),
        (0.99, "nearly all"),
        (1, "all"),
    ],
)
def test_shares_in_words(share: float, words: str) -> None:
    assert in_words(share) == words


def test_every_share_has_words() -> None:
    for thousandth in range(1001):
        assert in_words(thousandth / 1000)


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (-3, Age.WEEK),
        (7, Age.WEEK),
        (8, Age.MONTH),
        (31, Age.MONTH),
        (32, Age.HALF),
        (183, Age.HALF),
        (184, Age.YEAR),
        (365, Age.YEAR),
        (366, Age.OLDER),
    ],
)
def test_ages(days: int, age: Age) -> None:
    today = NOW.date()
    assert age_of(today - timedelta(days=days), today) is age
    assert age_of(None, today) is Age.UNSAID


def test_of_each_source_what_it_may_say_is_counted() -> None:
    assert parts_of(Source.CHILD_BENEFIT) == [Part.GENDER, Part.POSTCODE, Part.GUARDIANS]
    assert set(Part) == {part for source in _sources() for part in parts_of(source)}


def _sources() -> Iterator[Source]:
    return (each for each in Source if each != Source.PRACTITIONER)


def _code(of: Kind) -> str:
    return {Kind.REFUSED: "date", Kind.REFUSED_WHOLE: "header", Kind.LESS_SAID: Part.GENDER.value}.get(of, "")
