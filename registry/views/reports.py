"""What is reported as wrong, to those who answer for the records: what is open, and one to answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.people.selectors.people import names_of
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reported import ReportedPart
from registry.actions.reports import ReportRead, answer_report, list_reports, read_report
from registry.forms.reports import AnswerForm, offer
from registry.references import child_id_of, refer_to
from registry.rules.parts import OF_THE_RECORD, answers_to
from registry.selectors.reports import MOST_LISTED, Reported
from registry.views.reported_part import lines_of
from registry.views.sources import shown_provenance
from registry.views.steps import CHANGED, StepPage, taken

ANSWER = StepPage(
    title="What came of it",
    button="Say so",
    words="",
    done="Said. Whoever reported it reads this.",
    form=AnswerForm,
    act=answer_report,
    of="report",
)


@requires(Permission.REPORT_ANSWER)
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """What is open: first what nobody has taken up, the oldest first. Names nobody. Recorded."""
    actor = actor_of(request)
    listed = list_reports(actor=actor)
    context = {
        "reports": [_reported(each, actor) for each in listed],
        "more": len(listed) == MOST_LISTED,
        "most": MOST_LISTED,
    }
    return render(request, "registry/reports/list.html", context)


@requires(Permission.REPORT_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Who the child is, what the record says there, whom to ring, and what came of it. Recorded, naming the child."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    try:
        if taken(request, ANSWER, form, number, actor=actor, child_id=child_id):
            return redirect("reports")
        read = read_report(actor=actor, child_id=child_id, report_id=number)
    except NotFoundError:
        if request.method != "POST":
            raise
        messages.error(request, CHANGED)  # it was open when the page was shown
        return redirect("reports")
    form.initial = {"seen": read.report.steps}
    offer(form, "answer", answers_to(read.report.part, source_told=read.report.told_at is not None))
    return render(request, "registry/reports/reported.html", {"form": form, **_about(read, actor)})


def _about(read: ReportRead, actor: Actor) -> dict[str, Any]:
    told_by = read.report.told_by_id
    return {
        "report": _reported(read.report, actor),
        "child": read.identity,
        "hidden": read.report.hidden,
        "lines": lines_of(read, actor),
        "informants": read.informants,
        "told_by": names_of([told_by])[told_by] if told_by else "",
        "two_records": read.report.part == ReportedPart.TWO_RECORDS,
        "button": ANSWER.button,
    }


def _reported(report: Reported, actor: Actor) -> dict[str, Any]:
    return {
        "row": report,
        "reference": refer_to(actor, report.child_id),
        "sources": [shown_provenance(each) for each in report.sources or ()],
        "looked_up": report.sources is not None,
        "is_said": report.part not in OF_THE_RECORD,
        "days": (timezone.localdate() - timezone.localdate(report.made_at)).days,
    }
