"""Telling people by letter what was done to their ways in. For the worker alone."""

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from access.models import Notice, User
from access.people import letters
from access.people.actions.posting import Ending, mark, post, post_each


def send_notices() -> int:
    """Write the letters that wait. Returns how many were sent.

    Each in a transaction of its own, the letter first: whoever is stopped between the two writes that one again, and
    none is lost. Raises OSError or SMTPException where the mail server cannot be reached.
    """
    return post_each(_waiting(), "happened_at", _send)


@transaction.atomic
def _send(notice_id: int, mail: BaseEmailBackend) -> bool:
    notice = _waiting().select_for_update(skip_locked=True).filter(pk=notice_id).first()
    if notice is None:  # another worker is at it
        return False
    user = User.objects.get(pk=notice.user_id)
    ending = post(
        lambda: letters.notice(user, notice, connection=mail),
        mail=mail,
        what=str(notice),
        waiting_since=notice.happened_at,
    )
    mark(Notice.objects.filter(pk=notice_id), ending)
    return ending == Ending.SENT


def _waiting() -> QuerySet[Notice]:
    return Notice.objects.filter(sent_at=None, refused_at=None)
