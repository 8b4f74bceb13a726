"""Sending letters one by one: one that goes to nobody keeps no other waiting. For the worker alone."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import structlog
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from access.people.letters import AddressChangedError
from encryption.errors import KeyMissingError, KeyWrongError, ValueDamagedError

logger = structlog.get_logger(__name__)

SENT_AT_ONCE = 200
FOR_GOOD = 500  # codes of a mail server from here on are its last word; those below ask to come again
# By then a mail server that puts off has had its last chance (RFC 5321, 4.5.4.1).
GIVEN_UP_AFTER = timedelta(days=5)
# One that has waited for longer than a minute is tried once in five, each in a turn of its own. A turn lasts as long as
# two rounds of the worker (CELERY_BEAT_SCHEDULE), so that none falls between two of them.
AT_EACH_ROUND = timedelta(minutes=1)
TURN = timedelta(seconds=10)
TURNS = 30


class Ending(StrEnum):
    """How it ended. REFUSED is for good."""

    SENT = "sent"
    PUT_OFF = "put off"
    REFUSED = "refused"


def post(
    write: Callable[[], EmailMessage], *, mail: BaseEmailBackend, what: str, waiting_since: datetime | None = None
) -> Ending:
    """Write the letter and send it, connecting to the mail server if nothing did before.

    A sealed address that does not open, or is another than the person signs in by, gets none; operators are told, with
    `what` it was, which holds nothing personal. Raises OSError or SMTPException where no mail server is reached.
    """
    try:
        letter = write()
        mail.open()
        letter.send()
    except (AddressChangedError, ValueDamagedError) as error:
        logger.warning("letter.has_no_address", what=what, why=type(error).__name__)
        return Ending.REFUSED
    except (KeyMissingError, KeyWrongError) as error:  # made up, or this process does not hold it yet
        logger.warning("letter.has_no_address", what=what, why=type(error).__name__)
        return _put_off(waiting_since)
    except SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        return Ending.REFUSED if min(codes, default=FOR_GOOD) >= FOR_GOOD else _put_off(waiting_since)
    except SMTPDataError as error:
        return Ending.REFUSED if error.smtp_code >= FOR_GOOD else _put_off(waiting_since)
    return Ending.SENT


def post_each(waiting: QuerySet[Any], since: str, send: Callable[[int, BaseEmailBackend], bool]) -> int:
    """Have the rows sent whose turn it is, the oldest first, by their ids. Returns how many were.

    `since`: the field that says from when on each has waited.
    """
    with closing(get_connection()) as mail:
        return sum(send(row_id, mail) for row_id in _in_turn(waiting, since))


def mark(rows: QuerySet[Any], ending: Ending, **sent: object) -> None:
    """Note on the row how it ended; `sent` is what else is kept of one that was sent."""
    if ending == Ending.SENT:
        rows.update(**{"sent_at": timezone.now()} | sent)
    elif ending == Ending.REFUSED:
        rows.update(refused_at=timezone.now())


def _in_turn(waiting: QuerySet[Any], since: str) -> list[int]:
    now = timezone.now()
    turn = int(now.timestamp() / TURN.total_seconds())
    new = Q((f"{since}__gt", now - AT_EACH_ROUND))
    in_turn = waiting.alias(turn=(F("pk") + turn) % TURNS).filter(new | Q(turn=0))
    return list(in_turn.order_by("pk").values_list("pk", flat=True)[:SENT_AT_ONCE])


def _put_off(waiting_since: datetime | None) -> Ending:
    given_up = waiting_since is not None and timezone.now() - waiting_since > GIVEN_UP_AFTER
    return Ending.REFUSED if given_up else Ending.PUT_OFF
