"""The bars of the page of a feed's quality, and the tables of the same numbers."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from feeds.rules.parts import Age, Part
from feeds.rules.quality import Figures, said, usual
from pages.bars import Bar, Bars, Table, counted, percent, pieces
from pages.wording import short_date

OUTCOMES = ("On record, says something new", "On record, says the same", "Not on record", "Doubtful", "Refused")
DOUBTS = ("The same child", "Another child", "Waits for a person")
USUALLY = "usually"
SECONDS_OF_HOUR, SECONDS_OF_DAY = 3600, 86_400
DAYS_FROM = 48 * SECONDS_OF_HOUR  # from here on days are said


def charts(read: Sequence[Figures], parts: Sequence[Part]) -> list[Bars]:
    """All of them, of the batches of which rows were read, the newest first. There is at least one."""
    return [_outcomes(read), _completeness(read, parts), _ages(read), _doubts(read), _silence(read)]


def _outcomes(read: Sequence[Figures]) -> Bars:
    told = [(each, _became(each)) for each in read]
    return Bars(
        "outcomes",
        "What became of the rows",
        "As it stands now: a doubtful row counts for what was decided of it.",
        [*OUTCOMES],
        [Bar(_name(each), pieces(counts, each.rows)) for each, counts in told],
        Table(
            ["Batch", "Rows", *OUTCOMES],
            [[_name(each), f"{each.rows:,}", *(counted(one, each.rows) for one in counts)] for each, counts in told],
        ),
        "",
    )


def _became(batch: Figures) -> list[int]:
    return [batch.linked - batch.unchanged, batch.unchanged, batch.created, batch.queued, batch.refused]


def _completeness(read: Sequence[Figures], parts: Sequence[Part]) -> Bars:
    """Of each part a bar of the newest batch, and one of what is usual, where there were batches before."""
    counts = [each for each in read if each.holds is not None and each.read]
    bars = list[Bar]()
    if counts and parts:
        newest, *before = counts
        for part in parts:
            share, as_usual = said(part)(newest), usual(said(part), before)
            bars.append(Bar(part.words, pieces([share.part], share.whole), percent(*share)))
            if as_usual is not None:
                thousandths = round(as_usual * 1000)
                bars.append(Bar(USUALLY, pieces([thousandths], 1000, first_way=1), percent(thousandths, 1000)))
    return Bars(
        "completeness",
        "How complete rows are",
        "How many of the rows that could be read say each of what this source may say. A row may be right without it: "
        "not every child has a former name.",
        ["The newest batch", "Usual: the median of the batches before"],
        bars,
        Table(
            ["Batch", "Rows read", *(part.words for part in parts)],
            [[_name(each), f"{each.read:,}", *(counted(*said(part)(each)) for part in parts)] for each in counts],
        ),
        "It was not counted of these batches, or this source may say none of it.",
    )


def _ages(read: Sequence[Figures]) -> Bars:
    told = [(each, [each.ages.get(age, 0) for age in Age]) for each in read if each.ages is not None and each.read]
    return Bars(
        "ages",
        "How old it is",
        "From the day on which the supplier last knew it to be so, to the day on which the batch came in.",
        [age.words for age in Age],
        [Bar(_name(each), pieces(counts, each.read)) for each, counts in told],
        Table(
            ["Batch", *(age.words for age in Age)],
            [[_name(each), *(counted(one, each.read) for one in counts)] for each, counts in told],
        ),
        "It was not counted of these batches.",
    )


def _doubts(read: Sequence[Figures]) -> Bars:
    told = [(each, [each.same, each.different, each.waiting]) for each in read]
    told = [(each, counts) for each, counts in told if any(counts)]
    return Bars(
        "doubts",
        "What became of doubtful rows",
        "Each row once, however many records it may be about. How long they waited is told where five or more are "
        "decided.",
        [*DOUBTS],
        [Bar(_name(each), pieces(counts, sum(counts)), f"{sum(counts):,}") for each, counts in told],
        Table(
            ["Batch", *DOUBTS, "Waited, at the median"],
            [
                [_name(each), *(counted(one, sum(counts)) for one in counts), _wait(each.waited)]
                for each, counts in told
            ],
        ),
        "No row of these batches was doubtful once it was taken in.",
    )


def _silence(read: Sequence[Figures]) -> Bars:
    told = [(each, each.silent or 0, each.named) for each in read if each.named]
    return Bars(
        "silence",
        "Children of whom nothing was said for a year",
        "Of the children whom this feed names, as each batch was taken in: of how many no row of it said anything in "
        "the year before, not even that nothing changed.",
        ["Nothing was said for a year"],
        [Bar(_name(each), pieces([silent], named), percent(silent, named)) for each, silent, named in told],
        Table(
            ["Batch", "Children named", "Nothing for a year"],
            [[_name(each), f"{named:,}", counted(silent, named)] for each, silent, named in told],
        ),
        "It is counted once a batch was taken in.",
    )


def _name(batch: Figures) -> str:
    return f"Batch {batch.id}, {short_date(timezone.localdate(batch.received_at))}"


def _wait(waited: timedelta | None) -> str:
    if waited is None:
        return ""
    seconds = waited.total_seconds()
    if seconds < SECONDS_OF_HOUR:
        return "less than an hour"
    unit, words = (SECONDS_OF_DAY, "day") if seconds >= DAYS_FROM else (SECONDS_OF_HOUR, "hour")
    number = round(seconds / unit)
    return f"{number} {words}" if number == 1 else f"{number} {words}s"
