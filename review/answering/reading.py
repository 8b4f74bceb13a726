"""One answer with all that is known for it, read at once; that it is read is recorded first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from access.models import Organisation
from access.rules.errors import NotFoundError
from audit.actors import Actor
from review.answering.lines import Line, lines_of
from review.answering.redaction import Proposal, Standing, proposal_for
from review.models import Answer
from review.policies import about_answer, authorities_of, reading_at_once
from review.selectors.answers import (
    MOST_LOOKS,
    answer_of,
    events_of_answers,
    looks_of,
    organisations_named,
    standing_of,
)
from review.selectors.entries import Entry, numbers_of
from review.selectors.names import people_in

MOST_LINES = 300  # that a person can be asked to confirm one by one


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """The answer as it stands; its lines, what the rules propose for each now, and what became of it.

    `too_long`: there are more lines than a person can confirm, and none of them is here.
    """

    answer: Answer
    lines: list[Line]
    proposals: Mapping[int, Proposal]
    standing: Standing | None
    organisations: Mapping[int, Organisation]
    too_long: bool
    entries: list[Entry]
    people: dict[int, str]
    numbers: dict[int, str]


def read_answer(actor: Actor, answer_id: int) -> AnswerRead:
    """That answer. Call it in no transaction. Raises NotFoundError outside the actor's authorities."""
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_answer(answer_id)):
        answer = answer_of(authorities, answer_id)
        if answer is None:
            raise NotFoundError
        looks = looks_of(answer)
        standing = standing_of(answer)
        entries = events_of_answers(authorities, [answer])
        people = people_in(entries)
        numbers = numbers_of(entries)
    lines = lines_of(looks)
    too_long = len(looks) > MOST_LOOKS or len(lines) > MOST_LINES
    if too_long:
        lines = []
    organisations = _organisations(answer, lines)
    today = timezone.localdate()
    proposals = {line.key: proposal_for(line, organisations, standing, today=today) for line in lines}
    return AnswerRead(answer, lines, proposals, standing, organisations, too_long, entries, people, numbers)


def _organisations(answer: Answer, lines: list[Line]) -> dict[int, Organisation]:
    """All that the lines name, and the council itself."""
    named = {answer.authority_id}
    for line in lines:
        named |= {line.organisation_id} | ({line.through_id} if line.through_id is not None else set())
    return {each.pk: each for each in organisations_named(sorted(named))}
