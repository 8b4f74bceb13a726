"""Facts of letters as no two families share them."""

from datetime import date

from hypothesis import strategies

from audit.reasons import Asker, Reason
from review.letters.facts import Entry, LetterFacts
from review.letters.words import What

# Values that stand in no other letter, nor in the words of the template: of letters that it has nowhere together.
MARKS = strategies.text(alphabet="QXZJVKW", min_size=8, max_size=14)
DAYS = strategies.dates(date(2020, 1, 1), date(2030, 12, 31))


def facts(**changes: object) -> LetterFacts:
    """A letter of one line."""
    line = entry()
    told: dict[str, object] = {
        "answer": 12,
        "number": "12345 67890 1",
        "asker": "parent",
        "council": "Wyvernshire Council",
        "telephone": "0161 496 0000",
        "since": date(2026, 1, 1),
        "until": date(2026, 11, 1),
        "dated": date(2026, 11, 28),
        "entries": (line,),
    }
    return LetterFacts(**told | changes)  # type: ignore[arg-type]


def entry(**changes: object) -> Entry:
    told: dict[str, object] = {
        "day": date(2026, 3, 1),
        "organisation": "Mill Lane Primary School",
        "kind": "School or college",
        "through": "",
        "what": "opened",
        "reason": "s11",
        "times": 1,
    }
    return Entry(**told | changes)  # type: ignore[arg-type]


ENTRIES = strategies.builds(
    Entry,
    day=DAYS,
    organisation=MARKS,
    kind=MARKS,
    through=MARKS,
    what=strategies.sampled_from(What.values),
    reason=strategies.sampled_from(Reason.values),
    times=strategies.integers(1, 9),
)
LETTERS = strategies.builds(
    LetterFacts,
    answer=strategies.integers(10**9, 10**10),
    number=MARKS,
    asker=strategies.sampled_from(Asker.values),
    council=MARKS,
    telephone=MARKS,
    since=DAYS,
    until=DAYS,
    dated=DAYS,
    entries=strategies.lists(ENTRIES, max_size=4).map(tuple),
)


def marks_of(letter: LetterFacts) -> list[str]:
    """What this letter says that no other one does."""
    of_entries = [mark for each in letter.entries for mark in (each.organisation, each.kind, each.through)]
    return [str(letter.answer), letter.number, letter.council, letter.telephone, *of_entries]
