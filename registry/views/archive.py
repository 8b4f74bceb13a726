"""Records in the archive, to administrators: asked for, given by another, and read once by who asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.errors import OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from registry.actions import archive
from registry.actions.identities import OtherRecordError
from registry.forms.archive import AskArchiveForm, GiveArchiveForm
from registry.models.archive import FOUND, GIVEN, THERE
from registry.selectors.archive import Request
from registry.views.showing import shown_record
from registry.views.steps import CHANGED, StepPage, show_step, taken

ASKED = "You have asked for it. Another administrator agrees or not. Tell them the number of the record."
OTHER_NUMBER = "This is not the number of the record that was asked for. Ask the other administrator"
GIVE = StepPage(
    title="Let a record in the archive be read",
    button="Agree",
    words=(
        "Speak with whoever asks about whose record it is and why. Agree only if you would ask for it yourself. They "
        "read it once, within a day, and auditors see both your names."
    ),
    done="You have agreed. If the record is in the archive, it can be read in some seconds, by who asked, once.",
    act=archive.give_archive,
    form=GiveArchiveForm,
    warning=True,
)
REFUSE = StepPage(
    title="Do not let it be read",
    button="Close the request",
    words="Nothing is opened. It can be asked for again.",
    done="The request is closed. Nothing was opened.",
    act=archive.refuse_archive,
)


@requires(Permission.ARCHIVE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def list_page(request: HttpRequest) -> HttpResponse:
    """What was asked, without names; and the form to ask. Recorded."""
    actor = actor_of(request)
    form = AskArchiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            archive.ask_archive(actor=actor, **form.cleaned_data)
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        else:
            messages.success(request, ASKED)
        return redirect("archive")
    listed = archive.list_archive(actor=actor)
    context = {
        "form": form,
        "requests": [_request(each, actor) for each in listed],
        "names": names_of({each.asked_by_id for each in listed}),
    }
    return render(request, "registry/archive/list.html", context)


@requires(Permission.ARCHIVE_READ)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def give_page(request: HttpRequest, number: int) -> HttpResponse:
    """Why another asks, the number of the record, and the button."""
    return _step_page(request, GIVE, number)


@requires(Permission.ARCHIVE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_page(request: HttpRequest, number: int) -> HttpResponse:
    """What refusing does, and the button."""
    return _step_page(request, REFUSE, number)


@requires(Permission.ARCHIVE_READ)
@require_POST
def read_page(request: HttpRequest, number: int) -> HttpResponse:
    """The record, shown once. Recorded."""
    actor = actor_of(request)
    try:
        record = archive.open_archived(actor=actor, request_id=number)
    except WrongStateError as error:
        note(request, error)
        messages.info(request, error.sentence)
        return redirect("archive")
    return render(request, "registry/archive/record.html", {"record": shown_record(record, actor, "")})


def _step_page(request: HttpRequest, told: StepPage, number: int) -> HttpResponse:
    actor = actor_of(request)
    form = told.form(typed(request))
    try:
        if taken(request, told, form, number, actor=actor):
            return redirect("archive")
    except OtherRecordError:
        form.add_error("number", OTHER_NUMBER)
    about = archive.archive_request(actor=actor, request_id=number)
    if about.outcome:
        messages.error(request, CHANGED)
        return redirect("archive")
    if told is GIVE and about.asked_by_id == actor.user_id:
        raise OwnCaseError
    context = {"about": about, "reason": reason_label(about.reason), "names": names_of({about.asked_by_id})}
    return show_step(request, "registry/archive/step.html", told, form, steps=about.steps, **context)


def _request(asked: Request, actor: Actor) -> dict[str, Any]:
    mine = asked.asked_by_id == actor.user_id
    return {
        "row": asked,
        "reason": reason_label(asked.reason),
        "mine": mine,
        "found": dict(FOUND).get(asked.found, ""),
        "may_read": mine and asked.outcome == GIVEN and asked.found == THERE,
    }
