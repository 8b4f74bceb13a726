"""Where to go once signed in: never to another host, nor to what a link of an earlier session would have led to."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

# What a link holds that is good in one session only.
BOUND_TO_SESSION = frozenset({"other", "reference", "trail"})


@dataclass(frozen=True, slots=True)
class Instead:
    """The page from which one comes back to what a link of an earlier session led to."""

    route: str
    words: str

    @property
    def address(self) -> str:
        """Where it is."""
        return reverse(self.route)


SEARCH_AGAIN = Instead("search", "Search again: links of an earlier session no longer work.")
# By the beginning of the link's path.
INSTEAD: dict[str, Instead] = {
    "record": SEARCH_AGAIN,
    "search": SEARCH_AGAIN,
    "people": Instead("people", "Find the person again: links of an earlier session no longer work."),
    "organisations": Instead("organisations", "Find it again: links of an earlier session no longer work."),
    "batches": Instead("batches", "Open the list again: links of an earlier session no longer work."),
    "connections": Instead("connections", "Open the list again: links of an earlier session no longer work."),
    "shields": Instead("shields", "Open the list again: links of an earlier session no longer work."),
    "handovers": Instead("handovers", "Open the list again: links of an earlier session no longer work."),
    "identities": Instead("identities", "Open the list again: links of an earlier session no longer work."),
    "matches": Instead("matches", "Open the list again: links of an earlier session no longer work."),
    "keeping": Instead("find_keeping", "Find the record again: links of an earlier session no longer work."),
    "reported": Instead("reports", "Open the list again: links of an earlier session no longer work."),
    "merging": Instead("merges", "Open the list again: links of an earlier session no longer work."),
    "log": Instead("log", "Set the filter again: it was kept in the earlier session."),
    "read-out": Instead("asking", "Say again who is asking: calls end with their session."),
}


# What a form is about, by the beginning of its path.
WORDS: dict[str, str] = {
    "account": "your account",
    "batches": "what suppliers send",
    "archive": "the archive",
    "call": "who is asking",
    "cases": "a case",
    "connections": "a connection that was asked for",
    "handovers": "a record that changes hands",
    "identities": "a new identity",
    "keeping": "a record that is kept to the 25th birthday",
    "log": "the access log",
    "matches": "a doubtful match",
    "oauth": "a system that you let act for you",
    "merging": "two records of one child",
    "my-access": "your access",
    "organisations": "an organisation",
    "people": "people",
    "read-out": "who is asking",
    "record": "a child’s record",
    "reported": "something that is reported as wrong",
    "search": "a search for a child",
    "security": "your security",
    "shields": "the protection of a child’s details",
    "stops": "an emergency stop",
    "systems": "a system",
}


def part_of(path: str) -> str:
    """The part of the service that a path is of: its beginning."""
    return path.split("/")[1]


def here(request: HttpRequest) -> str:
    """This page if it can be read again, else the one on which the form stood, else the start."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    address = came_from._replace(scheme="", netloc="", fragment="").geturl()
    return address if came_from.netloc == request.get_host() and is_own(address) else reverse("home")


def is_own(address: str) -> bool:
    """Whether it is the path of a page of ours, and nothing that a browser could take for another host."""
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None) and _match(address) is not None


def instead_of(address: str) -> Instead | None:
    """For a link that is good in one session only: the page to begin again from."""
    match = _match(address)
    if match is None or BOUND_TO_SESSION.isdisjoint(match.kwargs):
        return None
    return INSTEAD[match.route.split("/")[0]]


def _match(address: str) -> ResolverMatch | None:
    try:
        parts = urlsplit(address)
        return None if parts.scheme or parts.netloc else resolve(parts.path)
    except (Resolver404, ValueError):
        return None
