"""New identities, to those who decide about records: asking, approving; and reading which record goes on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import EscrowReason, IdentityReason, reason_label
from registry.actions import identities
from registry.actions.identities import IdentityRead, OtherRecordError
from registry.actions.steps import find
from registry.forms.identities import AskIdentityForm, AskLinkForm, FindRecordForm, GiveLinkForm, RefuseIdentityForm
from registry.references import child_id_of, refer_to
from registry.selectors.identities import LinkRequest, Request
from registry.views.steps import CHANGED, StepPage, show_step, taken
from registry.worker.severing import EARLIEST, LATEST

NO_SUCH_RECORD = (
    "None of the records that your council answers for has this number. Check the number, or ring the council that "
    "answers for the child now"
)
OTHER_NUMBER = "This is not the number of the record that was asked for. Ask the other administrator"
ASKED = "You have asked for a new identity. Another administrator approves it. The details are hidden from now on."
LINK_ASKED = "You have asked for it. Another administrator agrees or not. Tell them the number of the closed record."
APPROVE = StepPage(
    title="Approve the new identity",
    button="Approve and close the record",
    words="This record is closed. Nobody finds it or opens it any more, and it cannot be taken back.",
    done=(
        "The new identity is approved. The old record is closed within a minute. The new one is made between "
        f"{EARLIEST.days} and {LATEST.days} days from now."
    ),
    act=identities.approve_identity,
    warning=True,
)
REFUSE = StepPage(
    title="Close the request for a new identity",
    button="Close the request",
    words=(
        "The new name is destroyed. The child’s details stay hidden: if that is not needed, two people end it under "
        "protected children."
    ),
    done="The request is closed, and the new name is destroyed. The child’s details stay hidden.",
    act=identities.refuse_identity,
    form=RefuseIdentityForm,
)
GIVE_LINK = StepPage(
    title="Show which record is the new one",
    button="Agree",
    words=(
        "Speak with whoever asks about which child it is and why. Agree only if you would ask for it yourself. "
        "Auditors are told at once, with both your names."
    ),
    done="You have agreed. The number of the new record can be shown in some seconds, once to each of you.",
    act=identities.give_link,
    form=GiveLinkForm,
    warning=True,
)
REFUSE_LINK = StepPage(
    title="Do not show which record is the new one",
    button="Close the request",
    words="Nothing is opened. It can be asked for again.",
    done="The request is closed. Nothing was opened.",
    act=identities.refuse_link,
)


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def list_page(request: HttpRequest) -> HttpResponse:
    """What goes on, without names; and the way to a record by its number. Recorded."""
    actor = actor_of(request)
    form = FindRecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = identities.find_record(actor=actor, number=form.cleaned_data["number"])
        except NotFoundError as error:
            note(request, error)
            form.add_error("number", NO_SUCH_RECORD)
        else:
            return redirect("ask_link" if found.closed else "identity", refer_to(actor, found.child_id))
    going = identities.list_identities(actor=actor)
    people = {each.asked_by_id for each in going.requests} | {each.asked_by_id for each in going.links}
    context = {
        "form": form,
        "requests": [_request(each, actor) for each in going.requests],
        "links": [_link(each, actor) for each in going.links],
        "names": names_of(people),
    }
    return render(request, "registry/identities/list.html", context)


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def identity_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One child: how far a new identity is; else the form to ask for one. Recorded."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = AskIdentityForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        reason = IdentityReason(form.cleaned_data["reason"])
        try:
            identities.ask_identity(actor=actor, child_id=child_id, reason=reason, wanted=form.wanted())
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        else:
            messages.success(request, ASKED)
        return redirect("identity", reference)
    read = identities.read_identity(actor=actor, child_id=child_id)
    if form is None:
        who = read.identity
        form = AskIdentityForm(
            initial={
                "date_of_birth": who.date_of_birth,
                "gender": who.gender.value,
                "authority": str(actor.authority_id),
            }
        )
    return render(request, "registry/identities/identity.html", _about(read, actor, reference) | {"form": form})


@requires(Permission.SHIELD_DECIDE)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def approve_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What approving does, and the button."""
    return _step_page(request, APPROVE, reference, number, page="registry/identities/approve.html")


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Why it is refused, and the button."""
    return _step_page(request, REFUSE, reference, number, page="registry/identities/step.html")


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_link_page(request: HttpRequest, reference: str) -> HttpResponse:
    """That the record is closed, and the form to ask which one goes on."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = AskLinkForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            identities.ask_link(actor=actor, child_id=child_id, reason=EscrowReason(form.cleaned_data["reason"]))
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        else:
            messages.success(request, LINK_ASKED)
        return redirect("identities")
    return render(request, "registry/identities/ask_link.html", {"form": form})


