"""Open a record: first the reason, then the page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.decisions import can
from access.rules.roles import Permission
from audit.reasons import Reason
from registry.actions.finding import introduce, open_record
from registry.actions.overriding import may_override
from registry.forms.opening import ReasonForm
from registry.references import child_id_of
from registry.selectors.connections import own_request_of
from registry.selectors.reports import own_reports_of
from registry.views import state, ways
from registry.views.showing import shown_record


@requires(Permission.CHILD_OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def reason_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask why. The answer holds for this child for half an hour."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    state.keep_way(request, child_id, request.GET.get(ways.FROM, ""))
    form = ReasonForm(request.POST or None, in_call=actor.colleague is not None)
    if request.method == "POST" and form.is_valid():
        state.keep_reason(request, child_id, Reason(form.cleaned_data["reason"]))
        return redirect(ways.after_reason(request, child_id, reference))
    identity = introduce(actor=actor, child_id=child_id)
    context = {"child": identity, "form": form, "back": ways.back(request, child_id)}
    return render(request, "registry/reason.html", context)


@requires(Permission.CHILD_OPEN)
@require_safe
def record_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The record. Each time it is shown is recorded."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    reason = state.kept_reason(request, child_id)
    if reason is None:
        return redirect(ways.over_reason(request, child_id, reference))
    record = open_record(actor=actor, child_id=child_id, reason=reason)
    own = own_request_of(child_id) if can(actor, Permission.CONNECTION_ASK) else None
    reported = own_reports_of(child_id) if can(actor, Permission.REPORT_MAKE) else ()
    context = {
        "record": shown_record(record, actor, reference, own, reported),
        "reason": reason.label,
        "back": ways.back(request, child_id),
        "viewed_at": timezone.now(),
        "emergency": reverse("emergency", args=[reference]) if record.shielded and may_override(actor) else None,
    }
    return render(request, "registry/record.html", context)
