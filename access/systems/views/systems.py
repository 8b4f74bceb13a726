"""Systems: one administrator asks, another accredits, either revokes."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.routes import recently_confirmed, requires
from access.rules.administering import organisations_administered
from access.rules.roles import Permission
from access.systems import selectors
from access.systems.actions import systems as actions
from access.systems.forms import SystemForm
from pages.wording import long_date

ASKED = "You have asked for it. It can do nothing until another administrator accredits it."
ACCREDITED = "{} is accredited until {}."
REVOKED = "{} is shut out. Whoever worked in it is signed out of it, and its tokens open nothing any more."
REFUSED = "{} is refused. It can do nothing."


@requires(Permission.SYSTEM_KEEP)
@require_safe
def systems(request: HttpRequest) -> HttpResponse:
    """The systems of the organisations that the administrator looks after."""
    return render(request, "access/systems/list.html", {"systems": selectors.systems_shown(actor_of(request))})


@requires(Permission.SYSTEM_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def ask_for_system(request: HttpRequest) -> HttpResponse:
    """Ask what it is; keep it for another administrator to accredit."""
    actor = actor_of(request)
    asking = selectors.asking(actor)
    reach = partial(organisations_administered, actor)
    form = SystemForm(typed(request), reach=reach, own=asking.own, only=asking.only, feeds=asking.feeds)
    if request.method == "POST" and form.is_valid():
        system = actions.ask_for_system(actor=actor, new=form.new())
        messages.success(request, ASKED)
        return redirect("system", system.pk)
    return render(request, "access/systems/ask.html", {"form": form})


@requires(Permission.SYSTEM_KEEP)
@require_safe
def system(request: HttpRequest, system_id: int) -> HttpResponse:
    """All that somebody who accredits it has to judge by."""
    shown = selectors.system_shown(actor_of(request), system_id)
    return render(request, "access/systems/system.html", {"system": shown})


@requires(Permission.SYSTEM_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def accredit_system(request: HttpRequest, system_id: int) -> HttpResponse:
    """Show once more what is let in; let it in. Whoever cannot is led back to the page that says why."""
    actor = actor_of(request)
    shown = selectors.system_shown(actor, system_id)
    if request.method == "POST":
        actions.accredit_system(actor=actor, system_id=system_id)
        messages.success(request, ACCREDITED.format(shown.name, long_date(shown.until)))
        return redirect("system", system_id)
    if shown.own or not shown.waits:
        return redirect("system", system_id)
    return render(request, "access/systems/accredit.html", {"system": shown})


@requires(Permission.SYSTEM_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def revoke_system(request: HttpRequest, system_id: int) -> HttpResponse:
    """Ask once more; shut it out, or refuse what was asked."""
    actor = actor_of(request)
    shown = selectors.system_shown(actor, system_id)
    if request.method == "POST":
        actions.revoke_system(actor=actor, system_id=system_id)
        messages.success(request, (REVOKED if shown.accredited_at else REFUSED).format(shown.name))
        return redirect("system", system_id)
    if shown.revoked_at:
        return redirect("system", system_id)
    return render(request, "access/systems/revoke.html", {"system": shown})
