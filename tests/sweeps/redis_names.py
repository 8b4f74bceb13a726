"""What Redis was told while the service ran, as MONITOR writes it: names of keys, and the values put under them."""

import re
from collections.abc import Iterator

# A command with its arguments, quoted. The service's own connections alone: ours asks for MONITOR.
LINE = re.compile(r'^\+[\d.]+ \[\d+ [^\]]+\] ("(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*)', re.MULTILINE)
ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Of the arguments of each command, which are names. A command that is not listed fails here until somebody looks.
NAMES = {
    **dict.fromkeys(("GET", "SET", "INCRBY", "EXPIRE", "LPUSH", "SADD", "LLEN"), slice(0, 1)),
    **dict.fromkeys(("DEL", "EXISTS", "MGET"), slice(0, None)),
    "BRPOP": slice(0, -1),
    **dict.fromkeys(("PING", "SELECT", "MULTI", "EXEC", "HELLO", "AUTH", "CLIENT", "CONFIG", "MONITOR"), slice(0, 0)),
}


def names_said(commands: str) -> set[str]:
    """The name of every key that was asked for. KeyError for a command that nobody has looked at."""
    return {name for command, arguments in _said(commands) for name in arguments[NAMES[command]]}


def values_counted(commands: str) -> set[str]:
    """Every value that was put under a name."""
    return {arguments[1] for command, arguments in _said(commands) if command == "SET"}


def _said(commands: str) -> Iterator[tuple[str, list[str]]]:
    for line in LINE.findall(commands):
        command, *arguments = ARGUMENT.findall(line)
        yield command.upper(), arguments