@requires(Permission.SHIELD_DECIDE)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def give_link_page(request: HttpRequest, number: int) -> HttpResponse:
    """Why another asks, the number of the closed record, and the button."""
    return _link_page(request, GIVE_LINK, number)


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_link_page(request: HttpRequest, number: int) -> HttpResponse:
    """What refusing does, and the button."""
    return _link_page(request, REFUSE_LINK, number)


@requires(Permission.SHIELD_DECIDE)
@require_POST
def read_link_page(request: HttpRequest, number: int) -> HttpResponse:
    """The number of the record that goes on, shown once. Recorded."""
    try:
        found = identities.read_link(actor=actor_of(request), request_id=number)
    except WrongStateError as error:
        note(request, error)
        messages.info(request, error.sentence)
        return redirect("identities")
    return render(request, "registry/identities/link.html", {"number": found})


def _step_page(request: HttpRequest, told: StepPage, reference: str, number: int, *, page: str) -> HttpResponse:
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = told.form(typed(request))
    if taken(request, told, form, number, actor=actor, child_id=child_id):
        # Once approved, the record is closed within a minute, and has no page any more.
        return redirect("identities") if told is APPROVE else redirect("identity", reference)
    read = identities.read_identity(actor=actor, child_id=child_id)
    about = find(read.requests, number, child_id=child_id)
    if about.outcome:
        messages.error(request, CHANGED)
        return redirect("identity", reference)
    if told is APPROVE and about.asked_by_id == actor.user_id:
        raise OwnCaseError(child_id=child_id)
    return show_step(request, page, told, form, steps=about.steps, **_about(read, actor, reference))


def _link_page(request: HttpRequest, told: StepPage, number: int) -> HttpResponse:
    actor = actor_of(request)
    form = told.form(typed(request))
    try:
        if taken(request, told, form, number, actor=actor):
            return redirect("identities")
    except OtherRecordError:
        form.add_error("number", OTHER_NUMBER)
    about = identities.link_request(actor=actor, request_id=number)
    if about.outcome:
        messages.error(request, CHANGED)
        return redirect("identities")
    if told is GIVE_LINK and about.asked_by_id == actor.user_id:
        raise OwnCaseError
    context = {"about": about, "reason": reason_label(about.reason), "names": names_of({about.asked_by_id})}
    return show_step(request, "registry/identities/step_link.html", told, form, steps=about.steps, **context)


def _about(read: IdentityRead, actor: Actor, reference: str) -> dict[str, Any]:
    people = {each for row in read.requests for each in (row.asked_by_id, row.decided_by_id) if each is not None}
    waiting = read.open
    return {
        "reference": reference,
        "child": read.identity,
        "hindrance": identities.TOGETHER if read.together else "",
        "names": names_of(people),
        "waiting": _request(waiting, actor) if waiting else None,
        "refused": [_request(each, actor) for each in read.requests if each.outcome == "refused"],
        "first_day": timezone.localdate() + EARLIEST,
        "last_day": timezone.localdate() + LATEST,
    }


def _request(request: Request, actor: Actor) -> dict[str, Any]:
    return {
        "row": request,
        "href": reverse("identity", args=[refer_to(actor, request.child_id)]),
        "reason": reason_label(request.reason),
        "refusal": reason_label(request.refusal),
        "mine": request.asked_by_id == actor.user_id,
    }


def _link(link: LinkRequest, actor: Actor) -> dict[str, Any]:
    return {
        "row": link,
        "reason": reason_label(link.reason),
        "mine": link.asked_by_id == actor.user_id,
        "may_read": link.outcome == "opened" and actor.user_id in (link.asked_by_id, link.decided_by_id),
    }
