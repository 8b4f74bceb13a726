"""An access that was drawn, judged by itself: its page says nothing of whether anything was found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.reasons import Verdict, reason_label
from review import case_words
from review.actions.cases import judge
from review.case_forms import JudgeForm
from review.policies import about_event, authorities_of, reading_at_once
from review.selectors.case_pages import drawn_one, entries_of, judgement_of
from review.selectors.entries import numbers_of
from review.selectors.names import names_in, people_in, places_of
from review.views.case_shown import role_in, role_words
from review.views.lines import records

JUDGED = "What you say is noted. It counts towards how much the rules miss."
JUDGED_ALREADY = "Somebody else judged this access while you looked at it. Nothing was changed."


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def judge_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """What is known of one access, and how it looks."""
    form = JudgeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, event_id, form)
    try:
        first = judge(actor=actor_of(request), event_id=event_id, verdict=Verdict(form.cleaned_data["verdict"]))
    except LookupError:
        raise NotFoundError from None
    if first:
        messages.success(request, JUDGED)
    else:
        messages.error(request, JUDGED_ALREADY)
    return redirect("cases")


def _page(request: HttpRequest, event_id: int, form: JudgeForm) -> HttpResponse:
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_event(event_id)):
        access, said = drawn_one(event_id), judgement_of(event_id)
        entries = entries_of(authorities, [event_id])
        numbers, people = numbers_of(entries), people_in(entries)
    if access is None:
        raise NotFoundError
    names = names_in(entries, people)
    (record,) = records([access.child_id], numbers)
    context = {
        "name": names.person(access.person_id),
        "role": role_words(role_in(entries[0] if entries else None)),
        "organisation": places_of([access.organisation_id]).get(access.organisation_id, ""),
        "event_id": event_id,
        "at": access.at,
        "record": record,
        "reason": reason_label(access.reason),
        "through": names.person(access.actor_id) if access.actor_id != access.person_id else "",
        "explained": case_words.explained_by(access.codes),
        "said": reason_label(said.verdict) if said else "",
        "form": form,
    }
    return render(request, "review/judge.html", context)
