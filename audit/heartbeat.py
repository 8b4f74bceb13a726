"""The word of each process that it lives and what it counted: where it is missing, silence is not proved."""

import atexit
import threading
from functools import partial

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from audit.actors import Process
from audit.events import EventKind
from audit.numbering import writer
from audit.recorder import record

logger = structlog.get_logger(__name__)


def start(process: Process) -> None:
    """Let this process say from now on, every AUDIT_HEARTBEAT_SECONDS, that it lives; and at its end, that it ended."""
    stop = threading.Event()
    threading.Thread(target=_beat, args=(process, stop), name="heartbeat", daemon=True).start()
    atexit.register(partial(close, process, stop))


def beat(process: Process, kind: EventKind = EventKind.LOG_HEARTBEAT) -> None:
    """Say it once. That it could not be said is logged: the auditors will ask why it is missing."""
    try:
        with transaction.atomic():
            record(kind, actor=process)
    except DatabaseError:
        logger.exception("heartbeat.missed", process=process.name)
    finally:
        connection.close()


def close(process: Process, stop: threading.Event) -> None:
    """End the heartbeat of a process that ends in order."""
    stop.set()
    if writer().used:
        beat(process, EventKind.LOG_CLOSED)


def _beat(process: Process, stop: threading.Event) -> None:
    while not stop.wait(settings.AUDIT_HEARTBEAT_SECONDS):
        beat(process)
