"""Views of the log that an auditor keeps, and leads back to."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.people.organisation_fields import named
from access.rules.roles import Permission
from review import wording
from review.actions.saved_views import TooManyViewsError, drop_view, keep_view
from review.forms import SaveViewForm
from review.models import SavedView
from review.selectors.saved_views import MOST_KEPT, saved_view, saved_views
from review.views import filters

TOO_MANY = f"You keep {MOST_KEPT} views, which is as many as there can be. Remove one first"
GONE = "You do not keep that view any more. This is the log as it is."
KEPT = "The view is kept. You find it above the log."
REMOVED = "The view is not kept any more."


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def save_page(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Keep what was asked under that reference, but for a person and a record."""
    asked = filters.kept(request, reference)
    if asked is None:
        messages.info(request, filters.NOT_KEPT)
        return redirect("log")
    form = SaveViewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            keep_view(actor=actor_of(request), wanted=asked.wanted, days=form.days())
        except TooManyViewsError:
            form.add_error(None, TOO_MANY)
        else:
            messages.success(request, KEPT)
            return redirect("filtered_log", reference=reference)
    context = {
        "form": form,
        "reference": reference,
        "name": wording.view_named(asked.wanted, asked.organisation),
        "narrower": asked.wanted.person_id is not None or asked.wanted.child_id is not None or asked.wanted.nobody,
    }
    return render(request, "review/save_view.html", context)


@requires(Permission.LOG_READ)
@require_safe
def saved_page(request: HttpRequest, view_id: int) -> HttpResponse:
    """The log as that view shows it today."""
    view = saved_view(actor_of(request).user_id, view_id)
    if view is None:
        messages.info(request, GONE)
        return redirect("log")
    form = filters.form_of(request, _typed(view))
    if not form.is_valid():  # its organisation is of no authority of theirs any more
        messages.info(request, GONE)
        return redirect("log")
    return redirect("filtered_log", reference=filters.keep(request, form))


@requires(Permission.LOG_READ)
@require_safe
def saved_views_page(request: HttpRequest) -> HttpResponse:
    """All of somebody's views, to go to or to remove."""
    views = [(view.pk, wording.saved_view(view)) for view in saved_views(actor_of(request).user_id)]
    return render(request, "review/saved_views.html", {"views": views})


@requires(Permission.LOG_READ)
@require_POST
def remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Keep a view no longer."""
    drop_view(actor=actor_of(request), view_id=view_id)
    messages.success(request, REMOVED)
    return redirect("saved_views")


def _typed(view: SavedView) -> dict[str, str]:
    """The view as if somebody had filled in the filter so today."""
    typed = {"kind": view.kind, "reason": view.reason}
    if view.organisation:
        typed["organisation"] = named(view.organisation)
    if view.days:
        since = timezone.localdate() - timedelta(days=view.days - 1)
        typed |= {"since_day": str(since.day), "since_month": str(since.month), "since_year": str(since.year)}
    typed |= {name: "on" for name in ("readings", "alerts", "apart") if getattr(view, name)}
    return {name: text for name, text in typed.items() if text}
