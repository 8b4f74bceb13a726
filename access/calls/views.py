"""A mediator's call: who is asking, the code they read out, and the end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.calls.actions import Found, begin_call_by_code, colleague_to_help, end_call, find_colleagues
from access.calls.forms import AskingForm, ReadOutCodeForm
from access.calls.selectors import Means, means_of
from access.door.actors import actor_of
from access.door.calls import call_in
from access.door.references import refer_to_user, user_id_of
from access.door.routes import requires
from access.models import User
from access.rules.roles import Permission
from access.rules.vetting import may_enter
from audit.actors import Actor
from pages import desk

ASKED = "asked"
NOBODY = (
    "No practitioner in your area has this name or e-mail address. Ask how it is spelt. Somebody of another area rings "
    "the mediators there"
)
TOO_MANY = "More than 10 people have this name. Ask for first and last name, or for the e-mail address"


@requires(Permission.CALL_TAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def asking_page(request: HttpRequest) -> HttpResponse:
    """Ask who is on the telephone. One person found leads on to their code, several to a list."""
    form = AskingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        found = find_colleagues(actor=actor, asked=form.cleaned_data["asked"])
        if len(found.people) == 1:
            return redirect(_code_page(actor, found.people[0]))
        if found.people:
            desk.lay(request, ASKED, form.cleaned_data["asked"])
            return redirect("askers")
        form.add_error("asked", TOO_MANY if found.too_many else NOBODY)
    return render(request, "access/call/asking.html", {"form": form})


@requires(Permission.CALL_TAKE)
@require_safe
def askers_page(request: HttpRequest) -> HttpResponse:
    """Those who may be meant."""
    asked = desk.look(request, ASKED)
    if asked is None:
        return redirect("asking")
    actor = actor_of(request)
    found: Found = find_colleagues(actor=actor, asked=asked)
    people = [
        {"name": each.name.open(), "organisation": each.organisation.name, "url": _code_page(actor, each)}
        for each in found.people
    ]
    return render(request, "access/call/askers.html", {"people": people, "asked": asked})


@requires(Permission.CALL_TAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def read_out_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the colleague to read out their code; begin the call when it is right."""
    actor = actor_of(request)
    colleague = colleague_to_help(actor=actor, user_id=user_id_of(actor, reference))
    means = means_of(colleague)
    stopped = not may_enter(colleague, today=timezone.localdate())
    form = None
    if means != Means.NONE and not stopped:
        form = ReadOutCodeForm(request.POST or None, request=request, colleague=colleague)
    if request.method == "POST" and form and form.is_valid():
        begin_call_by_code(actor=actor, colleague=colleague, authenticator=form.authenticator)
        desk.clear(request)
        return redirect("search")
    context = {
        "form": form,
        "name": colleague.name.open(),
        "employer": colleague.organisation,
        "by_recovery_code": means == Means.RECOVERY_CODE,
        "stopped": stopped,
    }
    return render(request, "access/call/read_out.html", context)


@requires(Permission.CALL_TAKE)
@require_POST
def end_page(request: HttpRequest) -> HttpResponse:
    """End the call, if one lasts, and clear the desk for the next."""
    call = call_in(request)
    if call:
        end_call(actor=actor_of(request), colleague=call.colleague)
        desk.clear(request)
        messages.success(request, f"The call of {call.name} has ended.")
    return redirect("asking")


def _code_page(actor: Actor, colleague: User) -> str:
    return reverse("read_out", args=[refer_to_user(actor, colleague.pk)])
