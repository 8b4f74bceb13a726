"""Reporting that something on a record is wrong, and seeing what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.refusals import note
from access.door.routes import requires
from access.rules.errors import WrongStateError
from access.rules.roles import Permission
from registry.actions.reports import make_report, report_to_make
from registry.forms.reports import ReportForm, offer
from registry.references import child_id_of, refer_to
from registry.selectors.reports import own_reports
from registry.views import state, ways

MADE = "Reported. The council that answers for the record is told now, and you see here what comes of it."
JOINED = "Somebody reported this already. It is not reported twice, and you see here what comes of it."


@requires(Permission.REPORT_MAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What is wrong, in one press, with what one reported of this record before."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    if state.kept_reason(request, child_id) is None:
        return redirect(ways.over_reason(request, child_id, reference))
    before = report_to_make(actor=actor, child_id=child_id)
    form = ReportForm(state.answers_to_form(request, child_id))
    offer(form, "part", before.parts)
    if request.method == "POST" and form.is_valid():
        try:
            joined = make_report(actor=actor, child_id=child_id, part=form.cleaned_data["part"])
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        else:
            messages.success(request, JOINED if joined else MADE)
        return redirect("report_wrong", reference=reference)
    context = {"reference": reference, "child": before.identity, "own": before.own, "form": form}
    return render(request, "registry/reports/report.html", context)


@requires(Permission.REPORT_MAKE)
@require_safe
def own_page(request: HttpRequest) -> HttpResponse:
    """What one reported oneself, the newest first. Names no child."""
    actor = actor_of(request)
    own = [{"row": each, "reference": refer_to(actor, each.child_id)} for each in own_reports()]
    return render(request, "registry/reports/own.html", {"own": own})
