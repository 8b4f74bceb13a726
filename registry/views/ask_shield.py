"""Asking that a child's details be protected, from the record's page; and what became of what one asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.refusals import note
from access.door.routes import requires
from access.rules.errors import WrongStateError
from access.rules.roles import Permission
from audit.reasons import reason_label
from registry.actions.shields import ask_shield, shield_to_ask
from registry.forms.shields import AskShieldForm
from registry.references import child_id_of
from registry.selectors.shields import state_of
from registry.views import state, ways


@requires(Permission.SHIELD_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, reference: str) -> HttpResponse:
    """A form; in its place what waits, where one asked before, and that it is done, where the child is protected."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    if state.kept_reason(request, child_id) is None:
        return redirect(ways.over_reason(request, child_id, reference))
    form = AskShieldForm(state.answers_to_form(request, child_id))
    if request.method == "POST" and form.is_valid():
        try:
            ask_shield(actor=actor, child_id=child_id, wanted=form.wanted())
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        return redirect("ask_shield", reference=reference)
    asked = shield_to_ask(actor=actor, child_id=child_id)
    context = {
        "reference": reference,
        "child": asked.identity,
        "shielded": asked.shielded,
        "own": asked.own,
        "answered": asked.answered,
        "decision": reason_label(asked.answered.decision) if asked.answered else "",
        "how_far": state_of(asked.own).label if asked.own else "",
        "form": form,
    }
    return render(request, "registry/shields/ask.html", context)
