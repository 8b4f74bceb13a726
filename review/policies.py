"""What an auditor may read and work on."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db.models import Q, QuerySet

from access.models import Organisation
from access.rules import grants
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from audit.actors import Actor
from audit.reading import TookTooLongError, reading
from audit.recorder import About
from registry.rules.numbers import number_fingerprint
from review.selectors.alerts import LOOKED_AT, UNSEEN, AlertState, RaisedOften, alert_of
from review.selectors.entries import LARGEST_ID, child_with_id, child_with_number
from review.selectors.months import Month

ASKED = "asked."  # what stands before the token of what was looked up, among the fields of an event
# Events in an evidence pack. The event of its making names each, and a page sends one field for each.
MOST_PACKED = 100
TOO_MUCH = "There is so much of this in the log that looking through it takes too long. Filter the log by a few days."


def authorities_of(actor: Actor) -> list[int]:
    """The authorities whose events the actor may read."""
    return grants.authorities_audited(actor.user_id)


def organisations_within(actor: Actor) -> QuerySet[Organisation]:
    """The organisations whose people's events the actor may read: those authorities, and what answers to them."""
    authorities = authorities_of(actor)
    return Organisation.objects.filter(Q(pk__in=authorities) | Q(responsible_authority__in=authorities))


def about_event(event_id: int, what: str = "event") -> About:
    """That one event is read, or what goes on from it: `what`. Raises NotFoundError for a number that none can have."""
    if event_id > LARGEST_ID:
        raise NotFoundError
    return About(fields=[f"{what}.{event_id}"])


def about_month(what: str, month: Month) -> About:
    """That a month is counted, for its charts or its report."""
    return About(fields=[f"{what}.{month.code}"])


def about_pack(event_ids: Sequence[int]) -> About:
    """That an evidence pack of these events is made."""
    return About(fields=[f"pack.{len(event_ids)}", *(f"event.{event_id}" for event_id in event_ids)])


def about_alert(alert_id: int) -> About:
    """That one alert is read or worked on. Raises NotFoundError for a number that no alert can have."""
    if alert_id > LARGEST_ID:
        raise NotFoundError
    return About(fields=[f"alert.{alert_id}"])


def about_answer(answer_id: int) -> About:
    """That one answer to a family is read or worked on. Raises NotFoundError for a number that none can have."""
    if answer_id > LARGEST_ID:
        raise NotFoundError
    return About(fields=[f"answer.{answer_id}"])


def record_looked_up(actor: Actor, kind: str, number: str, typed: Mapping[str, str]) -> int | None:
    """The record that the number leads to; `kind` is that of registry.rules.numbers, or none for our own in brackets.

    That a number was looked up is in the log; which, sealed alone.
    """
    if kind:
        with reading_at_once(actor, about_number(actor, kind, number, typed)):
            return child_with_number(kind, number)
    with reading_at_once(actor, About(fields=["number.internal"], criteria=dict(typed))):
        return child_with_id(int(number))


def about_number(actor: Actor, kind: str, number: str, typed: Mapping[str, str]) -> About:
    """That number of a record is looked up; `kind` is that of registry.rules.numbers. The event tells it sealed.

    And by a token, by which PostgreSQL knows the number when it is looked up. It is another one in each request.
    """
    token = hashlib.sha256(number_fingerprint(kind, number) + actor.request_id.bytes).hexdigest()
    return About(fields=[f"number.{kind}", f"{ASKED}{token}"], criteria=dict(typed))


@contextmanager
def reading_at_once(actor: Actor, about: About) -> Iterator[None]:
    """As `reading`, for a page that asks for nothing that could be asked for otherwise. Raises WrongStateError."""
    try:
        with reading(actor, about):
            yield
    except TookTooLongError:
        raise WrongStateError(TOO_MUCH) from None


def alert_to_work_on(actor: Actor, alert_id: int) -> RaisedOften:
    """The alert, reading which is recorded: call it in no transaction.

    Raises NotFoundError outside the actor's authorities, OwnCaseError where it is about the actor.
    """
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_alert(alert_id)):
        alert = alert_of(authorities, alert_id)
    if alert is None:
        raise NotFoundError
    if is_about(actor, alert):
        raise OwnCaseError
    return alert


def is_about(actor: Actor, alert: RaisedOften) -> bool:
    """Whether the actor is the person whom the alert is about. The database lets them neither take nor close it."""
    return alert.user_id == actor.user_id


def may_take(actor: Actor, alert: RaisedOften) -> bool:
    """Whether there is anything for the actor to take: not what they look at, unless it was raised again."""
    own = alert.owner_id == actor.user_id
    offered = alert.state in UNSEEN or (alert.state == AlertState.TAKEN and not own)
    return offered and not is_about(actor, alert)


def may_close(actor: Actor, alert: RaisedOften) -> bool:
    """Whether the actor can say what came of it: they look at it, or another does where it concerns everybody."""
    own = alert.owner_id == actor.user_id
    return alert.state in LOOKED_AT and own != alert.concerns_everybody and not is_about(actor, alert)
