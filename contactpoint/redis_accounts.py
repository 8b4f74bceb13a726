"""What each process may do in Redis: the whole of it, on one page.

Redis holds counts of the web process and of the one that signs people in, and queues. The worker sends what its
timetable says, to itself, to the sequencer and to the examiner; each works through a queue of its own. The other two
send nothing, and know no queue.

The embedded server makes these accounts (contactpoint/local/redis_server.py). docker-compose.yml writes them out again;
tests/integration/contactpoint/test_compose_servers.py fails where it says anything else. The default account, which
needs no name, is off in both.
"""

from dataclasses import dataclass

# Below this stand all keys of the queues. The library that keeps the queues makes their names out of it.
QUEUE = "queue:"
# Where the library notes which queues there are. It asks there for none of ours, but it will write.
BINDING = "_kombu.binding*."

CONNECT = ("ping", "select")
COUNT = ("get", "set", "del", "exists", "incrby", "expire", "persist", "mget", "mset", "multi", "exec")
SEND = ("lpush", "sadd", "multi", "exec")
WORK = ("brpop", "llen")


@dataclass(frozen=True)
class Account:
    """The commands and the patterns of keys that an account has, and nothing else."""

    commands: tuple[str, ...]
    keys: tuple[str, ...]

    def rules(self) -> str:
        """The same as Redis writes it: no channel, no other key, no other command, no script."""
        keys = (f"~{pattern}" for pattern in self.keys)
        commands = (f"+{command}" for command in sorted(set(self.commands)))
        return " ".join(["resetkeys", "resetchannels", *keys, "-@all", *commands])


def counts_of(process: str) -> str:
    """The pattern of the keys under which a process counts (contactpoint/cache.py)."""
    return f"{process}:*"


def queue_of(process: str) -> tuple[str, ...]:
    """The keys of the queue that a process works through: what waits in it, and that there is one."""
    return (f"{QUEUE}{process}", f"{QUEUE}{BINDING}{process}")


ACCOUNTS: dict[str, Account] = {
    "web": Account(CONNECT + COUNT, (counts_of("web"),)),
    "sign_in": Account(CONNECT + COUNT, (counts_of("sign_in"),)),
    "worker": Account(CONNECT + SEND + WORK, (*queue_of("worker"), *queue_of("sequencer"), *queue_of("examiner"))),
    "sequencer": Account(CONNECT + SEND + WORK, queue_of("sequencer")),
    "examiner": Account(CONNECT + SEND + WORK, queue_of("examiner")),
}

# The queues that a process puts messages into or takes them from. It is told the keys of these and of no other
# (contactpoint/queue.py).
QUEUES: dict[str, tuple[str, ...]] = {
    "worker": ("worker", "sequencer", "examiner"),
    "sequencer": ("sequencer",),
    "examiner": ("examiner",),
}
