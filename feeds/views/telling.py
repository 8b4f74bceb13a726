"""What becomes of a batch, in words and numbers that whoever lets it in can go by."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from feeds.models import NUMBER_TAKEN, BatchState
from feeds.rows import Fault
from feeds.selectors.batches import Feed, Sent

STOPPED = "stopped"
FAULTS = {each.value: each.words for each in Fault} | {
    STOPPED: "Nothing is taken from this supplier any more",
    NUMBER_TAKEN: "It was decided whose row it is, and it has a number that stands on another child’s record",
}
NOT_YET = (BatchState.RECEIVED, BatchState.CHECKED)
SOONEST = timedelta(seconds=2)  # before that nobody knows how fast it goes


@dataclass(frozen=True, slots=True)
class Becomes:
    """What becomes of some of the rows. `of` names the line of the table whose part it is."""

    words: str
    rows: int
    of: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far the worker is: rows a second, and how long the rest takes, once that can be said."""

    rows: int
    expected: int | None
    a_second: int | None
    left: str


def outcomes_of(sent: Sent) -> list[Becomes]:
    """Every row once, but for the part that it is said to be: they add up."""
    return [
        Becomes("About a child on record", sent.linked),
        Becomes("Says the same as before, and changes nothing", sent.unchanged, of="About a child on record"),
        Becomes("About a child who is not on record: a record is made", sent.created),
        Becomes("Doubtful: a person decides", sent.queued),
        Becomes("Refused", sent.refused),
    ]


def pace_of(sent: Sent) -> Pace:
    """How fast rows are taken in."""
    rate = None
    if sent.state == BatchState.COMMITTED and sent.begun_at and sent.rows:
        since = timezone.now() - sent.begun_at
        rate = sent.rows / since.total_seconds() if since > SOONEST else None
    left = max(sent.expected - sent.rows, 0) / rate if rate and sent.expected else None
    return Pace(sent.rows, sent.expected, round(rate) if rate else None, "" if left is None else _in_words(left))


def words_of_fault(code: str) -> str:
    """A reason for which something is refused."""
    return FAULTS.get(code, code)


def refusal_of(sent: Sent) -> str:
    """Why all of it is refused or taken back, or nothing."""
    if not sent.fault:
        return ""
    where = f", on line {sent.fault_line:,}" if sent.fault_line else ""
    return f"{words_of_fault(sent.fault)}{where}."


def usual_words(sent: Sent, feed: Feed) -> str:
    """Said where a batch is not as those before it: the sign of a wrong file."""
    if not sent.unusual or sent.state not in NOT_YET:
        return ""
    if feed.usual_linked is None:
        return "This is the first batch of this feed. Nobody knows yet what is usual. Look at the numbers closely."
    share = sent.linked * 1000 // sent.rows if sent.rows else 0
    return (
        f"This batch is not as usual. Of a thousand rows of this feed, about {feed.usual_linked} are about children "
        f"on record. In this batch it is {share}. It may be the wrong file, or that of another area."
    )


def _in_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
