"""A protected record, opened in an emergency: a warning, the second factor anew, and one view that ends by itself."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.door import confirming
from access.door.actors import actor_of
from access.door.refusals import note
from access.door.routes import requires
from access.rules.errors import WrongStateError
from access.rules.roles import Permission
from audit.reasons import ShieldOverride, reason_label
from registry.actions.overriding import (
    NotOverriddenError,
    check_may_override,
    has_confirmed_for,
    open_in_emergency,
    warn,
)
from registry.forms.opening import OverrideForm
from registry.record import Record
from registry.references import child_id_of
from registry.views.showing import shown_record

SHOWN_FOR = timedelta(minutes=2)
NOT_PROTECTED = "This child’s details are not protected any more. Open the record as any other."
BEGIN_AGAIN = "Nothing was shown. Each time begins anew: read this, and confirm that it is you."


@requires(Permission.SHIELD_OVERRIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What will happen, and why it cannot wait. The answer to the form is the record itself, which no address has.

    Sent again it begins anew: the showing of the second factor that it rested on is used.
    """
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    check_may_override(actor)
    confirming.bring_back(request)
    form = OverrideForm(confirming.typed(request))
    if request.method == "POST" and form.is_valid():
        if not has_confirmed_for(child_id):
            warn(actor=actor, child_id=child_id)  # what is confirmed from here on is for this child
            return confirming.ask(request)
        reason = ShieldOverride(form.cleaned_data["reason"])
        try:
            record = open_in_emergency(actor=actor, child_id=child_id, reason=reason)
        except NotOverriddenError:  # from another tab, or lifted, in this very moment
            note(request, WrongStateError(BEGIN_AGAIN))
            messages.error(request, BEGIN_AGAIN)
            return redirect("emergency", reference=reference)
        return _once(request, record, reason)
    warned = warn(actor=actor, child_id=child_id)
    if not warned.shielded:
        messages.info(request, NOT_PROTECTED)
        return redirect("record", reference=reference)
    context = {"reference": reference, "child": warned.identity, "form": form}
    return render(request, "registry/emergency.html", context)


@requires(Permission.SHIELD_OVERRIDE)
@require_safe
def over_page(request: HttpRequest) -> HttpResponse:
    """Where the view ends: nothing of the child, and what to do now."""
    return render(request, "registry/emergency_over.html")


def _once(request: HttpRequest, record: Record, reason: ShieldOverride) -> HttpResponse:
    """The record, which the browser leaves by itself, also without script."""
    now, over = timezone.now(), reverse("emergency_over")
    context = {
        "record": shown_record(record, actor_of(request), ""),
        "reason": reason_label(reason),
        "over": over,
        "ends_at": now + SHOWN_FOR,
        "seconds": int(SHOWN_FOR.total_seconds()),
        "viewed_at": now,
    }
    response = render(request, "registry/emergency_record.html", context)
    response["Refresh"] = f"{context['seconds']}; url={over}"
    return response
