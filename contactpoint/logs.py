"""Log lines as fields. An exception is told by its type and where it was, never by its message or its variables:
those may hold what somebody typed, or what a record says."""

import logging.config
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# Loggers whose warnings and errors quote what was sent.
QUOTING = ("django.request", "django.security", "gunicorn.error")


def configure() -> None:
    """Set up logging for this process: one JSON object a line on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        exception_without_values,
        text_without_request,
    ]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.JSONRenderer(),
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                # These write addresses of requests and people at lower levels.
                "celery": {"level": "WARNING"},
                "django.db.backends": {"level": "ERROR"},
                "django.request": {"level": "ERROR"},
                "fido2": {"level": "WARNING"},
                # In place of gunicorn's own handler, which writes what it is given.
                "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
            },
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def text_without_request(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace what Django and gunicorn say of a request that they refuse: they quote its address, host or headers."""
    record: logging.LogRecord | None = event.get("_record")
    if record and record.levelno >= logging.WARNING and record.name.startswith(QUOTING):
        event["event"] = "request refused" if record.levelno < logging.ERROR else "request failed"
        event["status"] = getattr(record, "status_code", None)
    return event


def exception_without_values(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace a logged exception by its type and frames."""
    information = event.pop("exc_info", None)
    if not information:
        return event
    if "_record" in event:
        # A library's message is told by its template: Celery, for one, fills in the exception's own words.
        event["event"] = event["_record"].msg
    if isinstance(information, BaseException):
        kind, trace = type(information), information.__traceback__
    else:
        kind, _value, trace = information if isinstance(information, tuple) else sys.exc_info()
    if kind is not None:
        event["exception"] = kind.__qualname__
        event["frames"] = frames(trace)
    return event


def frames(trace: TracebackType | None) -> list[str]:
    """Where it happened, innermost last: file, line and function, without source lines or variables."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace, limit=-25)]
