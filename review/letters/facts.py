"""All that one letter says of anything: one record, one asker, one period."""

import hashlib
from datetime import date

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the letter. `organisation` is empty where it is not named; then its kind and who rang are empty, too.

    `what` is a code of `What`, `reason` one of audit.reasons.Reason or ShieldOverride, or nothing.
    """

    day: date
    organisation: str
    kind: str
    through: str
    what: str
    reason: str
    times: int


class LetterFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one letter. No name of a child, of who asked or of who looked: none is handed over."""

    answer: int
    number: str
    asker: str
    council: str
    telephone: str
    since: date
    until: date
    dated: date
    entries: tuple[Entry, ...]


def digest_of(facts: LetterFacts) -> str:
    """A hash of all of it: two letters that differ anywhere have two."""
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()
