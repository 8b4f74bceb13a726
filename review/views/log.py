"""The access log for auditors. Reading it is an event too."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from audit import proofs
from audit.events import EventKind
from audit.reading import TookTooLongError, reading
from audit.recorder import About
from review import wording
from review.forms import LogFilterForm
from review.policies import MOST_PACKED, TOO_MUCH, about_event, authorities_of, reading_at_once
from review.selectors import visits
from review.selectors.alerts import MOST_COUNTED, new_alerts
from review.selectors.days import whose
from review.selectors.entries import Filter, entry, numbers_of
from review.selectors.names import names_in, people_in
from review.selectors.saved_views import saved_views
from review.selectors.trails import FOLLOWED
from review.selectors.visits import MOST_EVENTS, Place
from review.views import filters
from review.views.lines import line_of, line_of_visit, told
from review.views.ways import NoPlaceError, Way, place_of, query_of, way_of

NO_SUCH_ADDRESS = "This address asks for something that the log does not know. Choose below what you want to see"
TOO_LONG = "Looking for this takes too long. Choose fewer days, or show each event on a line of its own"


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def log_page(request: HttpRequest) -> HttpResponse:
    """The events of the auditor's authorities. What is to be seen is asked with a form, and kept."""
    if request.method != "POST":
        return _page(request, filters.form_of(request), Filter(), None)
    form = filters.form_of(request, request.POST)
    if form.is_valid():
        return redirect("filtered_log", reference=filters.keep(request, form))
    return _page(request, form, Filter(nobody=True), None)


@requires(Permission.LOG_READ)
@require_safe
def filtered_page(request: HttpRequest, reference: UUID) -> HttpResponse:
    """As the log's page, narrowed by what was asked in this session."""
    asked = filters.kept(request, reference)
    if asked is None:
        messages.info(request, filters.NOT_KEPT)
        return redirect("log")
    return _page(request, asked.form, asked.wanted, reference)


@requires(Permission.LOG_READ)
@require_safe
def event_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event, with all it holds but the sealed criteria."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_event(event_id)):
        found = entry(authorities, event_id)
        if found is None:
            raise NotFoundError
        numbers = numbers_of([found])
        people = people_in([found])
        sealed = proofs.inclusion_of(event_id)
    context = {
        "event": told(found, names_in([found], people), numbers),
        "event_id": event_id,
        "sealed": sealed,
        "has_day": whose(found) is not None,
        "has_trail": found.kind in FOLLOWED,
        "has_record": found.child_id is not None and found.kind != EventKind.LOG_READ,
        "way": way_of(request),
    }
    return render(request, "review/event.html", context)


@requires(Permission.LOG_READ)
@require_safe
def visit_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """Every event of the visit to which that event belongs."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_event(event_id)):
        found = entry(authorities, event_id)
        if found is None:
            raise NotFoundError
        events = visits.events_of_visit(authorities, found)
        numbers = numbers_of(events)
        people = people_in(events)
    names = names_in(events, people)
    way = way_of(request)
    context = {
        "lines": [line_of(each, names, numbers, way) for each in events],
        "way": way,
        "newest": events[0],
        "oldest": events[-1],
        "most_packed": MOST_PACKED,
        "cut": len(events) == MOST_EVENTS,
    }
    return render(request, "review/visit.html", context)


def _page(request: HttpRequest, form: LogFilterForm, wanted: Filter, reference: UUID | None) -> HttpResponse:
    """The page; a form with an error, or an address that makes no sense, shows nothing.

    `reference` is that under which the filter is kept, if there is one. What was asked for is sealed in the event of
    the reading, as of a search.
    """
    try:
        place = place_of(request)
    except NoPlaceError:
        form = form if form.is_bound else filters.form_of(request, {})
        form.add_error(None, NO_SUCH_ADDRESS)
        place, wanted = Place(), Filter(nobody=True)
    actor = actor_of(request)
    authorities = authorities_of(actor)
    asked = form.typed() if form.is_bound and form.is_valid() else {}
    try:
        with reading(actor, About(child_id=wanted.child_id, criteria=asked or None)):
            page = visits.visits(authorities, wanted, place)
            newest = [visit.newest for visit in page.visits]
            numbers, people = numbers_of(newest), people_in(newest)
            waiting = new_alerts(authorities)
    except TookTooLongError:
        if wanted.nobody:
            raise WrongStateError(TOO_MUCH) from None
        form = form if form.is_bound else filters.form_of(request, {})
        form.add_error(None, TOO_LONG)
        return _page(request, form, Filter(nobody=True), reference)
    names = names_in(newest, people)
    way = Way(reference, place)
    context = {
        "form": form,
        "lines": [line_of_visit(visit, names, numbers, way) for visit in page.visits],
        "apart": wanted.apart,
        "most_packed": MOST_PACKED,
        "reference": reference,
        "saved": [(view.pk, wording.saved_view(view)) for view in saved_views(actor.user_id)],
        "seen_url": reverse("seen", args=[reference]) if reference and wanted.child_id is not None else "",
        "newer": query_of(page.newer),
        "older": query_of(page.older),
        "new_alerts": waiting,
        "most_counted": MOST_COUNTED,
    }
    return render(request, "review/log.html", context)
