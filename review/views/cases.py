"""The auditor's desk: the queue, a case, and what its person did on a day. Each page is a reading of the log."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from audit.recorder import About
from review.case_forms import DecideCaseForm, TakeCaseForm
from review.case_policies import about_case
from review.policies import authorities_of, reading_at_once
from review.rules.weights import weights
from review.selectors import cases as kept
from review.selectors import visits
from review.selectors.case_pages import contents_of, drawn, entries_of
from review.selectors.cases import Shown, WorkedCase, case_of, earlier_of, people_of
from review.selectors.entries import Filter, numbers_of
from review.selectors.names import names_in, people_in, places_of
from review.selectors.organisations import works_within
from review.selectors.visits import Place
from review.views.case_people import named_shown, names_to_decide, places_in
from review.views.case_shown import (
    NOBODY,
    access_shown,
    findings_shown,
    interleaved,
    question_shown,
    role_in,
    row_of_case,
    row_of_drawn,
    shown,
)
from review.views.lines import line_of_visit
from review.watch import is_late, unexamined_since

NO_SUCH_CASES = "This address asks for cases that there are none of. These are the ones to do."
LONGEST_AGO = timedelta(days=3650)


@requires(Permission.LOG_READ)
@require_safe
def cases_page(request: HttpRequest) -> HttpResponse:
    """The queue of the auditor's authorities: what is to do, unless others are asked for."""
    asked = request.GET.get("show", Shown.TO_DO.value)
    if asked not in list(Shown):
        messages.info(request, NO_SUCH_CASES)
        return redirect("cases")
    which, actor, by = Shown(asked), actor_of(request), weights().score
    authorities = authorities_of(actor)
    with reading_at_once(actor, About(fields=["cases"])):
        queue = kept.queue(which, reader_id=actor.user_id)
        accesses = drawn(by.judged) if which == Shown.TO_DO else []
        entries = entries_of(authorities, [each.event_id for each in accesses])
        people, names = people_of([each.id for each in queue.cases]), people_in(entries)
        unexamined, compared = unexamined_since(), kept.is_compared()
    places = places_of([*(each.organisation_id for each in queue.cases), *(each.organisation_id for each in accesses)])
    roles = {each.id: role_in(each) for each in entries}
    told = names_in(entries, names)
    rows = [row_of_case(shown(each, people, places, actor)) for each in queue.cases]
    others = [
        row_of_drawn(each, told.person(each.person_id), roles.get(each.event_id, ""), places) for each in accesses
    ]
    context = {
        "rows": interleaved(rows, others) if which == Shown.TO_DO else rows,
        "total": queue.total,
        "late": queue.late,
        "asked": which,
        "choices": list(Shown),
        "overdue": by.overdue,
        "in_front": len(queue.cases),
        "examined_to": unexamined or timezone.now(),
        "stands_still": is_late(unexamined),
        "compared": compared,
    }
    return render(request, "review/cases.html", context)


@requires(Permission.LOG_READ)
@require_safe
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: whom it is about, what was found, and what to do about it."""
    return show_case(request, case_id)


@requires(Permission.LOG_READ)
@require_safe
def day_page(request: HttpRequest, case_id: int, day: str) -> HttpResponse:
    """What the person of a case did on that day, from the log."""
    actor, wanted = actor_of(request), _day(day)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_case(case_id)):
        case = _found(case_id)
        if case.person_id is None:
            raise NotFoundError
        asked = Filter(since=wanted, until=wanted, person_id=case.person_id)
        page = visits.visits(authorities, asked, Place())
        newest = [visit.newest for visit in page.visits]
        numbers, people = numbers_of(newest), people_in(newest)
        known = people_of([case_id])
    names = names_in(newest, people)
    context = {
        "shown": shown(case, known, places_of([case.organisation_id]), actor),
        "day": wanted,
        "lines": [line_of_visit(visit, names, numbers) for visit in page.visits],
        "cut": page.older is not None,
    }
    return render(request, "review/case_day.html", context)


def show_case(
    request: HttpRequest,
    case_id: int,
    form: DecideCaseForm | None = None,
    *,
    chosen: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The page of a case: with its form as it was sent, or with what was chosen before more was found."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_case(case_id)):
        case = _found(case_id)
        contents = contents_of(case_id)
        several = case.person_id is None
        earlier = earlier_of(case)
        numbers = numbers_of(entries_of(authorities, [each.event_id for each in contents.accesses]))
        people = people_of([case_id])
    places = places_of([case.organisation_id, *places_in(contents)])
    names = names_to_decide(contents, people) if several else {}
    context = {
        "shown": shown(case, people, places, actor),
        "found": findings_shown(contents),
        "several": named_shown(contents, people, places, actor) if several else [],
        "accesses": [access_shown(each, numbers, people) for each in contents.accesses],
        "more": contents.more,
        "elsewhere": case.authority_id not in authorities,
        "override_reason": reason_label(case.override.reason) if case.override else "",
        "theirs": works_within(case.organisation_id, authorities),
        "questions": [question_shown(each, people) for each in contents.questions],
        "earlier": earlier,
        "take_form": TakeCaseForm(initial={"seen": case.taken_at.isoformat() if case.taken_at else ""}),
        "form": form or DecideCaseForm(initial={**(chosen or {}), "found": case.growth}, people=names),
    }
    return render(request, "review/case.html", context)


def shown_alone(actor: Actor, case_id: int, person_id: int | None = None) -> dict[str, object]:
    """A case in words, for a page that asks something about it, and whom of those it names that is about."""
    with reading_at_once(actor, about_case(case_id)):
        case = _found(case_id)
        contents, people = contents_of(case_id), people_of([case_id])
    places = places_of([case.organisation_id, *places_in(contents)])
    of_case = shown(case, people, places, actor)
    named = {each.person_id: each for each in contents.people}
    context: dict[str, object] = {"shown": of_case, "who": of_case.name, "place": of_case.organisation}
    if case.person_id is None:
        context["several"] = named_shown(contents, people, places, actor)
    if person_id is not None:
        if person_id not in named:
            raise NotFoundError
        place = places.get(named[person_id].organisation_id or 0, "")
        context |= {"who": people.get(person_id, NOBODY).name, "place": place}
    return context


def several_of(actor: Actor, case_id: int) -> dict[int, str]:
    """The names of those whom a case names that is about several; nobody's of one about a person."""
    with reading_at_once(actor, about_case(case_id)):
        if _found(case_id).person_id is not None:
            return {}
        return names_to_decide(contents_of(case_id), people_of([case_id]))


def _found(case_id: int) -> WorkedCase:
    case = case_of(case_id)
    if case is None:
        raise NotFoundError
    return case


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFoundError from None
    if abs(day - date.today()) > LONGEST_AGO:  # noqa: DTZ011 - only what cannot be
        raise NotFoundError
    return day
