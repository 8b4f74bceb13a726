"""Doubtful matches, to those who answer for the records: what waits, and one after another to decide."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from feeds.actions import matches
from feeds.forms.matches import VerdictForm
from feeds.matching import Code
from feeds.models import NUMBER_TAKEN, VerdictKind
from feeds.references import Thing, number_of, refer_to
from feeds.selectors.matches import Doubt
from feeds.views.side_by_side import lines_of, odds_words
from registry.actions.steps import ChangedError
from registry.views.steps import CHANGED, MOST_SHOWN

# Why nobody could decide by rule, said to whoever decides.
DOUBTS: dict[str, str] = {
    Code.UNSURE: "Much of it agrees, but not enough to be certain.",
    Code.ALIKE: "The given names are alike. They may be one name written in two ways, or the names of twins.",
    Code.SEVERAL: "More than one child on record fits as well.",
    Code.NUMBER_CONTRADICTS: "A number says one thing, and the name or the date of birth says another.",
    Code.SHIELDED: "The details of a child who may be meant are protected.",
    Code.CLOSED: "A record that may be meant is closed.",
    NUMBER_TAKEN: "The row has a number that stands on another child’s record.",
}
# Where the odds may be said: of twins and of numbers that contradict counting says what nobody should go by.
COUNTED = (Code.UNSURE, Code.SEVERAL)
TAKEN = {
    VerdictKind.SAME: "The same child. The record is changed in some seconds.",
    VerdictKind.DIFFERENT: "Another child. This record stays as it is.",
    VerdictKind.UNSURE: "Left to somebody else.",
}
NOTED = "Noted. It is decided once enough people say the same."
LAST = "Nothing else waits for you."
BUTTONS = (
    (VerdictKind.SAME, "", "1"),
    (VerdictKind.DIFFERENT, "govuk-button--secondary", "2"),
    (VerdictKind.UNSURE, "govuk-button--secondary", "3"),
)
MOST_LISTED = 200  # what the database lists at once


@requires(Permission.MATCH_DECIDE)
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """How many wait, of which feed and since when. Names nobody. Recorded."""
    actor = actor_of(request)
    listed = matches.list_matches(actor=actor)
    first: dict[str, Doubt] = {}
    for each in listed:
        first.setdefault(each.source, each)
    counts = Counter(each.source for each in listed)
    context = {
        "feeds": [(each.source.label, counts[each.source], _doubt(each, actor)) for each in first.values()],
        "matches": [_doubt(each, actor) for each in listed[:MOST_SHOWN]],
        "waiting": len(listed),
        "all_of_them": len(listed) < MOST_LISTED,
        "more": len(listed) > MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return render(request, "feeds/matches.html", context)


@requires(Permission.MATCH_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def match_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The row beside the record, and three buttons. Then the next one. Recorded, naming the child."""
    actor = actor_of(request)
    match_id = number_of(actor, Thing.MATCH, reference)
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, actor, match_id, form)
    read = matches.read_match(actor=actor, match_id=match_id)
    doubt = read.doubt
    restricted = doubt.said is not None and doubt.said.restricted
    context = {
        "form": form,
        "match": _doubt(doubt, actor),
        "child": read.identity,
        "hidden": read.child is not None and read.child.is_hidden,
        "restricted": restricted,
        "said_on": (doubt.said and doubt.said.confirmed_on) or doubt.sent_at,
        "lines": lines_of(read),
        "odds": odds_words(doubt.bits) if doubt.levels and doubt.code in COUNTED and not restricted else "",
        "buttons": [(each, each.label, style, key) for each, style, key in BUTTONS],
        "waiting": read.waiting,
        "all_of_them": read.waiting < MOST_LISTED,
    }
    return render(request, "feeds/match.html", context)


def _decide(request: HttpRequest, actor: Actor, match_id: int, form: VerdictForm) -> HttpResponse:
    verdict: VerdictKind = form.cleaned_data["verdict"]
    try:
        said = matches.decide_match(actor=actor, match_id=match_id, **form.cleaned_data)
    except (ChangedError, NotFoundError):  # it waited when the page was opened
        messages.error(request, CHANGED)
        return redirect("matches")
    messages.success(request, TAKEN[verdict] if said.decided or verdict == VerdictKind.UNSURE else NOTED)
    if said.next_id is None:
        messages.info(request, LAST)
        return redirect("matches")
    return redirect("match", refer_to(actor, Thing.MATCH, said.next_id))


def _doubt(doubt: Doubt, actor: Actor) -> dict[str, Any]:
    return {
        "row": doubt,
        "href": reverse("match", args=[refer_to(actor, Thing.MATCH, doubt.id)]),
        "source": doubt.source.label,
        "why": DOUBTS.get(doubt.code, ""),
    }
