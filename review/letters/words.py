"""The letter in words that a family reads, of codes that the log keeps."""

from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format

from audit.reasons import Asker, Reason, ShieldOverride
from pages.form_fields import in_sentence
from review.letters.facts import Entry, LetterFacts

TITLE = "Who looked at the record that you asked about"
NOT_NAMED = "An organisation that we do not name"


class What(TextChoices):
    """What somebody did who looked."""

    OPENED = "opened", "Opened the record"
    KEPT = "kept", "Looked up their own entry on the record, to add or change it"
    LISTED = "listed", "Saw the name, date of birth and number in a list"


# As the reason reads on the page where a practitioner chooses it, but told of somebody else.
REASONS: dict[str, str] = {
    Reason.SAFEGUARDING: "They had a concern about safety or welfare (Children Act 2004, section 11)",
    Reason.ENQUIRY: "They were making a child protection enquiry (Children Act 1989, section 47)",
    Reason.COOPERATION: "They were arranging a service or support with others (Children Act 2004, section 10)",
    Reason.SCHOOL_SAFEGUARDING: "A school or college was safeguarding a pupil (Education Act 2002, section 175)",
    Reason.MISSING_EDUCATION: "They checked whether education was being missed (Education Act 1996, section 436A)",
    Reason.KEEP_UP_TO_DATE: "They were recording or correcting their own part (SI 2007/2182)",
    **dict.fromkeys(ShieldOverride, "Somebody was in danger, and it could not wait. Auditors looked into it"),
}
GREETINGS = {
    Asker.PARENT: "Dear parent or carer",
    Asker.YOUNG_PERSON: "To the young person whose record this is",
    Asker.ACTS_FOR: "To the person who asked for somebody else",
}


def content_of(facts: LetterFacts) -> dict[str, Any]:
    """What the template sets, in words; every value is text, and none of it is ever read as markup."""
    since, until = _day(facts.since), _day(facts.until)
    return {
        "title": TITLE,
        "council": facts.council,
        "telephone": facts.telephone,
        "reference": reference_of(facts.answer),
        "dated": _day(facts.dated),
        "year": facts.dated.year,
        "month": facts.dated.month,
        "day": facts.dated.day,
        "greeting": GREETINGS[Asker(facts.asker)],
        "number": facts.number,
        "period": f"on {since}" if facts.since == facts.until else f"from {since} to {until}",
        "entries": [_line(entry) for entry in facts.entries],
    }


def reference_of(answer: int) -> str:
    """The number by which an answer can be asked about on the telephone."""
    return f"FA {answer}"


def organisation_in_words(entry: Entry) -> str:
    """Who looked: which organisation, of which kind, and who rang for them."""
    if not entry.organisation:
        return NOT_NAMED
    named = f"{entry.organisation} ({in_sentence(entry.kind)})" if entry.kind else entry.organisation
    return f"{named}, by telephone through {entry.through}" if entry.through else named


def what_in_words(entry: Entry) -> str:
    """What they did, and how often on that day."""
    did = What(entry.what).label
    return f"{did}, {entry.times} times" if entry.times > 1 else did


def reason_in_words(entry: Entry) -> str:
    """Why, where a reason is asked for."""
    return REASONS[entry.reason] if entry.reason else "No reason is asked for this"


def _line(entry: Entry) -> list[str]:
    return [_day(entry.day), organisation_in_words(entry), what_in_words(entry), reason_in_words(entry)]


def _day(day: date) -> str:
    return date_format(day, "j F Y")
