"""Organisations that an administrator looks after: their accreditation, sites, and who administers them."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.references import organisation_id_of, refer_to_organisation, refer_to_user, user_id_of
from access.door.routes import recently_confirmed, requires
from access.models import Organisation
from access.organisations.actions import organisations as actions
from access.organisations.actions.reading import read_delegates, read_organisation
from access.organisations.forms import AccreditationForm, DelegateForm, OrganisationFilterForm, SiteForm
from access.organisations.selectors import organisations as selectors
from access.people.organisation_fields import to_keep
from access.people.selectors.waiting import closed_with_people
from access.rules.administering import DECIDING, organisation_to_administer, reach_of
from access.rules.errors import OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from pages import desk
from pages.wording import long_date

ON_A_PAGE = 50
FILTER, FITTING = "organisations", "organisations that fit"

Page = Callable[..., HttpResponse]


def _of_one(view: Page) -> Page:
    """Pass the view its actor and the organisation, for which the actor decides."""

    @wraps(view)
    def checked(request: HttpRequest, reference: str) -> HttpResponse:
        actor = actor_of(request)
        organisation_id = organisation_id_of(actor, reference)
        return view(request, actor, organisation_to_administer(actor, organisation_id, *DECIDING), reference)

    return checked


@requires(Permission.ORGANISATION_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """Those within the administrator's reach, narrowed by what was typed last. Public facts: no event."""
    actor = actor_of(request)
    if request.method == "POST":
        form = OrganisationFilterForm({} if "all" in request.POST else request.POST)
        if form.is_valid():
            desk.lay(request, FILTER, {name: asked for name, asked in form.cleaned_data.items() if asked})
            name, kind = form.cleaned_data["name"], form.cleaned_data["kind"]
            desk.lay(request, FITTING, to_keep(selectors.organisations_fitting(actor, name, kind)) if name else None)
            return redirect("organisations")
    else:
        form = OrganisationFilterForm(desk.look(request, FILTER) or None)
    asked = form.cleaned_data if form.is_valid() else {}
    reach = reach_of(actor)
    within_reach = selectors.organisations_within_reach(reach, **asked, known=desk.look(request, FITTING))
    # Where something is wrong with what was asked for, nothing is shown in its place.
    pages: Paginator[Organisation] = Paginator([] if form.errors else within_reach, ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = selectors.listed(list(page.object_list), today=timezone.localdate())
    context = {
        "form": form,
        "page": page,
        "organisations": [(refer_to_organisation(actor, line.organisation.pk), line) for line in lines],
        "closed": [(refer_to_organisation(actor, one.pk), one) for one in closed_with_people(reach)],
    }
    return render(request, "access/organisations/list.html", context)


@requires(Permission.ORGANISATION_KEEP)
@require_safe
def organisation(request: HttpRequest, reference: str) -> HttpResponse:
    """All about one organisation. Recorded."""
    actor = actor_of(request)
    page = read_organisation(actor=actor, organisation_id=organisation_id_of(actor, reference))
    context = {
        "one": page.organisation,
        "page": page,
        "reference": reference,
        "held": [(grant, refer_to_user(actor, grant.user_id)) for grant in page.held],
    }
    return render(request, "access/organisations/organisation.html", context)


@recently_confirmed
@requires(Permission.ORGANISATION_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_one
def accredit(request: HttpRequest, actor: Actor, one: Organisation, reference: str) -> HttpResponse:
    """Ask for the evidence; its authority vouches. Nobody does so for their own organisation."""
    if not selectors.may_be_accredited_by(actor, one):
        raise OwnCaseError
    form = AccreditationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        until = actions.accredit(actor=actor, organisation_id=one.pk, new=form.new()).expires_on
        return _back(request, reference, f"{one.name} is accredited until {long_date(until)}.")
    return _ask(request, one, reference, form, "Accredit")


@requires(Permission.ORGANISATION_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_one
def add_site(request: HttpRequest, actor: Actor, one: Organisation, reference: str) -> HttpResponse:
    """Ask for a place at which it works."""
    form = SiteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            site = actions.add_site(actor=actor, organisation_id=one.pk, new=form.new())
        except WrongStateError as error:
            form.add_error("name", error.sentence)
        else:
            return _back(request, reference, f"{site.name} is a site of {one.name} now.")
    return _ask(request, one, reference, form, "Add a site")


@recently_confirmed
@requires(Permission.ORGANISATION_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_one
def delegate(request: HttpRequest, actor: Actor, one: Organisation, reference: str) -> HttpResponse:
    """Ask which of its administrators may invite its people and record their evidence. They approve nobody."""
    administrators = read_delegates(actor=actor, organisation_id=one.pk)
    form = DelegateForm(typed(request), administrators=administrators)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        until = actions.delegate(
            actor=actor, organisation_id=one.pk, user_id=told["person"], expires_on=told["expires_on"]
        ).expires_on
        return _back(request, reference, f"They may invite people of {one.name} until {long_date(until)}.")
    if not administrators:
        return render(request, "access/organisations/nobody.html", {"one": one, "reference": reference})
    return _ask(request, one, reference, form, "Let one of its administrators invite people")


@requires(Permission.ORGANISATION_KEEP)
@require_POST
@_of_one
def take_back(request: HttpRequest, actor: Actor, one: Organisation, reference: str) -> HttpResponse:
    """Take back at once what `delegate` gave."""
    actions.end_delegation(
        actor=actor, organisation_id=one.pk, user_id=user_id_of(actor, request.POST.get("person", ""))
    )
    return _back(request, reference, f"They can no longer invite people of {one.name}.")


def _ask(request: HttpRequest, one: Organisation, reference: str, form: object, title: str) -> HttpResponse:
    context = {"one": one, "reference": reference, "form": form, "title": title}
    return render(request, "access/organisations/form.html", context)


def _back(request: HttpRequest, reference: str, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("organisation", reference=reference)
