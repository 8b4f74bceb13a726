"""Records that change hands: offered by the council that answers for them, taken over by another."""

from datetime import date
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
from access.rules.errors import NotFoundError, NotPermittedError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from registry.actions import handovers
from registry.actions.handovers import HandoverRead
from registry.actions.steps import find
from registry.forms.handovers import DeclineForm, OfferForm
from registry.forms.identities import FindRecordForm
from registry.references import child_id_of, refer_to
from registry.selectors.handovers import ANSWER_WITHIN, Offer, authorities
from registry.views.steps import CHANGED, MOST_SHOWN, Page, StepPage, show_step, taken

NO_SUCH_RECORD = (
    "None of the records that your council answers for has this number. Check the number, or ring the council that "
    "answers for the child now"
)
OFFERED = "The record is offered. Your council answers for it until the other one takes it over."
OUTCOMES = {"accepted": "Taken over", "declined": "Declined", "withdrawn": "Withdrawn"}
PAGES: dict[str, StepPage] = {
    "accept_handover": StepPage(
        of="offer",
        title="Take the record over",
        button="Take it over",
        words=(
            "Your council answers for this record from then on: for its protection, if there is one, for connections "
            "that are asked for, and for children who miss education. It cannot be taken back, but offered again."
        ),
        done="Your council answers for this record now.",
        act=handovers.accept_offer,
        warning=True,
    ),
    "decline_handover": StepPage(
        of="offer",
        title="Do not take the record over",
        button="Decline it",
        words="The council that offered it answers for the record as before, and reads why you declined.",
        done="The offer is declined. The council that made it answers for the record as before.",
        act=handovers.decline_offer,
        form=DeclineForm,
    ),
    "withdraw_handover": StepPage(
        of="offer",
        title="Withdraw the offer",
        button="Withdraw it",
        words="Your council answers for the record as before. You can offer it again.",
        done="The offer is withdrawn.",
        act=handovers.withdraw_offer,
    ),
}


@requires(Permission.HANDOVER_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def list_page(request: HttpRequest) -> HttpResponse:
    """What is offered to the council and by it, without names; and the way to a record by its number. Recorded."""
    actor, today = actor_of(request), timezone.localdate()
    form = FindRecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = handovers.find_own_record(actor=actor, number=form.cleaned_data["number"])
        except NotFoundError as error:
            note(request, error)
            form.add_error("number", NO_SUCH_RECORD)
        else:
            return redirect("handover", refer_to(actor, found))
    offers = handovers.list_offers(actor=actor)
    context = {
        "form": form,
        "incoming": _shown([each for each in offers if each.to_answer], actor, today)[:MOST_SHOWN],
        "outgoing": _shown([each for each in offers if each.own], actor, today)[:MOST_SHOWN],
        "more": len(offers) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "days": ANSWER_WITHIN,
    }
    return render(request, "registry/handovers/list.html", context)


@requires(Permission.HANDOVER_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def handover_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One child: how far an offer is; else the form to make one. Recorded."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = OfferForm(request.POST if request.method == "POST" else None, own=actor.authority_id)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            handovers.offer_record(actor=actor, child_id=child_id, to_id=int(chosen["to"]), reason=chosen["reason"])
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        else:
            messages.success(request, OFFERED)
        return redirect("handover", reference)
    read = handovers.read_offer(actor=actor, child_id=child_id)
    return render(request, "registry/handovers/handover.html", _about(read, actor, reference) | {"form": form})


def _step_page(name: str) -> Page:
    """The page that says what a step does, asks why where it matters, and takes it."""

    @requires(Permission.HANDOVER_KEEP)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
        actor, told = actor_of(request), PAGES[name]
        child_id = child_id_of(actor, reference)
        form = told.form(typed(request))
        if taken(request, told, form, number, actor=actor, child_id=child_id):
            # What is declined is nothing to this council any more, and so is what was taken over to whoever gave it.
            return redirect("handovers")
        read = handovers.read_offer(actor=actor, child_id=child_id)
        offer = find(read.offers, number, child_id=child_id)
        if offer.outcome:
            messages.error(request, CHANGED)
            return redirect("handover", reference)
        if not (offer.own if name == "withdraw_handover" else offer.to_answer):
            raise NotPermittedError(child_id=child_id)
        if name != "withdraw_handover" and offer.offered_by_id == actor.user_id:
            raise OwnCaseError(child_id=child_id)
        about = _about(read, actor, reference)
        return show_step(request, "registry/handovers/step.html", told, form, steps=offer.steps, **about)

    return recently_confirmed(page) if name == "accept_handover" else page


step_pages = {name: _step_page(name) for name in PAGES}


def _about(read: HandoverRead, actor: Actor, reference: str) -> dict[str, Any]:
    people = {each for row in read.offers for each in (row.offered_by_id, row.decided_by_id) if each is not None}
    shown = _shown(read.offers, actor, timezone.localdate())
    return {
        "reference": reference,
        "child": read.identity,
        "names": names_of(people),
        "open": next((each for each in shown if not each["row"].outcome), None),
        "over": [each for each in reversed(shown) if each["row"].outcome],
    }


def _shown(offers: list[Offer], actor: Actor, today: date) -> list[dict[str, Any]]:
    known = authorities({each for row in offers for each in (row.authority_id, row.to_id)})
    return [
        {
            "row": row,
            "reference": refer_to(actor, row.child_id),
            "by": known[row.authority_id],
            "to": known[row.to_id],
            "reason": reason_label(row.reason),
            "refusal": reason_label(row.refusal),
            "outcome": OUTCOMES.get(row.outcome, ""),
            "may_answer": row.to_answer and row.offered_by_id != actor.user_id,
            "answer_by": row.answer_by,
            "overdue": row.is_overdue(today),
        }
        for row in offers
    ]
