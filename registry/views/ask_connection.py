"""Asking the management team to make the connection with a sensitive service, and following how far that is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of, user_of
from access.door.refusals import note
from access.door.routes import requires
from access.models import User
from access.rules.errors import WrongStateError
from access.rules.roles import Permission
from pages import telephones
from registry.actions.connections import ask_connection, connection_to_ask
from registry.forms.connections import AskConnectionForm
from registry.references import child_id_of, refer_to
from registry.selectors.connections import own_requests
from registry.views import state, ways


@requires(Permission.CONNECTION_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, reference: str) -> HttpResponse:
    """A form; in its place how far it is, where one's own request is open."""
    actor = actor_of(request)
    child_id = child_id_of(actor, reference)
    if state.kept_reason(request, child_id) is None:
        return redirect(ways.over_reason(request, child_id, reference))
    form = AskConnectionForm(state.answers_to_form(request, child_id), initial=_own_number(user_of(request)))
    if request.method == "POST" and form.is_valid():
        try:
            ask_connection(actor=actor, child_id=child_id, wanted=form.wanted())
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        return redirect("ask_connection", reference=reference)
    asked = connection_to_ask(actor=actor, child_id=child_id)
    context = {"reference": reference, "child": asked.identity, "asked": asked, "own": asked.own, "form": form}
    return render(request, "registry/connections/ask.html", context)


@requires(Permission.CONNECTION_ASK)
@require_safe
def own_page(request: HttpRequest) -> HttpResponse:
    """What one asked for oneself, the newest first. Names no child."""
    actor = actor_of(request)
    own = [{"row": each, "reference": refer_to(actor, each.child_id)} for each in own_requests()]
    return render(request, "registry/connections/own.html", {"own": own})


def _own_number(user: User) -> dict[str, Any]:
    """The number that they last gave with their own name."""
    return {"telephone": telephones.shown(user.telephone.open() or "")}
