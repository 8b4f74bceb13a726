"""Answers to families as auditors work through them. Inside `audit.reading.reading` alone."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.models import Q

from access.models import Organisation
from audit.events import OF_ANSWERS
from review.answering.lines import Look
from review.answering.redaction import Standing
from review.models import Answer
from review.selectors.entries import OF_OWN, Entry, columns, entry_of

ANSWERS_ON_A_PAGE = 50
MOST_LOOKS = 2_000  # that one answer goes through
MOST_EVENTS = 100  # of an answer, on its page


class AnswerState(StrEnum):
    """How far an answer is."""

    BEGUN = "begun"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            "begun": "To be confirmed",
            "confirmed": "To be released",
            "released": "Released",
            "closed": "Closed without a letter",
        }[self.value]


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Answers, the newest first, and the id before which the next page begins, unless it is the last."""

    answers: list[Answer]
    older: int | None


def state_of(answer: Answer) -> AnswerState:
    """How far it is, as its row tells."""
    if answer.closed_at:
        return AnswerState.CLOSED
    if answer.released_at:
        return AnswerState.RELEASED
    return AnswerState.CONFIRMED if answer.confirmed_at else AnswerState.BEGUN


def answers_of(authorities: list[int], states: frozenset[AnswerState], *, before: int | None = None) -> AnswerPage:
    """Answers of those authorities, in any of the states."""
    found = Answer.objects.filter(_in(states), authority_id__in=authorities)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: ANSWERS_ON_A_PAGE + 1])
    shown = rows[:ANSWERS_ON_A_PAGE]
    return AnswerPage(shown, shown[-1].pk if len(rows) > ANSWERS_ON_A_PAGE else None)


def answer_of(authorities: list[int], answer_id: int) -> Answer | None:
    """That answer, if it is one of those authorities'."""
    return Answer.objects.filter(pk=answer_id, authority_id__in=authorities).first()


def looks_of(answer: Answer) -> list[Look]:
    """Who looked, oldest first; one more than MOST_LOOKS where there are as many. Nothing without a record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM review_looks(%s, %s)", [answer.pk, MOST_LOOKS + 1])
        return [Look(*row) for row in cursor.fetchall()]


def standing_of(answer: Answer) -> Standing | None:
    """How the record stands now, as far as the reader's own people had to do with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT review_answer_standing(%s)", [answer.pk])
        (standing,) = cursor.fetchone()
    return Standing(standing) if standing else None


def events_of_answers(authorities: list[int], answers: list[Answer]) -> list[Entry]:
    """What became of them, the newest first, by people of those authorities."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {columns("e")} FROM audit_event AS e
            WHERE e.kind = ANY (%(kinds)s::text[]) AND {OF_OWN} AND e.fields[1] = ANY (%(answers)s::text[])
            ORDER BY e.id DESC LIMIT {MOST_EVENTS}
            """,  # noqa: S608 - all our own
            {
                "kinds": [kind.value for kind in OF_ANSWERS],
                "authorities": authorities,
                "answers": [f"answer.{answer.pk}" for answer in answers],
            },
        )
        return [entry_of(row) for row in cursor.fetchall()]


def organisations_named(ids: list[int]) -> list[Organisation]:
    """Those organisations, in the order of their names. A public directory: needs no reading of the log."""
    return list(Organisation.objects.filter(pk__in=ids))


def _in(states: frozenset[AnswerState]) -> Q:
    open_ = Q(released_at=None, closed_at=None)
    conditions = {
        AnswerState.BEGUN: open_ & Q(confirmed_at=None),
        AnswerState.CONFIRMED: open_ & Q(confirmed_at__isnull=False),
        AnswerState.RELEASED: Q(released_at__isnull=False),
        AnswerState.CLOSED: Q(closed_at__isnull=False),
    }
    found = Q(pk__in=[])
    for state in states:
        found |= conditions[state]
    return found
