"""Emergency stops, and lifting them: of one person, of one organisation, of the whole service."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.references import organisation_id_of, refer_to_organisation, refer_to_user, user_id_of
from access.door.routes import recently_confirmed, requires
from access.models import StopReason, StopScope
from access.organisations.actions import stopping
from access.organisations.actions.reading import read_name_to_stop, read_stops
from access.organisations.selectors import stops as selectors
from access.rules.administering import organisation_to_administer
from access.rules.errors import NotPermittedError
from access.rules.roles import Permission
from audit.actors import Actor

Page = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be stopped, or to go on."""

    scope: StopScope
    id: int | None
    what: str = field(repr=False)


class StopForm(forms.Form):
    """Why."""

    reason = forms.ChoiceField(
        label="Why?",
        choices=StopReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why"},
    )


@requires(Permission.SERVICE_STOP)
@require_safe
def stops(request: HttpRequest) -> HttpResponse:
    """What is stopped now. Recorded with the people whose names it shows."""
    actor = actor_of(request)
    shown = read_stops(actor=actor)
    may_stop_service = stopping.may_stop_service(actor)
    context = {
        "stops": [(each, _lift_address(actor, each, may_stop_service=may_stop_service)) for each in shown],
        "may_stop_service": may_stop_service and not any(each.scope == StopScope.SERVICE for each in shown),
    }
    return render(request, "access/stops/list.html", context)


def _stopping(find: Callable[..., Target]) -> Page:
    """The page that asks why, says how many people it concerns, and stops what `find` finds."""

    @recently_confirmed
    @requires(Permission.SERVICE_STOP)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, **where: str) -> HttpResponse:
        actor = actor_of(request)
        target = find(actor, **where)
        form = StopForm(typed(request))
        if request.method == "POST" and form.is_valid():
            stopping.stop(
                actor=actor, scope=target.scope, target=target.id, reason=StopReason(form.cleaned_data["reason"])
            )
            messages.success(request, f"Stopped: {target.what}.")
            return redirect("stops")
        context = {
            "target": target,
            "form": form,
            "concerned": selectors.people_concerned(target.scope, target.id),
            "own": target.scope == StopScope.ORGANISATION and target.id == actor.organisation_id,
        }
        return render(request, "access/stops/stop.html", context)

    return page


def _lifting(find: Callable[..., Target]) -> Page:
    """The page that asks whether they may go on, and lets them."""

    @recently_confirmed
    @requires(Permission.SERVICE_STOP)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, **where: str) -> HttpResponse:
        actor = actor_of(request)
        target = find(actor, **where)
        if request.method == "POST":
            stopping.lift(actor=actor, scope=target.scope, target=target.id)
            messages.success(request, f"No longer stopped: {target.what}.")
            return redirect("stops")
        concerned = selectors.people_concerned(target.scope, target.id)
        return render(request, "access/stops/lift.html", {"target": target, "concerned": concerned})

    return page


def _person(actor: Actor, reference: str) -> Target:
    user_id = user_id_of(actor, reference)
    return Target(StopScope.USER, user_id, read_name_to_stop(actor=actor, user_id=user_id))


def _organisation(actor: Actor, reference: str) -> Target:
    organisation = organisation_to_administer(actor, organisation_id_of(actor, reference))
    return Target(StopScope.ORGANISATION, organisation.pk, f"everybody at {organisation.name}")


def _service(actor: Actor) -> Target:
    if not stopping.may_stop_service(actor):
        raise NotPermittedError
    return Target(StopScope.SERVICE, None, "the whole service")


stop_person, lift_person = _stopping(_person), _lifting(_person)
stop_organisation, lift_organisation = _stopping(_organisation), _lifting(_organisation)
stop_service, lift_service = _stopping(_service), _lifting(_service)


def _lift_address(actor: Actor, stopped: selectors.Stopped, *, may_stop_service: bool) -> str:
    """Where the actor lifts it; nowhere where somebody else must."""
    if stopped.another_lifts or (stopped.scope == StopScope.SERVICE and not may_stop_service):
        return ""
    if stopped.target is None:
        return reverse("lift_service")
    if stopped.scope == StopScope.USER:
        return reverse("lift_person", args=[refer_to_user(actor, stopped.target)])
    return reverse("lift_organisation", args=[refer_to_organisation(actor, stopped.target)])
