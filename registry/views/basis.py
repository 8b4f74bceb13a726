"""The basis of a sensitive service: asked before it is entered, and said to be gone, which takes it off the record."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from registry.actions.involvements import Entry, Kept, involvement_to_show
from registry.forms.basis import BasisEndForm, BasisForm
from registry.rules.basis import wants_basis
from registry.views import state
from registry.views.involvements import (
    NOTHING_PENDING,
    about,
    change_url,
    go_on,
    is_stale,
    pending_for,
    say_stale,
    with_reason,
)
from registry.views.state import Pending
from registry.vocabulary import SensitiveBasis


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def basis_page(request: HttpRequest, actor: Actor, child: Kept, reference: str) -> HttpResponse:
    """Ask why the sensitive service whose answers wait may be entered, before they are checked."""
    child_id = child.identity.child_id
    pending = state.kept_pending(request, child_id)
    sent = state.answers_to_form(request, child_id)
    asked = pending is not None and pending.changes_entry and wants_basis(pending.entry.service)
    if pending is None or not asked or (sent is not None and sent.get("key") != state.pending_key(request)):
        messages.info(request, NOTHING_PENDING)
        return redirect("record", reference=reference)
    form = BasisForm(sent, life=child.life, initial=_initial(pending.entry))
    if request.method == "POST" and form.is_valid():
        basis, decision = form.answer()
        return go_on(request, replace(pending, entry=replace(pending.entry, basis=basis, decision=decision)), reference)
    context = {
        "form": form,
        "key": state.pending_key(request),
        "child": child.identity,
        "back_url": change_url(pending, reference),
    }
    return render(request, "registry/involvement_basis.html", context)


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def end_page(request: HttpRequest, actor: Actor, child: Kept, reference: str, *, involvement_id: int) -> HttpResponse:
    """Ask what has changed, where what allowed a sensitive service has gone."""
    child_id = child.identity.child_id
    known = involvement_to_show(actor=actor, child_id=child_id, involvement_id=involvement_id, ended=True)
    if known.entry.basis is None:
        raise NotFoundError(child_id=child_id)
    sent = state.answers_to_form(request, child_id)
    if is_stale(sent, known):
        return say_stale(request, reference)
    pending = pending_for(request, child, involvement_id, known)
    initial = {"basis_end": pending.basis_end} if pending and pending.basis_end else None
    form = BasisEndForm(sent, basis=known.entry.basis, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = (child_id, known.entry, involvement_id, known.row_version)
        return go_on(request, Pending(*found, basis_end=form.why()), reference)
    context = about(request, child, reference, known) | {
        "form": form,
        "harm": known.entry.basis == SensitiveBasis.SIGNIFICANT_HARM,
    }
    return render(request, "registry/involvement_basis_end.html", context)


def _initial(entry: Entry) -> dict[str, Any]:
    """What was said of it before; of one entered before all of this was asked, the basis alone."""
    said = entry.decision
    given = {"decided_by": said.by, "competence": said.competence, "decided_on": said.on} if said else {}
    return {"basis": entry.basis, **given}
