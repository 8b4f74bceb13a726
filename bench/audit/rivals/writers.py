"""Who writes on the rivals' side: a row is saved within the context that says who did it, as in a request."""

from itertools import count
from typing import Any
from uuid import uuid4

import pghistory
from auditlog.context import set_actor
from django.contrib.auth.models import User
from django.db import transaction

from bench.audit.contenders import Write
from bench.audit.rivals.models import OpeningByAuditlog, OpeningByPghistory


def auditlog(place: int) -> Write:
    """django-auditlog: the row, and an entry that a signal makes."""
    user, children = _user(place), count(1)

    def write() -> None:
        with transaction.atomic(), set_actor(user):
            OpeningByAuditlog(**_values(place, next(children))).save()

    return write


def history(place: int) -> Write:
    """django-pghistory: the row, and an event and its context that triggers make."""
    user, children = _user(place), count(1)

    def write() -> None:
        with transaction.atomic(), pghistory.context(user=user.pk):
            OpeningByPghistory(**_values(place, next(children))).save()

    return write


def _user(place: int) -> User:
    user, _made = User.objects.get_or_create(username=f"writer {place}")
    return user


def _values(place: int, child_id: int) -> dict[str, Any]:
    return {
        "outcome": "done",
        "role": "practitioner",
        "organisation_id": 1,
        "authority_id": 2,
        "session_id": place,
        "request_id": uuid4(),
        "child_id": child_id,
        "reason": "s10",
    }
