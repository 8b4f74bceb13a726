"""Who may still see a protected child: asking for leave, giving and refusing it, and taking it away."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.errors import OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from registry.actions import leaves
from registry.actions.leaves import UnknownPersonError
from registry.actions.shields import read_shield
from registry.actions.steps import find
from registry.forms.leaves import AskLeaveForm, GiveLeaveForm
from registry.models import LeaveOutcome, Override
from registry.references import child_id_of, refer_to
from registry.selectors.leaves import Leave, places_of
from registry.views.steps import CHANGED, Page, StepPage, show_step, taken

NOT_PROTECTED = "This child’s details are not protected now, so nobody needs permission to see them."
REVIEW_FIRST = "The protection is to be reviewed first. After that you can ask that somebody may still see the record."
ASKED = "You have asked for it. Another administrator gives it, and must name the same person."

PAGES: dict[str, StepPage] = {
    "give_leave": StepPage(
        of="leave",
        title="Let them see the record",
        button="Let them see it",
        words=(
            "They see the whole record from now on: where the child lives, with whom, and who works with them. It ends "
            "by itself on the day that was asked for, and when anything about them or the protection changes. Your "
            "name is recorded."
        ),
        done="They can see the record now. Ring them, and tell the family.",
        act=leaves.give_leave,
        form=GiveLeaveForm,
        warning=True,
    ),
    "refuse_leave": StepPage(
        of="leave",
        title="Do not let them see the record",
        button="Refuse it",
        words="Nothing that is hidden shows. It can be asked for again.",
        done="It is refused. Nothing shows.",
        act=leaves.refuse_leave,
    ),
    "take_leave": StepPage(
        of="leave",
        title="Stop them seeing the record",
        button="Stop them seeing it",
        words="From the next page on they see what everybody sees: name, gender, date of birth and number.",
        done="They no longer see the record.",
        act=leaves.take_leave,
    ),
}


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Name somebody who may still see the child. Another administrator gives it."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    read = read_shield(actor=actor, child_id=child_id)
    shield = read.in_force
    if shield is None or shield.review_on < timezone.localdate():
        messages.info(request, REVIEW_FIRST if shield else NOT_PROTECTED)
        return redirect("shield", reference=reference)
    form = AskLeaveForm(request.POST if request.method == "POST" else None, review_on=shield.review_on)
    if request.method == "POST" and form.is_valid():
        try:
            leaves.ask_leave(actor=actor, child_id=child_id, **form.cleaned_data)
        except UnknownPersonError as error:
            form.add_error("email", str(error))
        except WrongStateError as error:
            note(request, error)
            messages.error(request, error.sentence)
            return redirect("shield", reference=reference)
        else:
            messages.success(request, ASKED)
            return redirect("shield", reference=reference)
    return render(
        request, "registry/shields/ask_leave.html", {"reference": reference, "child": read.identity, "form": form}
    )


def _step_page(name: str) -> Page:
    """The page that says what a step does, and takes it."""

    @requires(Permission.SHIELD_DECIDE)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
        actor, told = actor_of(request), PAGES[name]
        child_id = child_id_of(actor, reference)
        form = told.form(typed(request))
        try:
            if taken(request, told, form, number, actor=actor, child_id=child_id):
                return redirect("shield", reference=reference)
        except UnknownPersonError as error:
            form.add_error("email", str(error))
        read = read_shield(actor=actor, child_id=child_id)
        leave = find(read.leaves, number, child_id=child_id)
        if name not in _steps(leave, actor):
            if name == "give_leave" and not leave.outcome:
                raise OwnCaseError(child_id=child_id)
            messages.error(request, CHANGED)
            return redirect("shield", reference=reference)
        (shown,) = leaves_shown([leave], actor)
        context = {"reference": reference, "child": read.identity, "leave": shown}
        return show_step(request, "registry/shields/leave.html", told, form, steps=leave.steps, **context)

    return recently_confirmed(page) if name == "give_leave" else page


step_pages = {name: _step_page(name) for name in PAGES}


def leaves_shown(listed: Iterable[Leave], actor: Actor) -> list[dict[str, Any]]:
    """Each in words, with whom it is for as far as the reader may know them, and the steps that the reader can take."""
    rows = list(listed)
    people = {each for one in rows for each in (one.user_id, one.asked_by_id, one.decided_by_id, one.taken_by_id)}
    names = names_of({each for each in people if each is not None})
    places = places_of(rows)
    return [
        {
            "row": one,
            "reference": refer_to(actor, one.child_id),
            "who": names[one.user_id],
            "place": places[one.organisation_id],
            "asked_by": names[one.asked_by_id],
            "decided_by": names.get(one.decided_by_id or 0, ""),
            "state": _state(one),
            "colour": "green" if one.in_force else "grey" if one.outcome else "blue",
            "mine": "give_leave" in _steps(one, actor),
            "steps": [(name, PAGES[name]) for name in _steps(one, actor)],
        }
        for one in rows
    ]


def overrides_shown(listed: Iterable[Override], actor: Actor) -> list[dict[str, Any]]:
    """Each view in an emergency in words: who it was, as far as the reader may know them, where they work, and why."""
    rows = list(listed)
    names = names_of({one.user_id for one in rows})
    places = places_of(rows)
    return [
        {
            "row": one,
            "reference": refer_to(actor, one.child_id),
            "who": names[one.user_id],
            "place": places[one.organisation_id],
            "reason": reason_label(one.reason),
        }
        for one in rows
    ]


def _steps(leave: Leave, actor: Actor) -> list[str]:
    """The steps that the actor can take now, by name."""
    if leave.outcome:
        return ["take_leave"] if leave.in_force else []
    return ["refuse_leave"] if actor.user_id in (leave.asked_by_id, leave.user_id) else ["give_leave", "refuse_leave"]


def _state(leave: Leave) -> str:
    if leave.in_force:
        return "May see it"
    if not leave.outcome:
        return "Waits for a second person"
    if leave.outcome == LeaveOutcome.REFUSED:
        return "Refused"
    return "Taken away" if leave.taken_at else "Ended"
