"""Everybody who writes in the comparison, by name. Imports nothing of theirs: each needs settings of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

Write = Callable[[], object]
"""Writes one event, in a transaction of its own."""


@dataclass(frozen=True)
class Contender:
    """`make` stands in `module` and takes the number of a writer."""

    module: str
    make: str
    is_rival: bool = False

    def writer(self, place: int) -> Write:
        """What the writer of that number does again and again. Call it in the writer's own process."""
        write: Write = getattr(import_module(f"bench.audit.{self.module}"), self.make)(place)
        return write


BARE, CLIENT = "bare insert", "client alone"
# In the order of each round.
WRITING = {
    BARE: Contender("ours", "bare"),
    "audit_record": Contender("ours", "ours"),
    "our recorder, in Django": Contender("ours", "recorder"),
    "django-auditlog": Contender("rivals.writers", "auditlog", is_rival=True),
    "django-pghistory": Contender("rivals.writers", "history", is_rival=True),
}
ALL = WRITING | {CLIENT: Contender("ours", "client")}
