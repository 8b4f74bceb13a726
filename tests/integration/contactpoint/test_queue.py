"""A worker runs what was signed for its queue, once, until it lapses. What anybody else puts there is not run."""

import base64
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import redis
from celery import Celery
from pytest_django.fixtures import Settings as SettingsWrapper

from contactpoint import queue as messages
from contactpoint.celery import app
from contactpoint.local.demo import QUIET
from contactpoint.local.redis_server import OPERATOR
from contactpoint.local.servers import Servers
from contactpoint.local.state import PROJECT
from contactpoint.queue import SIGNATURE
from contactpoint.redis_accounts import QUEUE, QUEUES
from tests import servers

DATABASE = f"{servers.own_database()}_queue"
DELETING, OTHER = "access.tasks.delete_ended_sessions", "access.tasks.end_old_agreements"
READY_SECONDS = 60
END_A_SESSION = """
    INSERT INTO access_session (key_fingerprint, contents, started_at, seen_at, expires_at)
    VALUES ('ended', decode('01' || repeat('00', 48), 'hex'), now(), now(), now())
"""
END_IT_AGAIN = "DELETE FROM access_session RETURNING id"
# What the log says when a message of no known task comes by.
UNKNOWN = "Received unregistered task"
Message = dict[str, Any]


class Queue:
    """A worker's queue, as somebody sees it who has Redis, and the worker that works through it."""

    def __init__(self, waiting: redis.Redis, database: psycopg.Connection, log: Path) -> None:
        self._waiting = waiting
        self._database = database
        self._log = log

    def runs(self, message: Message | str) -> bool:
        """Whether the worker removes a session that ended, which is its task, when it is given the message."""
        self._database.execute(END_A_SESSION)
        self._put(message)
        self._wait_until_looked_at()
        return not self._database.execute(END_IT_AGAIN).rowcount

    def _put(self, message: Message | str) -> None:
        written = message if isinstance(message, str) else json.dumps(message)
        self._waiting.lpush(f"{QUEUE}worker", written)

    def _wait_until_looked_at(self) -> None:
        """Messages are taken in turn: when one of no known task has come by, all before it have."""
        before = self._log.read_text().count(UNKNOWN)
        self._put(written_by_hand("no.such.task"))
        deadline = time.monotonic() + READY_SECONDS
        while self._log.read_text().count(UNKNOWN) == before:
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.05)


def written_by_hand(task: str, **headers: object) -> Message:
    """A message as Celery writes it, but for the signature."""
    number = str(uuid4())
    return {
        "body": base64.b64encode(json.dumps([[], {}, {}]).encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": task, "id": number, "root_id": number} | headers,
        "properties": {
            "correlation_id": number,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": "worker"},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid4()),
        },
    }


@pytest.fixture(scope="module")
def queue(running_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    log = tmp_path_factory.mktemp("queue") / "worker.log"
    number = servers.service_redis_database()
    servers.make_keys()
    servers.clone(DATABASE)
    environment = os.environ | servers.login_environment(DATABASE, redis_database=number) | {"DATABASE_ROLE": "worker"}
    superuser = f"{running_servers.postgresql.superuser_address.rpartition('/')[0]}/{DATABASE}"
    command = [sys.executable, "-m", "celery", "--app=contactpoint", "worker", "--pool=solo", *QUIET]
    with (
        redis.Redis.from_url(running_servers.redis.address(OPERATOR, number)) as waiting,
        psycopg.connect(superuser, autocommit=True) as database,
        log.open("w") as output,
    ):
        waiting.flushdb()
        worker = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=output)
        try:
            yield Queue(waiting, database, log)
        finally:
            worker.terminate()
            worker.wait(timeout=30)
    servers.drop(DATABASE)


@pytest.fixture
def signed(running_servers: Servers, settings: SettingsWrapper) -> Callable[..., Message]:
    """A message as the worker's own timetable signs it. It is sent where no worker looks, and taken from there."""
    number = 2 * servers.LAST_REDIS_DATABASE // 3
    settings.QUEUE_KEYS = {name: os.environ[f"QUEUE_{name.upper()}_KEY"] for name in QUEUES}
    settings.QUEUE_OWN = "worker"

    def send(task: str = DELETING, *, to: str = "worker", **options: Any) -> Message:
        address = running_servers.redis.address("worker", number)
        with Celery("sender", broker=address, set_as_current=False) as sender:
            sender.conf.update(broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS)
            sender.send_task(task, queue=to, **options)
        with redis.Redis.from_url(running_servers.redis.address(OPERATOR, number)) as client:
            message: Message = json.loads(client.rpop(f"{QUEUE}{to}"))  # type: ignore[arg-type]
        return message

    return send


def test_signed_message_is_run_once(queue: Queue, signed: Callable[..., Message]) -> None:
    message = signed()

    assert queue.runs(message)
    assert not queue.runs(message)
    assert queue.runs(signed())


def test_message_without_a_signature_is_not_run(queue: Queue) -> None:
    assert not queue.runs(written_by_hand(DELETING))
    assert not queue.runs(written_by_hand(DELETING, expires=soon()))
    assert not queue.runs(written_by_hand(DELETING, expires=soon(), **{SIGNATURE: "0" * 64}))


def test_message_signed_with_another_key_is_not_run(
    queue: Queue, signed: Callable[..., Message], settings: SettingsWrapper
) -> None:
    settings.QUEUE_KEYS = {"worker": settings.QUEUE_KEYS["sequencer"]}
    assert not queue.runs(signed())
    settings.QUEUE_KEYS = {"worker": settings.SECRET_KEY}
    assert not queue.runs(signed())
    settings.QUEUE_KEYS = {}
    assert SIGNATURE not in (without := signed())["headers"]
    assert not queue.runs(without)


def test_message_of_another_queue_is_not_run(
    queue: Queue, signed: Callable[..., Message], settings: SettingsWrapper
) -> None:
    assert not queue.runs(signed(to="sequencer"))
    settings.QUEUE_KEYS = dict.fromkeys(("worker", "sequencer"), settings.QUEUE_KEYS["worker"])
    assert not queue.runs(signed(to="sequencer")), "nor with the same key"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("task", DELETING),
        ("id", "00000000-0000-4000-8000-000000000000"),
        ("expires", "2999-01-01T00:00:00+00:00"),
        ("expires", None),
        ("timelimit", [1, 1]),
        ("shadow", "something.else"),
        ("added", "by somebody"),
    ],
)
def test_message_of_which_a_part_was_changed_is_not_run(
    queue: Queue, signed: Callable[..., Message], part: str, value: object
) -> None:
    changed = signed(OTHER if part == "task" else DELETING)
    changed["headers"][part] = value

    assert not queue.runs(changed)


