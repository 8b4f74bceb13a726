"""Every address that the service answers to, found by walking its URL patterns."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from access.door.routes import RoutePolicy, policy_of
from access.rules.roles import Permission

# What stands in an address for each kind of parameter.
SAMPLES = {
    "int": "1",
    "str": "made-up",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "slug": "made-up",
    "done": "recorded",
    "path": "made/up",
}
# What is read with these is read after its event is committed, which no transaction round it may take back.
READING = {
    Permission.BATCH_KEEP,
    Permission.ARCHIVE_READ,
    Permission.CHILD_OPEN,
    Permission.CHILD_RECALL,
    Permission.CHILD_SEARCH,
    Permission.CONNECTION_ASK,
    Permission.CONNECTION_MAKE,
    Permission.HANDOVER_KEEP,
    Permission.INVOLVEMENT_KEEP,
    Permission.LOG_READ,
    Permission.MATCH_DECIDE,
    Permission.FEED_KEEP,
    Permission.MERGE_DECIDE,
    Permission.PEOPLE_DECIDE,
    Permission.PEOPLE_INVITE,
    Permission.PEOPLE_LIST,
    Permission.RECORD_KEEP,
    Permission.REPORT_ANSWER,
    Permission.REPORT_MAKE,
    Permission.SHIELD_ASK,
    Permission.SHIELD_DECIDE,
    Permission.UNPLACED_LIST,
}
OWN = {"agreement", "home", "my_access", "my_history", "question"}
PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?\w+>")


@dataclass(frozen=True)
class Route:
    """One URL pattern: its name, a path that it answers to, and its view."""

    name: str
    path: str
    view: object

    @property
    def is_ours(self) -> bool:
        return not self.view.__module__.startswith("allauth.")

    def __str__(self) -> str:
        return self.name


def all_routes() -> list[Route]:
    """Every route. A pattern whose address cannot be made up fails here."""
    return sorted(_walk(get_resolver().url_patterns, "/"), key=lambda route: route.name)


def policy(route: Route) -> RoutePolicy | None:
    """What the route asks of whoever calls it."""
    return policy_of(route.view, resolve(route.path).url_name)


@contextmanager
def undone(route: Route) -> Iterator[None]:
    """What a call does is taken back at the end of the block; of a route that reads after a commit, its events stay."""
    asked = policy(route)
    if asked and (asked.permission in READING or route.name in OWN):
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + _example(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield Route(pattern.name or path, path, pattern.callback)


def _example(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if text.startswith("^"):
        # allauth writes some of its routes as regular expressions.
        return re.sub(r"\(\?P<\w+>[^)]*\)", "made-up", text).strip("^$").replace("\\", "")
    return PARAMETER.sub(lambda found: SAMPLES[found["converter"] or "str"], text)
