"""Answering a family: begun, confirmed line by line, released by another, made into a letter. Each step is an event."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import AnswerResult, Asker, AskerIdentity, AskerRight, Confirming, GivenBack
from audit.recorder import About, record
from encryption.errors import StaleRowError
from encryption.models import next_ids
from review.answering.facts import Decisions, facts_of
from review.answering.reading import AnswerRead, read_answer
from review.answering.redaction import Telling, is_allowed
from review.letters.facts import LetterFacts, digest_of
from review.letters.making import LetterError, make_letter
from review.models import Answer, Confirmed
from review.policies import authorities_of, record_looked_up
from review.selectors.answers import AnswerState, state_of

CANNOT_BE_SET = "No letter can be made of this: the name of an organisation in it cannot be written. Tell the operator."
TOO_LONG = "There are too many lines in this time for one letter. Close this answer, and begin one for fewer days."


class AnswerChangedError(Exception):
    """Somebody took a step with the answer after it was shown. Nothing was changed."""


class FactsChangedError(Exception):
    """What the letter would say, or what the rules say of it, is not what was confirmed. No letter was made."""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """Who asks, how that was checked, which record they mean, and from when to when.

    `number_shown` is the number as it is read out.
    """

    authority_id: int
    number_kind: str
    number: str
    number_shown: str
    asker: Asker
    identity_check: AskerIdentity
    right_check: AskerRight
    since: date
    until: date


def begin_answer(*, actor: Actor, new: NewAnswer, typed: Mapping[str, str]) -> int:
    """Begin an answer, whether the log leads to the record or not. Returns its id.

    Raises NotFoundError for an authority that the actor does not audit.
    """
    if new.authority_id not in authorities_of(actor):
        raise NotFoundError
    child_id = record_looked_up(actor, new.number_kind, new.number, typed)
    (answer_id,) = next_ids(Answer, 1)
    answer = Answer(
        pk=answer_id,
        child_id=child_id,
        authority_id=new.authority_id,
        number=new.number_shown,
        asker=new.asker,
        identity_check=new.identity_check,
        right_check=new.right_check,
        since=new.since,
        until=new.until,
        begun_by_id=actor.user_id,
        begun_at=timezone.now(),
    )
    with transaction.atomic():
        record(EventKind.ANSWER_BEGUN, _about(answer, new.asker), actor=actor)
        answer.save()
    return answer_id


def confirm_answer(*, actor: Actor, answer_id: int, decisions: Decisions, seen: int) -> None:
    """Confirm what the letter tells of each line. Raises AnswerChangedError where the page was out of date.

    `seen`: the row's version, as the page showed it. Raises FactsChangedError where the lines are not those that were
    decided about, or a rule does not allow what was decided, and WrongStateError where no letter can be made of it.
    """
    read = _read(actor, answer_id, AnswerState.BEGUN, seen)
    if read.too_long:
        raise WrongStateError(TOO_LONG)
    dated = timezone.localdate()
    facts = _facts(read, decisions, dated)
    _set(facts)
    read.answer.confirmed = Confirmed(
        dated=dated,
        decisions={key: (telling.value, why.value) for key, (telling, why) in decisions.items()},
        digest=digest_of(facts),
    )
    read.answer.confirmed_by_id = actor.user_id
    read.answer.confirmed_at = timezone.now()
    _step(EventKind.ANSWER_CONFIRMED, read.answer, actor=actor)


def give_answer_back(*, actor: Actor, answer_id: int, why: GivenBack, seen: int) -> None:
    """Have it confirmed anew. What was decided is kept, for the page to begin with. Raises AnswerChangedError."""
    answer = _read(actor, answer_id, AnswerState.CONFIRMED, seen).answer
    answer.confirmed_by_id = None
    answer.confirmed_at = None
    _step(EventKind.ANSWER_RETURNED, answer, actor=actor, why=why)


def release_answer(*, actor: Actor, answer_id: int, seen: int) -> None:
    """Release the letter. Raises AnswerChangedError, FactsChangedError, and OwnCaseError for whoever confirmed it."""
    read = _read(actor, answer_id, AnswerState.CONFIRMED, seen)
    if read.answer.confirmed_by_id == actor.user_id:
        raise OwnCaseError
    read.answer.letter = _hash(_set(_confirmed_facts(read)))
    read.answer.released_by_id = actor.user_id
    read.answer.released_at = timezone.now()
    _step(EventKind.ANSWER_RELEASED, read.answer, actor=actor)


def close_answer(*, actor: Actor, answer_id: int, result: AnswerResult, seen: int) -> None:
    """End it without a letter. Raises AnswerChangedError, also where it was released already."""
    answer = read_answer(actor, answer_id).answer
    if answer.row_version != seen or state_of(answer) not in (AnswerState.BEGUN, AnswerState.CONFIRMED):
        raise AnswerChangedError
    answer.closed_by_id = actor.user_id
    answer.closed_at = timezone.now()
    answer.result = result
    _step(EventKind.ANSWER_CLOSED, answer, actor=actor, why=result)


def make_answer(*, actor: Actor, answer_id: int) -> bytes:
    """The released letter, made anew; the event of it holds the file's hash, sealed. Nothing of it is kept.

    Raises AnswerChangedError where it is not released, and FactsChangedError where it would say anything else.
    """
    read = read_answer(actor, answer_id)
    if state_of(read.answer) != AnswerState.RELEASED:
        raise AnswerChangedError
    letter = _set(_confirmed_facts(read))
    about = _about(read.answer)
    with transaction.atomic():
        record(
            EventKind.ANSWER_MADE,
            About(child_id=about.child_id, fields=about.fields, criteria={"letter": _hash(letter)}),
            actor=actor,
        )
    return letter


def decisions_of(confirmed: Confirmed) -> dict[int, tuple[Telling, Confirming]]:
    """What was confirmed of each line."""
    return {key: (Telling(telling), Confirming(why)) for key, (telling, why) in confirmed.decisions.items()}


def _read(actor: Actor, answer_id: int, state: AnswerState, seen: int) -> AnswerRead:
    read = read_answer(actor, answer_id)
    if read.answer.row_version != seen or state_of(read.answer) != state:
        raise AnswerChangedError
    return read


def _confirmed_facts(read: AnswerRead) -> LetterFacts:
    """What the letter says, where that is still what was confirmed."""
    confirmed: Confirmed | None = read.answer.confirmed.open()
    if confirmed is None:
        raise AnswerChangedError
    facts = _facts(read, decisions_of(confirmed), confirmed.dated)
    if digest_of(facts) != confirmed.digest:
        raise FactsChangedError
    return facts


def _facts(read: AnswerRead, decisions: Decisions, dated: date) -> LetterFacts:
    if {line.key for line in read.lines} != set(decisions):
        raise FactsChangedError
    if not all(is_allowed(read.proposals[key], *decision) for key, decision in decisions.items()):
        raise FactsChangedError
    return facts_of(read.answer, read.lines, decisions, read.organisations, dated=dated)


def _set(facts: LetterFacts) -> bytes:
    try:
        return make_letter(facts)
    except LetterError:
        raise WrongStateError(CANNOT_BE_SET) from None


def _step(kind: EventKind, answer: Answer, *, actor: Actor, why: str = "") -> None:
    try:
        with transaction.atomic():
            record(kind, _about(answer, why), actor=actor)
            answer.save(update_fields=list(STEPS[kind]))
    except (StaleRowError, IntegrityError):  # somebody else took a step at the same time
        raise AnswerChangedError from None


STEPS = {
    EventKind.ANSWER_CONFIRMED: ("confirmed_by", "confirmed_at"),
    EventKind.ANSWER_RETURNED: ("confirmed_by", "confirmed_at"),
    EventKind.ANSWER_RELEASED: ("released_by", "released_at"),
    EventKind.ANSWER_CLOSED: ("closed_by", "closed_at", "result"),
}


def _about(answer: Answer, why: str = "") -> About:
    return About(child_id=answer.child_id, fields=[f"answer.{answer.pk}"], reason=why)


def _hash(letter: bytes) -> str:
    return hashlib.sha256(letter).hexdigest()
