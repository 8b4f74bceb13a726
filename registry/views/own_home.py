"""Telling one's own home. What is typed goes into fingerprints and is forgotten, also where it was wrong."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.routes import vetted
from access.rules.errors import WrongStateError
from registry.actions.homes import homes_told, tell_home
from registry.forms.home import OwnHomeForm


@vetted
@require_http_methods(["GET", "HEAD", "POST"])
def own_home_page(request: HttpRequest) -> HttpResponse:
    """A form, empty however often one told: nobody can read what is kept, the person themselves neither."""
    actor, posted = actor_of(request), request.method == "POST"
    form = OwnHomeForm(request.POST if posted else None)
    status = 200
    if posted and form.is_valid():
        try:
            tell_home(actor=actor, lines=form.lines(), postcode=form.cleaned_data["postcode"])
        except WrongStateError as error:
            form.add_error(None, error.sentence)
            status = error.status
        else:
            messages.success(request, "We keep fingerprints of your home, and have forgotten the address.")
            return redirect("my_access")
    context = {"form": form, "told": homes_told(actor=actor)}
    return render(request, "registry/own_home.html", context, status=status)
