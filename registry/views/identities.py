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
from audit.reasons import EscrowReason, IdentityReason, IdentityRefusal, reason_label
from registry.actions import identities
from registry.actions.identities import IdentityRead, LinkRequest, Request
from registry.actions.shields import ShieldChangedError
from registry.identity_forms import (
    AskIdentityForm,
    AskLinkForm,
    FindRecordForm,
    GiveLinkForm,
    RefuseIdentityForm,
)
from registry.references import child_id_of, refer_to
from registry.severing import EARLIEST, LATEST
from registry.shield_forms import ShieldStepForm
from registry.views.shields import CHANGED

NO_SUCH_RECORD = (
    "None of the records that your council answers for has this number. Check the number, or ring the council that "
    "answers for the child now"
)
OTHER_NUMBER = "This is not the number of the record that was asked for. Ask the other administrator"
ASKED = "You have asked for a new identity. Another administrator approves it. The details are hidden from now on."
APPROVED = (
    "The new identity is approved. The old record is closed within a minute. The new one is made between "
    f"{EARLIEST.days} and {LATEST.days} days from now."
)
REFUSED = "It is refused, and the new name is destroyed. The child’s details stay hidden."
LINK_ASKED = "You have asked for it. Another administrator agrees or not. Tell them the number of the closed record."
LINK_GIVEN = "You have agreed. The number of the new record can be shown in some seconds, once to each of you."
LINK_REFUSED = "It is refused. Nothing was opened."


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
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = ShieldStepForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            identities.approve_identity(actor=actor, child_id=child_id, request_id=number, seen=seen)
        except ShieldChangedError:
            messages.error(request, CHANGED)
        else:
            messages.success(request, APPROVED)
            return redirect("identities")
        return redirect("identity", reference)
    return _step_page(request, actor, reference, number, form, "registry/identities/approve.html", own=False)


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Why it is refused, and the button."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = RefuseIdentityForm(typed(request))
    if request.method == "POST" and form.is_valid():
        why, seen = IdentityRefusal(form.cleaned_data["why"]), form.cleaned_data["seen"]
        try:
            identities.refuse_identity(actor=actor, child_id=child_id, request_id=number, why=why, seen=seen)
        except ShieldChangedError:
            messages.error(request, CHANGED)
        else:
            messages.success(request, REFUSED)
        return redirect("identity", reference)
    return _step_page(request, actor, reference, number, form, "registry/identities/refuse.html", own=True)


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
    actor = actor_of(request)
    form = GiveLinkForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            typed_number, seen = form.cleaned_data["number"], form.cleaned_data["seen"]
            if identities.give_link(actor=actor, request_id=number, number=typed_number, seen=seen):
                messages.success(request, LINK_GIVEN)
                return redirect("identities")
            form.add_error("number", OTHER_NUMBER)
        except ShieldChangedError:
            messages.error(request, CHANGED)
            return redirect("identities")
    return _link_page(request, actor, number, form, "registry/identities/give_link.html")


@requires(Permission.SHIELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_link_page(request: HttpRequest, number: int) -> HttpResponse:
    """What refusing does, and the button."""
    actor = actor_of(request)
    form = ShieldStepForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            identities.refuse_link(actor=actor, request_id=number, seen=form.cleaned_data["seen"])
        except ShieldChangedError:
            messages.error(request, CHANGED)
        else:
            messages.success(request, LINK_REFUSED)
        return redirect("identities")
    return _link_page(request, actor, number, form, "registry/identities/refuse_link.html")


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


def _step_page(
    request: HttpRequest, actor: Actor, reference: str, number: int, form: ShieldStepForm, page: str, *, own: bool
) -> HttpResponse:
    read = identities.read_identity(actor=actor, child_id=child_id_of(actor, reference))
    about = next((each for each in read.requests if each.id == number), None)
    if about is None:
        raise NotFoundError(child_id=read.identity.child_id)
    if about.outcome:
        messages.error(request, CHANGED)
        return redirect("identity", reference)
    if not own and about.asked_by_id == actor.user_id:
        raise OwnCaseError(child_id=read.identity.child_id)
    return render(request, page, _about(read, actor, reference) | {"form": form, "about": about})


def _link_page(request: HttpRequest, actor: Actor, number: int, form: ShieldStepForm, page: str) -> HttpResponse:
    about = identities.link_request(actor=actor, request_id=number)
    if about.outcome:
        messages.error(request, CHANGED)
        return redirect("identities")
    if isinstance(form, GiveLinkForm) and about.asked_by_id == actor.user_id:
        raise OwnCaseError
    context = {
        "form": form,
        "about": about,
        "reason": reason_label(about.reason),
        "names": names_of({about.asked_by_id}),
    }
    return render(request, page, context)


def _about(read: IdentityRead, actor: Actor, reference: str) -> dict[str, Any]:
    people = {each for row in read.requests for each in (row.asked_by_id, row.decided_by_id) if each is not None}
    waiting = read.open
    return {
        "reference": reference,
        "child": read.identity,
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