@pytest.mark.parametrize("body", [[["1"], {}, {}], [[], {"a": 1}, {}], [[], {}, {"callbacks": [{"task": OTHER}]}]])
def test_message_of_which_the_body_was_changed_is_not_run(
    queue: Queue, signed: Callable[..., Message], body: object
) -> None:
    changed = signed()
    changed["body"] = base64.b64encode(json.dumps(body).encode()).decode()

    assert not queue.runs(changed)


def test_message_that_lapsed_is_not_run(queue: Queue, signed: Callable[..., Message]) -> None:
    assert not queue.runs(signed(expires=datetime.now(UTC) - timedelta(seconds=1)))


def test_message_that_never_lapses_is_not_run(queue: Queue, signed: Callable[..., Message]) -> None:
    message = signed()
    message["headers"]["expires"] = None
    message["headers"][SIGNATURE] = messages.signature("worker", message["headers"], [[], {}, embedded(message)])

    assert not queue.runs(message)
    message["headers"]["expires"] = soon()
    message["headers"][SIGNATURE] = messages.signature("worker", message["headers"], [[], {}, embedded(message)])
    assert queue.runs(message), "it was signed well, and only lacked that"


def test_message_that_was_put_back_is_run(queue: Queue, signed: Callable[..., Message]) -> None:
    message = signed()
    message["headers"]["redelivered"] = True

    assert queue.runs(message)


def test_rubbish_is_dropped_and_the_worker_goes_on(queue: Queue, signed: Callable[..., Message]) -> None:
    for rubbish in rubbish_of(signed()):
        assert not queue.runs(rubbish)
    assert queue.runs(signed())


def test_every_task_is_run_from_a_signed_message_alone() -> None:
    app.loader.import_default_modules()
    assert DELETING in app.tasks
    assert {task.Strategy for task in app.tasks.values()} == {"contactpoint.queue:signed_only"}


def rubbish_of(message: Message) -> Iterator[Message]:
    """Messages that are none of ours, in shapes that a library may trip over."""
    for body in (b"", b"5", b"null", b"{}", b"\xff\xfe", b'{"args": 1, "task": "x"}', b'[{"__type__": "datetime"}]'):
        yield deepcopy(message) | {"body": base64.b64encode(body).decode()}
    date = [[{"__type__": "datetime", "__value__": "2026-01-01T00:00:00"}], {}, {}]
    yield message | {"body": base64.b64encode(json.dumps(date).encode()).decode()}
    pickled = base64.b64encode(pickle.dumps([[], {}, {}])).decode()
    yield message | {"body": pickled, "content-type": "application/x-python-serialize", "content-encoding": "binary"}
    old = {"task": DELETING, "id": "1", "args": [], "kwargs": {}, "expires": soon()}
    yield message | {"headers": {}, "body": base64.b64encode(json.dumps(old).encode()).decode()}
    yield message | {"headers": {"task": DELETING}}


def embedded(message: Message) -> object:
    return json.loads(base64.b64decode(message["body"]))[2]


def soon() -> str:
    return (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
