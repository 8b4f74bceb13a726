"""Where one is signed in, and signing out there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.routes import enrolled
from access.door.sessions import all_of_same_person
from access.sign_in.actions.sessions import sign_out_elsewhere

EVERYWHERE_ELSE = "others"


@enrolled
@require_http_methods(["GET", "HEAD", "POST"])
def signed_in(request: HttpRequest) -> HttpResponse:
    """One's own sessions. A POST ends the one it names, or every other."""
    actor = actor_of(request)
    if request.method == "POST":
        _sign_out(request, request.POST.get("session", ""))
        return redirect("signed_in")
    places = all_of_same_person(actor.session_key)
    return render(request, "access/signed_in.html", {"places": places, "everywhere_else": EVERYWHERE_ELSE})


def _sign_out(request: HttpRequest, which: str) -> None:
    everywhere_else = which == EVERYWHERE_ELSE
    session_id = None if everywhere_else else _number(which)
    if sign_out_elsewhere(actor=actor_of(request), session_id=session_id):
        messages.success(
            request, "You are signed out everywhere else." if everywhere_else else "You are signed out there."
        )
    else:
        messages.info(request, "You were signed out there already.")


def _number(text: str) -> int:
    """The number typed, or one that no session has."""
    return int(text) if text.isascii() and text.isdecimal() else 0
