"""Protected children, to those who decide: what waits, one child's shield, and each step with it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.errors import OwnCaseError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from registry.actions import shields
from registry.actions.shields import ShieldRead, list_shields, read_shield
from registry.actions.steps import find
from registry.forms.shields import AskLiftingForm, DecideShieldForm, ReviewShieldForm
from registry.models import Shield, ShieldRequest
from registry.references import child_id_of, refer_to
from registry.selectors.shields import RequestState, confirm_by, state_of
from registry.views.leaves import leaves_shown, overrides_shown
from registry.views.steps import CHANGED, MOST_SHOWN, Page, StepPage, show_step, taken

NO_SUCH_LIST = "There is no such list. This is what waits."
SHOWN = (("waiting", "Waiting"), ("all", "All protected children"))
COLOURS = {RequestState.ASKED: "blue", RequestState.DECIDED: "yellow", RequestState.APPROVED: "green"}
REQUEST, SHIELD = "request", "shield"


PAGES: dict[str, StepPage] = {
    "decide_shield": StepPage(
        of=REQUEST,
        title="Decide",
        button="Decide",
        words=(
            "Ring whoever asked, if anything is unclear. Another administrator approves what you decide. Until then "
            "nothing changes: what is hidden stays hidden."
        ),
        done="You have decided. Now another administrator approves it.",
        act=shields.decide_shield,
        form=DecideShieldForm,
    ),
    "return_shield": StepPage(
        of=REQUEST,
        title="Send the decision back",
        button="Send it back",
        words="It waits for a decision again. Nothing that is hidden shows.",
        done="The decision is sent back. It waits for another one.",
        act=shields.return_shield,
    ),
    "approve_shield": StepPage(
        of=REQUEST,
        title="Approve the decision",
        button="Approve",
        words=(
            "It is in force at once. If it says not to protect, what an urgent request has hidden shows again. Your "
            "name is recorded."
        ),
        done="The decision is approved and in force. Tell whoever asked, so that they can tell the family.",
        act=shields.approve_shield,
    ),
    "review_shield": StepPage(
        of=SHIELD,
        title="Keep the details protected",
        button="Keep them protected",
        words="Ask whoever works with the family first. The next review is in 26 weeks.",
        done="The details stay protected.",
        act=shields.review_shield,
        form=ReviewShieldForm,
    ),
    "ask_lifting": StepPage(
        of=SHIELD,
        title="Ask to end the protection",
        button="Ask for it",
        words="The family should know before, and agree. Nothing shows until another administrator ends it.",
        done="You have asked for it. Another administrator ends the protection, or keeps it.",
        act=shields.ask_lifting,
        form=AskLiftingForm,
        warning=True,
    ),
    "refuse_lifting": StepPage(
        of=SHIELD,
        title="Keep the details protected",
        button="Keep them protected",
        words="What was asked for is closed. It can be asked for again.",
        done="The details stay protected.",
        act=shields.refuse_lifting,
    ),
    "lift_shield": StepPage(
        of=SHIELD,
        title="End the protection",
        button="End it",
        words=(
            "From then on everybody who opens the record sees where the child lives, with whom, and who works with "
            "them. Be sure that the family knows."
        ),
        done="The protection has ended.",
        act=shields.lift_shield,
        warning=True,
    ),
}
# Asked for the second factor again: what brings a shield, refuses one or ends one.
CONFIRMED = ("approve_shield", "lift_shield")


@requires(Permission.SHIELD_DECIDE)
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """What waits for those who decide; or all shields in force, the next review first. Names nobody. Recorded."""
    asked = request.GET.get("show", SHOWN[0][0])
    if asked not in dict(SHOWN):
        messages.info(request, NO_SUCH_LIST)
        return redirect("shields")
    actor, today = actor_of(request), timezone.localdate()
    waiting = list_shields(actor=actor)
    in_force = [each for each in waiting.shields if asked == "all" or _waits(each, today)]
    context = {
        "asked": asked,
        "choices": SHOWN,
        "requests": [_request(each, actor) for each in sorted(waiting.requests, key=_order)][:MOST_SHOWN],
        "shields": [_shield(each, actor, today) for each in in_force[:MOST_SHOWN]],
        "leaves": leaves_shown(waiting.leaves[:MOST_SHOWN], actor),
        "overrides": overrides_shown(waiting.overrides[:MOST_SHOWN], actor),
        "more": len(in_force) > MOST_SHOWN or len(waiting.requests) > MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return render(request, "registry/shields/list.html", context)


@requires(Permission.SHIELD_DECIDE)
@require_safe
def shield_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One child: who they are, what was asked for and decided, and what can be done. Recorded."""
    actor = actor_of(request)
    read = read_shield(actor=actor, child_id=child_id_of(actor, reference))
    return render(request, "registry/shields/shield.html", _about(read, actor, reference))


