"""Messages in the queues: each is signed with the key of its queue, and no other is run.

The signature covers the whole message: task, id, arguments, when it lapses, and what Celery wrote beside these. It does
not fit in another queue. A worker runs a message once, also where it is put in again; a worker that has begun anew
since, or another beside it, would run it once more until it lapses. What is taken out or held back is not run.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import Task
from celery.exceptions import InvalidTaskError
from celery.worker import strategy
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SIGNATURE = "signature"
# Written into a message that is put back. It tells nothing and changes nothing.
UNSIGNED = {SIGNATURE, "redelivered"}
LAPSES_AFTER = timedelta(hours=1)  # where the timetable says nothing else


def signature(queue: str, headers: dict[str, Any], body: Any) -> str:
    """The signature of a message. KeyError where this process has no key of the queue."""
    signed = {name: value for name, value in headers.items() if name not in UNSIGNED}
    text = json.dumps([queue, signed, body], sort_keys=True)
    return salted_hmac("contactpoint.queue", text, secret=settings.QUEUE_KEYS[queue], algorithm="sha256").hexdigest()


def sign_before_sending(*, headers: dict[str, Any], body: Any, routing_key: str, **_: Any) -> None:
    """Receiver of before_task_publish, connected in contactpoint.celery."""
    headers["expires"] = headers.get("expires") or (datetime.now(UTC) + LAPSES_AFTER).isoformat()
    headers[SIGNATURE] = signature(routing_key, headers, body)


class SignedTask(Task):  # type: ignore[type-arg]  # what a task is called with is its own affair
    """What every task of ours, and of Celery's own, is made from."""

    Strategy = "contactpoint.queue:signed_only"


def signed_only(task: SignedTask, app: Any, consumer: Any, **options: Any) -> Callable[..., object]:
    """Celery's own way with a message that came in for `task`, once its signature is found good.

    Any other message raises InvalidTaskError: the worker drops it, and says so in its log. Celery looks at nothing in
    it before, since what it does not expect ends the worker.
    """
    run = strategy.default(task, app, consumer, **options)

    def handle(message: Any, *rest: Any, **more: Any) -> object:
        _check(message)
        return run(message, *rest, **more)

    return handle


def _check(message: Any) -> None:
    headers, body = message.headers, message.payload
    try:
        wanted = signature(settings.QUEUE_OWN, headers, body)
    except TypeError:  # more than JSON alone can say, which is all that we send
        raise InvalidTaskError("The message cannot be one of ours.") from None
    if not constant_time_compare(str(headers.get(SIGNATURE)), wanted):
        raise InvalidTaskError("The message was not signed with the key of this queue.")
    if not headers.get("expires"):
        raise InvalidTaskError("The message never lapses.")
    _once.take(headers["id"], datetime.fromisoformat(headers["expires"]))


class _Once:
    """Remembers which messages this process took, for as long as each could be taken again."""

    def __init__(self) -> None:
        self._taken: dict[str, datetime] = {}

    def take(self, message: str, lapses: datetime) -> None:
        """Raise InvalidTaskError for a message that was taken before."""
        now = datetime.now(UTC)
        self._taken = {each: until for each, until in self._taken.items() if until >= now}
        if message in self._taken:
            raise InvalidTaskError("The message was taken before.")
        self._taken[message] = lapses


_once = _Once()
