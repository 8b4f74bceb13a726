"""From one event on: that person's day, what led from a search to an opening, and who else has seen the record."""

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from audit.recorder import About
from review import wording
from review.policies import MOST_PACKED, about_event, authorities_of, reading_at_once
from review.selectors.days import day_in_log, day_of, whose
from review.selectors.entries import Entry, entry, numbers_of
from review.selectors.names import Names, names_in, people_in
from review.selectors.records import MOST_SEERS, Seer, Times, seers_of
from review.selectors.trails import FOLLOWED, Step, trail_of
from review.views import filters
from review.views.lines import Line, line_of, records
from review.views.ways import way_of

NO_RECORD = "Enter the number of a record first. Then you can see who has seen it."


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines without a pause, under what stands above them."""

    pause: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a trail in a line. `how`: how an opening came from the list before it."""

    line: Line
    how: str


@dataclass(frozen=True, slots=True)
class ShownSeer:
    """A person who has seen the record, in words."""

    who: str
    url: str
    opened: Times | None
    listed: Times | None
    other: Times | None
    reasons: list[str]


@requires(Permission.LOG_READ)
@require_safe
def day_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """The day on which that event happened, of whoever it belongs to."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_event(event_id, "day")):
        found = _entry(authorities, event_id)
        person = whose(found)
        if person is None:
            raise NotFoundError
        day = day_of(authorities, person, day_in_log(found))
        numbers, people = numbers_of(day.events), people_in(day.events)
    names = names_in(day.events, people)
    way = way_of(request)
    context = {
        "whom": names.person(person),
        "day": day,
        "stretches": [
            Stretch(
                wording.lasting(each.pause) if each.pause else "",
                [line_of(event, names, numbers, way) for event in each.events],
            )
            for each in day.stretches
        ],
        "most_packed": MOST_PACKED,
        "way": way,
    }
    return render(request, "review/day.html", context)


@requires(Permission.LOG_READ)
@require_safe
def trail_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """What leads from a search to that opening, or from that search to openings."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_event(event_id, "trail")):
        found = _entry(authorities, event_id)
        if found.kind not in FOLLOWED:
            raise NotFoundError
        trail = trail_of(authorities, event_id)
        events = [step.event for step in trail.steps]
        numbers, people = numbers_of(events), people_in(events)
    names = names_in(events, people)
    way = way_of(request)
    context = {
        "steps": [ShownStep(line_of(step.event, names, numbers, way), _how(step)) for step in trail.steps],
        "trail": trail,
        "event": found,
        "searched": bool(trail.shown),
        "most_packed": MOST_PACKED,
        "way": way,
    }
    return render(request, "review/trail.html", context)


@requires(Permission.LOG_READ)
@require_safe
def record_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """Who has seen the record that the event is about."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_event(event_id)):
        found = _entry(authorities, event_id)
    if found.child_id is None:
        raise NotFoundError
    return _seen(request, actor, found.child_id)


@requires(Permission.LOG_READ)
@require_safe
def seen_page(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Who has seen the record whose number was asked for in this session."""
    asked = filters.kept(request, reference)
    if asked is None:
        messages.info(request, filters.NOT_KEPT)
        return redirect("log")
    if asked.wanted.child_id is None:
        messages.info(request, NO_RECORD)
        return redirect("filtered_log", reference=reference)
    return _seen(request, actor_of(request), asked.wanted.child_id)


def _seen(request: HttpRequest, actor: Actor, child_id: int) -> HttpResponse:
    with reading_at_once(actor, About(child_id=child_id, fields=["seen"])):
        found = seers_of(child_id)
        seers = found[:MOST_SEERS]
        newest = [seer.newest for seer in seers]
        numbers, people = numbers_of(newest), people_in(newest)
    if not seers:
        raise NotFoundError
    names = names_in(newest, people, employers=True)
    by_place = sorted(seers, key=lambda seer: _place(seer, seers))
    context = {
        "record": records([child_id], numbers)[0],
        "kept": child_id in numbers,
        "places": [
            (names.organisation(place) if place else wording.NOWHERE, [_shown(seer, names) for seer in group])
            for place, group in groupby(by_place, key=lambda seer: seer.newest.organisation_id)
        ],
        "people": len({seer.newest.actor_id for seer in seers}),
        "cut": len(found) > len(seers),
        "way": way_of(request),
    }
    return render(request, "review/seen.html", context)


def _place(seer: Seer, seers: list[Seer]) -> int:
    """Where the organisation stands, whose people saw the record last first."""
    return [each.newest.organisation_id for each in seers].index(seer.newest.organisation_id)


def _shown(seer: Seer, names: Names) -> ShownSeer:
    reasons = [reason_label(reason) for reason in seer.reasons]
    url = line_of(seer.newest, names, {}).url
    return ShownSeer(wording.who(seer.newest, names), url, seer.opened, seer.listed, seer.other, reasons)


def _how(step: Step) -> str:
    if step.opened is None:
        return ""
    return f"{wording.lasting(step.opened.after)} after it was shown, number {step.opened.place} of {step.opened.of}"


def _entry(authorities: list[int], event_id: int) -> Entry:
    found = entry(authorities, event_id)
    if found is None:
        raise NotFoundError
    return found
