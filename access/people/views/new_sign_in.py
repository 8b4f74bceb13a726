"""A new sign-in for somebody who lost what they sign in with: asking for it, and the second administrator's answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.references import user_id_of
from access.door.routes import recently_confirmed, requires
from access.models import IdentityCheck
from access.people.actions import recovering
from access.people.actions.reading import read_asked_sign_in, read_who
from access.people.forms import AnswerForm, NewSignInForm
from access.people.views.person import back, told_how_they_stand
from access.rules.roles import Permission

ASKED = "Another administrator decides. Until then nothing changes. We tell them by e-mail that you asked."
AGREED = "They are signed out everywhere. We send them an e-mail with a link within a minute."


@recently_confirmed
@requires(Permission.PEOPLE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@told_how_they_stand
def ask_new_sign_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for it. Another administrator decides."""
    actor = actor_of(request)
    who = read_who(actor=actor, user_id=user_id_of(actor, reference))
    form = NewSignInForm(typed(request))
    if request.method == "POST" and form.is_valid():
        check = IdentityCheck(form.cleaned_data["identity_check"])
        recovering.ask_new_sign_in(actor=actor, user_id=who.id, identity_check=check)
        return back(request, reference, ASKED)
    return render(request, "access/people/ask_new_sign_in.html", {"reference": reference, "who": who, "form": form})


@recently_confirmed
@requires(Permission.PEOPLE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@told_how_they_stand
def decide_new_sign_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer another administrator who asked for it."""
    actor = actor_of(request)
    asked = read_asked_sign_in(actor=actor, user_id=user_id_of(actor, reference))
    if asked is None:
        messages.info(request, "No new sign-in waits for a decision.")
        return redirect("person", reference=reference)
    form = AnswerForm(typed(request), agree="send them a link", refuse="they keep the sign-in that they have")
    if request.method == "POST" and form.is_valid():
        recovering.decide_new_sign_in(actor=actor, approval_id=asked.approval_id, agreed=form.is_agreed)
        return back(request, reference, AGREED if form.is_agreed else "They keep the sign-in that they have.")
    context = {"reference": reference, "asked": asked, "who": asked.who, "form": form}
    return render(request, "access/people/decide_new_sign_in.html", context)
