"""Records kept to the 25th birthday, to those who answer for them: found by number, recorded, and ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from audit.reasons import reason_label
from registry.actions import keeping
from registry.actions.keeping import KeepingRead, TooEarlyError
from registry.forms.identities import FindRecordForm
from registry.forms.keeping import KeepForm, KeepNoMoreForm
from registry.references import child_id_of, refer_to

NO_SUCH_RECORD = (
    "None of the records that your council answers for has this number. Check the number, or ring the council that "
    "answers for the young person now"
)
KEPT = "That the young person consented is recorded. The record is kept until their 25th birthday."
ENDED = "That it is over is recorded. A record of somebody over 18 passes into the archive the next night."


@requires(Permission.RECORD_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def find_page(request: HttpRequest) -> HttpResponse:
    """The way to a record by its number. Recorded."""
    actor = actor_of(request)
    form = FindRecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            child_id = keeping.find_record(actor=actor, number=form.cleaned_data["number"])
        except NotFoundError as error:
            note(request, error)
            form.add_error("number", NO_SUCH_RECORD)
        else:
            return redirect("keeping", refer_to(actor, child_id))
    return render(request, "registry/keeping/find.html", {"form": form})


@requires(Permission.RECORD_KEEP)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def keeping_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Whose record it is, and until when it is kept; else the form to record a consent. Recorded."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = KeepForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            keeping.keep_record(actor=actor, child_id=child_id, **form.cleaned_data)
        except TooEarlyError:
            form.refuse_as_too_young()
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
            return redirect("keeping", reference)
        else:
            messages.success(request, KEPT)
            return redirect("keeping", reference)
    read = keeping.read_keeping(actor=actor, child_id=child_id)
    return render(request, "registry/keeping/keeping.html", _about(read, reference) | {"form": form})


@requires(Permission.RECORD_KEEP)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def end_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What ending it does, why, and the button. Recorded."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = KeepNoMoreForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            keeping.keep_no_more(actor=actor, child_id=child_id, why=form.cleaned_data["why"])
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        else:
            messages.success(request, ENDED)
        return redirect("keeping", reference)
    read = keeping.read_keeping(actor=actor, child_id=child_id)
    if read.in_force is None:
        messages.info(request, keeping.NOT_KEPT)
        return redirect("keeping", reference)
    return render(request, "registry/keeping/end.html", _about(read, reference) | {"form": form})


def _about(read: KeepingRead, reference: str) -> dict[str, Any]:
    people = {each for row in read.consents for each in (row.recorded_by_id, row.ended_by_id) if each is not None}
    return {
        "reference": reference,
        "child": read.identity,
        "in_force": read.in_force,
        "ground": reason_label(read.in_force.ground) if read.in_force else "",
        "ended": [each for each in read.consents if each.ended_at],
        "kept_until": read.kept_until,
        "names": names_of(people),
    }
