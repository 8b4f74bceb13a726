"""What the process writes about itself: types and places of errors, never what somebody typed."""

import json
import subprocess
import sys

import pytest

from contactpoint.local import state

CANARY = "Zyxwvut"
SET_UP = """
import logging, django
from contactpoint import logs
django.setup()
logs.configure()
import structlog
def fail():
    surname = "Zyxwvut"
    raise ValueError(f"no such child: {surname}")
"""


def handled(statement: str) -> str:
    """A program that fails and handles it so; `error` is the exception."""
    return f"try:\n    fail()\nexcept ValueError as error:\n    {statement}"


WAYS = {
    "standard library": handled("logging.getLogger('any').exception('failed')"),
    "by the exception": handled("logging.getLogger('any').error('failed', exc_info=error)"),
    "filled into the message": handled("logging.getLogger('any').exception('failed: %s', error)"),
    "structlog": handled("structlog.get_logger('any').exception('failed')"),
    "a failing page": """
import contactpoint.urls
from django.test import Client
from unittest.mock import patch
with patch('contactpoint.start.render', lambda *_: fail()):
    Client(raise_request_exception=False).get('/help/?name=Zyxwvut')
""",
    "a failing task": """
from contactpoint.celery import app
@app.task(name='failing')
def failing(name):
    fail()
failing.apply(args=['Zyxwvut'])
""",
}


def written(program: str) -> list[dict[str, object]]:
    """The lines that a process of its own writes when it runs `program`."""
    finished = subprocess.run(
        [sys.executable, "-c", SET_UP + program], cwd=state.PROJECT, capture_output=True, text=True, check=True
    )
    assert CANARY not in finished.stdout
    assert CANARY not in finished.stderr
    return [json.loads(line) for line in finished.stderr.splitlines()]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_logged_error_says_type_and_place_but_not_its_message(way: str) -> None:
    lines = written(way)

    (told,) = [line for line in lines if "exception" in line]
    assert told["exception"] == "ValueError"
    assert told["frames"][-1].endswith(" fail")
    assert told["level"] == "error"


def test_lines_are_one_json_object_each_with_time_and_logger() -> None:
    (line,) = written("logging.getLogger('contactpoint.tests').warning('something\\nhappened')")

    assert line["event"] == "something\nhappened"
    assert line["logger"] == "contactpoint.tests"
    assert line["timestamp"]


@pytest.mark.parametrize("logger", ["django.db.backends", "django.request"])
def test_loggers_that_write_addresses_are_quiet_below_errors(logger: str) -> None:
    assert written(f"logging.getLogger('{logger}').warning('who tried what')") == []
