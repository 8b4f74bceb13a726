"""The access log for auditors. Reading it is an event too."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit import proofs
from audit.reading import reading
from audit.recorder import About
from review.forms import LogFilterForm
from review.policies import LARGEST_ID, about_event, authorities_of
from review.selectors import visits
from review.selectors.alerts import new_alerts
from review.selectors.entries import Filter, entry, numbers_of
from review.selectors.names import names_in
from review.selectors.visits import MOST_EVENTS, Place
from review.views import filters
from review.views.lines import line_of, line_of_visit, told

NOT_KEPT = "What you had chosen is not kept any more, so this is the log without it. Choose again what you want to see."
NO_SUCH_ADDRESS = "This address asks for something that the log does not know. Choose below what you want to see"
PLACES = ("before", "after", "upto")


class NoPlaceError(Exception):
    """An address asks for a place in the log that there cannot be, or for something else than a place."""


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def log_page(request: HttpRequest) -> HttpResponse:
    """The events of the auditor's authorities. What is to be seen is asked with a form, and kept."""
    if request.method != "POST":
        return _page(request, LogFilterForm(), Filter())
    form = LogFilterForm(request.POST)
    if form.is_valid():
        return redirect("filtered_log", reference=filters.keep(request, form))
    return _page(request, form, Filter(nobody=True))


@requires(Permission.LOG_READ)
@require_safe
def filtered_page(request: HttpRequest, reference: UUID) -> HttpResponse:
    """As the log's page, narrowed by what was asked in this session."""
    asked = filters.kept(request, reference)
    if asked is None:
        messages.info(request, NOT_KEPT)
        return redirect("log")
    return _page(request, asked.form, asked.wanted)


@requires(Permission.LOG_READ)
@require_safe
def event_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event, with all it holds but the sealed criteria."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading(actor, about_event(event_id)):
        found = entry(authorities, event_id)
        if found is None:
            raise NotFoundError
        numbers = numbers_of([found])
        sealed = proofs.inclusion_of(event_id)
    context = {"event": told(found, names_in([found]), numbers), "event_id": event_id, "sealed": sealed}
    return render(request, "review/event.html", context)


@requires(Permission.LOG_READ)
@require_safe
def visit_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """Every event of the visit to which that event belongs."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading(actor, about_event(event_id)):
        found = entry(authorities, event_id)
        if found is None:
            raise NotFoundError
        events = visits.events_of_visit(authorities, found)
        numbers = numbers_of(events)
    names = names_in(events)
    context = {
        "lines": [line_of(each, names, numbers) for each in events],
        "newest": events[0],
        "oldest": events[-1],
        "cut": len(events) == MOST_EVENTS,
    }
    return render(request, "review/visit.html", context)


def _page(request: HttpRequest, form: LogFilterForm, wanted: Filter) -> HttpResponse:
    """The page; a form with an error, or an address that makes no sense, shows nothing.

    What was asked for is sealed in the event of the reading, as of a search.
    """
    try:
        place = _place(request)
    except NoPlaceError:
        form = form if form.is_bound else LogFilterForm({})
        form.add_error(None, NO_SUCH_ADDRESS)
        place, wanted = Place(), Filter(nobody=True)
    actor = actor_of(request)
    authorities = authorities_of(actor)
    asked = form.typed() if form.is_bound and form.is_valid() else {}
    with reading(actor, About(child_id=wanted.child_id, criteria=asked or None)):
        page = visits.visits(authorities, wanted, place)
        numbers = numbers_of([visit.newest for visit in page.visits])
        waiting = new_alerts(authorities)
    names = names_in(visit.newest for visit in page.visits)
    context = {
        "form": form,
        "lines": [line_of_visit(visit, names, numbers) for visit in page.visits],
        "newer": _address(page.newer),
        "older": _address(page.older),
        "new_alerts": waiting,
    }
    return render(request, "review/log.html", context)


def _place(request: HttpRequest) -> Place:
    """Where in the log the address leads. Raises NoPlaceError for whatever is none."""
    asked = {name: str(text) for name, text in request.GET.items()}
    known = all(name in PLACES and text.isascii() and text.isdecimal() for name, text in asked.items())
    if not known or any(len(text) > len(str(LARGEST_ID)) or int(text) > LARGEST_ID for text in asked.values()):
        raise NoPlaceError
    if "before" in asked and "after" in asked:
        raise NoPlaceError
    return Place(**{name: int(text) for name, text in asked.items()})


def _address(place: Place | None) -> str:
    """The part of a page's address that leads to the place; nothing for none."""
    if place is None:
        return ""
    given = {name: getattr(place, name) for name in PLACES if getattr(place, name) is not None}
    return f"?{urlencode(given)}"
