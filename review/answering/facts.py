"""The facts of one letter, out of one answer, its lines and what was confirmed of each. Nothing else goes in."""

from collections.abc import Mapping, Sequence
from datetime import date

from access.models import Organisation, OrganisationKind
from audit.reasons import Confirming
from pages.telephones import shown as telephone_shown
from review.answering.lines import Line
from review.answering.redaction import Telling
from review.letters.facts import Entry, LetterFacts
from review.models import Answer

Decisions = Mapping[int, tuple[Telling, Confirming]]


def facts_of(
    answer: Answer,
    lines: Sequence[Line],
    decisions: Decisions,
    organisations: Mapping[int, Organisation],
    *,
    dated: date,
) -> LetterFacts:
    """What the letter says. Raises KeyError for a line of which nothing was decided."""
    council = organisations[answer.authority_id]
    told = [(line, decisions[line.key][0]) for line in lines]
    return LetterFacts(
        answer=answer.pk,
        number=answer.number.open(),
        asker=answer.asker,
        council=council.name,
        telephone=telephone_shown(council.telephone),
        since=answer.since,
        until=answer.until,
        dated=dated,
        entries=tuple(entry_of(line, telling, organisations) for line, telling in told if telling != Telling.NOTHING),
    )


def entry_of(line: Line, telling: Telling, organisations: Mapping[int, Organisation]) -> Entry:
    """The line as the letter says it."""
    named = telling == Telling.FULL
    organisation = organisations[line.organisation_id]
    return Entry(
        day=line.day,
        organisation=organisation.name if named else "",
        kind=OrganisationKind(organisation.kind).label if named else "",
        through=organisations[line.through_id].name if named and line.through_id is not None else "",
        what=line.what.value,
        reason=line.reason,
        times=line.times,
    )
