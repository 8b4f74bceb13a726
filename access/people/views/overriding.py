"""Who may open protected records in an emergency: asking for it, the second administrator's answer, taking it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.references import user_id_of
from access.door.routes import recently_confirmed, requires
from access.people.actions import overriding
from access.people.actions.reading import read_asked_override, read_who
from access.people.forms import AnswerForm
from access.people.views.person import back, told_how_they_stand
from access.rules.roles import Permission

ASKED = "Another administrator decides. Until then nothing changes."
GIVEN = "They can open protected records in an emergency from now on, for 26 weeks."
TAKEN = "They can no longer open protected records in an emergency."


@requires(Permission.PEOPLE_INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
@told_how_they_stand
def ask_override(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for it. Another administrator decides."""
    actor = actor_of(request)
    who = read_who(actor=actor, user_id=user_id_of(actor, reference))
    if request.method == "POST":
        overriding.ask_override(actor=actor, user_id=who.id)
        return back(request, reference, ASKED)
    return render(request, "access/people/override.html", {"reference": reference, "who": who, "form": None})


@recently_confirmed
@requires(Permission.PEOPLE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@told_how_they_stand
def decide_override(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer another administrator who asked for it."""
    actor = actor_of(request)
    asked = read_asked_override(actor=actor, user_id=user_id_of(actor, reference))
    if asked is None:
        messages.info(request, "Nothing of this kind waits for a decision.")
        return redirect("person", reference=reference)
    form = AnswerForm(typed(request), agree="they may do this for 26 weeks", refuse="they may not")
    if request.method == "POST" and form.is_valid():
        overriding.decide_override(actor=actor, approval_id=asked.approval_id, approved=form.is_agreed)
        return back(request, reference, GIVEN if form.is_agreed else "They may not. Nothing has changed.")
    return render(request, "access/people/override.html", {"reference": reference, "who": asked.who, "form": form})


@requires(Permission.PEOPLE_DECIDE)
@require_POST
@told_how_they_stand
def take_override(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it away, at once."""
    actor = actor_of(request)
    overriding.take_override(actor=actor, user_id=user_id_of(actor, reference))
    return back(request, reference, TAKEN)
