"""Where in the log somebody is, and the way back to it from one of its lines.

An address carries no more of a filter than the reference under which it is kept.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse

from review.selectors.entries import LARGEST_ID
from review.selectors.visits import Place

PLACES = ("before", "after", "upto")
FILTER = "filter"
PAGES = ("log", "filtered_log", "visit", "day", "trail")  # whose lines can be ticked


class NoPlaceError(Exception):
    """An address asks for a place in the log that there cannot be, or for something else than a place."""


@dataclass(frozen=True, slots=True)
class Way:
    """The page of the log from which somebody came, as far as that is known."""

    reference: UUID | None = None
    place: Place = field(default_factory=Place)

    @property
    def back(self) -> str:
        """The address of that page."""
        path = reverse("filtered_log", args=[self.reference]) if self.reference else reverse("log")
        return f"{path}{query_of(self.place)}"

    @property
    def query(self) -> str:
        """What the address of an event ends with, so that its page knows the way; nothing for the log as it begins."""
        return _query({FILTER: self.reference, **_given(self.place)})


def place_of(request: HttpRequest) -> Place:
    """Where in the log the address leads. Raises NoPlaceError for whatever is none."""
    return _place(request.GET)


def way_of(request: HttpRequest) -> Way:
    """The way back that the address knows; to the log as it begins where it knows none."""
    asked = request.GET.copy()
    try:
        reference = UUID(asked.pop(FILTER)[-1]) if FILTER in asked else None
        return Way(reference, _place(asked))
    except (ValueError, NoPlaceError):
        return Way()


def sent_from(request: HttpRequest) -> str:
    """The page of the log on which a form was sent, as the form says; the log as it begins where it says none."""
    path, _, query = request.POST.get("here", "").partition("?")
    try:
        known = resolve(path).url_name in PAGES  # of no other host: those begin with nothing that is ours
    except Resolver404:
        known = False
    return f"{path}?{query}" if known else reverse("log")


def query_of(place: Place | None) -> str:
    """The part of a page's address that leads to the place; nothing for none."""
    return _query(_given(place)) if place else ""


def is_number(text: str) -> bool:
    """Whether an id could be written so, or nothing is."""
    return not text or (text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_ID)))


def _place(query: QueryDict) -> Place:
    asked = {name: str(text) for name, text in query.items()}
    known = all(name in PLACES and text.isascii() and text.isdecimal() for name, text in asked.items())
    if not known or any(len(text) > len(str(LARGEST_ID)) or int(text) > LARGEST_ID for text in asked.values()):
        raise NoPlaceError
    if "before" in asked and "after" in asked:
        raise NoPlaceError
    return Place(**{name: int(text) for name, text in asked.items()})


def _given(place: Place) -> dict[str, object]:
    return {name: getattr(place, name) for name in PLACES}


def _query(parts: dict[str, object]) -> str:
    given = {name: part for name, part in parts.items() if part is not None}
    return f"?{urlencode(given)}" if given else ""
