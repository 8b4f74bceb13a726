"""What the verifier says."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What may be wrong with a log."""

    UNSIGNED = "unsigned"
    """A checkpoint that the log's key did not sign."""
    FORKED = "forked"
    """Signed checkpoints that belong to different logs."""
    DAMAGED = "damaged"
    """Published hashes that are missing, or not those of the log."""
    UNPROTECTED = "unprotected"
    """A published object that nothing keeps from being deleted, or that was hidden or written over."""
    TRUNCATED = "truncated"
    """The exports end before a checkpoint."""
    ALTERED = "altered"
    """An event that is not what was sealed in its place."""
    REMOVED = "removed"
    """A sealed event that is missing."""
    INSERTED = "inserted"
    """An event that was never sealed, or stands there twice."""
    REORDERED = "reordered"
    """An event out of its place."""
    BACK_DATED = "back-dated"
    """An event whose time lies well before that of events before it."""
    REMOVED_BEFORE_SEALING = "removed before sealing"
    """A number that a writer gave to no event and never said to be void."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. Prints as one plain line."""

    kind: Kind
    text: str
    index: int | None = None
    """The leaf it is about."""
    event_id: int | None = None

    def __str__(self) -> str:
        return plain(f"{self.kind}: {self.text}")


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong, what is proved and what is not."""

    findings: tuple[Finding, ...]
    proved: tuple[str, ...]
    not_proved: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found to be wrong. What stands in `not_proved` was not looked at."""
        return not self.findings

    def kinds(self) -> set[Kind]:
        """The kinds of what was found."""
        return {finding.kind for finding in self.findings}

    def __str__(self) -> str:
        verdict = "WHOLE: nothing is wrong with what was given." if self.whole else "NOT WHOLE."
        return "\n".join((
            *map(str, self.findings),
            verdict,
            *(f"Proved: {text}" for text in self.proved),
            *(f"Not proved: {text}" for text in self.not_proved),
        ))  # fmt: skip


def plain(text: str) -> str:
    """The text on one line, whatever names stand in it."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def some(count: int, what: str) -> str:
    """`3,000 leaves`, `1 leaf`: `what` is the singular, and its plural after a slash where it is irregular."""
    one, _, many = what.partition("/")
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def spanned(start: int, end: int, what: str = "leaf/leaves") -> str:
    """`leaf 7`, `leaves 7 to 9`: those from `start` to `end` - 1."""
    one, many = what.split("/")
    return f"{one} {start}" if end - start == 1 else f"{many} {start} to {end - 1}"
