"""What stands out in what a supplier sends, said in a sentence or two (feeds/rules/quality.py)."""

from collections.abc import Mapping

from feeds.rules.parts import Part
from feeds.rules.quality import Finding, Kind
from feeds.views.telling import words_of_fault

NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "a hundred")
FROM_TENS = 18  # nearer to twenty than to fifteen
MANY = 2 / 5  # from here on it is so many in ten, and below it one in so many
NEARLY_ALL = 19 / 20
NOTHING = "Nothing stands out."
# Of one row in so many, and of so many rows in ten.
ROWS = {
    Kind.REFUSED: ("was refused", "were refused"),
    Kind.DOUBTFUL: ("was doubtful, and for a person to decide", "were doubtful, and for a person to decide"),
    Kind.OLD: ("tells what was known more than a year before", "tell what was known more than a year before"),
    Kind.LESS_SAID: ("has", "have"),
    Kind.NEW: ("is about a child not on record", "are about children not on record"),
}
HAS: Mapping[str, str] = {
    Part.NHS_NUMBER: "an NHS number",
    Part.PUPIL_NUMBER: "a pupil number",
    Part.GENDER: "a gender",
    Part.POSTCODE: "an address with a postcode",
    Part.GUARDIANS: "parents or carers",
    Part.SCHOOL: "a school",
    Part.PRACTICE: "a GP practice",
    Part.FORMER_NAMES: "former names",
}


def sentence(found: Finding | None) -> str:
    """What is to be looked at, or that nothing is."""
    if found is None:
        return NOTHING
    said = _said(found)
    return said if found.usual is None else f"{said} Before, it was {in_words(found.usual)}."


def in_words(share: float) -> str:
    """One in nine, four in ten, nearly all."""
    if share in (0, 1):
        return "all" if share else "none"
    if share < MANY:
        return f"one in {_number(round(1 / share))}"
    return "nearly all" if share >= NEARLY_ALL else f"{NUMBERS[round(share * 10) - 2]} in ten"


def _number(one_in: int) -> str:
    """About so many: the more there are, the less exactly."""
    if one_in <= len(NUMBERS) + 1:
        return NUMBERS[one_in - 2]
    if one_in < FROM_TENS:
        return "fifteen"
    tens = round(one_in / 10)
    return TENS[tens - 2] if tens <= len(TENS) + 1 else f"{round(one_in, -2):,}"


def _said(found: Finding) -> str:
    if found.kind is Kind.REFUSED_WHOLE:
        return f"The newest batch was refused as a whole: {_small(words_of_fault(found.code))}."
    if found.kind is Kind.NONE_STANDS:
        return "No batch of this feed stands, so that nothing can be said of it."
    if found.kind is Kind.TOO_FEW:
        rows = "row" if found.now.whole == 1 else "rows"
        return f"The newest batch has {found.now.whole} {rows}. Of so few nothing can be said."
    if found.kind is Kind.SILENT:
        return f"Of {in_words(found.now.of_one)} children whom this feed names it has said nothing for a year."
    if found.kind is Kind.WAITING:
        waits = "doubtful row has" if found.now.part == 1 else "doubtful rows have"
        return f"{found.now.part:,} {waits} waited for longer than four weeks."
    return _of_rows(found)


def _of_rows(found: Finding) -> str:
    share = found.now.of_one
    is_one = share < MANY  # one in so many, or none
    rows = f"{_capital(in_words(share))} rows of the newest batch" if found.now.part else "No row of the newest batch"
    what = ROWS[found.kind][0 if is_one else 1]
    if found.kind is Kind.LESS_SAID:
        return f"{rows} {what} {HAS[found.code]}."
    why = f", most often because {_small(words_of_fault(found.code))}" if found.code else ""
    return f"{rows} {what}{why}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
