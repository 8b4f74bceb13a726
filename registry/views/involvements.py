"""Record, correct and end one's own organisation's involvement: ask, check the answers, save once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of, user_of
from access.door.routes import requires
from access.rules.roles import Permission
from audit.actors import Actor
from encryption.errors import StaleRowError
from pages.wording import long_date
from registry import telephones
from registry.actions.involvements import (
    LeadTakenError,
    Shown,
    child_to_change,
    correct_involvement,
    end_involvement,
    involvement_to_show,
    record_involvement,
)
from registry.forms import EndForm, InvolvementForm
from registry.references import child_id_of
from registry.selectors import Identity
from registry.views import state
from registry.views.showing import shown_answers
from registry.views.state import Pending

STALE = "Somebody changed this involvement while you were at it. Nothing was saved. Look at it again and try once more."
LEAD_TAKEN = (
    "Another organisation has the lead professional for this child. Nothing was saved. Ring them first, or answer No."
)
NOTHING_PENDING = "There was nothing left to save: it was saved before, or you started another change."

Page = Callable[..., HttpResponse]


def with_reason(view: Page) -> Page:
    """Pass the view its actor and the child, with whom the actor may record involvements. Recorded.

    Where no reason is given, or it has run out, the person is sent to say it first.
    """

    @wraps(view)
    def checked(request: HttpRequest, reference: str, **options: Any) -> HttpResponse:
        actor = actor_of(request)
        child_id = child_id_of(actor, reference)
        if state.kept_reason(request, child_id) is None:
            return redirect("open_record", reference=reference)
        child = child_to_change(actor=actor, child_id=child_id)
        return view(request, actor, child, reference, **options)

    return checked


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def record_page(request: HttpRequest, actor: Actor, child: Identity, reference: str) -> HttpResponse:
    """Ask for a new involvement."""
    pending = state.kept_pending(request, child.child_id)
    kept = pending.entry if pending and pending.involvement_id is None else None
    form = InvolvementForm(request.POST or None, organisation=user_of(request).organisation, initial=_initial(kept))
    if request.method == "POST" and form.is_valid():
        state.keep_pending(request, Pending(child.child_id, form.entry()))
        return redirect("check_involvement", reference=reference)
    return _ask(request, child, reference, form, "Record your organisation’s involvement")


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def correct_page(
    request: HttpRequest, actor: Actor, child: Identity, reference: str, *, involvement_id: int
) -> HttpResponse:
    """Ask for what should stand instead."""
    known = involvement_to_show(actor=actor, child_id=child.child_id, involvement_id=involvement_id)
    if _is_stale(request, known):
        return _say_stale(request, reference)
    pending = state.kept_pending(request, child.child_id)
    mine = pending and (pending.involvement_id, pending.read_version) == (involvement_id, known.row_version)
    kept = pending.entry if pending and mine else known.entry
    form = InvolvementForm(request.POST or None, organisation=user_of(request).organisation, initial=_initial(kept))
    if request.method == "POST" and form.is_valid():
        state.keep_pending(request, Pending(child.child_id, form.entry(), involvement_id, known.row_version))
        return redirect("check_involvement", reference=reference)
    title = "Correct your organisation’s involvement"
    return _ask(request, child, reference, form, title, read_version=known.row_version)


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def end_page(
    request: HttpRequest, actor: Actor, child: Identity, reference: str, *, involvement_id: int
) -> HttpResponse:
    """Ask when it ended."""
    known = involvement_to_show(actor=actor, child_id=child.child_id, involvement_id=involvement_id)
    if _is_stale(request, known):
        return _say_stale(request, reference)
    form = EndForm(request.POST or None, started_on=known.entry.started_on)
    if request.method == "POST" and form.is_valid():
        ended_on = form.cleaned_data["ended_on"]
        state.keep_pending(request, Pending(child.child_id, known.entry, involvement_id, known.row_version, ended_on))
        return redirect("check_involvement", reference=reference)
    context = {
        "involvement": {
            "organisation": user_of(request).organisation.name,
            "service": known.entry.service.label,
            "since": known.entry.started_on,
        },
        "form": form,
        "read_version": known.row_version,
        "child": child,
        "back_url": reverse("record", args=[reference]),
    }
    return render(request, "registry/involvement_end.html", context)


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def check_page(request: HttpRequest, actor: Actor, child: Identity, reference: str) -> HttpResponse:
    """Show the answers; save them once they are confirmed."""
    if request.method == "POST":
        return _save(request, actor, child, reference)
    pending = state.kept_pending(request, child.child_id)
    if pending is None:
        messages.info(request, NOTHING_PENDING)
        return redirect("record", reference=reference)
    context = {
        "answers": _answers(pending, reference),
        "key": pending.key,
        "child": child,
        "back_url": _change_url(pending, reference),
    }
    return render(request, "registry/involvement_check.html", context)


@requires(Permission.INVOLVEMENT_KEEP)
@require_safe
@with_reason
def done_page(request: HttpRequest, actor: Actor, child: Identity, reference: str, *, what: str) -> HttpResponse:
    """Say that it is saved."""
    context = {
        "title": {
            "recorded": "Involvement recorded",
            "corrected": "Involvement corrected",
            "ended": "Involvement ended",
        }[what],
        "child": child,
        "record_url": reverse("record", args=[reference]),
    }
    return render(request, "registry/involvement_done.html", context)


def _ask(
    request: HttpRequest,
    child: Identity,
    reference: str,
    form: InvolvementForm,
    title: str,
    *,
    read_version: int | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "read_version": read_version,
        "child": child,
        "back_url": reverse("record", args=[reference]),
    }
    return render(request, "registry/involvement_form.html", context)


def _is_stale(request: HttpRequest, known: Shown) -> bool:
    """Whether the form that is sent was shown before somebody changed the involvement."""
    return request.method == "POST" and request.POST.get("read_version") != str(known.row_version)


def _say_stale(request: HttpRequest, reference: str) -> HttpResponse:
    messages.error(request, STALE)
    return redirect("record", reference=reference)


def _save(request: HttpRequest, actor: Actor, child: Identity, reference: str) -> HttpResponse:
    pending = state.take_pending(request, child.child_id, request.POST.get("key", ""))
    if pending is None:
        messages.info(request, NOTHING_PENDING)
        return redirect("record", reference=reference)
    try:
        what = _do(actor, pending)
    except (StaleRowError, LeadTakenError) as problem:
        messages.error(request, STALE if isinstance(problem, StaleRowError) else LEAD_TAKEN)
        return redirect("record", reference=reference)
    return redirect("involvement_done", reference=reference, what=what)


def _do(actor: Actor, pending: Pending) -> str:
    """Carry out what was confirmed; returns which it was."""
    if pending.involvement_id is None:
        record_involvement(actor=actor, child_id=pending.child_id, entry=pending.entry)
        return "recorded"
    target: dict[str, Any] = {
        "actor": actor,
        "child_id": pending.child_id,
        "involvement_id": pending.involvement_id,
        "read_version": pending.read_version,
    }
    if pending.ended_on:
        end_involvement(**target, ended_on=pending.ended_on)
        return "ended"
    correct_involvement(**target, entry=pending.entry)
    return "corrected"


def _answers(pending: Pending, reference: str) -> list[tuple[str, str, str | None]]:
    change = _change_url(pending, reference)
    if pending.ended_on is None:
        return shown_answers(pending.entry, change)
    service, practitioner = pending.entry.service.label, pending.entry.practitioner
    return [
        ("Service", service, None),
        ("Practitioner’s name", practitioner, None),
        ("End date", long_date(pending.ended_on), change),
    ]


def _change_url(pending: Pending, reference: str) -> str:
    if pending.involvement_id is None:
        return reverse("record_involvement", args=[reference])
    page = "end_involvement" if pending.ended_on else "correct_involvement"
    return reverse(page, args=[reference, pending.involvement_id])


def _initial(entry: Any) -> dict[str, Any]:
    if entry is None:
        return {}
    return {
        "service": entry.service,
        "practitioner": entry.practitioner,
        "telephone": telephones.shown(entry.telephone),
        "started_on": entry.started_on,
        "basis": entry.basis,
        "lead": "yes" if entry.lead else "no",
    }