def _step_page(name: str) -> Page:
    """The page that says what a step does, asks why where it matters, and takes it."""

    @requires(Permission.SHIELD_DECIDE)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
        actor, told = actor_of(request), PAGES[name]
        child_id = child_id_of(actor, reference)
        form = told.form(typed(request))
        if taken(request, told, form, number, actor=actor, child_id=child_id):
            return redirect("shield", reference=reference)
        read = read_shield(actor=actor, child_id=child_id)
        about = _subject(read, told.of, number)
        if name not in _steps(about, read, actor):
            if actor.user_id in _others(about):
                raise OwnCaseError(child_id=child_id)
            messages.error(request, CHANGED)
            return redirect("shield", reference=reference)
        context = {"reference": reference, "child": read.identity}
        context["why"] = reason_label(about.decision if isinstance(about, ShieldRequest) else about.lift_reason)
        return show_step(request, "registry/shields/step.html", told, form, steps=about.steps, **context)

    return recently_confirmed(page) if name in CONFIRMED else page


step_pages = {name: _step_page(name) for name in PAGES}


def _subject(read: ShieldRead, of: str, number: int) -> ShieldRequest | Shield:
    child_id = read.identity.child_id
    if of == REQUEST:
        return find(read.requests, number, child_id=child_id)
    return find(read.shields, number, child_id=child_id)


def _steps(about: ShieldRequest | Shield, read: ShieldRead, actor: Actor) -> list[str]:
    """The steps that the actor can take now, by name."""
    if isinstance(about, ShieldRequest):
        return _steps_of_request(about, actor)
    undecided = any(each.pk == about.request_id and not each.approved_at for each in read.requests)
    if about.ended_on or undecided:
        return []
    if about.lift_asked_at is None:
        return ["review_shield", "ask_lifting"]
    return ["refuse_lifting"] if about.lift_asked_by_id == actor.user_id else ["lift_shield", "refuse_lifting"]


def _steps_of_request(request: ShieldRequest, actor: Actor) -> list[str]:
    match state_of(request):
        case RequestState.ASKED:
            return [] if actor.user_id == request.asked_by_id else ["decide_shield"]
        case RequestState.DECIDED:
            own = actor.user_id in (request.asked_by_id, request.decided_by_id)
            return ["return_shield"] if own else ["approve_shield", "return_shield"]
    return []


def _others(about: ShieldRequest | Shield) -> tuple[int | None, ...]:
    """Those of whom somebody else must take the step."""
    if isinstance(about, ShieldRequest):
        return () if about.approved_at else (about.asked_by_id, about.decided_by_id)
    return () if about.ended_on else (about.lift_asked_by_id,)


def _waits(shield: Shield, today: date) -> bool:
    return shield.lift_asked_at is not None or shield.review_on <= today


def _order(request: ShieldRequest) -> tuple[bool, Any]:
    """What is urgent first, then what waits longest."""
    return not request.urgent, request.asked_at


def _request(request: ShieldRequest, actor: Actor) -> dict[str, Any]:
    state, by = state_of(request), confirm_by(request.asked_at)
    return {
        "row": request,
        "reference": refer_to(actor, request.child_id),
        "reason": reason_label(request.reason),
        "asker": reason_label(request.asker),
        "identity_check": reason_label(request.identity_check),
        "decision": reason_label(request.decision),
        "state": state.label,
        "colour": COLOURS[state],
        "confirm_by": by if request.urgent and not request.approved_at else None,
        "late": request.urgent and not request.approved_at and by < timezone.now(),
        "mine": bool(set(_steps_of_request(request, actor)) - {"return_shield"}),
    }


def _shield(shield: Shield, actor: Actor, today: date) -> dict[str, Any]:
    return {
        "row": shield,
        "reference": refer_to(actor, shield.child_id),
        "lift_reason": reason_label(shield.lift_reason),
        "due": shield.review_on <= today,
    }


def _about(read: ShieldRead, actor: Actor, reference: str) -> dict[str, Any]:
    """One child's page: `names` are of those who took a step, as far as the reader may know them."""
    asked = [(row.asked_by_id, row.decided_by_id, row.approved_by_id) for row in read.requests]
    kept = [(row.reviewed_by_id, row.lift_asked_by_id, row.lifted_by_id) for row in read.shields]
    people = {person for each in (*asked, *kept) for person in each if person is not None}
    today = timezone.localdate()
    in_force = read.in_force

    def links(row: ShieldRequest | Shield) -> list[tuple[str, StepPage]]:
        return [(name, PAGES[name]) for name in _steps(row, read, actor)]

    return {
        "reference": reference,
        "child": read.identity,
        "names": names_of(people),
        "requests": [_request(each, actor) | {"steps": links(each)} for each in reversed(read.requests)],
        "shield": _shield(in_force, actor, today) | {"steps": links(in_force)} if in_force else None,
        "leaves": leaves_shown(reversed(read.leaves), actor),
        "overrides": overrides_shown(read.overrides, actor),
        "ended": [_shield(each, actor, today) for each in read.shields if each.ended_on],
    }
