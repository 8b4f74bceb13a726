"""What Redis lets each account do is what contactpoint/redis_accounts.py says, and nothing more."""

from collections.abc import Callable, Iterator

import pytest
import redis
from django.conf import settings

from access.tasks import delete_ended_sessions
from contactpoint.local.redis_server import OPERATOR
from contactpoint.local.servers import Servers
from contactpoint.redis_accounts import ACCOUNTS, QUEUES
from tests import servers

# All that a stranger with an account would try first.
DANGEROUS = [
    *("FLUSHALL", "FLUSHDB", "SHUTDOWN NOSAVE", "SAVE", "BGSAVE", "DEBUG SLEEP 0", "MONITOR", "INFO", "ROLE"),
    *("CONFIG GET *", "CONFIG SET dir /tmp", "MODULE LIST", "MODULE LOAD /tmp/x.so", "REPLICAOF 127.0.0.1 1", "SYNC"),
    *("KEYS *", "SCAN 0", "DBSIZE", "RANDOMKEY", "SWAPDB 0 1", "SLOWLOG GET", "CLIENT LIST", "CLIENT KILL TYPE normal"),
    *("ACL LIST", "ACL SETUSER web allkeys", "ACL WHOAMI", "EVAL return(1) 0", "EVALSHA 0 0", "SCRIPT LOAD return(1)"),
    *(
        "PUBLISH x y",
        "SUBSCRIBE x",
        "PSUBSCRIBE *",
        "PUBSUB CHANNELS",
        "LATENCY DOCTOR",
        "MIGRATE h 1 k 0 1",
        "OBJECT HELP",
    ),
    *("RENAME web:a web:b", "COPY web:a web:b", "SORT web:a", "DUMP web:a", "RESTORE web:a 0 x", "MEMORY USAGE web:a"),
]
MEDDLING = ("GET {}", "SET {} x", "DEL {}", "LPUSH {} x", "BRPOP {} 1", "LLEN {}", "SADD {} x", "EXPIRE {} 1")
COUNT, WAITING, SEALING, COMPARING = "web:count", "queue:worker", "queue:sequencer", "queue:examiner"


@pytest.fixture
def account(running_servers: Servers) -> Iterator[Callable[[str], redis.Redis]]:
    """A client as an account, in the database of this process."""
    database = servers.service_redis_database()
    opened: list[redis.Redis] = []

    def sign_in(name: str) -> redis.Redis:
        opened.append(redis.Redis.from_url(running_servers.redis.address(name, database), decode_responses=True))
        return opened[-1]

    yield sign_in
    for client in opened:
        client.close()


@pytest.fixture
def operator(account: Callable[[str], redis.Redis]) -> Iterator[redis.Redis]:
    client = account(OPERATOR)
    client.flushdb()
    client.set(COUNT, 3)
    for queue in (WAITING, SEALING):
        client.lpush(queue, "message")
    yield client
    client.flushdb()


def test_server_has_these_accounts_and_no_other(operator: redis.Redis) -> None:
    lines = {line.split()[1]: line.split() for line in operator.acl_list()}

    assert set(lines) == {"default", OPERATOR, *ACCOUNTS}
    assert lines["default"][2] == "off"
    for name, allowed in ACCOUNTS.items():
        told = operator.acl_getuser(name)
        assert {*told["keys"]} == {f"~{pattern}" for pattern in allowed.keys} or {*told["keys"]} == {*allowed.keys}
        assert set(told["commands"]) | {*told["categories"]} == {f"+{each}" for each in allowed.commands} | {"-@all"}
        assert not told["channels"]


def test_nobody_comes_in_without_an_account(running_servers: Servers) -> None:
    place = running_servers.redis.operator_address.partition("@")[2]
    for address in (f"redis://{place}", f"redis://:guess@{place}", f"redis://web:guess@{place}"):
        with redis.Redis.from_url(address) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


@pytest.mark.parametrize("name", ACCOUNTS)
@pytest.mark.parametrize("command", DANGEROUS)
def test_account_cannot(account: Callable[[str], redis.Redis], operator: redis.Redis, name: str, command: str) -> None:
    with pytest.raises(redis.exceptions.NoPermissionError):
        account(name).execute_command(*command.split())


@pytest.mark.parametrize(
    ("name", "command"),
    [
        *[("web", asked.format(queue)) for asked in MEDDLING for queue in (WAITING, SEALING, COMPARING)],
        *[("web", f"MGET {COUNT} {queue}") for queue in (WAITING, SEALING, COMPARING)],
        ("web", "SADD queue:_kombu.binding.worker x"),
        *[(name, asked.format(COUNT)) for asked in MEDDLING for name in ("worker", "sequencer", "examiner")],
        *[("sequencer", asked.format(queue)) for asked in MEDDLING for queue in (WAITING, COMPARING)],
        *[("examiner", asked.format(queue)) for asked in MEDDLING for queue in (WAITING, SEALING)],
    ],
)
def test_account_reaches_no_key_of_another(
    account: Callable[[str], redis.Redis], operator: redis.Redis, name: str, command: str
) -> None:
    with pytest.raises(redis.exceptions.NoPermissionError):
        account(name).execute_command(*command.split())
    assert operator.get(COUNT) == "3"
    assert operator.lrange(WAITING, 0, -1) == operator.lrange(SEALING, 0, -1) == ["message"]


def test_each_account_reaches_its_own(account: Callable[[str], redis.Redis], operator: redis.Redis) -> None:
    assert account("web").incr(COUNT) == 4
    assert account("worker").lpush(SEALING, "another") == 2
    assert account("sequencer").brpop([SEALING], timeout=1) == (SEALING, "message")
    assert account("worker").brpop([WAITING], timeout=1) == (WAITING, "message")


def test_web_process_knows_no_queue_and_can_send_nothing() -> None:
    assert "web" not in QUEUES
    assert settings.QUEUE_KEYS == {}
    with pytest.raises(KeyError, match="No such transport"):
        delete_ended_sessions.delay()
