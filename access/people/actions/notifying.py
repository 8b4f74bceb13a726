"""Telling people by letter what was done to their ways in. For the worker alone."""

from smtplib import SMTPRecipientsRefused

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from access.models import Notice, User
from access.people import letters

SENT_AT_ONCE = 200
FOR_GOOD = 500  # codes of a mail server from here on are its last word; those below ask to come again


def send_notices() -> int:
    """Write the letters that wait. Returns how many were sent.

    Each in a transaction of its own, the letter first: whoever is stopped between the two writes that one again, and
    none is lost. An address that the mail server refuses is marked; one that it puts off is tried again. Raises OSError
    or SMTPException where the mail server cannot be reached.
    """
    waiting = _waiting().order_by("pk").values_list("pk", flat=True)
    with get_connection() as mail:
        return sum(_send(notice_id, mail) for notice_id in waiting[:SENT_AT_ONCE])


@transaction.atomic
def _send(notice_id: int, mail: BaseEmailBackend) -> bool:
    notice = _waiting().select_for_update(skip_locked=True).filter(pk=notice_id).first()
    if notice is None:  # another worker is at it
        return False
    user = User.objects.get(pk=notice.user_id)
    try:
        letters.notice(user, notice, connection=mail).send()
    except SMTPRecipientsRefused as error:
        if all(code >= FOR_GOOD for code, _words in error.recipients.values()):
            Notice.objects.filter(pk=notice_id).update(refused_at=timezone.now())
        return False
    Notice.objects.filter(pk=notice_id).update(sent_at=timezone.now())
    return True


def _waiting() -> QuerySet[Notice]:
    return Notice.objects.filter(sent_at=None, refused_at=None)
